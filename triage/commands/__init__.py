"""Groups of subcommands of `triage`, a file for each concern."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Sequence

import typer

from models.errors import SettingsError, TriageError


def run(app: typer.Typer, arguments: Sequence[str] | None = None, *, name: str = "triage") -> None:
    """Run a command; an expected error is one line on stderr and exit code 2."""
    root = logging.getLogger()
    lines = _MessageLines(logging.WARNING)
    root.addHandler(lines)
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name=name)
    except TriageError as error:
        typer.echo(f"{name}: {error.message}", err=True)
        sys.exit(2)
    finally:
        root.removeHandler(lines)


class _MessageLines(logging.Handler):
    """Prints what is logged in a command as a line that says how serious it is, such as `warning: …`.

    The same line is printed once, though a command may read the settings more often.
    """

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._printed: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record to stderr."""
        line = f"{record.levelname.lower()}: {record.getMessage()}"
        if line not in self._printed:
            self._printed.add(line)
            typer.echo(line, err=True)


def require_extra(extra: str, modules: Sequence[str]) -> None:
    """Check that the modules of an extra of this package can be imported, without importing them.

    Raises:
        SettingsError: some are missing; it names the extra.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"there is no {' and no '.join(missing)}: expected the extra `{extra}`, which serving does "
            f"without. Run `pip install 'triage[{extra}]'`"
        )
