"""The tickets that were fetched from a helpdesk: files of a folder in the home, redacted, and private.

`tickets.jsonl` has what the last complete pull fetched. A pull that goes on, or was interrupted, has its
pages in `tickets.part.jsonl` and its place in `pull.json`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from models.storage.artifact import flush, new_text_file, storage_errors
from models.storage.filelock import exclusive_lock
from models.storage.private import make_private_file, make_private_folder

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PullSummary:
    """What a pull fetched: tickets, when the last of them came, and how many have a value, by our fields."""

    tickets: int
    pulled_at: str | None
    labels: dict[str, int]


@dataclass(frozen=True, slots=True)
class PulledTickets:
    """Fetched tickets in a folder; a requester is known by a pseudonym, and a text redacted.

    All methods raise a StorageError where the folder cannot be written.
    """

    folder: Path

    @property
    def file(self) -> Path:
        """The tickets of the last complete pull, one JSON object a line."""
        return self.folder / "tickets.jsonl"

    @property
    def _part(self) -> Path:
        return self.folder / "tickets.part.jsonl"

    @property
    def _place(self) -> Path:
        return self.folder / "pull.json"

    def cursor(self) -> str | None:
        """Return where an interrupted pull goes on, or None."""
        try:
            found = json.loads(self._place.read_text("utf-8"))["cursor"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if isinstance(found, str) and self._part.is_file() else None

    def begin(self) -> None:
        """Forget what an interrupted pull fetched."""
        with self._changing():
            self._part.unlink(missing_ok=True)
            self._place.unlink(missing_ok=True)

    def add(self, lines: Sequence[Line], cursor: str | None) -> None:
        """Keep a page durably, then the place at which a pull goes on after it."""
        with self._changing():
            make_private_file(self._part)
            with self._part.open("a+b") as stream:
                _end_line(stream)
                stream.writelines(_text(line).encode() for line in lines)
                stream.flush()
                os.fsync(stream.fileno())
            with new_text_file(self._place) as stream:
                json.dump({"cursor": cursor}, stream)

    def finish(self) -> None:
        """Put what was fetched in place of the tickets of the pull before.

        Of a ticket that came twice the later state counts.
        """
        with self._changing():
            make_private_file(self._part)
            last = {line["id"]: number for number, line in enumerate(_lines(self._part))}
            with new_text_file(self.file) as stream:
                for number, line in enumerate(_lines(self._part)):
                    if last[line["id"]] == number:
                        stream.write(_text(line))
            flush(self.folder)
            self._part.unlink()
            self._place.unlink(missing_ok=True)

    def of(self, requester: str) -> list[dict[str, Any]]:
        """Return the tickets of a requester, who is known by a pseudonym."""
        return [line for file in self._files() for line in _lines(file) if line.get("requester") == requester]

    def erase(self, requester: str) -> int:
        """Remove the tickets of a requester, who is known by a pseudonym; return how many."""
        return self._remove(lambda line: line.get("requester") == requester)

    def prune(self, before: datetime) -> int:
        """Remove the tickets that were fetched before a time; return how many."""
        return self._remove(lambda line: datetime.fromisoformat(line["pulled_at"]) < before)

    def summary(self) -> PullSummary:
        """Return what the last complete pull fetched."""
        tickets, pulled_at, labels = 0, None, Counter[str]()
        for line in _lines(self.file):
            tickets += 1
            pulled_at = max(pulled_at or "", line["pulled_at"])
            labels.update(line["labels"].keys())
        return PullSummary(tickets, pulled_at, dict(labels))

    def _files(self) -> list[Path]:
        return [file for file in (self.file, self._part) if file.is_file()]

    def _remove(self, which: Callable[[Line], bool]) -> int:
        if not self._files():
            return 0
        removed = 0
        with self._changing():
            for file in self._files():
                kept = [line for line in _lines(file) if not which(line)]
                going = sum(1 for _ in _lines(file)) - len(kept)
                if going:
                    with new_text_file(file) as stream:
                        stream.writelines(map(_text, kept))
                removed += going
        return removed

    def one_pull(self) -> AbstractContextManager[None]:
        """Hold off other pulls of the same helpdesk while the block runs."""
        return self._lock("pull.lock")

    def _changing(self) -> AbstractContextManager[None]:
        return self._lock("files.lock")

    def _lock(self, name: str) -> AbstractContextManager[None]:
        with storage_errors(self.folder):
            make_private_folder(self.folder.parent)
            make_private_folder(self.folder)
        return exclusive_lock(self.folder / name)


def pulled_tickets(home: Path) -> list[PulledTickets]:
    """Return the fetched tickets of all helpdesks that a home has, also of those that the settings forgot."""
    return [PulledTickets(folder) for folder in sorted((home / "helpdesks").glob("*")) if folder.is_dir()]


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file; one that a crash left unfinished is none, and its page is fetched again."""
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as stream:
        for text in stream:
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict) and "id" in line:
                yield line


def _text(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _end_line(stream: IO[bytes]) -> None:
    """End a line that a crash left unfinished, so that it takes no other one with it."""
    if stream.seek(0, os.SEEK_END):
        stream.seek(-1, os.SEEK_END)
        if stream.read(1) != b"\n":
            stream.write(b"\n")


def now_text() -> str:
    """Return the present time as the lines have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")
