"""Response validation: a response that does not fit its model in the OpenAPI document is never sent."""

from __future__ import annotations

import logging

from apiflask import APIFlask
from flask import Response, current_app, request
from pydantic import BaseModel, ValidationError

from triage.web.errors import internal_error

_log = logging.getLogger(__name__)


def init_response_validation(app: APIFlask) -> None:
    """Validate JSON responses by their routes' models; one that does not fit becomes a 500, and is logged."""

    @app.after_request
    def validate_response(response: Response) -> Response:
        model = _model_of(response)
        if model is not None:
            try:
                model.model_validate_json(response.get_data())
            except ValidationError as error:
                # The places and kinds alone: the values may be a ticket's text.
                found = {".".join(map(str, e["loc"])): e["type"] for e in error.errors(include_input=False)}
                _log.error("the response of %s does not fit %s: %s", request.endpoint, model.__name__, found)
                # Not raised: Flask would log the error with the values in it.
                return current_app.make_response((internal_error(), 500))
        return response


def _model_of(response: Response) -> type[BaseModel] | None:
    """Return the model of a successful JSON response, None where the route has none or has failed."""
    if not (200 <= response.status_code < 300 and response.is_json and request.endpoint):
        return None
    described = getattr(current_app.view_functions[request.endpoint], "_spec", {}).get("response", {})
    schema = described.get("schema")
    return schema if isinstance(schema, type) and issubclass(schema, BaseModel) else None
