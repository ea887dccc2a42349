"""Places where alerts go: one file for each kind."""
