"""The verbs of the command line, by theme; `ui.cli` brings them together."""
