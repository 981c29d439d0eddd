"""`triage guarantee`: the observed error of applied values, and fields that are suspended."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.errors import FolderError, InputError, NotReadyError
from triage.commands.home import cli_actor, open_store_of
from triage.commands.options import AsJson, Home, SettingsFile, print_json
from triage.settings import Settings, load_settings

if TYPE_CHECKING:  # what needs SciPy or SQLAlchemy is imported when a command runs
    from triage.guarantee.monitor import GuaranteeStatus
    from triage.intervals import Interval
    from triage.store import Store
    from triage.store.guarantee import ErrorCounts

app = typer.Typer(no_args_is_help=True, help="Watch the guarantee of `apply`, and let fields apply again.")
promise = typer.Typer(no_args_is_help=True, hidden=True, help="Old name of `triage guarantee`.")


@promise.callback()
def warn_of_old_name() -> None:
    """Old name of `triage guarantee`."""
    typer.echo("warning: `triage promise` is deprecated: use `triage guarantee`", err=True)


@promise.command()
@app.command()
def show(home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False) -> None:
    """Print the observed error of each field of the current bundle, beside its target error."""
    from triage.guarantee.monitor import GuaranteeMonitor

    settings = load_settings(settings_file, home=home)
    bundle_id = _current_bundle(settings)
    with open_store_of(settings) as store:
        statuses = GuaranteeMonitor(store, settings).statuses(bundle_id)
    if as_json:
        print_json([_as_json(status) for status in statuses])
        return
    if not statuses:
        print(
            f"nothing is known yet of bundle {bundle_id}: none of its values was applied, and none of a "
            "holdout ticket was judged. Run `triage serve`, ask it about tickets, and send back what people "
            "decided (docs/feedback.md)"
        )
    for status in statuses:
        print(_line(status) + (", SUSPENDED" if status.suspension else ""))


@promise.command()
@app.command()
def lift(
    field: Annotated[str, typer.Argument(help="The suspended field.")],
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Let a field of the current bundle apply again; from now on its error is counted anew."""
    settings = load_settings(settings_file, home=home)
    bundle_id = _current_bundle(settings)
    with open_store_of(settings) as store:
        _lift(store, field, bundle_id, _fields_of_current(settings))
    print(f"{field} applies again; running servers know within seconds")


def _lift(store: Store, field: str, bundle_id: str, fields: Collection[str]) -> None:
    if not store.suspensions.end(field, bundle_id, cli_actor()):
        if fields and field not in fields:
            raise InputError(f"there is no field {field!r} in bundle {bundle_id}: it has {', '.join(fields)}")
        suspended = ", ".join(sorted(store.suspensions.active(bundle_id))) or "none"
        raise InputError(f"{field!r} is not suspended in bundle {bundle_id}; suspended fields: {suspended}")


def _current_bundle(settings: Settings) -> str:
    from triage.pipeline.factory import model_registry

    bundle_id = model_registry(settings).current_id()
    if bundle_id is None:
        raise NotReadyError(f"nothing was trained in {settings.home}: run `triage train --tickets FILE`")
    return bundle_id


def _fields_of_current(settings: Settings) -> list[str]:
    """Return the names of the fields of the current bundle; none where its manifest cannot be read."""
    from models.bundle import FORMAT_VERSION, KIND
    from models.storage.artifact import read_manifest
    from triage.pipeline.factory import model_registry

    try:
        manifest = read_manifest(model_registry(settings).current(), kind=KIND, format_version=FORMAT_VERSION)
    except FolderError:
        return []
    return list(manifest.metadata["fields"])


def _as_json(status: GuaranteeStatus) -> dict[str, Any]:
    counts = status.counts
    suspended = status.suspension.at.isoformat() if status.suspension else None
    deprecated = {
        "blind_judged": counts.holdout_judged,
        "blind_wrong": counts.holdout_wrong,
        "promised": status.target_error,
        "promise": status.state,
        "stepped_down": suspended,
    }
    return {
        "field": counts.field,
        "bundle_id": counts.bundle_id,
        "holdout_judged": counts.holdout_judged,
        "holdout_wrong": counts.holdout_wrong,
        "applied": counts.applied,
        "corrected": counts.corrected,
        "target_error": status.target_error,
        "guarantee": status.state,
        "suspended": suspended,
        **deprecated,
    }


def _line(status: GuaranteeStatus) -> str:
    counts, state = status.counts, {"unknown": "not yet known"}.get(status.state, status.state)
    corrected = f"{counts.corrected:,} of {counts.applied:,} applied were corrected"
    holdout = f"holdout {_shown(status.error, counts)}"
    return f"{counts.field}: target at most {status.target_error:.1%}, {state}: {holdout}, {corrected}"


def _shown(error: Interval | None, counts: ErrorCounts) -> str:
    if error is None:
        return "none judged yet"
    return f"{error.estimate:.1%} ({error.lower:.1%} to {error.upper:.1%}) of {counts.holdout_judged:,}"
