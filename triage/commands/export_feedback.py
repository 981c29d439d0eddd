"""`triage data export-feedback`: what people judged, as tickets to train on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from triage.commands.options import Home, SettingsFile
from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.store.feedback import Judged


def export_feedback(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write the tickets that people judged, redacted, with the values that they have in the end."""
    from models.folder import new_text_file
    from triage.store import open_store
    from triage.store.audit import operator

    store, count = open_store(load_settings(settings_file, home=home)), 0
    try:
        with new_text_file(out) as stream:
            for ticket in store.feedback.judged_tickets():
                stream.write(json.dumps(_line(ticket), ensure_ascii=False) + "\n")
                count += 1
            # Noted before the file is there under its name: without an entry nothing leaves.
            store.audit.record(operator(), "data.export_feedback", str(out), {"tickets": count})
    finally:
        store.database.close()
    typer.echo(f"{count:,} tickets", err=True)


def _line(ticket: Judged) -> dict[str, Any]:
    line = {
        "id": ticket.ticket_id,
        "subject": "",
        "body": ticket.text,
        "language": ticket.language,
        "created_at": ticket.at.isoformat(),
        "labels": {name: value for name, value in ticket.final.items() if value is not None},
    }
    if ticket.language == "und":
        del line["language"]
    return line
