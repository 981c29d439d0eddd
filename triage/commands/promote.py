"""`triage promote`: make another bundle the current one."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import StoreUnavailableError
from triage.commands.home import cli_actor, open_store_of
from triage.commands.options import TRUST_IS_DEPRECATED, Home, SettingsFile
from triage.settings import Settings, load_settings


def promote(
    bundle: Annotated[
        str, typer.Argument(help="The bundle's id, a folder under HOME/models, or a folder elsewhere.")
    ],
    trust: Annotated[
        bool, typer.Option("--trust", help="Deprecated, without effect: loading a bundle runs no code.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Make a trained bundle the current one, copied in if it is elsewhere; a running server takes it up."""
    from models.bundle import Bundle
    from triage.pipeline.bundle_import import import_bundle, own_bundle
    from triage.pipeline.factory import model_registry

    if trust:
        typer.echo(TRUST_IS_DEPRECATED, err=True)
    settings = load_settings(settings_file, home=home)
    registry = model_registry(settings)
    bundle_id = own_bundle(bundle, registry)
    if bundle_id is None:
        # Nothing from elsewhere comes in without an entry that says who brought it.
        _note(settings, "bundle.import", str(bundle))
        bundle_id = import_bundle(bundle, registry)
    else:
        Bundle.check(registry.path(bundle_id))
    registry.make_current(bundle_id)
    try:
        _note(settings, "bundle.promote", bundle_id)
    except StoreUnavailableError as error:  # going back to the bundle before must work in an outage too
        typer.echo(f"warning: not in the audit log: {error.message}", err=True)
    print(f"{bundle_id} is current")


def _note(settings: Settings, action: str, bundle: str) -> None:
    with open_store_of(settings) as store:
        store.audit_log.record(cli_actor(), action, bundle)
