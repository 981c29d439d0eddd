"""Lexicon: what a single word says a number to be, whatever its ending and the compound it stands in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from models.redaction import further_words
from models.redaction import label_words as words
from models.redaction.business_words import BUSINESS, BUSINESS_CJK
from models.text.unicode import without_accents
from models.word_lists import any_phrase_of, listed_phrases

CJK = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
"""Range of characters of Chinese, Japanese and Korean, for a pattern."""

_LONGEST_WORD = 40
_LONGEST_CJK_WORD = 16
_MOST_AFTER_CJK = 8  # characters between a Chinese, Japanese or Korean word and the number
_NUMBER_ENDING = re.compile(
    r"(?:nummer(?:[ns]|e[nt])?|num[mb]?er|numret|nr|nro|numero\w{0,5}|numeri\w{0,3}|tunnus|tunnukse\w{0,3}|id"
    r"|sz[aá]m(?:[aú]|om|unk)?)$"
)
_CODE_ENDING = re.compile(
    r"(?:code[sn]?|kod(?:en|et|u|em|as|s|ą|a)?|kode[nr]?|koodi\w{0,4}|kood|kód\w{0,2}|код\w{0,2})$"
)


class Kind(Enum):
    """Kind of number that a word announces."""

    PHONE = "phone"
    CALL = "call"
    IDENTITY = "identity"
    CARD = "card"
    CODE = "code"
    ACCOUNT = "account"
    ADDRESS = "address"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Word:
    """Meaning of a word that stands before a number.

    Attributes:
        kinds: What it says a number to be.
        if_numbered: What else it says beside a word for number, id or code.
        if_coded: What else it says beside a word for code.
        small: It says nothing: "is", "my", "under".
        number: It is, or ends in, a word for number or id.
        code: … for code.
    """

    kinds: frozenset[Kind] = frozenset()
    if_numbered: frozenset[Kind] = frozenset()
    if_coded: frozenset[Kind] = frozenset()
    small: bool = False
    number: bool = False
    code: bool = False

    @property
    def known(self) -> bool:
        """True where it says anything of a number, if only beside another word."""
        return bool(self.kinds or self.if_numbered or self.if_coded)


_UNKNOWN = Word()


@lru_cache(maxsize=8192)
def look_up(token: str) -> Word:
    """Look up one word, or a run of Chinese, Japanese or Korean."""
    if is_cjk(token):
        return _look_up_cjk(token[-_LONGEST_CJK_WORD:])
    lexicon = _lexicon()
    if len(token) > _LONGEST_WORD:
        return _UNKNOWN
    word = plain(token)
    if token.isupper() and word in lexicon.capitals:
        return lexicon.capitals[word]
    if word in lexicon.small and word not in lexicon.number:
        return Word(small=True)
    is_number = word in lexicon.number or bool(_NUMBER_ENDING.search(word))
    is_code = word in lexicon.code or bool(_CODE_ENDING.search(word))
    # "SV-Nummer" is about the "SV", "l'ordine" and "RMA-Auftrag" about their last part.
    part = word.rsplit("-", 1)[0] if is_number or is_code else re.split(r"['-]", word)[-1]
    forms = dict.fromkeys((word, without_accents(word), part))
    found = next((found for form in forms if (found := lexicon.find(form)).known), _UNKNOWN)
    return Word(found.kinds, found.if_numbered, found.if_coded, number=is_number, code=is_code)


@lru_cache(maxsize=8192)
def look_up_pair(first: str, second: str) -> Word:
    """Look up two words that stand side by side, such as "delivery note"."""
    return _lexicon().find_pair(f"{plain(first)} {plain(second)}")


def is_cjk(token: str) -> bool:
    """Tell whether a token begins with a Chinese, Japanese or Korean character."""
    return bool(re.match(f"[{CJK}]", token))


def is_whose(token: str) -> bool:
    """Tell whether a word says whose something is."""
    return plain(token) in _lexicon().whose


def is_preposition(token: str) -> bool:
    """Tell whether a word is a preposition."""
    return plain(token) in _lexicon().prepositions


def is_reached(token: str) -> bool:
    """Tell whether a phone number follows a word, whatever stands before: "the customer on 07400 123456"."""
    return plain(token) in _lexicon().reached


def joins(between: str) -> bool:
    """Tell whether what stands between two numbers makes them a list."""
    return plain(between.strip(" \u00a0#")) in _lexicon().joining


def any_word_of(*lists: str) -> str:
    """Return a pattern of the words of lists of `label_words`."""
    return any_phrase_of(entry for listed in lists for entry in listed_phrases(listed))


def plain(token: str) -> str:
    """Return a word in small letters, without the dots of an abbreviation and the English genitive."""
    small = unicodedata.normalize("NFKC", token).casefold().replace("’", "'").removesuffix("'s")
    return small.replace(".", "").replace("/", "")


def _look_up_cjk(run: str) -> Word:
    """Return what the last known word in a run says; only a few characters may follow it."""
    lexicon = _lexicon()
    best, end = frozenset[Kind](), -1
    for stem, kinds in lexicon.cjk.items():
        found = run.rfind(stem)
        if found >= 0 and found + len(stem) > end:
            best, end = kinds, found + len(stem)
    return Word(
        best if len(run) - end <= _MOST_AFTER_CJK else frozenset(),
        small=run in lexicon.cjk_small,
        number=any(number in run for number in lexicon.cjk_number),
        code=any(code in run for code in lexicon.cjk_code),
    )


class _Lexicon:
    """The lists of words, by how they are looked up: whole, by beginning, by end or by any part."""

    def __init__(self) -> None:
        self.exact: dict[str, Word] = {}
        self.beginning: dict[str, Word] = {}
        self.end: dict[str, Word] = {}
        self.part: dict[str, Word] = {}
        self.capitals: dict[str, Word] = {}
        for kind, listed in (
            (Kind.PHONE, words.PHONE),
            (Kind.CALL, words.CALL),
            (Kind.IDENTITY, words.IDENTITY),
            (Kind.CARD, words.CARD),
            (Kind.CODE, words.CODE),
            (Kind.ACCOUNT, words.ACCOUNT),
            (Kind.ADDRESS, words.ADDRESS),
            (Kind.PHONE, further_words.PHONE),
            (Kind.CALL, further_words.CALL),
            (Kind.IDENTITY, further_words.IDENTITY),
            (Kind.CODE, further_words.CODE),
            (Kind.ACCOUNT, further_words.ACCOUNT),
            (Kind.BUSINESS, further_words.BUSINESS),
            *((Kind.BUSINESS, of_language) for of_language in BUSINESS.values()),
        ):
            for entry in listed_phrases(listed):
                self._add(entry, kind)
        self.small = frozenset(map(_folded, listed_phrases(f"{words.SMALL}, {further_words.SMALL}")))
        self.whose = frozenset(map(_folded, listed_phrases(f"{words.WHOSE}, {further_words.WHOSE}")))
        self.prepositions = frozenset(listed_phrases(words.PREPOSITIONS))
        self.reached = frozenset(listed_phrases(words.REACHED))
        self.joining = frozenset(listed_phrases(words.JOINING))
        self.number = frozenset(map(_folded, listed_phrases(f"{words.NUMBER}, {further_words.NUMBER}")))
        self.code = frozenset(map(_folded, listed_phrases(f"{words.CODE_HEAD}, {further_words.CODE_HEAD}")))
        cjk = {**words.CJK, "BUSINESS": BUSINESS_CJK}
        self.cjk = {stem: frozenset({Kind[name]}) for name, listed in cjk.items() for stem in listed.split()}
        self.cjk_small = frozenset(words.CJK_SMALL.split())
        self.cjk_number = words.CJK_NUMBER.split()
        self.cjk_code = words.CJK_CODE.split()

    def _add(self, entry: str, kind: Kind) -> None:
        said = frozenset({kind})
        stem = entry.strip("*#")
        if entry.isupper():
            self.capitals[stem.casefold()] = Word(said)
            return
        word = Word(said)
        if entry.endswith("#"):
            word = Word(if_coded=said) if kind is Kind.CODE else Word(if_numbered=said)
        place = {
            (False, False): self.exact,
            (False, True): self.beginning,
            (True, False): self.end,
            (True, True): self.part,
        }[entry.startswith("*"), entry.rstrip("#").endswith("*")]
        for written in {_folded(stem), without_accents(_folded(stem))}:
            place[written] = _both(place.get(written, _UNKNOWN), word)

    def find(self, word: str) -> Word:
        """Return what a word says by its last known part: a "Handyvertrag" is a contract, no telephone."""
        found = [(len(word), len(word), self.exact[word])] if word in self.exact else []
        for length in range(2, len(word) + 1):
            if word[:length] in self.beginning:
                found.append((length, length, self.beginning[word[:length]]))
            if word[-length:] in self.end:
                found.append((len(word), length, self.end[word[-length:]]))
        for stem, said in self.part.items():
            if (at := word.rfind(stem)) >= 0:
                found.append((at + len(stem), len(stem), said))
        last = max((place[:2] for place in found), default=(0, 0))
        said = _UNKNOWN
        for end, length, each in found:
            if (end, length) == last:
                said = _both(said, each)
        return said

    def find_pair(self, pair: str) -> Word:
        """Return what two words say side by side."""
        if pair in self.exact:
            return self.exact[pair]
        for length in range(len(pair), pair.find(" ") + 1, -1):
            if pair[:length] in self.beginning:
                return self.beginning[pair[:length]]
        return _UNKNOWN


def _both(one: Word, other: Word) -> Word:
    return Word(one.kinds | other.kinds, one.if_numbered | other.if_numbered, one.if_coded | other.if_coded)


def _folded(text: str) -> str:
    """Return a text in small letters as `plain` has them: a Greek word ends in "σ"."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon()
