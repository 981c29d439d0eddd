"""Yes and no are read alike in tickets and in articles, whatever language a table is in."""

from __future__ import annotations

import pytest

from kb_index.articles.access.values import truth_of
from models.language.truth import NO, YES, is_no, is_yes

PAIRS = (
    "yes no", "ja nein", "oui non", "sí no", "sì no", "sim não", "ja nee", "tak nie", "ja nej", "ja nei",
    "kyllä ei", "jah ei", "taip ne", "jā nē", "да нет", "так ні", "ano ne", "áno nie", "igen nem", "da nu",
    "ναι όχι", "evet hayır", "はい いいえ", "是 否", "예 아니요", "TRUE FALSE", "1 0", "✓ ✗",
)  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_yes_and_no_are_known_in_tickets_and_articles(pair: str) -> None:
    yes, no = pair.split()
    assert (is_yes(yes), is_no(yes), is_yes(no), is_no(no)) == (True, False, False, True)
    assert (truth_of(yes), truth_of(no)) == (True, False)


def test_no_word_is_both_and_what_is_empty_or_unclear_is_neither() -> None:
    assert not YES & NO
    assert not any(is_yes(value) or is_no(value) for value in ("", None, "maybe", 7))
