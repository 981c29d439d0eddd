"""What `triage serve` says and records before it opens the door."""

from __future__ import annotations

import typer

from models.errors import StoreUnavailableError
from triage.addresses import is_loopback
from triage.settings import Settings


def before_serving(settings: Settings) -> None:
    """Warn where every request will be refused for want of a token; record who trusts foreign bundles.

    Raises:
        SettingsError: the settings ask for Presidio, and it or one of its models is not there.
    """
    if settings.privacy.presidio:
        from models.text.presidio_models import check_presidio

        check_presidio(settings.privacy.presidio_models)
    if is_loopback(settings.server.host) and not settings.server.trust_outside:
        return  # and the process that watches over the workers stays small
    from triage.store import open_store
    from triage.store.audit import operator

    store = open_store(settings)
    try:
        if not is_loopback(settings.server.host) and not store.tokens.list():
            typer.echo(
                f"warning: this service listens on {settings.server.host}, and there is no token yet, so it "
                "refuses every request: run `triage token create NAME --scope triage` with the same --home",
                err=True,
            )
        if settings.server.trust_outside:
            store.audit.record(operator(), "serve.trust", str(settings.models_folder))
    except StoreUnavailableError as error:
        typer.echo(f"warning: {error.message}", err=True)
    finally:
        store.database.close()
