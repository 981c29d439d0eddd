"""Options, lists and output files of the commands over files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.wording import counted

if TYPE_CHECKING:
    from training.data.dataset import LoadedTickets

SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Skip lines that cannot be read, and count them.")]
# An option takes one value; the files of `--tickets a.jsonl b.jsonl` after the first arrive as arguments.
More = Annotated[list[Path] | None, typer.Argument(metavar="FILE", hidden=True)]


def warn(warning: str) -> None:
    """Print a warning to stderr."""
    typer.echo(f"warning: {warning}", err=True)


def say_read(found: LoadedTickets) -> None:
    """Print to stderr how files of tickets were understood, and what is doubtful about them."""
    for note in found.notes:
        typer.echo(note, err=True)
    for warning in found.warnings:
        warn(warning)
    if found.columns.misspelt:
        warn(str(found.columns))
    elif found.columns.read or found.columns.unread:
        typer.echo(str(found.columns), err=True)


def say_skipped(skipped: Sequence[str]) -> None:
    """Print the first skipped lines to stderr, and the number of all."""
    for message in skipped[:20]:
        typer.echo(f"skipped: {message}", err=True)
    if skipped:
        typer.echo(f"skipped {counted(len(skipped), 'line')} in all", err=True)


def names(listed: str) -> list[str]:
    """Return the names of a list separated by commas."""
    return [name.strip() for name in listed.split(",") if name.strip()]


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file that is there whole or not at all, packed where its name ends in `.gz`, or into a pipe.

    Raises:
        StorageError: the disk is full or the place cannot be written.
    """
    from models.storage.artifact import new_text_file, storage_errors

    if path.exists() and not path.is_file():  # a pipe or a terminal: nothing that a file could replace
        with storage_errors(path), path.open("w", encoding="utf-8") as pipe:
            pipe.writelines(line + "\n" for line in lines)
        return
    # What a link such as /dev/stdout points to is meant, not the link.
    with new_text_file(path.resolve()) as stream:
        stream.writelines(line + "\n" for line in lines)
