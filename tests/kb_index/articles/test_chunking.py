"""Articles are cut where a reader would cut them, and nothing of them is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kb_index.articles.article import Article
from kb_index.articles.chunking import MAX_TOKENS, chunk, estimate_tokens

SENTENCE = "The quick brown fox jumps over the lazy dog near the river bank. "
SECTIONS = "".join(f"## Part {number}\n{SENTENCE * 8}\n" for number in range(6))


def texts(article: Article) -> list[str]:
    return [part.text(article) for part in chunk(article)]


def test_a_short_article_is_one_passage_with_its_title_in_front() -> None:
    article = Article("a", "Printers", "Switch it on.\n## Paper\nFill the tray.")
    [part] = chunk(article)
    assert part.passage(article) == "Printers\nSwitch it on.\nPaper\nFill the tray."


def test_an_article_without_a_body_is_found_by_its_title() -> None:
    article = Article("a", "How to record my screen?", "")
    [part] = chunk(article)
    assert part.passage(article) == "How to record my screen?"


def test_long_articles_are_cut_at_headings_and_each_passage_names_its_own() -> None:
    article = Article("a", "Foxes", SECTIONS)
    parts = chunk(article, max_tokens=250)
    assert [part.heading(article) for part in parts] == [f"Part {number}" for number in range(6)]
    assert all(part.passage(article).startswith("Foxes\nPart ") for part in parts)
    assert not any("#" in part.text(article) for part in parts)


def test_a_long_section_goes_on_under_its_heading() -> None:
    article = Article("a", "Foxes", "## Jumping\n" + SENTENCE * 60)
    parts = chunk(article)
    assert len(parts) > 3
    assert {part.heading(article) for part in parts} == {"Jumping"}
    assert all(part.text(article).rstrip().endswith(".") for part in parts)


def test_text_without_spaces_is_cut_at_its_full_stops() -> None:
    article = Article("a", "重置密码", "请打开登录页面,然后选择忘记密码。" * 90, "zh")
    parts = texts(article)
    assert len(parts) > 3
    assert all(part.endswith("。") for part in parts)


def test_a_line_of_a_hundred_thousand_spaces_is_no_problem() -> None:
    article = Article("a", "Title", "One." + "\n" + " " * 100_000 + "\n" + "Two.")
    assert [part.split() for part in texts(article)] == [["One.", "Two."]]


WORDS = st.sampled_from(
    ["a", "printer", "x" * 900, "重置密码。", "End.", "\n", "\n## Head\n", "## ", "#", "\t", "é!"]
)


@given(title=st.text(max_size=300), words=st.lists(WORDS, max_size=120))
def test_every_passage_fits_and_nothing_is_lost(title: str, words: list[str]) -> None:
    article = Article("a", title, " ".join(words))
    parts = chunk(article)
    assert parts
    for part in parts:
        assert estimate_tokens(part.passage(article)) <= 2 * MAX_TOKENS
        assert estimate_tokens(part.text(article)) <= MAX_TOKENS
    kept = "".join(part.heading(article) + part.text(article) for part in parts)
    missing = set(article.body.replace("#", "").split()) - set(kept.replace("#", " ").split())
    assert not {word for word in missing if "x" * 900 not in word and word not in kept}


@given(st.lists(WORDS, max_size=120))
def test_passages_are_in_order_and_do_not_overlap(words: list[str]) -> None:
    article = Article("a", "Title", " ".join(words))
    # A list of ways to ask is followed by each of its lines once more, without a heading.
    parts = [part for part in chunk(article) if part.heading_start >= 0]
    assert all(left.end <= right.start for left, right in pairwise(parts))
    assert all(0 <= part.start <= part.end <= len(article.body) for part in parts)


def test_ways_to_ask_are_found_one_by_one() -> None:
    asked = ["where is my parcel", "Track my order", "how long does delivery take?", "order status"]
    article = Article("a", "ORDER_STATUS", "\n".join(asked), "en")
    whole, *single = chunk(article)
    assert whole.text(article) == article.body
    assert [part.passage(article) for part in single] == asked
    assert chunk(Article("b", "Steps", "- Open it\n- Close it\n- Turn it off", "en"))[1:] == []
    assert chunk(Article("c", "Prose", "Open the lid.\nClose the lid.\nTurn it off.", "en"))[1:] == []
    assert chunk(Article("d", "Sections", "# One\nsome words\nmore words\nlast words", "en"))[1:] == []
