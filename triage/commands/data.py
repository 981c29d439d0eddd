"""`triage data`: what is remembered of a requester, and for how long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from triage.commands.changes import changes
from triage.commands.export_feedback import export_feedback
from triage.commands.options import Home, SettingsFile
from triage.settings import Settings, load_settings

if TYPE_CHECKING:
    from triage.store.privacy import Privacy

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
def _opened(settings: Settings) -> Iterator[tuple[Privacy, str]]:
    """Yield the store's privacy and the name under which the audit trail knows who works here."""
    from triage.store import open_store
    from triage.store.audit import operator

    store = open_store(settings)
    try:
        yield store.privacy, operator()
    finally:
        store.database.close()
