"""`soundproof names`."""

import typer

verbs = typer.Typer()
