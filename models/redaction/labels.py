"""Labels: the words before a number that say what it is, such as "Rückrufnummer" or "order no."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from models.redaction.further_words import COPULAS as FURTHER_COPULAS
from models.redaction.label_words import COPULAS
from models.redaction.lexicon import (
    CJK,
    Kind,
    Word,
    any_word_of,
    is_cjk,
    is_preposition,
    is_reached,
    is_whose,
    joins,
    look_up,
    look_up_pair,
)

_CHARS_BEFORE = 100  # within which a label is looked for
_CHARS_AFTER = 40
_MOST_WORDS = 12  # that may stand between a label and its number, in another sentence for example
_MOST_NUMBERS = 6  # the same for the parts of other numbers
_MOST_SMALL_WORDS = 3  # between the words of one phrase
_MOST_WORDS_TO_NUMBER, _MOST_WORDS_TO_CODE = 3, 5  # from a word back to "number" and "code"
_LONGEST_ABBREVIATION = 4
# Vowels and tones that are written above and below letters: Devanagari, Thai, Arabic.
_VOWELS = "\u064b-\u0655\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_LETTER = re.compile(r"[^\W\d_]")
_OPENS_LABEL = re.compile(
    rf"[ ]?(?:(?P<bracket>[(（])|[ ](?:[–—-][ ])?{any_word_of(COPULAS, FURTHER_COPULAS)}[ ]"
    r"|[ ][–—-][ ]|[是はが은는])",
    re.IGNORECASE,
)
_BRACKET_END = re.compile(r"([)）]|$)")
_CLAUSE_END = re.compile(r"[.,;:!?\n()。，]")
_LEAVES_PHRASE = re.compile(r"[!?;。！？；，,、\[\]|]|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Label:
    """The nearest label before a number.

    Attributes:
        kinds: What it says the number to be; a word may say several things ("SMS"). Empty without a label.
        adjacent: Only small words and signs stand between the two.
        same_phrase: Not even a comma does, and at most three small words.
        other_words: How many words that are not small stand between.
        small_words: How many small words stand between, or a colon.
        taken: Another number stands between, whose label it is.
        numbered: A word for number or id stands with it.
        coded: A word for code stands right before the number.
    """

    kinds: frozenset[Kind] = frozenset()
    adjacent: bool = False
    same_phrase: bool = False
    other_words: int = 0
    small_words: int = 0
    taken: bool = False
    numbered: bool = False
    coded: bool = False

    def says(self, *kinds: Kind) -> bool:
        """Tell whether the label stands right before the number and says one of the kinds."""
        return self.adjacent and not self.kinds.isdisjoint(kinds)

    @property
    def is_business(self) -> bool:
        """True where it says, in one phrase with the number, that the number is an order's or the like."""
        return self.same_phrase and self.says(Kind.BUSINESS)


def label_before(text: str, at: int, passing: frozenset[Kind] = frozenset()) -> Label:
    """Return the nearest label before a place of a text.

    Labels of the kinds `passing` are taken for small words. A label that another number has taken does not
    count: in "tel. for order 4711 was wrong, it is 555 0143" the label is "tel".
    """
    before = text[max(0, at - _CHARS_BEFORE) : at]
    return _label(before, passing) if _LETTER.search(before) else Label()


@lru_cache(maxsize=8192)  # of one text: each redactor looks at the same numbers
def _label(before: str, passing: frozenset[Kind]) -> Label:
    return _Search(before, passing).label()


def forget_text() -> None:
    """Drop what is remembered of the text whose labels were last looked for."""
    _label.cache_clear()


def says_code_after(text: str, at: int) -> bool:
    """Tell whether words right after a place say how a code came, as in "482913 by text"."""
    after = _token().findall(text[at : at + _CHARS_AFTER].split(".", maxsplit=1)[0])
    return any(look_up(token).if_coded for token in after[:_MOST_WORDS_TO_CODE])


def says_phone_after(text: str, at: int) -> bool:
    """Tell whether words after a number say that it is a phone number: "(mobile)", "is my phone number"."""
    after = text[at : at + _CHARS_AFTER]
    opening = _OPENS_LABEL.match(after)
    if opening is None:
        return False
    rest = after[opening.end() :]
    if opening["bracket"]:
        inside, closing, _ = _BRACKET_END.split(rest, maxsplit=1)
        words = [look_up(token) for token in _token().findall(inside)]
        phones = sum(Kind.PHONE in word.kinds for word in words)
        is_only = all(Kind.PHONE in word.kinds or word.small or word.number for word in words)
        return bool(closing) and phones > 0 and is_only
    tokens = _token().findall(_CLAUSE_END.split(rest, maxsplit=1)[0])[: _MOST_SMALL_WORDS + 2]
    words = [look_up(token) for token in tokens]
    first = next((place for place, word in enumerate(words) if not word.small), len(words))
    following = words[first + 1 : first + 2]
    if first > _MOST_SMALL_WORDS or first == len(words) or not all(word.number for word in following):
        return False
    is_mine = first > 0 and is_whose(tokens[first - 1]) and words[first].number and not following
    return Kind.PHONE in words[first].kinds or is_mine


