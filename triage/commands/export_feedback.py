"""`triage data export-feedback`: what people judged, as tickets to train on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from triage.commands.options import Home, SettingsFile
from triage.settings import load_settings


def export_feedback(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Write the tickets that people judged, redacted, with the values that they have in the end."""
    from models.folder import new_text_file
    from triage.store import open_store

    store = open_store(load_settings(settings_file, home=home))
    try:
        found = store.feedback.judged_tickets()
    finally:
        store.database.close()
    with new_text_file(out) as stream:
        for ticket in found:
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
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    typer.echo(f"{len(found):,} tickets", err=True)
