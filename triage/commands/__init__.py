"""Groups of subcommands of `triage`, a file for each concern."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from models.errors import TriageError


def run(app: typer.Typer, arguments: Sequence[str] | None = None, *, name: str = "triage") -> None:
    """Run a command; an expected error is one line on stderr and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name=name)
    except TriageError as error:
        typer.echo(f"{name}: {error.message}", err=True)
        sys.exit(2)
