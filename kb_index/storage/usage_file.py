"""Usage file: the usage counts of an index's articles."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb_index.articles.article import Article
from kb_index.search.bm25 import term_overlap
from kb_index.search.boosts import UsageBoosts
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.usage.events import Event, UsageCounts
from models.errors import FolderError
from models.storage.artifact import new_text_file, storage_errors
from models.storage.filelock import exclusive_lock

NAME = "usage.json"
HALF_WRITTEN = f".{NAME}-"
"""The beginning of the file's name while it is being written."""

_LOCK = "usage.lock"
_Version = tuple[int, int, int]
_NO_FILE = (0, 0, 0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _CacheKey:
    """Inputs of boosts. Knowledge base and counts are immutable: they are compared by identity."""

    kb: KnowledgeBase
    usage: UsageCounts
    day: date

    def is_same(self, other: _CacheKey | None) -> bool:
        return (
            other is not None and self.kb is other.kb and self.usage is other.usage and self.day == other.day
        )


class UsageFile:
    """Sums of all recorded events, read and extended by any number of threads and processes.

    A damaged file is set aside, and no search fails for it: the sums begin at zero, until whoever has the
    events counts them again (`was_lost`, `reset`).
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._damaged = folder / f"{NAME}.damaged"
        self._lock = threading.Lock()
        self._version: _Version = _NO_FILE
        self._usage = UsageCounts()
        self._cache_key: _CacheKey | None = None
        self._boosted: KnowledgeBase | None = None

    def read(self) -> UsageCounts:
        """Return the sums as they are now."""
        with self._lock:
            return self._latest()

    @property
    def was_lost(self) -> bool:
        """True where a damaged file was set aside whose events were not counted again yet."""
        return self._damaged.exists()

    def reset(self) -> None:
        """Begin at zero, after a damaged file was set aside: all events are to be counted again.

        Raises:
            StorageError: the disk is full or cannot be written; the sums are as before.
        """
        self._change(lambda _usage: UsageCounts())
        with storage_errors(self._damaged):
            self._damaged.unlink(missing_ok=True)

    def record(self, events: Iterable[Event], today: date) -> None:
        """Add events, best many at a time: the whole file is written anew.

        Raises:
            StorageError: the disk is full or cannot be written; the sums are as before.
        """
        self._change(lambda usage: usage.with_events(events).without_expired(today))

    def decay(self, changed: Mapping[str, tuple[Article, Article]]) -> None:
        """Scale the events of changed articles, given before and after by id, by their texts' overlap.

        Readers judged the text that they saw: of an article that was rewritten nothing is known, of one with
        a corrected word nearly everything. Raises as `record`.
        """
        known = self.read().sums.values()
        shares = {i: term_overlap(*texts) for i, texts in changed.items() if any(i in sums for sums in known)}
        if any(share < 1 for share in shares.values()):
            self._change(lambda usage: usage.decayed(shares))

    def _change(self, change: Callable[[UsageCounts], UsageCounts]) -> None:
        with exclusive_lock(self._path.with_name(_LOCK)):
            for leftover in self._path.parent.glob(f"{HALF_WRITTEN}*"):
                leftover.unlink(missing_ok=True)
            usage = change(self.read())
            with new_text_file(self._path) as stream:
                json.dump(usage.to_record(), stream, ensure_ascii=False, separators=(",", ":"))

    def with_boosts(self, kb: KnowledgeBase, today: date) -> KnowledgeBase:
        """Return the knowledge base with usage boosts; computed anew only after a change, and once a day."""
        with self._lock:
            usage = self._latest()
            key = _CacheKey(kb, usage, today)
            if self._boosted is None or not key.is_same(self._cache_key):
                boosts = UsageBoosts.from_usage(usage, kb.retriever.catalogue, today)
                self._cache_key, self._boosted = key, kb.with_boosts(boosts)
            return self._boosted

    def _latest(self) -> UsageCounts:
        try:
            found = self._path.stat()
            version = (found.st_ino, found.st_mtime_ns, found.st_size)
        except FileNotFoundError:
            version = _NO_FILE
        if version != self._version:
            self._usage = self._load() if version != _NO_FILE else UsageCounts()
            self._version = version
        return self._usage

    def _load(self) -> UsageCounts:
        try:
            return UsageCounts.from_record(json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return UsageCounts()  # another process has just set it aside
        except (FolderError, ValueError, RecursionError, OSError) as error:
            _log.error("%s holds no usage counts, so they begin at zero: %s", self._path, error)
            with suppress(OSError):  # where the home cannot be written, it is passed over where it is
                self._path.replace(self._damaged)
            return UsageCounts()
