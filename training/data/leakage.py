"""On which tickets an encoder was tuned: those may not vouch for what is learnt with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from models.errors import FolderError, TrainingError
from models.storage.artifact import read_manifest
from training.data.split import Split
from triage.ticket import Ticket

KIND, FORMAT_VERSION = "sentence-transformers", 1
TUNED_ON = "tuned_on"
_MARK_DIGITS = 16


def marks(tickets: Iterable[Ticket]) -> frozenset[str]:
    """Return what stands for tickets in a tuned encoder's folder: the beginnings of their ids' hashes."""
    return frozenset(map(_mark, tickets))


def tickets_seen(encoder: str) -> frozenset[str]:
    """Return the marks of the tickets on which an encoder, by name or folder, was tuned by this program."""
    try:
        manifest = read_manifest(Path(encoder).expanduser(), kind=KIND, format_version=FORMAT_VERSION)
    except FolderError:
        return frozenset()
    return frozenset(manifest.metadata.get(TUNED_ON, ()))


def require_unseen(tickets: Sequence[Ticket], parts: Sequence[Split], seen: Set[str]) -> None:
    """Refuse an encoder that knows tickets which are to be held out.

    Raises:
        TrainingError: it does.
    """
    held_out = {i for part in parts for i in part.held_out.tolist()}
    known = sum(_mark(tickets[i]) in seen for i in held_out)
    if known:
        raise TrainingError(
            f"the encoder was tuned on {known:,} of the {len(held_out):,} tickets that are to vouch for the "
            "bars: run `triage finetune` with the same tickets as this training, or take the encoder out of "
            "triage.toml"
        )


def _mark(ticket: Ticket) -> str:
    return hashlib.sha256(ticket.id.encode("utf-8", "replace")).hexdigest()[:_MARK_DIGITS]
