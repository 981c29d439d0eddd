"""The `triage` command. Each subcommand is one library call; progress goes to stderr, results to stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from models.errors import TriageError
from training.commands.articles import index, search
from training.commands.tickets import evaluate, finetune, predict, train
from triage.commands import token
from triage.commands.audit import audit
from triage.commands.data import data
from triage.commands.options import Home, SettingsFile
from triage.commands.promise import promise
from triage.commands.promote import promote
from triage.settings import load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
for command in (train, finetune, evaluate, predict, index, search, promote, audit):
    app.command()(command)
app.add_typer(token.app, name="token")
app.add_typer(promise, name="promise")
app.add_typer(data, name="data")


@app.callback()
def triage() -> None:
    """Predict the fields of support tickets, say how sure it is, and find the article that answers."""


@app.command()
def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [default: 8080]")] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Load a bundle also where it is a link out of the home.")
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Serve the HTTP interface and the page."""
    from serve import serve as serve_http
    from triage.commands.opening import before_serving

    settings = load_settings(settings_file, home=home)
    options = (("host", host), ("port", port), ("trust_outside", trust or None))
    given = {name: value for name, value in options if value is not None}
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=given)})
    before_serving(settings)
    serve_http(settings)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; an expected error is one line on stderr and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="triage")
    except TriageError as error:
        typer.echo(f"triage: {error.message}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
