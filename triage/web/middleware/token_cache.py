"""Cache of the access tokens in one process, refreshed every two seconds: no request waits for the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from models.errors import StoreUnavailableError
from triage.background import BackgroundTask
from triage.store.access_tokens import TOUCH_INTERVAL, AccessToken, AccessTokens, token_id_of
from triage.web.middleware.rate_limit import TokenBuckets

REFRESH_S = 2.0
MAX_AGE_S = 5.0
UNKNOWN_PER_MINUTE = 600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    by_id: Mapping[str, AccessToken]
    read_at: float


class TokenCache:
    """All access tokens, at most `MAX_AGE_S` old while the store can be reached.

    While the store is away, cached tokens stay valid until they expire: tickets go on being answered, and
    nobody can revoke a token then, since that is written to the store. A secret that is not cached cannot be
    checked.
    """

    def __init__(self, tokens: AccessTokens, clock: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._clock = clock
        self._snapshot: _Snapshot | None = None
        self._is_away = False
        self._tried_at = -REFRESH_S
        self._unknown = TokenBuckets(clock=clock)
        self._noted: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._refresh = BackgroundTask(name="read-tokens", every_s=REFRESH_S, clock=clock)

    @property
    def is_empty(self) -> bool:
        """Whether the store was read last without finding any token, also a revoked or expired one."""
        snapshot = self._fresh_snapshot(REFRESH_S)
        return snapshot is not None and not snapshot.by_id

    def find(self, secret: str) -> AccessToken | None:
        """Return the token of a secret, also a revoked or expired one, or None.

        Raises:
            StoreUnavailableError: the token is not cached, and the store cannot be read.
        """
        if token_id_of(secret) is None:
            return None
        token = self._matching_token(secret, self._fresh_snapshot(REFRESH_S))
        if token is None and self._unknown.try_acquire("", UNKNOWN_PER_MINUTE) == 0:
            # Another process may have made it a moment ago; whoever tries secrets makes no more reads.
            token = self._matching_token(secret, self._fresh_snapshot(0))
        if token is None and self._is_away:
            raise StoreUnavailableError(
                "this token cannot be checked while the store is away: try again soon"
            )
        return token

    def is_cached(self, secret: str) -> bool:
        """Tell whether the secret is of a token in the cache, without looking into the store."""
        return self._matching_token(secret, self._snapshot) is not None

    def origins(self) -> frozenset[str]:
        """Return the origins of all active tokens."""
        snapshot, now = self._fresh_snapshot(REFRESH_S), datetime.now(UTC)
        active = (
            [token for token in snapshot.by_id.values() if token.state(now) == "active"] if snapshot else []
        )
        return frozenset(origin for token in active for origin in token.origins)

    def touch(self, token: AccessToken) -> None:
        """Note that a token is in use; at most once a minute that costs a write."""
        now = datetime.now(UTC)
        last = max(filter(None, (token.last_used_at, self._noted.get(token.id))), default=None)
        if self._is_away or (last is not None and now - last < TOUCH_INTERVAL):
            return
        self._noted[token.id] = now
        with suppress(StoreUnavailableError):
            self._tokens.touch(token.id)

    @staticmethod
    def _matching_token(secret: str, snapshot: _Snapshot | None) -> AccessToken | None:
        token = snapshot.by_id.get(token_id_of(secret) or "") if snapshot else None
        return token if token is not None and token.matches(secret, datetime.now(UTC)) else None

    def _fresh_snapshot(self, age_s: float) -> _Snapshot | None:
        """Return the snapshot, read anew where it is `age_s` seconds old; None where none was read yet."""
        snapshot, now = self._snapshot, self._clock()
        if snapshot is not None and snapshot.read_at > now - age_s:
            return snapshot
        is_read = self._lock.locked()
        if self._is_away and (is_read or now - self._tried_at < MAX_AGE_S):
            # No request is held up for a store that did not answer a moment ago.
            if now - self._tried_at >= REFRESH_S and not is_read:
                self._refresh.run(lambda: self._read(now))
            return snapshot
        if age_s and is_read and snapshot is not None and snapshot.read_at > now - MAX_AGE_S:
            return snapshot  # another request reads already
        self._read(now - age_s)
        return self._snapshot

    def _read(self, since: float) -> None:
        with self._lock:
            read_at = self._snapshot.read_at if self._snapshot else None
            if (read_at is not None and read_at > since) or (self._is_away and self._tried_at > since):
                return  # another request has read, or could not, while this one waited
            started = self._clock()
            try:
                found = {token.id: token for token in self._tokens.list()}
            except StoreUnavailableError as error:
                if not self._is_away:
                    _log.warning("tokens cannot be read, those that are cached stay valid: %s", error.message)
                self._is_away, self._tried_at = True, self._clock()
                return
            self._is_away = False
            self._snapshot = _Snapshot(found, started)
