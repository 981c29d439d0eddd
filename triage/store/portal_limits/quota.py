"""Quota by size: how much is stored a day of what comes with one portal's token."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, select

from triage.store.sql import add_counts
from triage.store.tables import portal_usage

MB = 1_000_000
_KEPT = timedelta(days=7)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DailyQuota:
    """Quota of each portal's token, in bytes a day by UTC, which all processes share."""

    most_bytes: int
    _warned: dict[str, date] = field(default_factory=dict)

    def charge(self, connection: Connection, token_id: str, sizes: Sequence[int]) -> int:
        """Charge the token for what will be stored, in order, and return for how many there was room."""
        today = datetime.now(UTC).date()
        is_this = portal_usage.c.day == today, portal_usage.c.token_id == token_id
        used = connection.execute(select(portal_usage.c.stored_bytes).where(*is_this)).scalar() or 0
        taken = fitting = 0
        for size in sizes:
            if used + taken + size > self.most_bytes:
                self._warn_once(today, token_id)
                break
            taken, fitting = taken + size, fitting + 1
        if taken:
            if not used:
                connection.execute(delete(portal_usage).where(portal_usage.c.day < today - _KEPT))
            row = {"day": today, "token_id": token_id, "stored_bytes": taken}
            add_counts(connection, portal_usage, [row])
        return fitting

    def _warn_once(self, today: date, token_id: str) -> None:
        if self._warned.get(token_id) == today:
            return
        self._warned[token_id] = today
        _log.warning(
            "the portal's token %s has stored its %g MB of today: nothing more is kept of it until midnight, "
            "UTC. If that is no abuse, raise quota_mb of [deflect]",
            token_id,
            self.most_bytes / MB,
        )
