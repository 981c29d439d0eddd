"""A helpdesk's answers are bounded and understood, and what goes wrong is said without a secret."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from models.errors import NotFoundError
from triage.errors import HelpdeskBusyError, HelpdeskError
from triage.helpdesks.client import HelpdeskClient, authorization
from triage.settings.helpdesks import HelpdeskSettings

SECRET = "s3cret-of-the-desk"


def settings(url: str, **changes: object) -> HelpdeskSettings:
    given = {"kind": "django-helpdesk", "url": url, "secret": SECRET, "per_minute": 6000, **changes}
    return HelpdeskSettings.model_validate(given)


def client(server: HTTPServer, **changes: object) -> HelpdeskClient:
    chosen = settings(server.url_for("/desk"), **changes)
    return HelpdeskClient(chosen, authorization(chosen, "Token"))


def test_a_user_signs_in_by_password_and_a_token_alone() -> None:
    assert authorization(settings("http://desk"), "Token") == f"Token {SECRET}"
    assert authorization(settings("http://desk", user="ann"), "Token").startswith("Basic ")


def test_an_answer_comes_from_below_the_configured_address(httpserver: HTTPServer) -> None:
    signed_in = {"Authorization": f"Token {SECRET}"}
    httpserver.expect_request("/desk/api/", query_string="page=1", headers=signed_in).respond_with_json([1])
    assert client(httpserver).get("/api/", {"page": 1}).json() == [1]


def test_a_redirect_is_not_followed_however_often_it_leads_on(httpserver: HTTPServer) -> None:
    asked: list[str] = []

    def lead_on(request: Request) -> Response:
        asked.append(request.path)
        return Response(status=302, headers={"Location": "http://elsewhere.example.com/?token=hidden"})

    httpserver.expect_request("/desk/api/").respond_with_handler(lead_on)
    with pytest.raises(HelpdeskError, match="redirects are not followed") as error:
        client(httpserver).get("/api/")
    assert "http://elsewhere.example.com" in error.value.message
    assert "hidden" not in error.value.message
    assert asked == ["/desk/api/"]


@pytest.mark.parametrize(
    ("status", "headers", "waits_s"),
    [(429, {"Retry-After": "7"}, 7), (503, {"Retry-After": "86400"}, 86400), (429, {}, 60)],
)
def test_a_helpdesk_that_asks_to_wait_says_for_how_long(
    httpserver: HTTPServer, status: int, headers: dict[str, str], waits_s: int
) -> None:
    httpserver.expect_request("/desk/api/").respond_with_data("", status, headers)
    with pytest.raises(HelpdeskBusyError) as error:
        client(httpserver).get("/api/")
    assert error.value.retry_after_s == waits_s


def test_a_helpdesk_may_say_until_when_to_wait(httpserver: HTTPServer) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    httpserver.expect_request("/desk/api/").respond_with_data("", 429, {"Retry-After": until})
    with pytest.raises(HelpdeskBusyError) as error:
        client(httpserver).get("/api/")
    assert 3000 < error.value.retry_after_s <= 3600


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, HelpdeskError, "Check `user` and `secret`"),
        (404, NotFoundError, "the helpdesk's API is switched on"),
        (500, HelpdeskError, "status 500: it broke"),
    ],
)
def test_an_error_names_the_status_and_what_to_check(
    httpserver: HTTPServer, status: int, error: type[Exception], said: str
) -> None:
    httpserver.expect_request("/desk/api/").respond_with_data("it\n broke", status)
    with pytest.raises(error, match=said) as raised:
        client(httpserver).get("/api/")
    assert SECRET not in str(raised.value)


def test_something_else_than_json_is_named(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/desk/api/").respond_with_data("<html>Please sign in</html>")
    with pytest.raises(HelpdeskError, match=r"something else than JSON .*Please sign in"):
        client(httpserver).get("/api/").json()


def test_a_silent_helpdesk_is_left_after_the_time_given(httpserver: HTTPServer) -> None:
    over = threading.Event()

    def be_silent(_: Request) -> Response:
        over.wait(20)
        return Response("[]")

    httpserver.expect_request("/desk/api/").respond_with_handler(be_silent)
    with pytest.raises(HelpdeskError, match="did not answer in time"):
        client(httpserver, timeout_s=1).get("/api/")
    over.set()


def test_a_host_that_offers_no_safe_connection_is_named(httpserver: HTTPServer) -> None:
    chosen = settings(httpserver.url_for("/desk").replace("http://", "https://"))
    with pytest.raises(HelpdeskError, match="no safe connection"):
        HelpdeskClient(chosen, "Token x").get("/api/")


def test_a_proxy_of_the_environment_is_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/api/").respond_with_json({"through": "the proxy"})
    monkeypatch.setenv("http_proxy", httpserver.url_for(""))
    chosen = settings("http://desk.example.com")
    assert HelpdeskClient(chosen, "Token x").get("/api/").json() == {"through": "the proxy"}


def test_requests_keep_to_the_pace_of_the_settings(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    httpserver.expect_request("/desk/api/").respond_with_json([])
    paced = client(httpserver, per_minute=1)
    for _ in range(12):
        paced.get("/api/")
    assert len(slept) == 2
    assert all(50 < pause <= 120 for pause in slept)
