"""`triage data changes`: which answered values people changed into which."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from triage.commands.options import AsJson, Home, SettingsFile
from triage.commands.printing import on_one_line
from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.store.feedback import Final


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
        found = store.feedback.changes(since, action=action, limit=limit)
    finally:
        store.database.close()
    if as_json:
        print(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=1))
        return
    for change in found:
        line = f"{change.count:>7,}  {change.field}: {_shown(change.answered)} → {_shown(change.final)}"
        print(on_one_line(line))


def _shown(value: Final) -> str:
    if value is None:
        return "(left empty)"
    return value if isinstance(value, str) else ", ".join(value) or "(no tag)"
