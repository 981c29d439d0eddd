"""Markdown and HTML become what a reader sees, with their headings kept apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_index.articles.markdown import html_body, markdown_to_text


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
        ("~~~sh\n# not a heading\nls *.md\n~~~\nafter", " # not a heading\nls *.md\nafter".strip()),
        ("Press <kbd>Ctrl</kbd>&nbsp;<!-- gone -->now{{< note >}}", "Press Ctrl\u00a0now"),
        ("a\n\n***\n\nb", "a\n\nb"),
    ],
)
def test_the_marks_go_and_the_words_stay(source: str, text: str) -> None:
    assert markdown_to_text(source) == text


def test_headings_of_a_web_page_keep_their_level() -> None:
    markup = '<h1 class="t">Top <em>one</em></h1><p>text</p><H3>Deep</H3><p>more</p><h2></h2>'
    assert html_body(markup).split("\n\n") == ["# Top one", "text", "### Deep", "more"]


@given(st.text(alphabet="ab *_`~#>[]()!|\\<-=\n&;{}%1.", max_size=200))
def test_any_text_can_be_rendered(source: str) -> None:
    text = markdown_to_text(source)
    assert text == text.strip()
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    "run", ["*", "[", "`a", "<", "_a", "[a](", "<!--", "**a ", "{{<", "| ", "- ", "> ", "![", "\\"]
)
def test_long_runs_of_marks_cost_little_time(run: str) -> None:
    started = time.monotonic()
    markdown_to_text(run * 50_000 + "\n" + run * 4_000)
    assert time.monotonic() - started < 2
