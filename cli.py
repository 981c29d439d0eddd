"""The `triage` command. Each subcommand is one library call; progress goes to stderr, results to stdout."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from training.commands.articles import index, search
from training.commands.backtest import backtest
from training.commands.check import check
from training.commands.tickets import evaluate, finetune, predict, train
from triage.commands import guarantee, helpdesk, run, token
from triage.commands.audit import audit
from triage.commands.data import data
from triage.commands.promote import promote
from triage.commands.serve import serve

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
# What each command cannot do without, in its usage line; further files follow as arguments.
_NEEDED = {
    train: "[OPTIONS] --tickets FILE",
    finetune: "[OPTIONS] --out FOLDER --tickets FILE",
    evaluate: "[OPTIONS] --tickets FILE",
    backtest: "[OPTIONS] --tickets FILE",
    predict: "[OPTIONS] --out FILE --tickets FILE",
    index: "[OPTIONS] (--articles FILE_OR_FOLDER | --tickets FILE | --remove ID)",
    search: "[OPTIONS] --queries FILE --out FILE",
}
for command in (check, train, finetune, backtest, evaluate, predict, index, search, serve, promote, audit):
    app.command(options_metavar=_NEEDED.get(command, "[OPTIONS]"))(command)
app.add_typer(token.app, name="token")
app.add_typer(guarantee.app, name="guarantee")
app.add_typer(guarantee.promise, name="promise")
app.add_typer(data, name="data")
app.add_typer(helpdesk.app, name="helpdesk")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"triage {version('triage')}")
        raise typer.Exit


@app.callback()
def triage(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Predict the fields of support tickets, say how sure it is, and find the article that answers."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; without `arguments`, that of the process."""
    run(app, arguments)


if __name__ == "__main__":
    main()
