"""Words of keys and values by what they mean for access, in the languages of helpdesks.

A word is known by itself, by its beginning, by a part of it, or by what is left after "un", "non", "nicht"
and their like. Scripts without spaces are searched for the longest words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal, cast

from kb_index.articles.access import asian, eastern, western
from kb_index.articles.access.english import ENGLISH
from kb_index.articles.access.papers import INTERNAL_BEGINNINGS, PAPERS
from models.language.truth import NO, YES

Meaning = Literal[
    "draft", "withheld", "withheld_state", "restricted", "hidden", "staff", "sign_in", "gate", "open",
    "everyone", "released", "released_state", "state", "audience", "readers", "seen", "only", "required",
    "not", "hide", "show", "where", "neutral", "papers", "true", "false",
]  # fmt: skip
"""Meaning of a word.

`draft`, `withheld`: not published; `withheld_state` is so as a value only. `restricted`, `hidden`: not for
all. `staff`: some people. `sign_in`, `gate`: what a reader needs. `open`: for all; `everyone`: as a value.
`released`: published; `released_state` as a value only. `state`, `audience`: names of what a value says;
`readers`: those of a list of people or groups.
`seen`, `show`, `hide`, `where`, `only`, `required`, `not` and `neutral` count together with others;
`papers` as neutral ones do, beside a word that restricts.
"""

_MOST_CHARS = 200
_MOST_WORDS_OF_A_PHRASE = 4
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_UNMARKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "Ł": "L", "Ø": "O", "Đ": "D"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Letters with the marks of Thai and Arabic.
_WORD = re.compile(r"(?:[^\W_]|[\u0e31-\u0e4e\u064b-\u0652\u0300-\u036f])+|[✓✔☑✅✗✘☐❌×○◯]")
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DENIALS = (
    "непри", "nicht", "ikke", "icke", "niet", "nie", "non", "nem", "не", "ne", "un", "in", "on", "ej", "ei",
    "dis", "μη",
)  # fmt: skip
_DENIED_MEANINGS = frozenset({"open", "released"})
_SHORTEST_STEM = 3
_SHORTEST_INNER_STEM = 6
_SHORTEST_UNACCENTED = 3  # without its accent, "có" is another word


def _truth(meaning: Meaning, words: Iterable[str]) -> str:
    """Return the line of a table with words for yes or no."""
    return f"{meaning}: " + " ".join(
        word if len(word) >= _SHORTEST_UNACCENTED else f"={word}" for word in words
    )


_TABLES = (
    _truth("true", YES), _truth("false", NO),
    ENGLISH, western.GERMAN, western.DUTCH, western.FRENCH, western.SPANISH_PORTUGUESE_ITALIAN,
    western.NORDIC, western.FINNIC, western.BALTIC, eastern.WEST_SLAVIC, eastern.SOUTH_SLAVIC,
    eastern.EAST_SLAVIC, eastern.HUNGARIAN, eastern.ROMANIAN, eastern.GREEK, eastern.TURKISH, asian.JAPANESE,
    asian.CHINESE, asian.KOREAN, asian.THAI_VIETNAMESE_INDONESIAN, asian.ARABIC_HEBREW, PAPERS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase and its meanings; `is_denied` with a "not" before it or in it."""

    text: str
    meanings: frozenset[Meaning] = frozenset()
    is_denied: bool = False

    def means(self, *meanings: Meaning) -> bool:
        return not self.meanings.isdisjoint(meanings)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    whole: dict[str, frozenset[Meaning]]
    stems: dict[str, frozenset[Meaning]]


