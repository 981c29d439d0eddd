"""Authentication: the principal behind a request and its scopes, checked where a route requires some."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, current_app, g, request

from models.errors import TriageError
from models.wording import counted
from triage.access import SCOPES, Network, Scope, client_network
from triage.errors import ForbiddenError, TooManyRequestsError, UnauthenticatedError
from triage.first_token import has_had_tokens, no_token_known
from triage.store.access_tokens import AccessToken, token_id_of
from triage.web.middleware.cors import check_origin, init_cors, is_preflight, preflight_response
from triage.web.middleware.rate_limit import TokenBuckets
from triage.web.middleware.required_scopes import scopes_of
from triage.web.middleware.token_cache import TokenCache

FAILURES_PER_MINUTE = 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Principal:
    """Sender of a request, as its token tells; where it comes from gives no rights."""

    id: str
    name: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The principal's name in the audit log."""
        return f"token:{self.id}"

    @property
    def is_portal(self) -> bool:
        """Whether the token is a portal's, which everybody can read."""
        return self.scopes == {"portal"}

    def has_scope(self, *scopes: Scope) -> bool:
        """Tell whether the principal has one of these scopes, on a route that several open."""
        return bool(self.scopes & {*scopes, "admin"})


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Checks tokens, with one process's token cache and rate limits."""

    cache: TokenCache
    home: Path
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
            raise self._without_token()
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

    def network(self) -> str:
        """Return the network from which the present request comes, "" where it is not known."""
        forwarded_for = request.headers.getlist("X-Forwarded-For")
        return client_network(request.remote_addr, forwarded_for, self.trusted_proxies)

    def _without_token(self) -> Exception:
        return self._none_known() or UnauthenticatedError(
            "send a token: `Authorization: Bearer trg_…`. The first one is in the file first-token of the "
            "service's home; `triage token create NAME --scope triage` makes another"
        )

    def _none_known(self) -> UnauthenticatedError | None:
        if self.cache.is_empty and has_had_tokens(self.home):
            return UnauthenticatedError(no_token_known())
        return None

    def _refused(self, secret: str) -> Exception:
        network = self.network()
        wait_s = self.failures.try_acquire(network, FAILURES_PER_MINUTE)
        if wait_s:
            return TooManyRequestsError(
                "too many wrong tokens came from this address: correct the token, then try again",
                retry_after_s=math.ceil(wait_s),
            )
        _log.warning("a wrong token from %s, for the id %s", network, token_id_of(secret))
        return self._none_known() or UnauthenticatedError(
            "the token is not known: `triage token list` shows those there are"
        )

    def _limit_rate(self, token: AccessToken) -> None:
        wait_s = self.requests.try_acquire(token.id, token.per_minute)
        if wait_s:
            raise TooManyRequestsError(
                f"the token's limit of {counted(token.per_minute, 'request')} a minute is used up: wait, or "
                "create a token with more (`triage token create --per-minute`)",
                retry_after_s=math.ceil(wait_s),
            )


def init_auth(app: Flask) -> None:
    """Authenticate each request before anything else is done for it, and set `g.principal`."""
    service = app.extensions["triage"]
    cache = TokenCache(service.store.access_tokens)
    app.extensions["triage-authenticator"] = authenticator = Authenticator(
        cache,
        service.settings.home,
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


def identify_caller() -> None:
    """Set `g.principal` on a route that is open to all, where the request carries a valid token."""
    authenticator: Authenticator = current_app.extensions["triage-authenticator"]
    if request.authorization is not None:
        with suppress(TriageError):
            g.principal = authenticator.authenticate(frozenset(SCOPES))


def current_principal() -> Principal:
    """Return the principal of the present request, on a route that requires scopes."""
    principal: Principal = g.principal
    return principal


def current_network() -> str:
    """Return the network from which the present request comes, "" where it is not known."""
    authenticator: Authenticator = current_app.extensions["triage-authenticator"]
    return authenticator.network()


def _listed(token: AccessToken) -> str:
    return ", ".join(token.scopes)
