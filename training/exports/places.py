"""Places of a ticket's parts in a file that nothing describes: by names, by names within, then by values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import DataFileError
from training.exports.custom_fields import is_custom
from training.exports.dates import read_dates
from training.exports.guess import is_opening_time, is_other_time, look_alikes, near_alikes
from training.exports.records import lookup
from training.exports.unclear_dates import possible_forms
from training.exports.values import is_text, one_value, scalar_text, word_count

_DATES = 0.95  # so many of the filled cells of a column of dates are dates
_FILLED = 0.8  # so many of its cells are filled, as every ticket was opened
_EARLIEST = 0.95  # in so many rows the opening is not after another date
_ENOUGH, _REPEATED = 12, 4  # a subject with so many rows has more than a quarter as many values
_MOST_NESTED = 300
_NAMES_OF_KINDS = ("channel", "type", "name", "value", "label")
# Of what happened to a ticket later, and never what it is about.
_LATER = re.compile(
    r"comment|kommentar|coment|\\bnotes?\\b|notiz|resol|solution|lösung|soluci|soluz|oplossing|rozwiąz"
    r"|ratkaisu|lahendus"
    r"|reply|antwort|answer|respons|réponse|respuesta|forward|error|satisf|preview|excerpt|followup|worklog"
    r"|решени|回复|解決|답변",
    re.I,
)


class Search:
    """Search for the parts of a ticket among the columns or keys of one file, by its first records.

    `by_values` are the parts that no name told, and `warnings` say what is doubtful.
    """

    def __init__(
        self,
        path: Path,
        kind: str,
        names: Sequence[str],
        head: Sequence[Mapping[str, Any]],
        attributes: Collection[str],
    ) -> None:
        self.by_values: set[str] = set()
        self.warnings: list[str] = []
        self._path, self._kind, self._names, self._head = path, kind, names, head
        self._taken: set[str] = set(attributes)

    def places(
        self,
        keys: Mapping[str, tuple[str, ...]],
        all_keys: Mapping[str, tuple[str, ...]],
        *,
        of_format: bool,
    ) -> dict[str, str]:
        """Return the places found of those parts in `keys` that have none, or one that holds no single value.

        `all_keys` has the places of the others too. `of_format` says that the format names the rest, so that
        only names count.

        Raises:
            DataFileError: several columns look like the text.
        """
        self._taken |= {place for places in all_keys.values() for place in places}
        found: dict[str, str] = {}
        for key, places in keys.items():
            named = self._named(key)
            if key == "body" and self._is_doubtful_body(named, places, of_format=of_format):
                continue
            repeats = key == "subject" and not of_format and bool(places) and self._repeats(places, named)
            is_settled = bool(places) and not repeats
            if is_settled and not (self._kind == "json" and not of_format and self._is_hollow(places)):
                continue
            if of_format:
                named = [name for name in named if not _LATER.search(name)]
            place = self._best(key, named, found, all_keys)
            if place is not None:
                found[key] = place
                self._taken.add(place)
        if not of_format and not found.keys() >= {"subject", "body"}:
            missing = {key for key in ("subject", "body") if key in keys and not keys[key]} - found.keys()
            found.update(self._texts_by_values(missing, {**all_keys, **{k: (p,) for k, p in found.items()}}))
        if "created_at" in keys and not keys["created_at"] and "created_at" not in found:
            found.update(self._opening_by_values(all_keys, found))
        return found

    def _flat(self) -> list[str]:
        return [name for name in self._names if "." not in name or self._kind != "json"]

    def _named(self, key: str) -> list[str]:
        """Return the filled columns, or outer keys, that are called as the part, the likeliest first."""
        flat = self._flat()
        exact = look_alikes(key, flat, self._taken)
        near = [n for n in near_alikes(key, flat, self._taken) if n not in exact]
        return [name for name in (*exact, *near) if any(self._texts(name))]

    def _best(
        self,
        key: str,
        named: Sequence[str],
        found: Mapping[str, str],
        all_keys: Mapping[str, tuple[str, ...]],
    ) -> str | None:
        if key == "created_at":
            dated = [name for name in named if _are_dates(self._cells(name))]
            return dated[0] if dated else self._within(key, found)
        if key == "body" and len(named) > 1:
            texts = [name for name in named if is_text(self._texts(name))]
            named = sorted(texts or named, key=lambda name: bool(_LATER.search(name)))
        if named:
            return self._name_within(named[0]) if key == "channel" else named[0]
        return self._within(key, found) if key in ("id", "subject", "body") else None

    def _name_within(self, place: str) -> str | None:
        """Return a place of names; within one that holds objects, the key that names their kind."""
        if not any(isinstance(lookup(record, place), Mapping) for record in self._head):
            return place
        inner = (f"{place}.{key}" for key in _NAMES_OF_KINDS)
        return next((name for name in inner if any(self._texts(name))), None)

    def _within(self, key: str, found: Mapping[str, str]) -> str | None:
        """Return the key within an object or a list of messages that holds a part.

        Keys beside another part go first, then the outer ones.

        Raises:
            DataFileError: several hold the text, and none is nearer than the others.
        """
        if self._kind != "json":
            return None
        inner = [n for n in self._names if "." in n and not _LATER.search(n)]
        if key in ("id", "created_at"):
            inner = [n for n in inner if not is_custom(n)]
        last = {name: name.rpartition(".")[2] for name in inner[:_MOST_NESTED]}
        alike = [
            *(name for part in look_alikes(key, set(last.values())) for name in last if last[name] == part),
            *(name for part in near_alikes(key, set(last.values())) for name in last if last[name] == part),
        ]
        filled = [name for name in dict.fromkeys(alike) if name not in self._taken and any(self._texts(name))]
        if key == "created_at":
            filled = [name for name in filled if _are_dates(self._cells(name))]
        beside = {place.partition(".")[0] for place in found.values() if "." in place}
        near = [name for name in filled if name.partition(".")[0] in beside] if beside else filled
        if key in ("id", "created_at") and not beside:
            return None
        if key == "body":
            near = [name for name in near if is_text(self._texts(name))] or near
        least = min((name.count(".") for name in near), default=0)
        near = [name for name in near if name.count(".") == least]
        parents = {name.rpartition(".")[0] for name in near}
        if len(parents) > 1 and (usual := [name for name in near if not is_custom(name)]):
            near, parents = usual, {name.rpartition(".")[0] for name in usual}
        if len(parents) > 1:
            if key != "body":
                return None
            other = next(name for name in near if _parent(name) != _parent(near[0]))
            raise DataFileError(_two_texts(self._path, near[0], other))
        return near[0] if near else None

    def _is_hollow(self, places: Sequence[str]) -> bool:
        """Tell whether a place holds objects, within which the text is to be found."""
        values = [value for record in self._head if (value := lookup(record, places[0])) not in (None, "")]
        return bool(values) and not any(scalar_text(one_value(value)) for value in values)

    def _repeats(self, places: Sequence[str], named: Sequence[str]) -> bool:
        """Tell whether a column has few values, as a field has, where another one is called a subject too."""
        texts = self._texts(places[0])
        others = [name for name in named if is_text(self._texts(name))]
        if len(texts) < _ENOUGH or _REPEATED * len(set(texts)) > len(texts) or not others:
            return False
        self.warnings.append(
            f"{self._path}: {places[0]!r} has few values, so the subject is read from {others[0]!r}: set "
            f'subject = "{places[0]}" in [tickets] if that is the one'
        )
        return True

    def _cells(self, name: str) -> list[Any]:
        return [one_value(lookup(record, name)) for record in self._head]

    def _texts(self, name: str) -> list[str]:
        return texts_under(name, self._head)

    def _is_doubtful_body(self, filled: Sequence[str], places: Sequence[str], *, of_format: bool) -> bool:
        """Warn where a second column looks like the text, and tell whether the body is decided already.

        Raises:
            DataFileError: it is not decided, and several columns look like it.
        """
        if of_format:
            return bool(places)
        rivals = [name for name in filled if is_text(self._texts(name))]
        if places and not (self._kind == "json" and self._is_hollow(places)):
            if rivals:
                self.warnings.append(
                    f"{self._path}: the text is read from {places[0]!r}, and {rivals[0]!r} looks like it "
                    f'too: set body = "{rivals[0]}" in [tickets] if that is the one'
                )
            return True
        if len(rivals) > 1 and len([name for name in rivals if not _LATER.search(name)]) != 1:
            raise DataFileError(_two_texts(self._path, rivals[0], rivals[1]))
        return False

    def _texts_by_values(
        self, missing: Collection[str], known: Mapping[str, tuple[str, ...]]
    ) -> dict[str, str]:
        """Return the only column of long texts as the body, the only one of short texts as the subject."""
        found: dict[str, str] = {}
        used = self._taken | {place for places in known.values() for place in places}
        lengths = {
            name: sum(map(word_count, texts)) / len(texts)
            for name in self._names
            if name not in used
            and not _LATER.search(name)
            and not is_custom(name)
            and is_text(texts := self._texts(name))
        }
        if "body" in missing and lengths:
            long = [name for name, words in lengths.items() if words >= 5]
            if len(long) == 1:
                found["body"] = long[0]
                del lengths[long[0]]
        body = found.get("body") or next(iter(known.get("body", ())), None)
        if "subject" in missing and body is not None:
            limit = sum(map(word_count, self._texts(body))) / max(1, len(self._texts(body)))
            short = [name for name, words in lengths.items() if words <= 0.8 * limit]
            if len(short) == 1:
                found["subject"] = short[0]
        self.by_values |= found.keys()
        return found

    def _opening_by_values(
        self, all_keys: Mapping[str, tuple[str, ...]], found: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the column of dates whose name says that they are the openings, else the earliest one."""
        names = [n for n in self._names if n not in self._taken and not is_other_time(n) and not is_custom(n)]
        beside = {place.partition(".")[0] for place in found.values() if "." in place}
        if self._kind == "json":
            names = [n for n in names if "." not in n or n.partition(".")[0] in beside]
        columns = {name: moments for name in names if (moments := self._moments(name))}
        named = {name: moments for name, moments in columns.items() if is_opening_time(name)}
        place = _earliest(named or columns)
        if place is None:
            return {}
        if not named:
            self.by_values.add("created_at")
        return {"created_at": place}

    def _moments(self, name: str) -> list[datetime | None]:
        """Return the dates of a column in nearly all rows; an empty list where it is no such column."""
        cells = self._cells(name)
        filled = [cell for cell in cells if cell not in (None, "")]
        if len(filled) < max(1, _FILLED * len(cells)) or not _look_like_dates(filled):
            return []
        dates = read_dates(cells)
        if len(dates.unreadable) > (1 - _DATES) * len(filled):
            return []
        if dates.ambiguous:  # the earlier of two columns is the same one, whichever of day and month is first
            form, _ = possible_forms(str(cells[dates.ambiguous[0]]).strip())
            return read_dates(cells, form).moments
        return dates.moments


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _two_texts(path: Path, one: str, other: str) -> str:
    return (
        f"{path}, line 1: {one!r} and {other!r} both look like the tickets' text: set body = "
        f'"{one}" or body = "{other}" in [tickets] of triage.toml'
    )


def _look_like_dates(cells: Sequence[Any]) -> bool:
    """Tell whether cells look like dates rather than bare numbers, which may count anything."""
    return not all(
        isinstance(cell, (int, float)) or str(cell).strip().replace(".", "", 1).isdecimal() for cell in cells
    )


def _earliest(columns: Mapping[str, Sequence[datetime | None]]) -> str | None:
    """Return the column that is not after another one in nearly all rows, None where there is none."""
    for name, moments in columns.items():
        others = [other for key, other in columns.items() if key != name]
        pairs = [(a, b) for other in others for a, b in zip(moments, other, strict=True) if a and b]
        if sum(a <= b for a, b in pairs) >= _EARLIEST * len(pairs):
            return name
    return None


def _are_dates(cells: Iterable[Any]) -> bool:
    filled = [cell for cell in cells if cell not in (None, "")]
    return bool(filled) and len(read_dates(filled).unreadable) <= (1 - _DATES) * len(filled)


def texts_under(name: str, records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the filled cells of a column as texts."""
    return [text for record in records if (text := scalar_text(one_value(lookup(record, name))))]
