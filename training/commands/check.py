"""`triage check`: what files hold and how they are understood, before minutes of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import InputError, SettingsError
from training.commands.files import warn
from training.exports.texts.by_values import UndecidedTextError
from triage.commands.options import AsJson, Home, SettingsFile, print_json
from triage.commands.progress import Progress
from triage.settings import Settings, load_settings

_DRAFT = Path("triage.toml")


@dataclass(frozen=True, slots=True)
class _Checked:
    """Result of a check for programs and for people, and a draft of settings where the files are tickets."""

    data: Mapping[str, Any]
    report: str
    draft: str = ""
    undrafted: str = ""  # why there is no draft
    undecided: UndecidedTextError | None = None  # which of several texts is the tickets'


def check(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="tickets (JSON, JSONL, CSV, .xlsx, .eml, .mbox), or articles and their folders",
        ),
    ],
    write: Annotated[
        bool, typer.Option("--write", help="Write the draft of triage.toml; one that is there stays.")
    ] = False,
    are_articles: Annotated[
        bool, typer.Option("--articles", help="The files are articles, whatever they look like.")
    ] = False,
    are_tickets: Annotated[
        bool, typer.Option("--tickets", help="The files are tickets, whatever they look like.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what files hold and how they are understood, and what to write into triage.toml."""
    if are_articles and are_tickets:
        raise InputError("expected one of --articles and --tickets: check them one after the other")
    target = settings_file or _DRAFT
    settings = load_settings(settings_file if target.exists() else None, home=home)
    with Progress("looking at the files") as progress:
        if not are_tickets and (are_articles or _hold_articles(files, settings)):
            found = _articles(files, settings)
        else:
            found = _tickets(files, settings, progress)
    if found.undecided is not None:
        if write:
            _write(target, found.draft)
        raise found.undecided
    if as_json:
        print_json(found.data)
    else:
        _show(found, target)
    if write and found.draft:
        _write(target, found.draft)
    elif write and found.undrafted:
        raise InputError(f"{found.undrafted}: nothing is written to {target}")


def _hold_articles(files: Sequence[Path], settings: Settings) -> bool:
    """Tell whether files hold articles, by what they look like.

    Raises:
        InputError: some hold articles, and some tickets.
    """
    from training.checking.articles import hold_articles

    of_articles = [path for path in files if hold_articles(path, settings.tickets)]
    if of_articles and len(of_articles) < len(files):
        others = [path for path in files if path not in of_articles]
        raise InputError(
            f"{of_articles[0]} looks like articles and {others[0]} like tickets: check them one after the "
            "other, or say with --articles or --tickets what they are"
        )
    return bool(of_articles)


def _articles(files: Sequence[Path], settings: Settings) -> _Checked:
    from training.checking.articles import articles_data, articles_report, read_articles

    loaded = read_articles(files, settings)
    return _Checked(articles_data(files, loaded), articles_report(loaded))


def _tickets(files: Sequence[Path], settings: Settings, progress: Progress) -> _Checked:
    from training.checking.draft import draft_settings
    from training.checking.report import tickets_data, tickets_report
    from training.checking.summary import summarise_tickets
    from triage.pipeline.redaction import open_redaction

    redact = open_redaction(settings.privacy)
    try:
        summary = summarise_tickets(files, settings, redact, progress.tell)
    except UndecidedTextError as error:
        columns = settings.tickets.model_copy(update={"body": error.places[0]})
        chosen = settings.model_copy(update={"tickets": columns})
        summary = summarise_tickets(files, chosen, redact, progress.tell)
        return _Checked({}, "", draft_settings(summary, error.places), undecided=error)
    draft = draft_settings(summary)
    undrafted = (
        "the files have different forms, and [tickets] describes one. Write it for one of them, or train "
        "without it where all are exports of known helpdesks"
        if summary.records
        else "there are no tickets in the files"
    )
    data = {**tickets_data(summary), "draft": draft}
    return _Checked(data, tickets_report(summary), draft, "" if draft else undrafted)


def _show(found: _Checked, target: Path) -> None:
    print(found.report)
    if found.draft:
        print(f"\nWhat to write into {target}\n")
        print("".join(f"  {line}\n" if line else "\n" for line in found.draft.splitlines()), end="")


def _write(target: Path, draft: str) -> None:
    """Write the draft where no file is yet.

    Raises:
        SettingsError: there is one, or it cannot be written.
    """
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(draft)
    except FileExistsError:
        raise SettingsError(
            f"{target} is there already, and nothing is written: take over from the draft what you need, or "
            "name another file with --settings"
        ) from None
    except OSError as error:
        raise SettingsError(
            f"{target} cannot be written ({error}): name another place with --settings"
        ) from error
    warn(f"{target} is a draft: look through it before you train")
