"""Bodies are read by what they are: HTML, storage format, Markdown or plain text, wherever they come from."""

from __future__ import annotations

import pytest

from kb_index.articles.article import Article
from kb_index.articles.body_text import body_to_text, looks_like_markdown
from kb_index.articles.markup.html_page import read_html_page
from kb_index.articles.markup.page_stamps import without_stamps
from kb_index.articles.markup.site_markdown import plain_markdown


def text_of(body: str) -> str:
    return Article.from_record({"id": "a", "title": "T", "body": body}).body.replace("\u00a0", " ")


def test_markdown_in_a_record_is_read_as_a_page_is() -> None:
    body = (
        "Open **Settings**, then [Network](https://help.example/n?a=1&b=2).\n\n![](https://cdn.example/long.png)\n\n"
        "```sh\n# restart it\nnetctl restart\n```\n\n| Light | Meaning |\n|---|---|\n| blue | searching |\n"
    )
    assert text_of(body) == (
        "Open Settings, then Network.\n\n# restart it\nnetctl restart\n\nLight | Meaning\nblue | searching"
    )


@pytest.mark.parametrize(
    "body",
    [
        "See [our list](https://help.example/list).",
        "![The switch](switch.png)",
        "Press **both** keys.",
        "请按**两个**键。",
        "~~~\ncode\n~~~",
        "a | b\n--|--\n1 | 2",
        "## Steps\n* one\n* two",
        "# Steps\nRun `ls`.",
        "[list]: https://help.example/list",
    ],
)
def test_a_mark_that_only_markdown_has_makes_it_markdown(body: str) -> None:
    assert looks_like_markdown(body)


@pytest.mark.parametrize(
    "body",
    [
        "2 * 3 * 4 is 24, and a_b_c stays.",
        "- one\n- two",
        "# Only a heading\nand text with *stars* in it",
        "1920 x 1080 + / + **1920 x 1200 100 Hz 60.000 + / + **1920",
        "Mail [support] (or call) us.",
        "Choose > Settings\n>>> import lamps\n# a comment\n",
        "The ` key is above Tab, the ´ key beside it.",
        "#!/bin/sh\n# start\nlamp * 2\n/* c\n * d\n */",
        "x -- y | z",
        "!!! IMPORTANT !!!",
    ],
)
def test_plain_text_stays_as_it_is(body: str) -> None:
    assert not looks_like_markdown(body)
    assert body_to_text(body) == body


def test_tags_in_a_line_of_text_are_cleaned() -> None:
    assert text_of('Open <b>Settings</b> &gt; <i>Network</i> and press <a href="x">Reset</a>.') == (
        "Open Settings > Network and press Reset."
    )
    assert text_of("One line<br>and another &amp; more") == "One line\nand another & more"
    assert text_of("First <b>this</b>.\nThen that.") == "First this.\nThen that."
    assert text_of("if a < b, mail <ann@help.example>") == "if a < b, mail <ann@help.example>"


def test_html_that_was_encoded_twice_is_read() -> None:
    assert text_of("&lt;p&gt;Hold the &lt;b&gt;ring&lt;/b&gt;.&lt;/p&gt;") == "Hold the ring."


def test_entities_in_titles_are_decoded() -> None:
    assert (
        Article.from_record({"id": "a", "title": "Lamp &amp; bridge &#8211; setup"}).title
        == "Lamp & bridge – setup"
    )


def test_what_opens_with_a_click_and_alternative_texts_are_kept_in_articles() -> None:
    body = (
        "<h2>FAQ</h2><button type='button'>How long?</button><div style='display:none'>Four hours.</div>"
        "<div hidden>Or five.</div><p><img src='a.png' alt='The plug is on the left'></p>"
        "<p><img src='1.png' alt='IMG_2034.png'><img class='emoji' alt=':smile:'></p>"
    )
    assert text_of(body) == ("## FAQ\n\nHow long?\nFour hours.\nOr five.\n\nThe plug is on the left")


