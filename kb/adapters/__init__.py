"""One module for each outside library that a port of `kb` is served by; chosen in `ui.wiring`."""
