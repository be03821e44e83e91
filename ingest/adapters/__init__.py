"""One module for each outside library that a port of `ingest` is served by; chosen in `ui.wiring`."""
