"""Security headers for browsers; those about TLS are for the proxy that terminates it."""

from __future__ import annotations

from flask import Flask, Response, request

_STRICT = "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
# Swagger UI sets styles in its elements and draws small images of its own; it runs no inline script.
_DOCUMENTATION = f"{_STRICT}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
# A response that is no page may do nothing, should a browser be made to show it as one.
_NOTHING = "default-src 'none'; frame-ancestors 'none'"


def init_security_headers(app: Flask) -> None:
    """Set the security headers on each response, errors included."""

    @app.after_request
    def add_security_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Content-Security-Policy", _policy(response))
        if response.mimetype == "text/html":
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.is_json or request.path.startswith("/v1/"):
            headers.setdefault("Cache-Control", "no-store")
        return response


def _policy(response: Response) -> str:
    if response.mimetype != "text/html":
        return _NOTHING
    return _DOCUMENTATION if request.blueprint == "swagger_ui" else _STRICT
