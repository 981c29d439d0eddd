"""Counts in messages are read as people write them."""

from __future__ import annotations

import pytest

from models.wording import counted, noun_after, problem_text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 queries"), (1, "1 query"), (2, "2 queries"), (1_000_000, "1,000,000 queries")]
)
def test_only_one_thing_has_the_singular(number: int, text: str) -> None:
    assert counted(number, "query", "queries") == text
    assert text.endswith(noun_after(number, "query", "queries"))


def test_a_problem_is_told_without_the_library_s_own_word_for_it() -> None:
    assert problem_text("Value error, found both `a` and `b`") == "found both `a` and `b`"
    assert problem_text("Assertion failed, no") == "no"
    assert problem_text("Field required") == "Field required"
