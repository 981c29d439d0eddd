"""Keys: what the keys of a record say of who may read the article, judged by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

from kb_index.articles.access import dates
from kb_index.articles.access.words import Meaning, Word, read_words, with_plain_letters
from models.word_lists import word_set

KeyKind = Literal[
    "withheld", "restricted", "staff", "released", "open", "state", "translation", "audience", "start", "end"
]
"""Meaning of a key.

`withheld` is true of an article that is not published, `released` false. `restricted` and `staff` are true of
one that only some may read, `open` false. `state` and `audience` name it, `translation` the state of a
translation. `start` and `end` are the dates between which it is published.
"""

_OF_THE_ARTICLE = word_set(
    "is are has article articles kb page doc document content post ist artikel seite dokument"
)
# Keys with one of these words are about something else: who may write, comment or translate, or how it looks.
_OTHER = word_set(
    """
    comment comments commenting ping author authors autor auteur autore forfatter författare owner owners
    ownership creator editor editors edit edited editing editable manageable manage management
    manager write writer
    update updated updater vote votes voting rating ratings feedback seo sidebar attachment attachments image
    images picture icon css sync modified modifier feature featured promoted verification verifier
    contributor contributors assignee reviewer approver publisher uploader collaborators followers watchers
    token cursor thumbnail video file files upload download toc navigation nav menu header footer breadcrumb
    breadcrumbs pagination print zugriffe aufrufe
    """
)
# Keys that end so are properties of a thing, not its readers.
_PROPERTIES = word_set(
    """
    count counts counter number num total url urls uri link links href path slug title note notes reason
    description summary color colour text html locale locales language languages tag tags keyword keywords
    reference ref source provider system category categories field fields by version versions views size
    button buttons
    target month year hash
    email phone
    """
)
_NAMES_OF_THINGS = word_set("id ids uuid guid name names label labels key code")
_COUNTS_FIRST = word_set("num number count counts total")
_ORGANISATIONS = word_set(
    "organization organizations organisation organisations company companies tenant tenants account accounts"
)
_OF_THE_OWNER = word_set("plan tier tenant")
# In Zendesk the permission group may edit the article; who may read it is its user segment. In Help Scout
# has_draft tells of a newer text that is not published yet.
_OTHER_KEYS = word_set(
    """
    permission_group permission_group_id management_permission_group_id product_group has_draft
    has_unpublished_changes workflow_id group_by access_key reading_time view_as_allowed
    access_key_id support_group knowledge_group assignment_group responsible_group
    """
)
_TRANSLATION = word_set("translation translations")
_WEAK = word_set(
    "enabled enable active aktiv disabled inactive online offline live ready current reviewed pending"
)
_SUBJECT = word_set(
    "public external customer customers guest guests anonymous portal website web site search everyone"
)
_READ = word_set("read view see access viewed reader viewer visible readable be displayed")
_MAY = word_set("can may who whom could allowed allow")
_SEEN_BY_MARKS = word_set("to for by with users people domains emails fur pour para per voor dla pro")
SHOWN_AT_MARKS = word_set("in on at en em dans sur su auf på i w v")
_STAFF_MARKS = word_set("for facing use article articles content page pages doc docs visible view")
_POINTS_IN_TIME = word_set("at on time date datetime dt")
_MUST = word_set("under behind")
_JOINED = re.compile(r"(\w{4,}?)(only|date|state|status|level|required|access|at|ids?|code)")


def key_words(key: str) -> list[str]:
    """Return the words of a key, however it joins them, without accents and a leading "is" or "article".

    >>> key_words("isInternal"), key_words("User-Segment ID"), key_words("isdraft"), key_words("Archivé")
    (['internal'], ['user', 'segment', 'id'], ['draft'], ['archive'])
    """
    return [part for word in _read_key(key) for part in word.text.split("_")]


@lru_cache(maxsize=8192)
def key_kind(key: str) -> KeyKind | None:
    """Return what a key says of who may read an article, None where it says nothing of that.

    >>> key_kind("isDraft"), key_kind("user_segment_id"), key_kind("publishDate"), key_kind("comment_status")
    ('withheld', 'audience', 'start', None)
    >>> key_kind("canBeViewedBy"), key_kind("viewed_by_count"), key_kind("nicht öffentlich")
    ('audience', None, 'restricted')
    """
    words = _read_key(key)
    texts = [part for word in words for part in with_plain_letters(word.text).split("_")]
    found = set(texts)
    if not words or "_".join(texts) in _OTHER_KEYS or _plain_name(key) in _OTHER_KEYS:
        return None
    if found & _TRANSLATION:
        return "translation" if _meant(words, "state") else None
    if found & _OTHER:
        return "restricted" if _meant(words, "only") else None
    is_date_of_use = found & dates.ORDINARY and found & _POINTS_IN_TIME and not found & dates.STARTS
    if is_date_of_use or _is_property(texts, words):
        return None
    return (
        _phrase_kind(texts)
        or _date_kind(found, words)
        or _flag_kind(found, words)
        or ("state" if _meant(words, "state") else None)
        or _audience_kind(found, texts, words)
        or _adjective_kind(found, words)
    )


@lru_cache(maxsize=8192)
def declares_visibility(key: str) -> bool:
    """Tell whether a key says of every article whether all may read it: empty, it leaves that open.

    One that lists readers says nothing where it is empty.

    >>> declares_visibility("Sichtbarkeit"), declares_visibility("Published"), declares_visibility("Draft")
    (True, True, False)
    >>> declares_visibility("allowed_groups"), declares_visibility("Visible to")
    (False, False)
    """
    kind = key_kind(key)
    if kind not in ("audience", "state"):
        return kind in ("open", "released")
    words = _read_key(key)
    texts = {part for word in words for part in with_plain_letters(word.text).split("_")}
    lists_readers = _meant(words, "readers") or not texts.isdisjoint(_SEEN_BY_MARKS | _MAY | _ORGANISATIONS)
    return _meant(words, "audience") and not lists_readers


@lru_cache(maxsize=8192)
def is_about_others(key: str) -> bool:
    """Tell whether a key is about people who wrote or changed an article, about files, or about looks."""
    texts = [part for word in read_words(key) for part in with_plain_letters(word.text).split("_")]
    if "custom" in texts:  # such as Docusaurus's sidebar_custom_props: keys of the owner's own
        return False
    is_by_somebody = len(texts) > 1 and texts[-1] == "by" and key_kind(key) is None
    return is_by_somebody or (not _OTHER.isdisjoint(texts) and key_kind(key) is None)


def _read_key(key: str) -> list[Word]:
    words = list(_split_joined(read_words(key.replace("'", " "))))
    while len(words) > 1 and words[0].text in _OF_THE_ARTICLE:
        del words[0]
    return words


def _plain_name(key: str) -> str:
    return "_".join(word.text for word in read_words(key))


def _split_joined(words: Iterable[Word]) -> Iterator[Word]:
    """Split words such as `staffonly` and `publishdate`, which some vendors write as one."""
    for word in words:
        match = (
            None if word.meanings - {"papers"} or not word.text.isascii() else _JOINED.fullmatch(word.text)
        )
        first = read_words(match[1]) if match else ()
        is_known = bool(first) and (bool(first[0].meanings) or first[0].text in dates.STARTS | dates.ENDS)
        if match and is_known:
            yield from first
            yield from read_words(match[2])
        else:
            yield word


def _meant(words: Iterable[Word], *meanings: Meaning) -> bool:
    return any(word.means(*meanings) for word in words)


def _is_property(texts: list[str], words: list[Word]) -> bool:
    """Tell whether a key counts, names, links or notes something, which restricts nothing."""
    if len(texts) < 2:
        return texts[0] in _PROPERTIES
    if texts[-1] == "version":
        return not _meant(words, "released")
    if texts[-1] in _PROPERTIES or texts[0] in _COUNTS_FIRST:
        return texts[-1] != "by" or not (_meant(words, "seen") or set(texts) & (_MAY | {"restricted"}))
    if texts[-1] in _NAMES_OF_THINGS:
        if texts[-1] == "ids" and set(texts) & _ORGANISATIONS:
            return False
        return not _meant(words[:-1], "audience", "state") or bool(set(texts) & _OF_THE_OWNER)
    return False


def _phrase_kind(texts: list[str]) -> KeyKind | None:
    """Return the kind of a whole key, whatever joins its words and whether one of a date ends with "date"."""
    whole = "".join(texts)
    if whole in ("review", "lifecycle"):
        return "state"
    wholes = {whole}
    if texts[-1] in dates.DATE or texts[-1] == "datum":
        wholes.add("".join(texts[:-1]))
    if wholes & dates.ENDS_PHRASES:
        return "end"
    return "start" if wholes & dates.STARTS_PHRASES else None


def _date_kind(found: set[str], words: list[Word]) -> KeyKind | None:
    marks = found & dates.DATE
    is_of_use = bool(found & dates.ORDINARY) and not found & {"publish", "publication"}
    is_to_whom = marks <= {"to", "for", "on"} and (_meant(words, "seen", "where", "hide") or marks == {"to"})
    is_hidden_until = bool(found & {"hide", "hidden", "embargo", "embargoed"} and found & dates.END_MARKS)
    starts, ends = bool(found & dates.STARTS), bool(found & dates.ENDS)
    return _first(
        (found == {"date"} or found <= dates.STARTS_ALONE, "start"),
        (is_of_use or not (marks or found & dates.ENDS_ALONE), None),
        (bool(marks) and is_to_whom, "end" if found & {"valid", "effective"} else None),
        (is_hidden_until, "start"),
        ((starts or ends) and bool(found & dates.END_MARKS), "end"),
        (ends and not starts, "end"),
        (starts, "start"),
    )


def _flag_kind(found: set[str], words: list[Word]) -> KeyKind | None:
    """Return the kind of a key whose words say something together: shown where, hidden from whom."""
    says_more = any(not word.means("required", "only", "not", "neutral") for word in words)
    needs = _meant(words, "required") or bool(found & _MUST)
    hides = _meant(words, "hide") and not _meant(words, "audience")
    is_hidden_from = len(words) == 1 or _meant(words, "where", "everyone", "open", "staff")
    is_denied = _meant(words, "not", "hide") and _meant(words, "open", "seen", "show", "everyone")
    is_shown = _meant(words, "show", "seen") and _meant(words, "where", "everyone")
    is_place = _meant(words, "show", "seen") and len(words) == 2 and words[1].text in SHOWN_AT_MARKS
    return _first(
        (is_place or all(word.means("only") for word in words), "audience"),
        (_meant(words, "only") and says_more and len(words) > 1, "restricted"),
        (_meant(words, "only") and bool(found & {"for", "to"}), "audience"),
        (_meant(words, "not") and bool(found & {"for", "to"}) and not says_more, "restricted"),
        (needs and _meant(words, "sign_in", "gate", "hidden", "restricted"), "restricted"),
        (hides, "restricted" if is_hidden_from else None),
        (is_denied, "restricted"),
        (is_shown or (_meant(words, "show") and bool(found & _SUBJECT)), "open"),
    )


def _audience_kind(found: set[str], texts: list[str], words: list[Word]) -> KeyKind | None:
    are_organisations = texts[-1].endswith("s") or texts[-1] == "tenant"
    is_readable = _meant(words, "seen") and bool(found & _SEEN_BY_MARKS)
    may_read = bool(found & _MAY) and bool(found & _READ)
    is_audience = _meant(words, "audience") or is_readable or may_read
    return _first(
        (bool(found & _ORGANISATIONS) and are_organisations, "audience"),
        (any(word.is_denied and word.means("open", "released") for word in words), "restricted"),
        (is_audience and not is_readable and (_meant(words, "open") or bool(found & _WEAK)), "open"),
        (is_audience, "audience"),
    )


def _adjective_kind(found: set[str], words: list[Word]) -> KeyKind | None:
    is_of_something = any(word.meanings <= {"papers"} and word.text not in dates.DATE for word in words)
    denied = [word for word in words if word.is_denied]
    return _first(
        (bool(found & _WEAK) and is_of_something and not _meant(words, "open"), None),
        (_meant(denied, "restricted", "hidden"), "open"),
        (_meant(denied, "open", "released", "seen", "show"), "restricted"),
        (_meant(words, "restricted", "hidden", "sign_in"), "restricted"),
        (_meant(words, "draft", "withheld"), "withheld"),
        (_meant(words, "open"), "open"),
        (_meant(words, "released"), "released"),
        (_meant(words, "staff") and bool(found & _STAFF_MARKS), "staff"),
        (_meant(words, "seen") or found == {"search"}, "open"),
        (found in ({"latest"}, {"current"}), "released"),
    )


def _first(*signs: tuple[bool, KeyKind | None]) -> KeyKind | None:
    """Return what the first sign that holds stands for."""
    return next((kind for holds, kind in signs if holds), None)
