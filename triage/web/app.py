"""The application factory."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from apiflask import APIFlask
from flask import Response, render_template
from flask_swagger_ui import get_swaggerui_blueprint

from triage.settings import Settings
from triage.web.errors import error_schema, init_errors
from triage.web.load import init_load
from triage.web.logs import init_logs
from triage.web.metrics import Metrics, init_metrics
from triage.web.routes import BLUEPRINTS
from triage.web.service import Service

# The page and the documentation bring all they need; nothing is fetched from elsewhere. Swagger UI sets
# styles and an inline script, so the strict policy is for the page alone.
_STRICT = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def create_app(
    settings: Settings, service: Service | None = None, *, shared_metrics: Path | None = None
) -> APIFlask:
    """Build the application; without a `service`, one is started that loads what is current in the home.

    `shared_metrics` is the folder in which several processes leave their counts.
    """
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
        service = Service(settings, Metrics(shared_metrics))
        service.start()
    app.extensions["triage"] = service
    init_errors(app)
    init_logs(app)
    init_metrics(app, service.metrics)
    init_load(app, service.gate)  # the last: who is refused for another reason takes no place in the queue
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
