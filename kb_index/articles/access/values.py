"""Values: what the values of keys on access mean, in words, marks, numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from kb_index.articles.access.words import Meaning, Word, has_meaning, read_words
from kb_index.articles.article import Visibility
from models.unix_time import moment_since_1970
from models.word_lists import word_set

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?![\d])")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)")
_LONGEST_DATE = 60
# Staff by whatever a value stands under; the others may be a subject, such as a team or a company.
_PLAIN_STAFF = word_set("agent agents staff employee employees mitarbeiter intranet backoffice back_office")
_MOST_WORDS = 9
_SPACES = word_set("space spaces workspace folder folders collection collections notebook wiki parent")
_KINDS_OF_SPACE = word_set("type kind space_type spacetype scope")
_PERSONAL = word_set("personal individual persönlich personnel personnelle personale pessoal persoonlijk")


def audience_of(value: str) -> Visibility | None:
    """Return whom a value of an `audience` or `state` key names, None where it is not understood.

    >>> audience_of("Everyone"), audience_of("REGISTEREDUSERS"), audience_of("gold tier")
    ('public', 'internal', None)
    >>> audience_of("Visible to all"), audience_of("not public"), audience_of("everyone except guests")
    ('public', 'internal', None)
    """
    words = read_words(value)
    if any(_restricts(word) for word in words):
        return "internal"
    for_all = [word for word in words if _is_for_all(word)]
    if for_all and all(_is_for_all(word) or word.means("neutral", "seen", "not") for word in words):
        return "public"
    return None


def is_published_state(value: str) -> bool | None:
    """Tell whether a state is that of a published article, None where it is not understood.

    >>> is_published_state("Published"), is_published_state("In review"), is_published_state("blue")
    (True, False, None)
    """
    words = read_words(value)
    if any(word.means("draft", "withheld", "withheld_state") and not word.is_denied for word in words) or any(
        word.is_denied and word.means("released") for word in words
    ):
        # "公開" is public as well as published, and "closed" a state of tickets too.
        return False
    known = [word for word in words if word.means("released", "released_state")]
    if known and all(
        word in known or word.means("neutral", "open", "everyone", "draft", "withheld") for word in words
    ):
        return True
    return None


def restricts_by_itself(value: str, *, is_subject: bool, is_kind: bool) -> bool:
    """Tell whether a value says plainly, under whatever key, that not everybody may read the article.

    `is_subject`: it is a label or category, which may name private customers. `is_kind`: it is a type, scope
    or channel, where "agents" says it all.

    >>> restricts_by_itself("Internal use only", is_subject=False, is_kind=False)
    True
    >>> restricts_by_itself("Internal server errors", is_subject=True, is_kind=False)
    False
    """
    words = read_words(value) if len(value) <= _LONGEST_DATE else ()
    if not 0 < len(words) <= _MOST_WORDS:
        return False
    strong = [
        word
        for word in words
        if (word.means("restricted", "draft") and not word.is_denied)
        or (word.is_denied and word.means("open", "released", "show"))
    ]
    if is_subject:
        strong = [
            word for word in strong if not word.text.startswith(("priv", "част", "приват", "secret", "limit"))
        ]
    has_only = any(word.means("only") for word in words)
    staff = [
        word
        for word in words
        if word.means("staff") and (has_only or (is_kind and word.text in _PLAIN_STAFF))
    ]
    beside: tuple[Meaning, ...] = ("papers", "seen", "where") if strong else ("where",)
    return bool(strong or staff) and all(
        word in strong or word in staff or word.means("neutral", "only", "not", "staff", *beside)
        for word in words
    )


def names_internal_kind(value: str) -> bool:
    """Tell whether the name of a kind of article begins with a word that restricts it.

    >>> names_internal_kind("internal runbook"), names_internal_kind("runbook")
    (True, False)
    """
    words = read_words(value) if len(value) <= _LONGEST_DATE else ()
    return bool(words) and words[0].means("restricted") and not words[0].is_denied


def is_notice(name: str) -> bool:
    """Tell whether a name says nothing but that a page is no finished page for all.

    >>> is_notice("Entwurf"), is_notice("Archived pages"), is_notice("Nur für Mitarbeiter")
    (True, True, True)
    >>> is_notice("Archive box"), is_notice("Mitarbeiter"), is_notice("Note")
    (False, False, False)
    """
    words = read_words(name)
    marks = [word for word in words if word.means("draft", "withheld", "restricted")]
    if any(word.means("only") for word in words):
        marks += [word for word in words if word.means("staff")]
    return bool(marks) and all(
        word in marks or word.means("neutral", "papers", "only", "staff") for word in words
    )


def notice_keys(names: Iterable[str]) -> dict[str, str]:
    """Return what notices on a page say of it, as a key of its record; names that are none say nothing.

    >>> notice_keys(["Hint", "Entwurf"]), notice_keys(["Internal pages"]), notice_keys(["POST"])
    ({'status': 'Entwurf'}, {'notice': 'Internal pages'}, {})
    """
    notices = [name for name in names if is_notice(name)]
    states = [name for name in notices if is_published_state(name) is False]
    return {"status": states[0]} if states else {"notice": notices[0]} if notices else {}


def is_notice_of_folder(name: str) -> bool:
    """Tell whether the name of a folder says that its pages are not for all, or not finished.

    "Agents" is the subject of many manuals, and says nothing.

    >>> is_notice_of_folder("staff-only"), is_notice_of_folder("intern"), is_notice_of_folder("Mitarbeiter")
    (True, True, True)
    >>> is_notice_of_folder("agents"), is_notice_of_folder("internal-storage")
    (False, False)
    """
    if name.startswith("~"):  # the space of one person, as Confluence exports it
        return True
    is_subject = name.casefold() in ("agent", "agents")
    return is_notice(name) or (not is_subject and restricts_by_itself(name, is_subject=False, is_kind=True))


def is_personal_space(name: str, value: object, *, is_around: bool = False) -> bool:
    """Tell whether a key says that its article stands in the space, folder or collection of one person.

    A personal category may be for private customers. `is_around`: the key stands around the article, and so
    without the name of what it is of.

    >>> is_personal_space("space.type", "personal"), is_personal_space("category.type", "personal")
    (True, False)
    """
    of, _, key = name.rpartition(".")
    is_of_space = is_around if not of else of.rpartition(".")[2].casefold() in _SPACES
    return (
        is_of_space
        and key.casefold() in _KINDS_OF_SPACE
        and isinstance(value, str)
        and (value.strip().casefold() in _PERSONAL)
    )


def truth_of(value: object) -> bool | None:
    """Return a value as true or false, None where it is neither; nothing at all is false.

    >>> truth_of("Yes"), truth_of(0), truth_of([]), truth_of("maybe")
    (True, False, False, None)
    """
    if isinstance(value, str):
        if not value.strip() or has_meaning(value, "false"):
            return False
        return True if has_meaning(value, "true") else None
    if value is None or value in ([], (), {}, 0, 1):
        return bool(value)
    return None


def moment_of(value: object) -> datetime | None:
    """Return the moment of a date or time, None where a value is none; without a zone it is UTC."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            match = _DAY.match(text)
            try:
                value = date.fromisoformat(match[0]) if match else None
            except ValueError:
                return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = moment_since_1970(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def has_passed(value: object, now: datetime) -> bool | None:
    """Tell whether a date is past, in whatever order it is written; None where that cannot be told.

    >>> now = datetime(2026, 6, 1, tzinfo=UTC)
    >>> has_passed("31.12.2099", now), has_passed("May 5, 2021", now), has_passed("06/07/2026", now)
    (False, True, False)
    >>> has_passed("05/07/2026", now) is None, has_passed("soon", now) is None
    (True, True)
    """
    moment = moment_of(value)
    if moment is not None:
        return moment <= now
    if not isinstance(value, str) or len(value) > _LONGEST_DATE:
        return None
    match = _NUMBERS.search(value)
    if match:
        first, second, year = map(int, match.groups())
        days = [_day(year, second, first), _day(year, first, second)]
        past = {datetime.combine(day, time(), UTC) <= now for day in days if day}
        return past.pop() if len(past) == 1 else None
    years = {int(year) for year in _YEAR.findall(value)}
    if len(years) != 1 or now.year in years:
        return None
    return years.pop() < now.year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _restricts(word: Word) -> bool:
    if word.is_denied:
        return word.means("open", "everyone", "seen", "show") and not word.means("restricted", "hidden")
    return word.means("restricted", "hidden", "staff", "sign_in", "gate") and not word.means(
        "open", "everyone"
    )


def _is_for_all(word: Word) -> bool:
    if word.is_denied:
        return word.means("restricted", "hidden")
    return word.means("open", "everyone", "released")