def with_plain_letters(text: str) -> str:
    """Return a text with plain letters for those with an accent or a stroke; kana keep their marks.

    >>> with_plain_letters("Gültig"), with_plain_letters("ważność"), with_plain_letters("グループ")
    ('Gultig', 'waznosc', 'グループ')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).translate(_UNMARKED)


def read_words(text: str) -> tuple[Word, ...]:
    """Return the words and phrases of a key or a value, of its first 200 characters, with their meanings.

    >>> [(word.text, word.is_denied) for word in read_words("notPublic")]
    [('not', False), ('public', True)]
    """
    return _read_words(text[:_MOST_CHARS])


@lru_cache(maxsize=8192)
def _read_words(text: str) -> tuple[Word, ...]:
    spaced = _CAMEL.sub(" ", unicodedata.normalize("NFC", text))
    tokens = [word.casefold() for word in _WORD.findall(spaced)]
    return tuple(_with_denials(list(_phrases(tokens))))


def has_meaning(text: str, *meanings: Meaning) -> bool:
    """Tell whether a whole text is one word or phrase of these meanings."""
    found = _lexicon().whole
    name = "_".join(
        word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", text[:_MOST_CHARS]))
    )
    known = found.get(name) or found.get(with_plain_letters(name)) or found.get(text.strip().casefold())
    return known is not None and not known.isdisjoint(meanings)


def _phrases(tokens: Sequence[str]) -> Iterator[Word]:
    whole = _lexicon().whole
    start = 0
    while start < len(tokens):
        for length in range(min(_MOST_WORDS_OF_A_PHRASE, len(tokens) - start), 1, -1):
            name = "_".join(tokens[start : start + length])
            found = whole.get(name) or whole.get(with_plain_letters(name))
            if found:
                yield Word(name, found)
                start += length
                break
        else:
            yield from _read(tokens[start])
            start += 1


def _with_denials(words: list[Word]) -> list[Word]:
    """Deny the next word that says something after each "not", else the one before it."""
    for place, word in enumerate(words):
        if not word.means("not") or word.means("audience", "restricted"):
            continue
        after = range(place + 1, len(words))
        before = range(place - 1, -1, -1)
        for other in (*after, *before):
            if words[other].means("open", "everyone", "released", "restricted", "hidden", "seen", "show"):
                words[other] = replace(words[other], is_denied=True)
                break
    return words


def _read(token: str) -> Iterator[Word]:
    plain = with_plain_letters(token)
    found = _meanings(token) or _meanings(plain)
    if found:
        yield Word(plain, found)
    elif _is_internal_paper(token):
        yield Word(plain, frozenset({"restricted"}))
    elif _WITHOUT_SPACES.search(token):
        yield from _segments(unicodedata.normalize("NFKC", token))
    elif denied := _denied(plain):
        yield Word(plain, denied, is_denied=True)
    elif plain.startswith("is") and (inner := _lexicon().whole.get(plain[2:])):
        yield Word(plain[2:], inner)
    else:
        yield Word(plain, _inner_meanings(plain))


def _is_internal_paper(token: str) -> bool:
    """Tell whether a compound such as "Interndokumentation" says that a text is internal."""
    return any(
        not _meanings(token[len(beginning) :]).isdisjoint({"papers", "neutral"})
        for beginning in INTERNAL_BEGINNINGS
        if token.startswith(beginning) and len(token) - len(beginning) > _SHORTEST_STEM
    )


def _meanings(word: str) -> frozenset[Meaning]:
    lexicon = _lexicon()
    if word in lexicon.whole:
        return lexicon.whole[word] | lexicon.stems.get(word, frozenset())
    for end in range(len(word), _SHORTEST_STEM - 1, -1):
        if word[:end] in lexicon.stems:
            return lexicon.stems[word[:end]]
    return frozenset()


def _denied(word: str) -> frozenset[Meaning]:
    for denial in _DENIALS:
        rest = word.removeprefix(denial)
        if rest != word and len(rest) > _SHORTEST_STEM:
            found = _meanings(rest) & _DENIED_MEANINGS
            if found:
                return found
    return frozenset()


def _inner_meanings(word: str) -> frozenset[Meaning]:
    """Return the meanings of the longest known beginning that stands within a compound."""
    stems = _lexicon().stems
    for length in range(len(word) - 1, _SHORTEST_INNER_STEM - 1, -1):
        for start in range(len(word) - length, 0, -1):
            if word[start : start + length] in stems:
                return stems[word[start : start + length]]
    return frozenset()


def _segments(text: str) -> Iterator[Word]:
    whole = _lexicon().whole
    start = unknown = 0
    while start < len(text):
        for end in range(len(text), start, -1):
            if text[start:end] in whole:
                if unknown < start:
                    yield Word(text[unknown:start])
                yield Word(text[start:end], whole[text[start:end]])
                start = unknown = end
                break
        else:
            start += 1
    if unknown < len(text):
        yield Word(text[unknown:])


@cache
def _lexicon() -> _Lexicon:
    whole: dict[str, set[Meaning]] = {}
    stems: dict[str, set[Meaning]] = {}
    for table in _TABLES:
        for line in re.sub(r"\n  ", " ", table).strip().splitlines():
            meaning, _, words = line.partition(":")
            for word in words.split():
                is_stem = word.endswith("-") and len(word) > 1
                spelling = unicodedata.normalize("NFC", word.removesuffix("-" if is_stem else "")).casefold()
                forms = {spelling, spelling.translate(SPELLED_OUT)}
                forms |= {with_plain_letters(form) for form in forms}
                if spelling.startswith("="):
                    forms = {spelling[1:]}
                for form in forms:
                    into = stems if is_stem and len(form) >= _SHORTEST_STEM else whole
                    into.setdefault(form, set()).add(cast(Meaning, meaning.strip()))
    return _Lexicon(
        {word: frozenset(found) for word, found in whole.items()},
        {word: frozenset(found) for word, found in stems.items()},
    )
