"""Markdown and HTML become what a reader sees, with their headings kept apart."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_index.articles.chunking import HEADING
from kb_index.articles.loaders import load_articles
from kb_index.articles.markdown import markdown_to_text
from models.text import article_to_text


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
        ("Press <kbd>Ctrl</kbd>&nbsp;<!-- gone -->now", "Press Ctrl\u00a0now"),
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
    assert article_to_text(markup).split("\n\n") == ["# Top one", "text", "### Deep", "more"]


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


OPENINGS = [
    "<script>",
    "<STYLE type='x'>",
    "<!--",
    "<textarea>",
    "<title>",
    "<svg>",
    "<iframe src='x'/>",
    "<pre>",
    "<?",
]


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize(
    "page", ["{}\n\nFirst", "Words {} here\n\nFirst", "<div>{}\nFirst</div>", "- {}\n\n  First"]
)
def test_what_is_never_closed_hides_no_text(opening: str, page: str) -> None:
    text = markdown_to_text(f"Before\n\n{page.format(opening)}\n\n# Head\n\nThe **end**")
    assert text.startswith("Before")
    assert "First" in text
    assert "# Head" in text.splitlines()
    assert text.splitlines()[-1] == "The end"


@pytest.mark.parametrize(
    "opening", [*OPENINGS, "<noscript>", "<select>", "<object data='x'>", "<xmp>", "<plaintext>"]
)
def test_an_element_of_a_web_page_that_is_never_closed_hides_no_text(opening: str) -> None:
    markup = f"<h2>Head</h2><p>Before</p>{opening}<p>First<p>The end"
    lines = article_to_text(markup).splitlines()
    assert [line for line in lines if line in ("## Head", "Before", "First", "The end")] == [
        "## Head", "Before", "First", "The end",
    ]  # fmt: skip


def test_what_is_closed_stays_hidden() -> None:
    page = (
        "<script>\nx = 1\n\ny\n</script>\n\na\n\n<!-- no\n\nno -->\n\n- b\n\n  <style>\n  p{}\n\n  </style>"
    )
    assert markdown_to_text(page) == "a\n\n- b"


@pytest.mark.parametrize(
    "code", ["`<!-- note`", "`<!--`", "```\n<!-- note\n```", "    <!-- note", "`<script>`"]
)
def test_marks_of_comments_and_elements_in_code_are_kept(code: str) -> None:
    kept = code.strip("`\n ")
    assert markdown_to_text(f"Use\n\n{code}\n\nThe end") == f"Use\n\n{kept}\n\nThe end"


@pytest.mark.parametrize(
    ("item", "heading"),
    [
        ("- # Head", "# Head"),
        ("1. ## Head *two*\n\n   text", "## 1. Head two"),
        ("- a\n  - ### Head", "### Head"),
        ("<ul><li><h3>Head</h3>text</li></ul>", "### Head"),
        ("<ol><li>a<li><h2>Head</h2>text</ol>", "## 2. Head"),
    ],
)
def test_a_heading_in_a_list_is_a_heading(item: str, heading: str) -> None:
    lines = markdown_to_text(f"{item}\n\nThe end").splitlines()
    assert [line for line in lines if HEADING.fullmatch(line)] == [heading]
    assert [line for line in lines if "#" in line] == [heading]


def test_a_cell_is_no_heading() -> None:
    rows = markdown_to_text("| # | b |\n|---|---|\n| # x | y |\n| ## | z |").splitlines()
    assert len(rows) == 3
    assert not any(HEADING.fullmatch(row) for row in rows)


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "> - "])
def test_deep_nesting_hides_no_text(mark: str) -> None:
    text = markdown_to_text(f"{mark * 300}deep *words*\n\nThe end")
    assert "deep" in text
    assert text.endswith("The end")


def _steps(source: str) -> int:
    count = 0

    def trace(*_: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        markdown_to_text(source)
    finally:
        sys.settrace(before)
    return count


RUNS = [
    "*",
    "[",
    "`a",
    "<",
    "_a",
    "[a](",
    "<!--",
    "**a ",
    "{{<",
    "| ",
    "- ",
    "> ",
    "![",
    "\\",
    "<pre>\n",
    "- a\n  <style>\n",
]


@pytest.mark.parametrize("run", RUNS)
def test_long_runs_of_marks_cost_work_in_proportion_to_their_length(run: str) -> None:
    assert _steps(run * 2_000 + "\n" + run) < 2.5 * _steps(run * 1_000 + "\n" + run)


@pytest.mark.parametrize("run", ["[", "![", "[[a]", "[![a]("])
def test_brackets_that_nothing_closes_cost_little_and_are_kept(run: str) -> None:
    source = run * 500
    assert _steps(source) < 1_500 * len(source)
    assert markdown_to_text(source) == source


def test_a_paragraph_that_nobody_wrote_keeps_its_marks() -> None:
    assert markdown_to_text("*a* " * 10_000) == ("*a* " * 10_000).strip()


def test_a_title_of_a_web_page_that_is_never_closed_is_not_the_whole_page(tmp_path: Path) -> None:
    page = tmp_path / "help.html"
    page.write_text("<html><head><title>Battery<body><h1>Battery</h1><p>Charge it.</p>", "utf-8")
    [article] = load_articles([page]).articles
    assert article.title == "Battery"
    assert "Charge it." in article.body
