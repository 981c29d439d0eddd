"""`triage serve`: serve the HTTP interface and the page."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import StoreUnavailableError
from triage.access import is_loopback
from triage.commands.options import TRUST_IS_DEPRECATED, Home, SettingsFile
from triage.settings import Settings, load_settings


def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Port to listen on. [default: 8080]")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Deprecated, without effect: loading a bundle runs no code.")
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Serve the HTTP interface and the page."""
    from triage.server.gunicorn_app import serve as serve_http

    settings = load_settings(settings_file, home=home)
    if trust:
        typer.echo(TRUST_IS_DEPRECATED, err=True)
    options = (("host", host), ("port", port))
    given = {name: value for name, value in options if value is not None}
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=given)})
    before_serving(settings)
    serve_http(settings)


def before_serving(settings: Settings) -> None:
    """Check what the settings ask for, and warn where every request will be refused for want of a token.

    Raises:
        SettingsError: the settings ask for Presidio, and it or one of its models is not there.
    """
    if settings.privacy.presidio:
        from models.redaction.spacy_models import check_presidio

        check_presidio(settings.privacy.presidio_models)
    if is_loopback(settings.server.host):
        return  # and the process that watches over the workers stays small
    from triage.store import open_store

    try:
        with open_store(settings) as store:
            has_token = bool(store.access_tokens.list())
    except StoreUnavailableError as error:
        typer.echo(f"warning: {error.message}", err=True)
        return
    if not has_token:
        typer.echo(
            f"warning: this service listens on {settings.server.host}, and there is no token yet, so it "
            "refuses every request: run `triage token create NAME --scope triage` with the same --home",
            err=True,
        )
