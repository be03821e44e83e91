"""`soundproof brief` and `soundproof seal`."""

import typer

verbs = typer.Typer()
