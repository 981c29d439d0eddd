"""`triage data`: what is remembered of a requester, and for how long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from models.language.codes import UNKNOWN
from triage.commands.options import AsJson, Home, SettingsFile, on_one_line
from triage.settings import Settings, load_settings

if TYPE_CHECKING:
    from triage.store.feedback import JudgedTicket


def export_feedback(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write the tickets that people judged, redacted, with the values that they have in the end."""
    from models.storage.artifact import new_text_file
    from triage.store import open_store
    from triage.store.audit_log import cli_actor

    store, count = open_store(load_settings(settings_file, home=home)), 0
    try:
        with new_text_file(out) as stream:
            for ticket in store.feedback.judged_tickets():
                stream.write(json.dumps(_line(ticket), ensure_ascii=False) + "\n")
                count += 1
            # Noted before the file is there under its name: without an entry nothing leaves.
            store.audit_log.record(cli_actor(), "data.export_feedback", str(out), {"tickets": count})
    finally:
        store.database.close()
    typer.echo(f"{count:,} tickets", err=True)


def _line(ticket: JudgedTicket) -> dict[str, Any]:
    line = {
        "id": ticket.ticket_id,
        "subject": "",
        "body": ticket.text,
        "language": ticket.language,
        "created_at": ticket.at.isoformat(),
        "labels": {name: value for name, value in ticket.final.items() if value is not None},
    }
    if ticket.language == UNKNOWN:
        del line["language"]
    return line


if TYPE_CHECKING:
    from triage.store.feedback import FinalValue


def changes(
    weeks: Annotated[int, typer.Option(min=1, max=260, help="Of decisions of so many weeks.")] = 13,
    action: Annotated[
        Literal["apply", "suggest", "abstain"] | None, typer.Option(help="Only values with this action.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Show which values people changed into which, the most frequent first; blind tickets are left out."""
    from triage.store import open_store

    store = open_store(load_settings(settings_file, home=home))
    try:
        since = datetime.now(UTC) - timedelta(weeks=weeks)
        found = store.feedback.corrections(since, action=action, limit=limit)
    finally:
        store.database.close()
    if as_json:
        print(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=1))
        return
    for change in found:
        line = f"{change.count:>7,}  {change.field}: {_shown(change.answered)} → {_shown(change.final)}"
        print(on_one_line(line))


def _shown(value: FinalValue) -> str:
    if value is None:
        return "(left empty)"
    return value if isinstance(value, str) else ", ".join(value) or "(no tag)"


if TYPE_CHECKING:
    from triage.store.personal_data import PersonalData

data = typer.Typer(no_args_is_help=True, help="Show, erase and forget what is remembered of people.")
data.command()(export_feedback)
data.command()(changes)

_Requester = Annotated[
    str, typer.Option("--requester", metavar="ADDRESS", help="The address as the tickets name it.")
]


@data.command()
def export(requester: _Requester, home: Home = None, settings_file: SettingsFile = None) -> None:
    """Print everything that is kept of a requester, as JSON."""
    with _opened(load_settings(settings_file, home=home)) as (privacy, actor):
        found = privacy.export(requester, actor=actor)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


@data.command()
def erase(requester: _Requester, home: Home = None, settings_file: SettingsFile = None) -> None:
    """Delete everything that is kept of a requester; only counts that name nobody stay."""
    with _opened(load_settings(settings_file, home=home)) as (privacy, actor):
        typer.echo(json.dumps(asdict(privacy.erase(requester, actor=actor))))


@data.command()
def prune(home: Home = None, settings_file: SettingsFile = None) -> None:
    """Delete what is older than `keep_days` and `keep_audit_days` now; the server does so once a day."""
    settings = load_settings(settings_file, home=home)
    keep = settings.store
    with _opened(settings) as (privacy, actor):
        removed = privacy.prune(keep_days=keep.keep_days, keep_audit_days=keep.keep_audit_days, actor=actor)
    typer.echo(json.dumps(asdict(removed)))


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[PersonalData, str]]:
    """Yield the store's privacy and the name under which the audit trail knows who works here."""
    from triage.store import open_store
    from triage.store.audit_log import cli_actor

    store = open_store(settings)
    try:
        yield store.personal_data, cli_actor()
    finally:
        store.database.close()
