"""The command line, one file a group; the only place where the parts are put together."""
