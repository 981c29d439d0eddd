"""Markdown and HTML become what a reader sees, with their headings kept apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_index.articles.chunking import HEADING
from kb_index.articles.loaders import load_articles
from kb_index.articles.markdown import markdown_to_text
from models.text import html_to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# A *b* `c`\n\ntext ##", "# A b c\n\ntext ##"),
        ("Head\n---\ntext", "## Head\ntext"),
        (
            'see [the **page**](https://x.example/a_(b) "t") and ![a picture](p.png)',
            "see the page and a picture",
        ),
        ("[text][ref] <https://x.example>\n\n[ref]: https://y.example", "text https://x.example"),
        ("* one\n  + two\n1. three\n- [x] done", "- one\n  - two\n1. three\n- done"),
        ("> [!NOTE]\n> Mind the __gap__", "Mind the gap"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("snake_case_name and 2 * 3 * 4 and \\*stars\\*", "snake_case_name and 2 * 3 * 4 and *stars*"),
        ("~~~sh\n# not a heading\nls *.md\n~~~\nafter", "#\u00a0not a heading\nls *.md\nafter"),
        ("Press <kbd>Ctrl</kbd>&nbsp;<!-- gone -->now{{< note >}}", "Press Ctrl\u00a0now"),
        ("a\n\n***\n\nb", "a\n\nb"),
        ("A heading of\ntwo lines\n===\ntext", "# A heading of two lines\ntext"),
        ("See [the guide] or [This].\n\n[the guide]: https://x.example", "See the guide or [This]."),
        ("3. three\n4. four\n   - deep\n7) seven", "3. three\n4. four\n  - deep\n7) seven"),
        ("- one\n\n- two\n\n  more of two", "- one\n\n- two\n\nmore of two"),
        ("- - twice\n-\n\ntext", "- - twice\n\ntext"),
        ("| | b |\n|---|---|\n| 1 | | ", "| b\n1 |"),
        ("Before\n<table><tr><td>x</td></tr></table>\n\n<h3>Deep</h3>", "Before\nx\n\n### Deep"),
        ("<div>\n\n# Head\n\n</div>\n\n<ul><li><p>One</p></li></ul>", "# Head\n\n- One"),
        ("a <br> b\\\nc  \nd", "a\nb\nc\nd"),
        ("<!-- gone\n\nand gone --> kept\n\n<!-- never closed", "kept\n\nnever closed"),
    ],
)
def test_the_marks_go_and_the_words_stay(source: str, text: str) -> None:
    assert markdown_to_text(source) == text


def test_headings_of_a_web_page_keep_their_level() -> None:
    markup = '<h1 class="t">Top <em>one</em></h1><p>text</p><H3>Deep</H3><p>more</p><h2></h2>'
    assert html_to_text(markup, mark_headings=True).split("\n\n") == ["# Top one", "text", "### Deep", "more"]


@given(st.text(alphabet="ab *_`~#>[]()!|\\<-=\n&;{}%1.", max_size=200))
def test_any_text_can_be_rendered(source: str) -> None:
    text = markdown_to_text(source)
    assert text == text.strip()
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    "source",
    ["```\n# a comment\n## another\n```", "    # a comment", "\\# no heading", "<pre># a comment</pre>"],
)
def test_code_and_escaped_text_are_never_taken_for_headings(source: str) -> None:
    text = markdown_to_text(f"{source}\n\n# The heading\n\nText")
    assert [line for line in text.splitlines() if HEADING.fullmatch(line)] == ["# The heading"]
    assert HEADING.fullmatch(text.splitlines()[0].strip()) is None
    assert "a comment" in text or "no heading" in text


def test_a_comment_in_code_is_not_the_title_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "install.md"
    page.write_text("```sh\n# first update\napt-get update\n```\n\n# Install\n\nText", encoding="utf-8")
    [article] = load_articles([page]).articles
    assert article.title == "Install"
    assert "first update" in article.body


@pytest.mark.parametrize(
    "run", ["*", "[", "`a", "<", "_a", "[a](", "<!--", "**a ", "{{<", "| ", "- ", "> ", "![", "\\"]
)
def test_long_runs_of_marks_cost_work_in_proportion_to_their_length(run: str) -> None:
    def steps(repeats: int) -> int:
        count = 0

        def trace(*_: object) -> object:
            nonlocal count
            count += 1
            return trace

        source = run * repeats + "\n" + run
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            markdown_to_text(source)
        finally:
            sys.settrace(before)
        return count

    assert steps(2_000) < 2.5 * steps(1_000)


def test_a_paragraph_that_nobody_wrote_keeps_its_marks() -> None:
    assert markdown_to_text("*a* " * 10_000) == ("*a* " * 10_000).strip()
