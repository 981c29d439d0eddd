"""Record reader: what the keys on access of a record and their values add up to, the strictest first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from kb_index.articles.access.glpi import is_faq_mark
from kb_index.articles.access.keys import KeyKind, declares_visibility, is_about_others, key_kind, key_words
from kb_index.articles.access.leaves import (
    ENVELOPE,
    SEPARATORS,
    audience_of_leaf,
    is_denied,
    is_for_staff,
    leaves_of,
    means_for_all,
    named_value,
    names_excluded,
    shown,
    shown_pair,
)
from kb_index.articles.access.places import PAGE_FOLDERS, Place
from kb_index.articles.access.values import (
    audience_of,
    has_passed,
    is_notice_of_folder,
    is_personal_space,
    is_published_state,
    moment_of,
    names_internal_kind,
    restricts_by_itself,
    truth_of,
)
from kb_index.articles.record_fields import field_name
from models.word_lists import word_set

_MAX_LEAVES = 200
_ENDS_OF_A_SPAN = word_set("start end from until")
_RANGE = word_set("start end time date at from to until")
# Keys whose values name a kind or a subject, and restrict only where they say so plainly.
_KINDS = word_set(
    """
    type kind scope channel channels article_type doc_type document_type content_type note_type target
    exposure typ art kanal umfang canal tipo portée site sites portal platform plattform plateforme surface
    destination hosted_on location
    """
)
_NAMES_OF_KINDS = word_set(
    "type kind article_type doc_type document_type content_type note_type typ art tipo"
)
# Hugo's build: {render: never} and {list: never}.
_BUILD = ("render", "list")
_TO_WHOM = word_set("for to who whom policy limit")
_SUBJECTS = word_set(
    """
    tag tags label labels label_names keyword keywords category categories section sections topic topics
    kategorie kategorien schlagwort schlagworte schlagwörter catégorie categoría categoria stichwort
    """
)


class RecordReader:
    """Reader of the keys of a record: notes why it is withheld, what makes it internal, what says public."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.withheld: list[str] = []
        self.internal_by: list[str] = []
        self.not_understood: dict[str, str] = {}
        self.public = self.published = self.unpublished_date = self.for_staff_since_then = False

    def read(self, place: Place, kind: KeyKind) -> None:
        if isinstance(place.value, str) and not place.value.strip() and declares_visibility(place.key):
            self._note_unknown(place)
        elif kind in ("start", "end"):
            self._read_date(place, starts=kind == "start")
        elif kind in ("state", "translation"):
            self._read_state(place, kind)
        elif kind == "audience":
            self._read_audience(place)
        else:
            self._read_flag(place, kind)

    def read_other(self, place: Place) -> None:
        """Heed a plain "internal" or "draft" under a key that says nothing of access itself."""
        name = field_name(place.key)
        values = place.value if isinstance(place.value, list) else [place.value]
        is_noindex = name == "robots" and "noindex" in str(place.value).lower()
        if is_noindex or (name in _BUILD and place.value in ("never", False)):
            self.internal_by.append(shown_pair(place.shown, place.value))
        if is_faq_mark(name) and place.value not in (None, "") and truth_of(place.value) is False:
            self.internal_by.append(shown_pair(place.shown, place.value))
        if is_personal_space(place.shown, place.value, is_around=place.is_around):
            self.internal_by.append(shown_pair(place.shown, place.value))
        if name == PAGE_FOLDERS:
            self.internal_by.extend(f"folder: {folder}" for folder in values if is_notice_of_folder(folder))
            return
        if name in _SUBJECTS and isinstance(place.value, str):
            values = SEPARATORS.split(place.value)
        for value in values[:_MAX_LEAVES]:
            if (
                (
                    isinstance(value, str)
                    and restricts_by_itself(
                        value,
                        is_subject=name in _SUBJECTS,
                        is_kind=name in _KINDS or not _TO_WHOM.isdisjoint(key_words(place.key)),
                    )
                )
                or is_for_staff(name, value)
                or (name in _NAMES_OF_KINDS and isinstance(value, str) and names_internal_kind(value))
            ):
                self.internal_by.append(shown_pair(place.shown, value))

    def _read_flag(self, place: Place, kind: KeyKind) -> None:
        key, value = place.key, place.value
        holds = truth_of(value)
        is_secret = "password" in key_words(key)
        if holds is None and kind == "restricted" and is_secret:
            holds = True
        if holds is None:
            # Zammad and others put the moment where others put true.
            moment = moment_of(value)
            holds = None if moment is None else moment <= self._now
            self.for_staff_since_then |= bool(holds) and key_words(key) == ["internal", "at"]
        if isinstance(value, Mapping) and value:
            self._read_object(place, kind)
        elif _is_count(key, value, kind):
            return
        elif holds is None:
            self._read_unclear_flag(place, kind)
        elif kind == "withheld" and holds:
            self.withheld.append(" ".join(key_words(key)))
        elif kind == "released":
            self._read_released(place, holds=holds)
        elif (kind == "restricted" and holds) or (kind == "open" and not holds and value not in (None, [])):
            self.internal_by.append(place.shown if is_secret else shown_pair(place.shown, value))
        elif kind == "staff" and holds and value is not None:
            self.internal_by.append(shown_pair(place.shown, value))
        elif kind == "open" and holds:
            self.public = True

    def _read_released(self, place: Place, *, holds: bool) -> None:
        self.published = self.published or holds
        if not holds and place.value is not None:
            self.withheld.append("not published")
        elif not holds and "version" in key_words(place.key):  # as in Contentful
            self.unpublished_date = True

    def _read_unclear_flag(self, place: Place, kind: KeyKind) -> None:
        """Read what stands under a flag and is neither true nor false: a state, or readers."""
        value = place.value
        if kind == "staff":
            return
        if isinstance(value, list):
            if kind == "open":
                self._read_audience(place)
            elif "hide" not in key_words(place.key):
                self._note_unknown(place)
            return
        self._read_state(place, kind)

    def _read_object(self, place: Place, kind: KeyKind) -> None:
        """Read an object under a key: its own keys by what they say, the others as the value of the key."""
        inner = {str(key): value for key, value in place.value.items()}
        # As in `publish_window: {start: …}`.
        kinds = {key: key_kind(f"{place.key} {key}" if key in _ENDS_OF_A_SPAN else key) for key in inner}
        is_open = any(kinds[key] == "open" and truth_of(value) for key, value in inner.items())
        rest: dict[str, Any] = {}
        for key, value in inner.items():
            own = kinds[key]
            if own == "staff" and is_open:
                continue
            if own is not None:
                self.read(Place(key, value, f"{place.shown}.{key}", place.is_around), own)
            elif kind == "audience" and truth_of(value) is not None and audience_of(key) == "public":
                self.read(Place("public", value, f"{place.shown}.{key}", place.is_around), "open")
            elif isinstance(value, Mapping):
                self._read_flags_within(value, f"{place.shown}.{key}")
                rest[key] = value
            elif key not in ENVELOPE and not is_about_others(key):
                rest[key] = value
        if kind in ("audience", "state") or not rest:
            return
        for value in rest.values():
            self.read(Place(place.key, value, place.shown, place.is_around), kind)

    def _read_flags_within(self, inner: Mapping[str, Any], shown: str) -> None:
        for key, value in inner.items():
            own = key_kind(str(key))
            if own in ("open", "restricted", "withheld") and not isinstance(value, Mapping | list):
                self.read(Place(str(key), value, f"{shown}.{key}"), own)

    def _read_state(self, place: Place, kind: KeyKind) -> None:
        value = named_value(place.value) if kind in ("state", "translation") else place.value
        if truth_of(value) is False and kind != "state":
            return
        if value is None or value in ("", [], {}):
            return
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        published = is_published_state(value) if isinstance(value, str) else None
        audience = audience_of(value) if isinstance(value, str) else None
        if kind == "translation":
            if published is False and value != "OUTDATED":
                self.withheld.append(f"{place.key}: {value}")
        elif published is False and not (kind in ("open", "restricted") and audience):
            self.withheld.append(str(value).strip().lower())
        elif audience == "internal":
            self._note_audience(place, audience)
        elif published:
            self.published = True
        elif audience and kind != "restricted":  # "hidden from: customers"
            self._note_audience(place, audience)
        elif not (place.is_around and kind == "state"):  # an answer's own status says nothing
            self._note_unknown(place)

    def _read_audience(self, place: Place) -> None:
        key, value = place.key, place.value
        words = set(key_words(key))
        if is_denied(key, value) or names_excluded(key, value):
            self.internal_by.append(shown_pair(place.shown, value))
            return
        if isinstance(value, Mapping):
            before = (len(self.internal_by), len(self.withheld), len(self.not_understood), self.public)
            self._read_object(place, "audience")
            is_read = before != (
                len(self.internal_by),
                len(self.withheld),
                len(self.not_understood),
                self.public,
            )
            value = {k: v for k, v in value.items() if key_kind(str(k)) is None}
            if is_read and not any(
                isinstance(v, str | int) and not isinstance(v, bool) for v in value.values()
            ):
                return
        leaves = list(islice(leaves_of(value), _MAX_LEAVES + 1))
        if not leaves:
            # In Zendesk a user segment that is null says that everyone may read the article.
            self.public = self.public or (value is None and {"user", "segment"} <= words)
            return
        is_for_all = bool(means_for_all(key)) and truth_of(value) is True
        if is_for_all:
            self.public = True
            return
        found = {audience_of_leaf(leaf, words) for leaf in leaves}
        if {"user", "segment"} <= words:
            self.internal_by.append(shown_pair(place.shown, value))
        elif None in found or len(leaves) > _MAX_LEAVES:
            # Confluence names the people and groups that may read a page.
            if isinstance(value, Mapping) and isinstance(value.get("read"), Mapping):
                self.internal_by.append(f"{place.shown}.read")
            elif not self._is_moment_of_reading(place):
                self._note_unknown(place)
        elif "withheld" in found:
            self.withheld.append(str(value).strip().lower())
        else:
            self._note_audience(place, "public" if "public" in found else "internal")

    def _is_moment_of_reading(self, place: Place) -> bool:
        return moment_of(place.value) is not None and not isinstance(place.value, int)

    def _read_date(self, place: Place, *, starts: bool) -> None:
        key, value = place.key, place.value
        holds = truth_of(value)
        passed = has_passed(value, self._now)
        if place.is_around and _RANGE.issuperset(key_words(key)):
            return  # of the search that an answer is for
        if passed is not None:
            if starts and not passed:
                self.withheld.append("not published yet")
            elif starts:
                self.published = True
            elif passed:
                self.withheld.append(_ended(key))
        elif holds is False or (
            isinstance(value, str) and value.strip().lower() in ("no expiry", "unlimited")
        ):
            words = key_words(key)
            is_no = starts and value not in (None, "", []) and "embargo" not in words
            self.unpublished_date = self.unpublished_date or is_no or (starts and "published" in words)
        elif holds is None:
            self._note_unknown(place)
        elif not starts:
            self.withheld.append(_ended(key))
        elif "embargo" in key_words(key):
            self.withheld.append("embargo")

    def _note_audience(self, place: Place, audience: str) -> None:
        if audience == "public":
            self.public = True
        else:
            self.internal_by.append(shown_pair(place.shown, place.value))

    def _note_unknown(self, place: Place) -> None:
        self.not_understood[place.shown] = shown(place.value)


def _is_count(key: str, value: object, kind: KeyKind) -> bool:
    """Tell whether a number is that of a version or of things, as in `drafts: 3`."""
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return (kind == "released" and value > 1) or re.search(r"[^s]s$", key_words(key)[-1]) is not None


def _ended(key: str) -> str:
    words = set(key_words(key))
    for word in ("archived", "deleted", "retired", "trashed", "unpublished"):
        if word in words or word.removesuffix("d") in words or word.removesuffix("ed") in words:
            return word
    return "expired"
