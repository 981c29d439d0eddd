"""`triage promote`: which bundle is current."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import StoreUnavailableError
from triage.commands.options import Home, SettingsFile
from triage.settings import load_settings


def promote(
    bundle: Annotated[
        str, typer.Argument(help="The bundle's id, a folder under HOME/models, or a folder elsewhere.")
    ],
    trust: Annotated[
        bool, typer.Option("--trust", help="Copy in a bundle that was made elsewhere: it can run any code.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Make a trained bundle the current one; a running server takes it up by itself."""
    from triage.pipeline.bundle_trust import import_bundle, own_bundle, untrusted
    from triage.pipeline.factory import model_registry
    from triage.store import open_store
    from triage.store.audit_log import operator

    settings = load_settings(settings_file, home=home)
    registry = model_registry(settings)
    store = open_store(settings)
    try:
        bundle_id = own_bundle(bundle, registry, settings.home)
        if bundle_id is None:
            if not trust:
                raise untrusted(bundle, settings.home)
            # Without an entry that says who vouched for it, nothing from elsewhere comes in.
            store.audit.record(operator(), "bundle.trust", bundle)
            bundle_id = import_bundle(bundle, registry)
        registry.make_current(bundle_id)
        try:
            store.audit.record(operator(), "bundle.promote", bundle_id)
        except StoreUnavailableError as error:  # going back to the bundle before must work in an outage too
            typer.echo(f"warning: not in the audit trail: {error.message}", err=True)
    finally:
        store.database.close()
    print(f"{bundle_id} is current")
