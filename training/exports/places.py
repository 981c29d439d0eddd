"""Places of a ticket's parts in a file that nothing describes: by names, by names within, then by values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training.exports.custom_fields import is_custom
from training.exports.date_columns import are_dates, earliest, opening_moments
from training.exports.guess import (
    among_others,
    is_opening_time,
    is_other_time,
    look_alikes,
    near_alikes,
)
from training.exports.records import lookup
from training.exports.texts.by_values import UndecidedTextError, are_lists, subjects_by_values, text_by_values
from training.exports.texts.conversations import opening_text
from training.exports.texts.copies import without_copies
from training.exports.texts.later_names import tells_later, tells_remark
from training.exports.texts.tag_names import tags_alike
from training.exports.values import are_sentences, is_text, one_value, scalar_text

_ENOUGH, _REPEATED = 12, 4  # a subject with so many rows has more than a quarter as many values
_MOST_NESTED = 300
_NAMES_OF_KINDS = ("channel", "type", "name", "value", "label")


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
        self._path, self._kind, self._names = path, kind, names
        self._head = without_copies(names, head)
        self._held = ""  # a text of agents that is read where no other one is
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
            UndecidedTextError: several columns look like the text.
        """
        self._taken |= {place for places in all_keys.values() for place in places}
        found: dict[str, str] = {}
        for key, places in keys.items():
            is_open = not places and not of_format
            named = self._named(key, is_open=is_open)
            if key == "body" and self._is_doubtful_body(named, places, of_format=of_format):
                continue
            repeats = key == "subject" and not of_format and bool(places) and self._repeats(places, named)
            is_settled = bool(places) and not repeats
            if is_settled and not (self._kind == "json" and not of_format and self._is_hollow(places)):
                continue
            if of_format:
                named = [name for name in named if not tells_later(name)]
            if key == "body" and named and is_open and all(map(tells_later, named)):
                self._held = named[0]
                continue
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

    def _named(self, key: str, *, is_open: bool) -> list[str]:
        """Return the filled columns, or outer keys, that are called as the part, the likeliest first.

        Where the part is open and none of them holds texts, those follow that have its name among others.
        """
        flat = self._flat()
        exact = look_alikes(key, flat, self._taken)
        near = [n for n in near_alikes(key, flat, self._taken) if n not in exact]
        named = [name for name in (*exact, *near) if any(self._texts(name))]
        if key == "id":  # Vorgang may also be what a ticket is about
            named = [name for name in named if not _is_worded(self._texts(name))]
        if not is_open or any(self._is_text(name) and not tells_later(name) for name in named):
            return named
        others = (name for name in among_others(key, flat, self._taken) if name not in named)
        return [*named, *(n for n in others if self._has_text(key, n))]

    def _has_text(self, key: str, name: str) -> bool:
        texts = self._texts(name)
        return (
            bool(texts) if key == "id" else is_text(texts) and not tells_later(name) and not are_lists(texts)
        )

    def _is_text(self, name: str) -> bool:
        return is_text(self._texts(name))

    def _best(
        self,
        key: str,
        named: Sequence[str],
        found: Mapping[str, str],
        all_keys: Mapping[str, tuple[str, ...]],
    ) -> str | None:
        if key == "created_at":
            dated = [name for name in named if are_dates(self._cells(name))]
            return dated[0] if dated else self._within(key, found)
        if key == "body" and len(named) > 1:
            named = sorted(filter(self._is_text, named), key=tells_later) or sorted(named, key=tells_later)
        if key == "subject" and self._has_few_values(named):  # as Thema has beside Anfragetitel
            named = sorted(named, key=self._is_text, reverse=True)
        if named:
            return self._name_within(named[0]) if key == "channel" else named[0]
        return self._within(key, found) if key in ("id", "subject", "body") else None

    def _has_few_values(self, named: Sequence[str]) -> bool:
        texts = self._texts(named[0]) if named else []
        return bool(texts) and not is_text(texts) and 2 * len(set(texts)) <= len(texts)

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
            UndecidedTextError: several hold the text, and none is nearer than the others.
        """
        if self._kind != "json":
            return None
        inner = [n for n in self._names if "." in n and not tells_later(n)]
        if key in ("id", "created_at"):
            inner = [n for n in inner if not is_custom(n)]
        last = {name: name.rpartition(".")[2] for name in inner[:_MOST_NESTED]}
        alike = [
            *(name for part in look_alikes(key, set(last.values())) for name in last if last[name] == part),
            *(name for part in near_alikes(key, set(last.values())) for name in last if last[name] == part),
        ]
        filled = [name for name in dict.fromkeys(alike) if name not in self._taken and any(self._texts(name))]
        if key == "created_at":
            filled = [name for name in filled if are_dates(self._cells(name))]
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
            raise UndecidedTextError(self._path, [near[0], other])
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
            UndecidedTextError: it is not decided, and several columns look like it.
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
        if len(rivals) > 1 and len([name for name in rivals if not tells_later(name)]) != 1:
            raise UndecidedTextError(self._path, rivals[:2])
        return False

    def _texts_by_values(
        self, missing: Collection[str], known: Mapping[str, tuple[str, ...]]
    ) -> dict[str, str]:
        """Return the column of long texts as the body, the only one of short texts as the subject.

        Raises:
            UndecidedTextError: several columns of long texts are about as long.
        """
        found: dict[str, str] = {}
        used = self._taken | {place for places in known.values() for place in places} | {self._held}
        texts = {name: self._texts(name) for name in self._names if name not in used and not is_custom(name)}
        texts = {n: t for n, t in texts.items() if is_text(t) and not are_lists(t) and not tags_alike(n)}
        columns = {name: cells for name, cells in texts.items() if not tells_later(name)}
        remarks = {name: cells for name, cells in texts.items() if tells_remark(name)}
        is_subject = bool(self._held) and "subject" in missing and len(columns) == 1
        if "body" in missing and not is_subject and (place := text_by_values(columns, self._path)):
            found["body"] = place
            del columns[place]
        elif "body" in missing and not self._held and (place := text_by_values(remarks, self._path)):
            found["body"] = place
        self.by_values |= found.keys()
        if "body" in missing and self._held:
            found.setdefault("body", self._held)
        body = found.get("body") or next(iter(known.get("body", ())), None)
        if "subject" in missing and body is not None:
            short = subjects_by_values(columns, self._texts(body))
            if len(short) == 1:
                found["subject"] = short[0]
                self.by_values.add("subject")
            elif short:
                each = " or ".join(f'subject = "{name}"' for name in short[:4])
                self.warnings.append(
                    f"{self._path}: no column is read as the subject: set {each} in [tickets]"
                )
        return found

    def _opening_by_values(
        self, all_keys: Mapping[str, tuple[str, ...]], found: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the column of dates whose name says that they are the openings, else the earliest one."""
        names = [n for n in self._names if n not in self._taken and not is_other_time(n) and not is_custom(n)]
        beside = {place.partition(".")[0] for place in found.values() if "." in place}
        if self._kind == "json":
            names = [n for n in names if "." not in n or n.partition(".")[0] in beside]
        columns = {name: moments for name in names if (moments := opening_moments(self._cells(name)))}
        named = {name: moments for name, moments in columns.items() if is_opening_time(name)}
        place = earliest(named or columns)
        if place is None:
            return {}
        if not named:
            self.by_values.add("created_at")
        return {"created_at": place}


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _is_worded(texts: Sequence[str]) -> bool:
    """Tell whether a column holds sentences, of which most have no number."""
    return are_sentences(texts) and 2 * sum(any(map(str.isdigit, text)) for text in texts) < len(texts)


def texts_under(name: str, records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the filled cells of a column as texts; of a conversation in a cell, its opening."""
    cells = (lookup(record, name) for record in records)
    opened = (opening_text(cell) if isinstance(cell, str) else cell for cell in cells)
    return [text for cell in opened if (text := scalar_text(one_value(cell)))]
