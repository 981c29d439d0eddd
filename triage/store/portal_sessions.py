"""Sessions of customers in the portal: their ids, the control group, and how they ended.

A session's id is 12 hexadecimal characters of time, 10 random ones and 10 of a keyed hash of these, so that
every process knows its own ids without looking them up, and nobody can try out ids until one is shown
articles. Whether it is in the control group is another keyed hash of the id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import select, update

from models.language.codes import UNKNOWN
from triage.intervals import Interval, newcombe_difference
from triage.store.database import Database
from triage.store.ids import Pseudonyms, is_signed_id, new_signed_id
from triage.store.sql import insert_new
from triage.store.tables import sessions
from triage.store.weekly_counts import count_session_changes, lock_sessions

Outcome = Literal["solved", "submitted"]
_PURPOSE = "session"


def new_session_id(pseudonyms: Pseudonyms) -> str:
    """Return the id of a new session."""
    return new_signed_id(pseudonyms, _PURPOSE)


def is_session_id(pseudonyms: Pseudonyms, session_id: str) -> bool:
    """Tell whether the id was given out by a service with the same secret."""
    return is_signed_id(pseudonyms, session_id, _PURPOSE)


def in_control_group(pseudonyms: Pseudonyms, session_id: str, share: float) -> bool:
    """Tell whether the session is one of the `share` that are shown nothing."""
    return pseudonyms.keyed_fraction(session_id, "control") < share


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Counts of one group: sessions in which something could be shown, and how many ended with a ticket."""

    sessions: int
    submitted: int


@dataclass(frozen=True, slots=True)
class DeflectionExperiment:
    """Counts of both groups: `control` was shown nothing, by lot, `treated` was shown articles.

    `discarded` sessions are in neither.

    >>> found = DeflectionExperiment(control=GroupCounts(50, 40), treated=GroupCounts(950, 570)).deflection
    >>> round(found.lower, 3), round(found.estimate, 3), round(found.upper, 3)
    (0.066, 0.2, 0.293)
    """

    control: GroupCounts
    treated: GroupCounts
    discarded: int = 0

    @property
    def deflection(self) -> Interval | None:
        """The share of sessions that articles spared a ticket, in [-1, 1]; None until both groups have one.

        A customer who leaves without a ticket may have been helped, or may have given up. So a session alone
        says nothing, and the difference between groups drawn by lot does. The interval is Newcombe's hybrid
        score interval, which keeps its level where one group is small, as the control group is.
        """
        control, treated = self.control, self.treated
        return newcombe_difference(control.submitted, control.sessions, treated.submitted, treated.sessions)


@dataclass(frozen=True, slots=True)
class PortalSessions:
    """The sessions of a database. All methods raise StoreUnavailableError."""

    database: Database

    def is_discarded(self, session_id: str) -> bool:
        """Tell whether the session, if it is known, does not count."""
        with self.database.read() as connection:
            found = select(sessions.c.is_discarded).where(sessions.c.id == session_id)
            return bool(connection.execute(found).scalar())

    def end(
        self,
        session_id: str,
        outcome: Outcome,
        *,
        is_control: bool,
        token_id: str | None = None,
        only_known: bool = False,
    ) -> bool:
        """Keep durably how a session ended; of several outcomes the last counts. False where it is known.

        The session may not be there yet, when what was searched in it is still to be written. With
        `only_known`, nothing is kept then, and False returned.
        """
        now = datetime.now(UTC)
        with self.database.write() as connection:
            if not only_known:
                row = {"id": session_id, "started_at": now, "token_id": token_id, "language": UNKNOWN}
                insert_new(connection, sessions, [{**row, "is_control": is_control, "was_answerable": False}])
            known = next(iter(lock_sessions(connection, [session_id])), None)
            if known is None or known.outcome == outcome:
                return False
            ended = update(sessions).where(sessions.c.id == session_id)
            connection.execute(ended.values(outcome=outcome, ended_at=now))
            count_session_changes(connection, [(known, replace(known, outcome=outcome))])
            return True
