"""`triage data`: what is kept of requesters, and for how long; feedback to train on, and corrections."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from models.classifiers.fields import label_text
from models.language.codes import UNKNOWN
from models.wording import counted
from triage.commands.home import cli_actor, open_home_store
from triage.commands.options import AsJson, Home, SettingsFile, on_one_line, print_json
from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.store.feedback import FinalValue, JudgedTicket

data = typer.Typer(no_args_is_help=True, help="Show, erase and prune what is kept of people.")
_Requester = Annotated[
    str, typer.Option("--requester", metavar="ADDRESS", help="The address as the tickets name it.")
]


@data.command()
def export_feedback(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write the tickets that people judged, redacted, with the values that they have in the end."""
    from models.storage.artifact import new_text_file

    count = 0
    with open_home_store(home, settings_file) as store, new_text_file(out) as stream:
        for ticket in store.feedback.judged_tickets():
            stream.write(json.dumps(_line(ticket), ensure_ascii=False) + "\n")
            count += 1
        # Noted before the file is there under its name: without an entry nothing leaves.
        store.audit_log.record(cli_actor(), "data.export_feedback", str(out), {"tickets": count})
    typer.echo(counted(count, "ticket"), err=True)


@data.command()
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
    """Show which values people changed into which, most frequent first; without holdout tickets."""
    with open_home_store(home, settings_file) as store:
        since = datetime.now(UTC) - timedelta(weeks=weeks)
        found = store.feedback.corrections(since, action=action, limit=limit)
    if as_json:
        print_json([asdict(correction) for correction in found])
        return
    for correction in found:
        changed = f"{_shown(correction.answered)} → {_shown(correction.final)}"
        print(on_one_line(f"{correction.count:>7,}  {correction.field}: {changed}"))


@data.command()
def export(requester: _Requester, home: Home = None, settings_file: SettingsFile = None) -> None:
    """Print everything that is kept of a requester, as JSON."""
    with open_home_store(home, settings_file) as store:
        found = store.personal_data.export(requester, actor=cli_actor())
    print_json(found)


@data.command()
def erase(requester: _Requester, home: Home = None, settings_file: SettingsFile = None) -> None:
    """Delete everything that is kept of a requester; only counts that name nobody stay."""
    with open_home_store(home, settings_file) as store:
        erased = store.personal_data.erase(requester, actor=cli_actor())
    typer.echo(json.dumps(asdict(erased)))


@data.command()
def prune(
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Delete also what is in doubt, such as more than a tenth.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Delete what is older than `keep_days` and `keep_audit_days` now; the server does so once a day."""
    keep = load_settings(settings_file, home=home).store
    with open_home_store(home, settings_file) as store:
        pruned = store.personal_data.prune(
            keep_days=keep.keep_days,
            keep_audit_days=keep.keep_audit_days,
            actor=cli_actor(),
            is_confirmed=confirm,
        )
    typer.echo(json.dumps(asdict(pruned)))


def _line(ticket: JudgedTicket) -> dict[str, Any]:
    line = {
        "id": ticket.ticket_id,
        "subject": "",
        "body": ticket.text,
        "language": ticket.language,
        "created_at": ticket.at.isoformat(),
        "labels": {name: value for name, value in ticket.final.items() if value is not None},
        "judged": True,
    }
    if ticket.language == UNKNOWN:
        del line["language"]
    return line


def _shown(value: FinalValue) -> str:
    return "(left empty)" if value is None else label_text(value)
