"""The application factory."""

from __future__ import annotations

from importlib.metadata import version

from apiflask import APIFlask
from flask import Response, render_template
from flask_swagger_ui import get_swaggerui_blueprint

from triage.settings import Settings
from triage.web.addresses import IdConverter
from triage.web.bodies import StrictRequest
from triage.web.checks import init_checks
from triage.web.errors import init_errors
from triage.web.openapi import init_openapi
from triage.web.routes import BLUEPRINTS
from triage.web.service import Service

# The page and the documentation bring all they need; nothing is fetched from elsewhere. Swagger UI sets
# styles and an inline script, so the strict policy is for the page alone.
_STRICT = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def create_app(settings: Settings, service: Service | None = None) -> APIFlask:
    """Build the application; without a `service`, one is started that loads what is current in the home."""
    app = APIFlask(
        "triage.web", title="Triage", version=version("triage"), docs_path=None, spec_path="/openapi.json"
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.server.max_body_kb * 1024,
        DESCRIPTION="Predicts a ticket's fields, says how sure it is, and finds the articles that answer.",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    if service is None:
        service = Service(settings)
        service.start()
    app.extensions["triage"] = service
    app.request_class = StrictRequest
    app.url_map.converters["id"] = IdConverter
    init_errors(app)
    init_checks(app)
    init_openapi(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": "Triage"}))

    @app.get("/")
    @app.doc(hide=True)
    def page() -> Response:
        response = Response(render_template("page.html"))
        response.headers["Content-Security-Policy"] = _STRICT
        return response

    @app.after_request
    def add_security_headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response

    return app
