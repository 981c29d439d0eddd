"""Authentication: the principal behind a request and its scopes, checked where a route requires some."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from models.wording import counted
from triage.access import Network, Scope, client_network, is_loopback
from triage.errors import ForbiddenError, TooManyRequestsError, UnauthenticatedError
from triage.store.access_tokens import AccessToken, token_id_of
from triage.web.middleware.cors import check_origin, init_cors, is_own_page, is_preflight, preflight_response
from triage.web.middleware.rate_limit import TokenBuckets
from triage.web.middleware.required_scopes import scopes_of
from triage.web.middleware.token_cache import TokenCache

FAILURES_PER_MINUTE = 60
MARKER = "tokens-exist"
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Principal:
    """Sender of a request: a token, or this machine while there are no tokens (`id` is None)."""

    id: str | None
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The principal's name in the audit log."""
        return f"token:{self.id}" if self.id else "loopback"

    def has_scope(self, *scopes: Scope) -> bool:
        """Tell whether the principal has one of these scopes, on a route that several open."""
        return bool(self.scopes & {*scopes, "admin"})


_LOOPBACK = Principal(None, "this machine", frozenset({"admin"}))


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Checks tokens, with one process's token cache and rate limits."""

    cache: TokenCache
    host: str
    requests: TokenBuckets
    failures: TokenBuckets
    trusted_proxies: Sequence[Network] = ()

    def authenticate(self, scopes: frozenset[str]) -> Principal:
        """Return the principal that sends the present request.

        Raises:
            UnauthenticatedError: no token, or an unknown, expired or revoked one.
            ForbiddenError: the token has none of the scopes, or does not serve the page that asks.
            TooManyRequestsError: the token's limit is used up, or the address has failed too often.
            StoreUnavailableError: the token is not known here and cannot be looked up.
        """
        shown = request.authorization
        if shown is None or shown.type != "bearer" or not shown.token:
            return self._without_token()
        token = self.cache.find(shown.token)
        if token is None:
            raise self._refused(shown.token)
        check_origin(token)
        state = token.state(datetime.now(UTC))
        if state != "active":
            raise UnauthenticatedError(f"the token {token.id} is {state}: ask the operator for a new one")
        self._limit_rate(token)
        if not scopes & set(token.scopes):
            needed = " or ".join(sorted(scopes))
            raise ForbiddenError(f"this needs a token of the scope {needed}; this one has {_listed(token)}")
        self.cache.touch(token)
        return Principal(token.id, token.name, frozenset(token.scopes))

    def _without_token(self) -> Principal:
        if self.cache.any_exist():
            raise UnauthenticatedError(
                "send a token: `Authorization: Bearer trg_…`. Since the first token was created, every "
                "request needs one; `triage token create NAME --scope triage` makes another"
            )
        if _is_direct_from_loopback(self.host):
            return _LOOPBACK
        raise UnauthenticatedError(
            "there is no token yet, and until there is one only direct requests from this machine are "
            "answered: run `triage token create` here, then send `Authorization: Bearer trg_…`"
        )

    def _refused(self, secret: str) -> Exception:
        forwarded_for = request.headers.getlist("X-Forwarded-For")
        network = client_network(request.remote_addr, forwarded_for, self.trusted_proxies)
        wait_s = self.failures.try_acquire(network, FAILURES_PER_MINUTE)
        if wait_s:
            return TooManyRequestsError(
                "too many wrong tokens came from this address: correct the token, then try again",
                retry_after_s=math.ceil(wait_s),
            )
        _log.warning("a wrong token from %s, for the id %s", network, token_id_of(secret))
        return UnauthenticatedError("the token is not known: `triage token list` shows those there are")

    def _limit_rate(self, token: AccessToken) -> None:
        wait_s = self.requests.try_acquire(token.id, token.per_minute)
        if wait_s:
            raise TooManyRequestsError(
                f"the token's limit of {counted(token.per_minute, 'request')} a minute is used up: wait, or "
                "create a token with more (`triage token create --per-minute`)",
                retry_after_s=math.ceil(wait_s),
            )


def init_auth(app: Flask, *, host: str) -> None:
    """Authenticate each request before anything else is done for it, and set `g.principal`.

    `host` is the address that the service listens on.
    """
    service = app.extensions["triage"]
    cache = TokenCache(service.store.access_tokens, service.settings.home / MARKER)
    app.extensions["triage-authenticator"] = authenticator = Authenticator(
        cache,
        host,
        requests=TokenBuckets(),
        failures=TokenBuckets(),
        trusted_proxies=service.settings.server.trusted_proxies,
    )

    @app.before_request
    def authenticate() -> Response | None:
        if is_preflight():
            return preflight_response(cache)
        scopes = scopes_of(current_app.view_functions[request.endpoint]) if request.endpoint else None
        if scopes is not None and request.method != "OPTIONS":
            g.principal = authenticator.authenticate(scopes)
        return None

    init_cors(app)


def current_principal() -> Principal:
    """Return the principal of the present request, on a route that requires scopes."""
    principal: Principal = g.principal
    return principal


def _is_direct_from_loopback(host: str) -> bool:
    """Tell whether the request comes from this machine and was not forwarded for somebody else.

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
