"""Retention: old data are deleted once a day, by whichever of the server's processes comes first."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import timedelta

from models.errors import ConflictError
from triage.background import PeriodicTask
from triage.settings.service import StoreSettings
from triage.store.personal_data import PersonalData

_PRUNE_EVERY = timedelta(days=1)
_CHECK_EVERY_S = 900.0
_log = logging.getLogger(__name__)


def start_retention(
    personal_data: PersonalData, settings: StoreSettings, *, every_s: float = _CHECK_EVERY_S
) -> PeriodicTask:
    """Start to prune the store once a day, and return the task; the first check comes at once."""

    def check() -> None:
        prune_if_due(personal_data, settings)

    task = PeriodicTask(check, name="prune-old-data", every_s=every_s)
    task.start()
    return task


def prune_if_due(personal_data: PersonalData, settings: StoreSettings) -> bool:
    """Prune if a day has passed since any process did; return whether this one did.

    What is in doubt waits for an operator: a warning says so once a day.

    Raises:
        StoreUnavailableError: the store cannot be reached.
    """
    if not personal_data.claim_pruning(_PRUNE_EVERY, actor="service"):
        return False
    try:
        removed = personal_data.prune(
            keep_days=settings.keep_days, keep_audit_days=settings.keep_audit_days, actor="service"
        )
    except ConflictError as error:
        _log.warning("nothing was pruned: %s", error.message)
        return False
    counts = [f"{count:,} {name.replace('_', ' ')}" for name, count in asdict(removed).items() if count]
    _log.info("deleted what is older than it is kept: %s", ", ".join(counts) or "nothing")
    return True
