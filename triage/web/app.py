"""Application factory."""

from __future__ import annotations

from concurrent.futures import Future
from importlib.metadata import version
from pathlib import Path

from apiflask import APIFlask
from flask import Response, render_template
from flask_swagger_ui import get_swaggerui_blueprint

from triage.pipeline.engine import Engine
from triage.settings import Settings
from triage.web.errors import init_errors
from triage.web.json import ResponseJSONProvider, StrictRequest
from triage.web.middleware.admission import init_admission
from triage.web.middleware.authentication import init_auth
from triage.web.middleware.metrics import Metrics, init_metrics
from triage.web.middleware.request_log import init_request_log
from triage.web.middleware.response_validation import init_response_validation
from triage.web.middleware.security_headers import init_security_headers
from triage.web.openapi import init_openapi
from triage.web.routes import BLUEPRINTS
from triage.web.service import Service
from triage.web.url_converters import IdConverter
from triage.web.webhook_delivery import init_webhooks


def create_app(
    settings: Settings,
    service: Service | None = None,
    *,
    opened: Future[Engine] | None = None,
    shared_metrics: Path | None = None,
) -> APIFlask:
    """Build the application; without a `service`, one is started that loads what is current in the home.

    `opened` is an engine that is being opened already; `shared_metrics` is the folder in which several
    processes leave their counts.
    """
    app = APIFlask(
        "triage.web", title="Triage", version=version("triage"), docs_path=None, spec_path="/openapi.json"
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.server.max_body_kb * 1024,
        DESCRIPTION="Predicts a ticket's fields, says how sure it is, and finds the articles that answer.",
    )
    app.json = ResponseJSONProvider(app)
    if service is None:
        service = Service(settings, Metrics(shared_metrics))
        service.start(opened)
    app.extensions["triage"] = service
    app.request_class = StrictRequest
    app.url_map.converters["id"] = IdConverter
    init_errors(app)
    init_request_log(app)
    init_metrics(app, service.metrics)
    init_security_headers(app)
    init_auth(app)
    init_response_validation(app)
    init_openapi(app)
    # The last: a request that is refused for another reason takes no place in the queue.
    init_admission(app, service.admission, service.portal_admission)
    init_webhooks(app, service)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(get_swaggerui_blueprint("/docs", "/openapi.json", {"app_name": "Triage"}))

    @app.get("/")
    @app.doc(hide=True)
    def page() -> Response:
        return Response(render_template("page.html"))

    return app
