"""What each answer tells a browser to be careful about."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.http.toy_service import QUESTION

PATHS = [
    "/",
    "/docs/",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/static/page.js",
    "/v1/nothing",
    "/v1/suggest",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_careful(toy_client: FlaskClient, path: str) -> None:
    with toy_client.get(path) as response:
        headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in headers  # said by the proxy that speaks TLS


@pytest.mark.parametrize("path", ["/", "/docs/"])
def test_pages_run_no_inline_script_and_load_nothing_from_elsewhere(
    toy_client: FlaskClient, path: str
) -> None:
    response = toy_client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    page = response.get_data(as_text=True)
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_answers_about_tickets_are_stored_nowhere_on_the_way(signed_client: FlaskClient) -> None:
    assert signed_client.post("/v1/suggest", json=QUESTION).headers["Cache-Control"] == "no-store"
    assert signed_client.post("/v1/suggest", json={}).headers["Cache-Control"] == "no-store"
    assert signed_client.get("/readyz").headers["Cache-Control"] == "no-store"


def test_a_text_that_is_echoed_is_never_a_page(signed_client: FlaskClient) -> None:
    script = "<script>alert(1)</script>"
    response = signed_client.post("/v1/suggest", json={script: script, "text": script})
    assert response.mimetype == "application/json"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
