"""HTTP client of helpdesks: one configured address, no redirects, bounded answers, a steady pace."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError
from urllib3.util import make_headers, parse_url

from models.errors import NotFoundError
from triage.errors import HelpdeskBusyError, HelpdeskError
from triage.settings.helpdesks import HelpdeskSettings

_MOST_BYTES = 256 * 1024 * 1024
_LONGEST_ANSWER_S = 600.0
_CHUNK = 1 << 16
_BURST = 10  # requests that may follow each other at once after a pause
_WAIT_UNSAID_S = 60
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no error; names of headers in small letters."""

    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON values.

        Raises:
            HelpdeskError: it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise HelpdeskError(
                f"the helpdesk answered something else than JSON ({_shown(self.body)!r}): check `url`, and "
                "that its API is switched on"
            ) from None


class HelpdeskClient:
    """Client of one helpdesk; `authorization` is the header that signs in.

    Proxies are those of the environment (HTTPS_PROXY, NO_PROXY). Certificates are always verified.
    """

    def __init__(self, settings: HelpdeskSettings, authorization: str) -> None:
        self._url = settings.url
        self._host = str(parse_url(settings.url).host)
        self._headers = {"User-Agent": "triage", "Authorization": authorization}
        self._pause_s = 60.0 / settings.per_minute
        self._earliest = 0.0
        timeout = urllib3.Timeout(connect=settings.timeout_s, read=settings.timeout_s)
        scheme = str(parse_url(settings.url).scheme)
        proxy = urllib.request.getproxies().get(scheme)
        options: dict[str, Any] = {"timeout": timeout, "retries": False, "maxsize": 2}
        if proxy and not urllib.request.proxy_bypass(self._host):
            self._pool: urllib3.PoolManager = urllib3.ProxyManager(proxy, **options)
        else:
            self._pool = urllib3.PoolManager(**options)

    def get(
        self, path: str, query: Mapping[str, Any] | None = None, *, accept: str = "application/json"
    ) -> Answer:
        """Return what is at a path below the helpdesk's address; raises as `request`."""
        return self.request("GET", path, query, accept=accept)

    def request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        accept: str = "application/json",
    ) -> Answer:
        """Make one request, when the pace allows it, and return its answer.

        Raises:
            NotFoundError: there is nothing at the path.
            HelpdeskBusyError: the helpdesk asks to wait.
            HelpdeskError: it cannot be reached, is silent, or answers with another error or a redirect.
        """
        self._wait_for_turn()
        asked = urlencode(query or {})
        url = f"{self._url}{path}" + (f"?{asked}" if asked else "")
        until = time.monotonic() + _LONGEST_ANSWER_S
        try:
            answer = self._pool.request(
                method,
                url,
                headers={**self._headers, "Accept": accept},
                redirect=False,
                preload_content=False,
            )
            try:
                body = self._read(answer, until)
            finally:
                answer.close()
        except SSLError as error:
            raise HelpdeskError(f"no safe connection to {self._host}: {_reason(error)}") from None
        except (HTTPError, OSError) as error:
            raise HelpdeskError(
                f"{self._host} could not be reached, or did not answer in time ({_reason(error)})"
            ) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        self._check(answer.status, headers, body, path)
        return Answer(headers, body)

    def _read(self, answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
        body = bytearray()
        for chunk in answer.stream(_CHUNK):
            body += chunk
            if len(body) > _MOST_BYTES or time.monotonic() > until:
                raise HelpdeskError(
                    f"an answer of {self._host} has no end: stopped after {len(body) >> 20} MiB"
                )
        return bytes(body)

    def _check(self, status: int, headers: Mapping[str, str], body: bytes, path: str) -> None:
        if 200 <= status < 300:
            return
        if status == 429 or (status == 503 and "retry-after" in headers):
            wait_s = _retry_after_s(headers.get("retry-after", ""))
            raise HelpdeskBusyError(
                f"{self._host} asks to wait {wait_s:,} s (status {status})", retry_after_s=wait_s
            )
        if 300 <= status < 400:
            raise HelpdeskError(
                f"{self._host} leads on from {path} to {_origin(headers.get('location', ''))} (status "
                f"{status}); redirects are not followed: write the address that answers itself in `url`"
            )
        said = f"{self._host} answered {path} with status {status}: {_shown(body)}"
        if status in {401, 403}:
            raise HelpdeskError(f"{said}. Check `user` and `secret`, and the user's rights")
        if status == 404:
            raise NotFoundError(f"{said}. Check `url`, and that the helpdesk's API is switched on")
        raise HelpdeskError(said)

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        if now < self._earliest:
            time.sleep(self._earliest - now)
        self._earliest = max(now - (_BURST - 1) * self._pause_s, self._earliest) + self._pause_s


def authorization(settings: HelpdeskSettings, scheme: str) -> str:
    """Return the header that signs in: Basic where a user is named, else `scheme` and the token.

    Raises:
        SettingsError: there is no secret.
    """
    secret = settings.open_secret()
    if settings.user:
        return make_headers(basic_auth=f"{settings.user}:{secret}")["authorization"]
    return f"{scheme} {secret}"


def _retry_after_s(said: str) -> int:
    """Return the seconds of a header Retry-After, which has seconds or a date."""
    if said.isascii() and said.isdigit():
        return int(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return _WAIT_UNSAID_S
    return max(1, int((at.astimezone(UTC) - datetime.now(UTC)).total_seconds()))


def _origin(location: str) -> str:
    """Return scheme and host of a location, whose path and query may hold a secret."""
    scheme, _, rest = location.partition("://")
    return f"{scheme}://{rest.split('/')[0]}" if rest else "another page"


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, MaxRetryError) else error
    return type(cause).__name__ if not isinstance(cause, SSLError) else str(cause)[:_SHOWN_CHARS]


def _shown(body: bytes) -> str:
    """Return the beginning of an answer on one line."""
    text = body[: 4 * _SHOWN_CHARS].decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_SHOWN_CHARS]
