"""The application factory."""

from __future__ import annotations

from importlib.metadata import version

from apiflask import APIFlask
from flask import Response, render_template
from flask_swagger_ui import get_swaggerui_blueprint

from triage.settings import Settings
from triage.web.auth import init_auth
from triage.web.errors import error_schema, init_errors
from triage.web.headers import init_headers
from triage.web.openapi import init_security_schemes
from triage.web.routes import BLUEPRINTS
from triage.web.service import Service


def create_app(settings: Settings, service: Service | None = None) -> APIFlask:
    """Build the application; without a `service`, one is started that loads what is current in the home."""
    app = APIFlask(
        "triage.web", title="Triage", version=version("triage"), docs_path=None, spec_path="/openapi.json"
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.server.max_body_kb * 1024,
        OPENAPI_VERSION="3.1.0",
        HTTP_ERROR_SCHEMA=error_schema(),
        VALIDATION_ERROR_SCHEMA=error_schema(),
        DESCRIPTION="Predicts a ticket's fields, says how sure it is, and finds the articles that answer.",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if service is None:
        service = Service(settings)
        service.start()
    app.extensions["triage"] = service
    init_errors(app)
    init_headers(app)
    init_auth(app)
    init_security_schemes(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": "Triage"}))

    @app.get("/")
    @app.doc(hide=True)
    def page() -> Response:
        return Response(render_template("page.html"))

    return app
