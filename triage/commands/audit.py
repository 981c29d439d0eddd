"""`triage audit`: the audit log, who changed what and when."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from triage.commands.home import open_home_store
from triage.commands.options import AsJson, Home, SettingsFile, on_one_line, print_json


def audit(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many entries.")] = 50,
    after: Annotated[str | None, typer.Option(metavar="ID", help="Go on after this entry.")] = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Show who changed tokens, bundles and the like, and when; the newest first."""
    with open_home_store(home, settings_file) as store:
        found = store.audit_log.list(after=after, limit=limit)
    if as_json:
        entries = [asdict(entry) | {"at": entry.at.isoformat()} for entry in found]
        print_json(entries)
        return
    for entry in found:
        details = json.dumps(entry.details, ensure_ascii=False)
        at = entry.at.isoformat(timespec="seconds")
        print(on_one_line(f"{at}  {entry.actor}  {entry.action} {entry.target}  {details}"))
