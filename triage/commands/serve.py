"""`triage serve`: serve the HTTP interface and the page."""

from __future__ import annotations

from typing import Annotated

import typer

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
    shows_sign_in: Annotated[
        bool,
        typer.Option("--open", help="Print the link that signs in, and open it where there is a display."),
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
    serve_http(settings, shows_sign_in=shows_sign_in)


def before_serving(settings: Settings) -> None:
    """Check what the settings ask for.

    Raises:
        SettingsError: the settings ask for Presidio, and it or one of its models is not there.
    """
    if settings.privacy.presidio:
        from models.redaction.spacy_models import check_presidio

        check_presidio(settings.privacy.presidio_models)
