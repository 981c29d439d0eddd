"""CORS: web pages of this service may send requests, and pages whose origin a token names."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from triage.errors import ForbiddenError
from triage.store.access_tokens import AccessToken
from triage.web.middleware.required_scopes import scopes_of
from triage.web.middleware.token_cache import TokenCache

_ALLOWED_HEADERS = "Authorization, Content-Type, X-Request-ID"
_EXPOSED_HEADERS = "Retry-After, X-Request-ID"
_PREFLIGHT_KEPT_S = "600"


def is_preflight() -> bool:
    """Tell whether the request is a CORS preflight."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def preflight_response(cache: TokenCache) -> Response:
    """Return the response to a preflight: a page may call portal routes if any active token has its origin.

    A preflight carries no token; the request that follows is checked against its own token's origins.

    Raises:
        ForbiddenError: no token has the origin, or the route is not for web pages.
    """
    origin = request.headers.get("Origin", "")
    method = request.headers["Access-Control-Request-Method"].upper()
    if not _is_for_portals(method) or origin not in cache.origins():
        raise ForbiddenError(
            "no token lets pages of this origin ask this: name the origin with "
            "`triage token create --scope portal --origin …`"
        )
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = method
    response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
    response.headers["Access-Control-Max-Age"] = _PREFLIGHT_KEPT_S
    g.allowed_origin = origin
    return response


def check_origin(token: AccessToken) -> None:
    """Refuse a request of another site's page unless its origin is among the token's.

    Raises:
        ForbiddenError: it is not.
    """
    origin = request.headers.get("Origin")
    if origin is None or is_own_page(origin):
        return
    if origin not in token.origins:
        raise ForbiddenError(
            "the token does not let pages of this origin ask: create one of the scope portal that names it"
        )
    g.allowed_origin = origin


def is_own_page(origin: str) -> bool:
    """Tell whether the request comes from a page of this service."""
    # The name may differ behind a proxy that does not pass on Host; the browser knows better then.
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def init_cors(app: Flask) -> None:
    """Tell browsers, in each response, which page may read it."""

    @app.after_request
    def allow_origin(response: Response) -> Response:
        response.vary.add("Origin")
        if "allowed_origin" in g:
            response.headers["Access-Control-Allow-Origin"] = g.allowed_origin
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
        return response


def _is_for_portals(method: str) -> bool:
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(method=method)  # type: ignore[union-attr]
    except HTTPException:
        return False
    return "portal" in (scopes_of(current_app.view_functions[endpoint]) or ())
