"""Who asks, and whether he may: checked before each request whose route names scopes."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from models.errors import ForbiddenError, TooManyRequestsError, UnauthenticatedError
from triage.access import Scope, is_loopback, network_of
from triage.store.access_tokens import AccessToken, token_id_of
from triage.web.middleware.cors import answer_preflight, check_origin, init_origins, is_own_page, is_preflight
from triage.web.middleware.rate_limit import Buckets
from triage.web.middleware.required_scopes import scopes_of
from triage.web.middleware.token_cache import KnownTokens

FAILURES_PER_MINUTE = 60
MARKER = "tokens-exist"
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, in `g.token`; without an id it is this machine, while there are no tokens."""

    id: str | None
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The caller as the audit trail names him."""
        return f"token:{self.id}" if self.id else "loopback"

    def may(self, *scopes: Scope) -> bool:
        """Tell whether the caller has one of these scopes, on a route that several open."""
        return bool(self.scopes & {*scopes, "admin"})


_THIS_MACHINE = Caller(None, "this machine", frozenset({"admin"}))


@dataclass(frozen=True, slots=True)
class Access:
    """What one process knows of tokens, and what was asked with them in the last minute."""

    known: KnownTokens
    host: str
    asked: Buckets
    failed: Buckets

    def check(self, scopes: frozenset[str]) -> Caller:
        """Return who sends the present request.

        Raises:
            UnauthenticatedError: no token, or none that is good.
            ForbiddenError: the token has none of the scopes, or does not serve the page that asks.
            TooManyRequestsError: the token's limit is used up, or the address has failed too often.
            StoreUnavailableError: the token is not known here and cannot be looked up.
        """
        shown = request.authorization
        if shown is None or shown.type != "bearer" or not shown.token:
            return self._without_token()
        token = self.known.find(shown.token)
        if token is None:
            raise self._refused(shown.token)
        check_origin(token)
        state = token.state(datetime.now(UTC))
        if state != "active":
            raise UnauthenticatedError(f"the token {token.id} is {state}: ask the operator for a new one")
        self._count(token)
        if not scopes & set(token.scopes):
            needed = " or ".join(sorted(scopes))
            raise ForbiddenError(f"this needs a token of the scope {needed}; this one has {_listed(token)}")
        self.known.touch(token)
        return Caller(token.id, token.name, frozenset(token.scopes))

    def _without_token(self) -> Caller:
        if self.known.exist():
            raise UnauthenticatedError("send a token: `Authorization: Bearer trg_…`")
        if _is_this_machine(self.host):
            return _THIS_MACHINE
        raise UnauthenticatedError(
            "there is no token yet, and until there is one only direct requests from this machine are "
            "answered: run `triage token create` here, then send `Authorization: Bearer trg_…`"
        )

    def _refused(self, secret: str) -> Exception:
        wait_s = self.failed.take(network_of(request.remote_addr), FAILURES_PER_MINUTE)
        if wait_s:
            return TooManyRequestsError(
                "too many wrong tokens came from this address: correct the token, then try again",
                retry_after_s=math.ceil(wait_s),
            )
        _log.warning("a wrong token from %s, for the id %s", request.remote_addr, token_id_of(secret))
        return UnauthenticatedError("the token is not known: `triage token list` shows those there are")

    def _count(self, token: AccessToken) -> None:
        wait_s = self.asked.take(token.id, token.per_minute)
        if wait_s:
            raise TooManyRequestsError(
                f"the token's limit of {token.per_minute} requests a minute is used up: wait, or create a "
                "token with more (`triage token create --per-minute`)",
                retry_after_s=math.ceil(wait_s),
            )


def init_auth(app: Flask, *, host: str) -> None:
    """Check each request before anything is done for it; `g.token` then says who asks.

    `host` is the address that the service listens on.
    """
    service = app.extensions["triage"]
    known = KnownTokens(service.store.access_tokens, service.settings.home / MARKER)
    app.extensions["triage-access"] = access = Access(known, host, Buckets(), Buckets())

    @app.before_request
    def check_access() -> Response | None:
        if is_preflight():
            return answer_preflight(known)
        scopes = scopes_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
        if scopes is not None and request.method != "OPTIONS":
            g.token = access.check(scopes)
        return None

    init_origins(app)


def caller() -> Caller:
    """Return who sends the present request, of a route that names scopes."""
    found: Caller = g.token
    return found


def _is_this_machine(host: str) -> bool:
    """Tell whether the request comes from this machine and was not passed on for somebody else.

    A proxy on this machine passes on what comes from anywhere; a page elsewhere may send a browser here,
    also under a name of its own that it lets point to this machine.
    """
    origin = request.headers.get("Origin")
    try:
        asked_for = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return False
    return (
        is_loopback(host)
        and is_loopback(request.remote_addr)
        and not any(name in request.headers for name in _FORWARDED)
        and is_loopback(asked_for)
        and (origin is None or is_own_page(origin))
        and request.headers.get("Sec-Fetch-Site") not in {"cross-site", "same-site"}
    )


def _listed(token: AccessToken) -> str:
    return ", ".join(token.scopes)
