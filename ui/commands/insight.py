"""`soundproof radar` and `soundproof predictions`."""

import typer

verbs = typer.Typer()