class _Search:
    """Search for a label, word by word, from the end of a text to its beginning."""

    def __init__(self, before: str, passing: frozenset[Kind]) -> None:
        self._before = before
        self._passing = passing
        self._tokens = list(_token().finditer(before))
        self._adjacent = self._same_phrase = True
        self._numbered = self._coded = self._code_adjacent = False
        self._taken = self._joined = self._in_brackets = False
        self._small_words = self._other_words = self._numbers = 0

    def label(self) -> Label:
        next_start = len(self._before)
        if self._tokens and is_reached(self._tokens[-1].group()):
            self._same_phrase = False
        for place in range(len(self._tokens) - 1, -1, -1):
            token = self._tokens[place]
            self._pass_gap(self._before[token.end() : next_start])
            next_start = token.start()
            if _is_mark_or_digits(token.group()):
                self._pass_number(token)
                word = Word()
            elif _is_number(token.group(), word := self._word(place)):
                self._pass_number(token)
            elif kinds := self._pass_word(place, word, self._before[token.end() : token.end() + 2]):
                same_phrase = self._same_phrase and self._small_words <= _MOST_SMALL_WORDS
                return Label(
                    kinds,
                    self._adjacent,
                    same_phrase,
                    self._other_words,
                    self._small_words,
                    self._taken,
                    self._numbered,
                    self._code_adjacent,
                )
            if self._other_words > _MOST_WORDS or self._numbers > _MOST_NUMBERS:
                break
        return Label(coded=self._code_adjacent)

    def _word(self, place: int) -> Word:
        token = self._tokens[place].group()
        above = self._tokens[place - 1].group() if place else ""
        if above and not _is_mark_or_digits(above):
            pair = look_up_pair(above, token)
            if pair.known:
                return pair
        return look_up(token)

    def _pass_gap(self, gap: str) -> None:
        self._small_words += ":" in gap or "：" in gap
        self._numbered = self._numbered or "#" in gap
        if _LEAVES_PHRASE.search(gap):
            self._same_phrase = False
        closes, opens = ")" in gap or "）" in gap, "(" in gap or "（" in gap
        self._in_brackets = (self._in_brackets or closes) and not opens

    def _pass_number(self, token: re.Match[str]) -> None:
        """Pass another number. It takes the label before it, unless both are listed: "orders 11 and 12"."""
        if not self._taken:
            self._joined = joins(self._before[token.end() :])
        self._taken = True
        self._numbers += 1

    def _pass_word(self, place: int, word: Word, after: str) -> frozenset[Kind]:
        """Pass a word; return what it says if it is the label."""
        token = self._tokens[place].group()
        self._numbered = self._numbered or word.number
        self._coded = self._coded or word.code
        self._code_adjacent = self._code_adjacent or (word.code and self._adjacent)
        if re.match(r"\.\s", after) and len(token) > _LONGEST_ABBREVIATION and not word.number:
            self._same_phrase = False
        if is_cjk(token) and re.match(r"[，,。]", after):
            self._adjacent = False
        if word.known:
            self._look_for_heads(place)
        kinds = word.kinds | (word.if_numbered if self._numbered or self._coded else frozenset())
        kinds |= word.if_coded if self._coded else frozenset()
        if not kinds and Kind.BUSINESS in word.if_numbered and not self._follows_preposition(place):
            kinds = word.if_numbered  # "case 4711", but not "in any case 030 1234567"
        if not kinds and self._numbered and self._adjacent and is_whose(token):
            return frozenset({Kind.CALL})  # "my number", of nothing else
        if self._taken and kinds == {Kind.BUSINESS} and not self._joined:
            self._taken = self._adjacent = self._same_phrase = False
            return frozenset()
        if kinds and not kinds <= self._passing:
            return kinds
        if word.small or word.number or word.code or word.known or self._in_brackets:
            self._small_words += word.small
        else:
            self._adjacent = self._same_phrase = False
            self._other_words += 1
        return frozenset()

    def _follows_preposition(self, place: int) -> bool:
        before = self._tokens[max(0, place - 2) : place]
        return self._small_words > 0 or any(is_preposition(token.group()) for token in before)

    def _look_for_heads(self, place: int) -> None:
        """Look for "number" and "code" before a word: "numéro fiscal", "código de verificación"."""
        for distance in range(1, min(place, _MOST_WORDS_TO_CODE) + 1):
            word = look_up(self._tokens[place - distance].group())
            self._numbered = self._numbered or (word.number and distance <= _MOST_WORDS_TO_NUMBER)
            self._coded = self._coded or word.code


def _is_mark_or_digits(token: str) -> bool:
    """Tell whether a token is a number without any letter, of two digits at least, or a mark for one."""
    return token.startswith("[") or (len(token) > 1 and token.isdigit())


def _is_number(token: str, word: Word) -> bool:
    """Tell whether a token is a number or a mark that replaced one; "CVV2" is a word."""
    digits = sum(character.isdigit() for character in token)
    return token.startswith("[") or digits > 1 or (digits == 1 and not word.known)


@cache
def _token() -> re.Pattern[str]:
    """Return the pattern of a word, an abbreviation or a run of Chinese, Japanese or Korean."""
    return re.compile(
        rf"\[[a-z]{{2,8}}\]|(?<!\w)[^\W\d_](?:[./][^\W\d_]){{1,4}}(?!\w)|[{CJK}]+"
        rf"|[^\W{CJK}]+(?:['’-]?[^\W{CJK}]+|[{_VOWELS}]+)*"
    )
