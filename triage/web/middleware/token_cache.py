"""The tokens as one process knows them: read every two seconds, so that no request waits for the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.errors import StoreUnavailableError
from triage.store.access_tokens import TOUCH_INTERVAL, AccessToken, AccessTokens, token_id_of
from triage.web.middleware.rate_limit import Buckets

READ_EVERY_S = 2.0
HOLD_S = 5.0
UNKNOWN_PER_MINUTE = 600
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Book:
    by_id: Mapping[str, AccessToken]
    read_at: float


class KnownTokens:
    """All tokens, at most `HOLD_S` old while the store can be reached.

    While it is away, the tokens that were known stay good until they expire: tickets go on being answered,
    and nobody can revoke a token then, since that is written to the store. A secret that was not known
    cannot be checked. That tokens exist at all is also marked by a file, so that a process that starts
    while the store is away does not take the helpdesk for one without tokens.
    """

    def __init__(
        self, tokens: AccessTokens, marker: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tokens = tokens
        self._marker = marker
        self._clock = clock
        self._book: _Book | None = None
        self._is_away = False
        self._tried_at = -READ_EVERY_S
        self._unknown = Buckets(clock=clock)
        self._noted: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def exist(self) -> bool:
        """Tell whether a token was ever made, be it revoked or expired by now.

        Raises:
            StoreUnavailableError: there are some, and the store that knows them could not be reached yet.
        """
        book = self._look(READ_EVERY_S)
        if book is not None:
            return bool(book.by_id)
        if self._marker.exists():
            raise StoreUnavailableError("tokens cannot be checked while the store is away: try again soon")
        return False

    def find(self, secret: str) -> AccessToken | None:
        """Return the token that a secret opens, be it revoked or expired, or None.

        Raises:
            StoreUnavailableError: the secret is not known here, and the store cannot be asked.
        """
        if token_id_of(secret) is None:
            return None
        token = self._opened(secret, self._look(READ_EVERY_S))
        if token is None and self._unknown.take("", UNKNOWN_PER_MINUTE) == 0:
            # Another process may have made it a moment ago; whoever tries secrets makes no more reads.
            token = self._opened(secret, self._look(0))
        if token is None and self._is_away:
            raise StoreUnavailableError(
                "this token cannot be checked while the store is away: try again soon"
            )
        return token

    def origins(self) -> frozenset[str]:
        """Return the origins of all tokens that are good now."""
        book, now = self._look(READ_EVERY_S), datetime.now(UTC)
        active = [token for token in book.by_id.values() if token.state(now) == "active"] if book else []
        return frozenset(origin for token in active for origin in token.origins)

    def touch(self, token: AccessToken) -> None:
        """Remember that a token is in use; at most once a minute that costs a write."""
        now = datetime.now(UTC)
        last = max(filter(None, (token.last_used_at, self._noted.get(token.id))), default=None)
        if self._is_away or (last is not None and now - last < TOUCH_INTERVAL):
            return
        self._noted[token.id] = now
        with suppress(StoreUnavailableError):
            self._tokens.touch(token.id)

    @staticmethod
    def _opened(secret: str, book: _Book | None) -> AccessToken | None:
        token = book.by_id.get(token_id_of(secret) or "") if book else None
        return token if token is not None and token.matches(secret, datetime.now(UTC)) else None

    def _look(self, age_s: float) -> _Book | None:
        """Return what is known, read anew where it is `age_s` seconds old; None: not read yet."""
        book, now = self._book, self._clock()
        if book is not None and book.read_at > now - age_s:
            return book
        is_read = self._lock.locked()
        if self._is_away and (is_read or now - self._tried_at < HOLD_S):
            # No request is held up for a store that did not answer a moment ago.
            if now - self._tried_at >= READ_EVERY_S and not is_read:
                threading.Thread(target=self._read, args=(now,), name="read-tokens", daemon=True).start()
            return book
        if age_s and is_read and book is not None and book.read_at > now - HOLD_S:
            return book  # another request reads already
        self._read(now - age_s)
        return self._book

    def _read(self, since: float) -> None:
        with self._lock:
            read_at = self._book.read_at if self._book else None
            if (read_at is not None and read_at > since) or (self._is_away and self._tried_at > since):
                return  # another request has read, or could not, while this one waited
            started = self._clock()
            try:
                found = {token.id: token for token in self._tokens.list()}
            except StoreUnavailableError as error:
                if not self._is_away:
                    _log.warning("tokens cannot be read, those that are known stay good: %s", error.message)
                self._is_away, self._tried_at = True, self._clock()
                return
            self._is_away = False
            self._book = _Book(found, started)
        if found and not self._marker.exists():
            with suppress(OSError):  # a home that cannot be written marks nothing
                self._marker.touch()
