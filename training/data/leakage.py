"""Leakage guard: no encoder may have been fine-tuned on tickets of the calibration set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from models.errors import FolderError, TrainingError
from models.storage.artifact import read_manifest
from models.wording import counted
from training.data.split import Split
from triage.ticket import Ticket

KIND, FORMAT_VERSION = "sentence-transformers", 1
TUNED_ON = "tuned_on"
_DIGITS = 16


def fingerprints(tickets: Iterable[Ticket]) -> frozenset[str]:
    """Return the beginnings of the hashes of ticket ids, as a fine-tuned encoder's folder keeps them."""
    return frozenset(map(_fingerprint, tickets))


def seen_in_tuning(encoder: str) -> frozenset[str]:
    """Return the fingerprints of the tickets on which an encoder, by name or folder, was fine-tuned."""
    try:
        manifest = read_manifest(Path(encoder).expanduser(), kind=KIND, format_version=FORMAT_VERSION)
    except FolderError:
        return frozenset()
    return frozenset(manifest.metadata.get(TUNED_ON, ()))


def require_unseen(tickets: Sequence[Ticket], splits: Sequence[Split], seen: Set[str]) -> None:
    """Refuse an encoder that was fine-tuned on tickets of the calibration set.

    Raises:
        TrainingError: it was.
    """
    held_out = {i for split in splits for i in split.held_out.tolist()}
    known = sum(_fingerprint(tickets[i]) in seen for i in held_out)
    if known:
        raise TrainingError(
            f"the encoder was tuned on {known:,} of the {counted(len(held_out), 'ticket')} of the "
            "calibration set, on which no encoder may be tuned: run `triage finetune` with the same tickets "
            "as this training, or take the encoder out of triage.toml"
        )


def _fingerprint(ticket: Ticket) -> str:
    return hashlib.sha256(ticket.id.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
