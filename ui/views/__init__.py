"""One module for each page of the app: `show(port, ...)` draws what the port returns."""