@pytest.mark.parametrize(
    "body",
    [
        "<p>Run:</p><pre><code># stop\nlampctl stop</code></pre>",
        "<p>Run:</p><pre># stop\nlampctl stop</pre>",
        "Run:\n\n```\n# stop\nlampctl stop\n```",
        "<p>Run:</p><ac:structured-macro ac:name='code'><ac:plain-text-body><![CDATA[# stop\nlampctl stop]]>"
        "</ac:plain-text-body></ac:structured-macro>",
    ],
)
def test_a_comment_in_code_is_no_heading(body: str) -> None:
    article = Article.from_record({"id": "a", "title": "T", "body": body})
    assert article.body.replace("\u00a0", " ") == "Run:\n\n# stop\nlampctl stop"
    assert not any(line.startswith("# ") for line in article.body.splitlines())


def test_an_example_of_the_storage_format_in_markdown_stays() -> None:
    code = "<ac:structured-macro ac:name='info'/>"
    assert text_of(f"Write this:\n\n```\n{code}\n```") == f"Write this:\n\n{code}"


def test_a_storage_format_that_is_cut_off_loses_no_text() -> None:
    assert text_of(
        "<p>One</p><ac:structured-macro ac:name='info'><ac:parameter ac:name='icon'>false<p>Two</p>"
    ) == ("One\n\nfalse\n\nTwo")


@pytest.mark.parametrize(
    "line",
    [
        "Last updated on 18 November 2025 by Ann",
        "Last modified: 2025-11-18",
        "Created by Ann Other, last modified on Nov 18, 2025",
        "Zuletzt geändert am 18.11.2025",
        "Dernière mise à jour le 18 novembre 2025",
        "Última actualización: 18/11/2025",
        "Viimeksi päivitetty 18.11.2025",
        "Ostatnia aktualizacja: 18.11.2025",
        "Последнее обновление: 18.11.2025",
        "最終更新日: 2025年11月18日",
        "最后更新于 2025-11-18",
    ],
)
def test_who_changed_a_page_and_when_is_no_text_of_it(line: str) -> None:
    assert without_stamps(f"{line}\n\nHold the ring.\nPress it.\n\n{line}") == "Hold the ring.\nPress it."


@pytest.mark.parametrize(
    "line",
    [
        "Updated lamps charge faster.",
        "Created tickets are listed below: see 2.1.",
        "Modified in 2024: the ring.",
        "Published articles can be found by everybody. Drafts cannot, since 18.11.2025.",
    ],
)
def test_a_sentence_about_changes_stays(line: str) -> None:
    assert line in without_stamps(f"{line}\n\nHold the ring.")


def test_furniture_never_takes_most_of_a_page_along() -> None:
    page = read_html_page(
        "<title>T</title><body><div class='footer sidebar'><h1>Lamp</h1>"
        "<p>Everything stands in here, by mistake.</p></div><nav>Home</nav></body>"
    )
    assert page is not None
    assert (page.title, page.body) == ("Lamp", "Everything stands in here, by mistake.")


def test_a_section_about_cookies_is_no_cookie_banner() -> None:
    page = read_html_page(
        "<body><main><h1>Privacy</h1><section id='cookies'><h2>Cookies</h2><p>We set two.</p></section>"
        "<section id='comments'><h2>Comments</h2><p>Are read.</p></section></main>"
        "<div class='cookie-consent'>Accept?</div></body>"
    )
    assert page is not None
    assert page.body == "## Cookies\n\nWe set two.\n\n## Comments\n\nAre read."


def test_marks_of_page_generators_in_code_stay() -> None:
    code = "```\n{{< ref x >}}\nimport a from 'b'\n:::note\n<Tab label='x'>\n```\n"
    assert plain_markdown(code) == code
    assert plain_markdown("Text\n\n{{</* ref x */>}}") == "Text\n\n`{{< ref x >}}`"
    assert "{{< ref x >}}" in body_to_text(f"# Links\n\nWrite **this**:\n\n{code}")
    assert body_to_text("Write **this**: {{</* ref x */>}}") == "Write this: {{< ref x >}}"
    assert body_to_text("Press **both** keys{{< note >}} now") == "Press both keys now"


def test_prose_that_begins_with_import_stays() -> None:
    text = 'import your lamps from the file\nexport the list "lamps"\n'
    assert plain_markdown(text) == text
