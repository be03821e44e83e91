"""`soundproof thesis`: theses that are kept and watched."""

import typer

verbs = typer.Typer()
