"""`triage promise`: the observed error of what is applied, and fields that stepped down."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import InputError, NotReadyError
from triage.commands.options import AsJson, Home, SettingsFile
from triage.settings import Settings, load_settings

if TYPE_CHECKING:  # what needs SciPy or SQLAlchemy is imported when a command runs
    from triage.guarantee.monitor import GuaranteeStatus
    from triage.intervals import Interval
    from triage.store import Store
    from triage.store.guarantee import ErrorCounts

promise = typer.Typer(no_args_is_help=True, help="Watch the promise of `apply`, and let fields apply again.")


@promise.command()
def show(home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False) -> None:
    """Print the observed error of each field of the current bundle, beside what is promised."""
    from triage.guarantee.monitor import GuaranteeMonitor
    from triage.store import open_store

    settings = load_settings(settings_file, home=home)
    bundle_id = _current_bundle(settings)
    store = open_store(settings)
    try:
        statuses = GuaranteeMonitor(store, settings).statuses(bundle_id)
    finally:
        store.database.close()
    if as_json:
        found = [
            asdict(one.seen)
            | {
                "promised": one.promised,
                "promise": one.state,
                "stepped_down": one.stepped_down.at.isoformat() if one.stepped_down else None,
            }
            for one in statuses
        ]
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in statuses:
        print(_line(one) + (", STEPPED DOWN" if one.stepped_down else ""))


@promise.command()
def lift(
    field: Annotated[str, typer.Argument(help="The field that stepped down.")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Let a field of the current bundle apply again; from now on its error is counted anew."""
    from triage.store import open_store

    settings = load_settings(settings_file, home=home)
    bundle_id = _current_bundle(settings)
    store = open_store(settings)
    try:
        _lift(store, field, bundle_id)
    finally:
        store.database.close()
    print(f"{field} applies again; running servers know within seconds")


def _lift(store: Store, field: str, bundle_id: str) -> None:
    from triage.store.audit_log import cli_actor

    if not store.suspensions.end(field, bundle_id, cli_actor()):
        stepped = ", ".join(sorted(store.suspensions.active(bundle_id))) or "none"
        raise InputError(f"{field!r} is not stepped down in bundle {bundle_id}; stepped down are: {stepped}")


def _current_bundle(settings: Settings) -> str:
    from triage.pipeline.factory import model_registry

    bundle_id = model_registry(settings).current_id()
    if bundle_id is None:
        raise NotReadyError(f"nothing was trained in {settings.home}: run `triage train --tickets FILE`")
    return bundle_id


def _line(found: GuaranteeStatus) -> str:
    seen, state = found.seen, {"unknown": "not yet known"}.get(found.state, found.state)
    corrected = f"{seen.corrected:,} of {seen.applied:,} applied were corrected"
    blind = f"blind {_shown(found.error, seen)}"
    return f"{seen.field}: promised at most {found.promised:.1%}, {state}: {blind}, {corrected}"


def _shown(error: Interval | None, seen: ErrorCounts) -> str:
    if error is None:
        return "none judged yet"
    return f"{error.estimate:.1%} ({error.lower:.1%} to {error.upper:.1%}) of {seen.holdout_judged:,}"
