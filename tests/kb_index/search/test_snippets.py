"""Snippets are parts of the article, short, and marked where they match."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb_index.search.snippets import MAX_CHARS, Highlighter, QueryTerms, Snippet, make_snippet

FILLER = "Nothing of interest is said in this sentence about anything at all. "


def snippet(passage: str, asked: str, common: frozenset[str] = frozenset()) -> Snippet:
    return make_snippet(passage, Highlighter(QueryTerms.from_text(asked), common))


def marked(found: Snippet) -> list[str]:
    return [found.text[start:end] for start, end in found.highlights]


def test_the_sentence_that_answers_is_shown_from_its_start() -> None:
    passage = FILLER * 8 + "Remove the paper jam behind the rear cover. " + FILLER * 8
    found = snippet(passage, "paper jam")
    assert found.text.startswith("Remove the paper jam")
    assert marked(found) == ["paper", "jam"]
    assert found.text.endswith(".")


def test_without_a_match_the_first_sentences_are_shown() -> None:
    found = snippet(FILLER * 8, "Drucker")
    assert found.text == (FILLER * 3).strip()
    assert found.highlights == ()


def test_endings_and_case_do_not_hide_a_match() -> None:
    assert marked(snippet("PRINTERS and Drückern, Straße.", "printer Drücker strasse STRAẞE")) == [
        "PRINTERS",
        "Drückern",
    ]


def test_only_the_beginnings_of_words_and_whole_short_words_match() -> None:
    assert marked(snippet("A newspaper on paper by a keyed key, papers.", "paper key")) == [
        "paper",
        "key",
        "papers",
    ]


def test_words_that_stand_everywhere_are_not_marked() -> None:
    assert marked(snippet("Reset the password of the user.", "reset the password", frozenset({"the"}))) == [
        "Reset",
        "password",
    ]


def test_headings_are_left_out_unless_there_is_nothing_else() -> None:
    assert snippet("## Printers\nSwitch it on.\n## Paper\nFill it.", "x").text == "Switch it on. Fill it."
    assert snippet("## Printers", "x").text == "Printers"
    assert snippet("", "x") == Snippet("", ())


def test_a_word_without_end_is_cut() -> None:
    found = snippet("x" * 5000, "x")
    assert found.text == "x" * MAX_CHARS


PARTS = st.sampled_from(
    ["paper ", "jam. ", "密码重置。", "İstanbul ", "ß", "ﬁ", "\n", "## Head\n", "…! ", "word" * 70, "a "]
)


@given(st.lists(PARTS, max_size=150).map("".join), st.lists(PARTS, max_size=6).map("".join))
def test_text_and_marks_lie_within_the_passage(passage: str, asked: str) -> None:
    found = snippet(passage, asked)
    assert len(found.text) <= MAX_CHARS
    body = "\n".join(line for line in passage.splitlines() if not line.startswith("## Head"))
    assert found.text in " ".join(body.split()) or found.text in " ".join(passage.split())
    ends = [0, *(place for mark in found.highlights for place in mark), len(found.text)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in found.highlights)
