"""The HTTP API: what the command line does, as resources."""
