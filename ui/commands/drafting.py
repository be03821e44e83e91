"""`soundproof draft`."""

import typer

verbs = typer.Typer()
