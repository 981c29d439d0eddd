"""Serve the HTTP service: `python serve.py`, the same as `triage serve`."""

from __future__ import annotations

import sys

import typer

from triage.commands import run
from triage.commands.serve import serve

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command()(serve)


if __name__ == "__main__":
    run(app, sys.argv[1:], name="serve.py")
