"""`triage audit`: who changed what."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from triage.commands.options import AsJson, Home, SettingsFile, on_one_line
from triage.settings import load_settings


def audit(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many entries.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="ID", help="Go on after this entry.")] = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Show who changed tokens, bundles and the like, and when; the newest first."""
    from triage.store import open_store

    store = open_store(load_settings(settings_file, home=home))
    try:
        found = store.audit_log.list(after=after, limit=limit)
    finally:
        store.database.close()
    if as_json:
        entries = [asdict(entry) | {"at": entry.at.isoformat()} for entry in found]
        print(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    for entry in found:
        details = json.dumps(entry.details, ensure_ascii=False)
        at = entry.at.isoformat(timespec="seconds")
        print(on_one_line(f"{at}  {entry.actor}  {entry.action} {entry.target}  {details}"))
