"""Article: one article, canned reply or solved ticket, validated once where it enters."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Literal, cast

from kb_index.articles.body_text import body_to_text
from models.errors import InputError
from models.language.codes import UNKNOWN, normalize_code
from models.quoting import quoted
from models.text.unicode import decode_entities
from models.wording import kind_of

Visibility = Literal["public", "internal"]
Collection = Literal["article", "reply", "ticket"]

MAX_BODY_CHARS = 1_000_000
# Scripts, styles and pictures within a page may be many times its text.
MAX_MARKUP_CHARS = 10_000_000
MAX_LINE_CHARS = 1_000

_VISIBILITIES = ("public", "internal")
_COLLECTIONS = ("article", "reply", "ticket")
# Others, such as javascript:, run or open something where the link is followed.
_SCHEMES = frozenset({"", "http", "https", "mailto"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    """One article, canned reply or solved ticket in one language.

    `body` is plain text; a line that begins with one to six `#` and a space is a heading.
    `translation_of` is the id of the article that this one translates.
    """

    id: str
    title: str
    body: str
    language: str = UNKNOWN
    translation_of: str | None = None
    visibility: Visibility = "public"
    url: str | None = None
    updated_at: str | None = None
    labels: tuple[str, ...] = ()
    collection: Collection = "article"

    @classmethod
    def from_record(
        cls,
        record: Mapping[str, Any],
        *,
        body_is_text: bool = False,
        default_visibility: Visibility = "public",
    ) -> Article:
        """Make an article from a parsed record (JSON, CSV, front matter); unknown keys are ignored.

        A body in HTML or Markdown is turned into text, unless `body_is_text`. Without a `visibility` an
        article has `default_visibility`, while a reply or a ticket is internal: those were written for one
        person.

        Raises:
            InputError: a value is missing or of the wrong type; `fields` says which.
        """
        problems: dict[str, str] = {}
        text = {
            name: _text(record, name, problems) for name in ("id", "title", "body", "translation_of", "url")
        }
        if not text["id"] and "id" not in problems:
            problems["id"] = "is missing"
        if not (text["title"] or text["body"] or problems):
            problems["body"] = "is empty, and so is the title"
        if not body_is_text and len(text["body"]) <= MAX_MARKUP_CHARS:
            text["body"] = body_to_text(text["body"])
        text["title"] = decode_entities(text["title"])
        if len(text["body"]) > MAX_BODY_CHARS:
            problems["body"] = f"has {len(text['body']):,} characters, the most is {MAX_BODY_CHARS:,}"
        for name in ("id", "title", "translation_of", "url"):
            if len(text[name]) > MAX_LINE_CHARS:
                problems[name] = f"has {len(text[name]):,} characters, the most is {MAX_LINE_CHARS:,}"
        if (scheme := _scheme(text["url"])) not in _SCHEMES:
            problems["url"] = f"has the scheme {scheme}:, expected https:, http:, mailto: or a path"
        collection = _choice(record, "collection", _COLLECTIONS, "article", problems)
        default = default_visibility if collection == "article" else "internal"
        visibility = _choice(record, "visibility", _VISIBILITIES, default, problems)
        language, updated_at = _language(record, problems), _timestamp(record, problems)
        labels = _labels(record, problems)
        if problems:
            name = f"article {text['id']!r}" if text["id"] else "an article"
            listed = "; ".join(f"{field} {problem}" for field, problem in problems.items())
            raise InputError(
                f"{name} cannot be read: {listed}. Correct it, or leave it out.", fields=problems
            )
        return cls(
            id=text["id"],
            title=" ".join(text["title"].split()),
            body=text["body"],
            language=language,
            translation_of=text["translation_of"] or None,
            visibility=cast(Visibility, visibility),
            url=text["url"] or None,
            updated_at=updated_at,
            labels=labels,
            collection=cast(Collection, collection),
        )

    @property
    def etag(self) -> str:
        """Hash of all fields, 32 hexadecimal digits, the same in every process.

        A client that has read an article can ask to change exactly that state (HTTP `If-Match`).

        >>> Article("a", "Title", "Body").etag == Article("a", "Title", "Body!").etag
        False
        """
        content = json.dumps(self.to_record(), sort_keys=True).encode()
        return blake2b(content, digest_size=16).hexdigest()

    def to_record(self) -> dict[str, Any]:
        """Return the article in a form for JSON; `from_record` and `from_stored` read it back."""
        return asdict(self)

    @classmethod
    def from_stored(cls, record: Mapping[str, Any]) -> Article:
        """Make an article from the result of `to_record`, without validating it again."""
        return cls(**{**record, "labels": tuple(record["labels"])})


def _text(record: Mapping[str, Any], name: str, problems: dict[str, str]) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool) and name in ("id", "title", "translation_of"):
        return str(value)
    if not isinstance(value, str):
        problems[name] = f"is {kind_of(value)}, expected text"
        return ""
    # Lone surrogates, which JSON can carry, cannot be written to a file again.
    cleaned = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return unicodedata.normalize("NFC", cleaned).replace("\r\n", "\n").strip()


def _scheme(url: str) -> str:
    r"""Return the scheme of a URL as a browser reads it, in lower case; empty for a path.

    A browser passes over tabs, line ends and, at the start, all control characters. Whoever puts the URL into
    a page as it is lets the browser decode what is written as `&#58;`.

    >>> _scheme(" java\tscript&colon;alert(1)"), _scheme("/help/lamp"), _scheme("lamp.html?at=10:30")
    ('javascript', '', '')
    """
    seen = "".join(c for c in decode_entities(url) if not (c.isspace() or unicodedata.category(c)[0] == "C"))
    match = _SCHEME.match(seen)
    return match[1].lower() if match else ""


def _choice(
    record: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str, problems: dict[str, str]
) -> str:
    value = record.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.strip().lower() in allowed:
        return value.strip().lower()
    problems[name] = f"is {quoted(value)}, expected {' or '.join(allowed)}"
    return default


def _language(record: Mapping[str, Any], problems: dict[str, str]) -> str:
    value = record.get("language")
    # An unquoted `no` in YAML is the boolean False, and Norwegian.
    value = "no" if value is False else value
    try:
        return normalize_code("" if value is None else str(value) if isinstance(value, str) else "?")
    except ValueError:
        problems["language"] = f"is {quoted(value)}, expected a code such as en or de"
        return UNKNOWN


def _timestamp(record: Mapping[str, Any], problems: dict[str, str]) -> str | None:
    value = record.get("updated_at")
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value.isoformat()
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        problems["updated_at"] = (
            f"is {quoted(value)}, expected a date such as 2026-03-31 or 2026-03-31T12:00:00Z"
        )
        return None
    return cast(str, value)


def _labels(record: Mapping[str, Any], problems: dict[str, str]) -> tuple[str, ...]:
    value = record.get("labels")
    if value is None:
        return ()
    if isinstance(value, str):
        value = re.split(r"[,;|]", value)
    if not (isinstance(value, list | tuple) and all(isinstance(label, str) for label in value)):
        problems["labels"] = f"is {kind_of(value)}, expected a list of texts"
        return ()
    return tuple(dict.fromkeys(label.strip() for label in value if label.strip()))
