"""The file beside an index that keeps how its articles are used."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from kb_index.articles.article import Article
from kb_index.search.bm25 import term_overlap
from kb_index.search.boosts import UsageBoosts
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.usage.events import Event, UsageCounts
from models.errors import FolderError
from models.storage.artifact import new_text_file
from models.storage.filelock import exclusive_lock

NAME = "usage.json"
HALF_WRITTEN = f".{NAME}-"
"""How the file's name begins while it is being written."""

_LOCK = "usage.lock"
_Version = tuple[int, int, int]
_NO_FILE = (0, 0, 0)


class UsageFile:
    """The sums of all recorded events, read and added to by any number of threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lock = threading.Lock()
        self._version: _Version = _NO_FILE
        self._usage = UsageCounts()
        self._learnt: tuple[KnowledgeBase, UsageCounts, date] | None = None
        self._result: KnowledgeBase | None = None

    def read(self) -> UsageCounts:
        """Return the sums as they are now.

        Raises:
            FolderError: the file is damaged.
        """
        with self._lock:
            return self._newest()

    def record(self, events: Iterable[Event], today: date) -> None:
        """Add events; the whole file is written anew, so that events are best told many at a time.

        Raises:
            FolderError: the file is damaged.
            StorageError: the disk is full or cannot be written; the sums are as before.
        """
        self._change(lambda usage: usage.with_events(events).without_expired(today))

    def fade(self, changed: Mapping[str, tuple[Article, Article]]) -> None:
        """Keep of the events on changed articles, given before and after by id, what their text has kept.

        Who opened an article or said that it solved the matter judged the text it had: of one that
        was written anew nothing is known, of one in which a word was corrected nearly everything.
        Raises as `record`.
        """
        known = self.read().sums.values()
        shares = {i: term_overlap(*texts) for i, texts in changed.items() if any(i in sums for sums in known)}
        if any(share < 1 for share in shares.values()):
            self._change(lambda usage: usage.decayed(shares))

    def _change(self, change: Callable[[UsageCounts], UsageCounts]) -> None:
        with exclusive_lock(self._path.with_name(_LOCK)):
            for left in self._path.parent.glob(f"{HALF_WRITTEN}*"):
                left.unlink(missing_ok=True)
            usage = change(self.read())
            with new_text_file(self._path) as stream:
                json.dump(usage.to_record(), stream, ensure_ascii=False, separators=(",", ":"))

    def learning(self, kb: KnowledgeBase, today: date) -> KnowledgeBase:
        """Return the knowledge base as use ranks it; computed anew only when something changed, or daily."""
        with self._lock:
            usage = self._newest()
            made_of = (kb, usage, today)
            if self._result is None or self._learnt is None or not _same(self._learnt, made_of):
                catalogue = kb.retriever.catalogue
                self._learnt, self._result = made_of, kb.with_boosts(UsageBoosts.of(usage, catalogue, today))
            return self._result

    def _newest(self) -> UsageCounts:
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
        except (FolderError, ValueError) as error:
            raise FolderError(
                f"{self._path} holds no record of use ({error}): restore it, or remove it and learn anew"
            ) from error


def _same(
    first: tuple[KnowledgeBase, UsageCounts, date], second: tuple[KnowledgeBase, UsageCounts, date]
) -> bool:
    return first[0] is second[0] and first[1] is second[1] and first[2] == second[2]
