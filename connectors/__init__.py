"""How records get in and out: sources, the one HTTP client, sinks. No Beam, no pipelines."""
