"""Bad and hostile files of articles end in a clear error or a sensible result, and cost no time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.articles.body_text import body_to_text
from kb_index.articles.loaders import load_articles
from kb_index.articles.markup.html_page import read_html_page
from kb_index.articles.markup.wikitext import wikitext_to_html
from kb_index.articles.sources.front_matter import split_front_matter
from models.errors import DataFileError, InputError
from tests.kb_toy import EVERYONE, ask, build, ids

MANY = 50_000
HOSTILE = {
    "attributes": "<p " + " ".join(f'a{n}="b"' for n in range(25_000)) + ">Text</p>",
    "alternative texts": "<p>Text<img " + "alt='x' " * 25_000 + "></p>",
    "nested tags": "<div>" * 200_000 + "Text" + "</div>" * 200_000,
    "nested footers": "<div class='footer'>" * 200_000 + "Text",
    "many footers": "<p>Text</p>" + "<div class='footer'>x</div>" * MANY,
    "quotes": "Text\n" + ">" * 100_000,
    "digits": "Text " + "1" * 100_000,
    "brackets": "Text " + "[a](" * MANY,
    "stars": "Text " + "**a" * MANY,
    "backticks": "Text **b** " + "`a " * MANY,
    "components": "Text **b** " + "<Tab a=" * MANY,
    "shortcodes": "Text **b** " + "{{< highlight >}}" * MANY,
    "comments": "Text **b** " + "{/*" * MANY,
    "colons": "Text **b**\n:::" + " " * MANY + "x",
    "parameters": "<p>Text</p>" + "<ac:parameter>" * MANY,
    "character data": "<p>Text</p>" + "<ac:link><![CDATA[" * MANY,
    "encoded tags": "&lt;p&gt;Text" * MANY,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_and_pages_are_read_at_once(name: str) -> None:
    assert "Text" in body_to_text(HOSTILE[name])
    page = read_html_page(f"<body>{HOSTILE[name]}</body>")
    assert page is not None
    assert "Text" in page.body


@pytest.mark.parametrize(
    "text", ["{{", "[[", "{|\n", "{{a|", "<ref>", "<!--", "*#", "'''", "[http://a ", "|"]
)
def test_hostile_wikitext_is_read_at_once(text: str) -> None:
    assert "Text" in wikitext_to_html(f"Text {text * MANY}")


def test_a_file_of_50_megabytes_is_read_or_its_limit_is_named(tmp_path: Path) -> None:
    text = "The lamp has a ring below the shade. " * 500
    articles = [{"id": str(number), "title": f"Lamp {number}", "body": text} for number in range(2_700)]
    lines, array = tmp_path / "articles.jsonl", tmp_path / "articles.json"
    lines.write_text("\n".join(map(json.dumps, articles)), "utf-8")
    array.write_text(json.dumps({"articles": articles}), "utf-8")
    assert min(lines.stat().st_size, array.stat().st_size) > 50_000_000
    assert len(load_articles([lines]).articles) == len(load_articles([array]).articles) == len(articles)
    for name, word in [("page.html", "has 50,000,0"), ("page.md", "has 50,000,0")]:
        page = tmp_path / "pages" / name
        page.parent.mkdir(exist_ok=True)
        page.write_text("<p>Lamp</p>" * 4_545_455, "utf-8")
        with pytest.raises(DataFileError, match=f"{word}.* bytes, the most is 20,000,000: cut it"):
            load_articles([page])
    (tmp_path / "pages" / "good.md").write_text("# Good", "utf-8")
    found = load_articles([tmp_path / "pages"], skip_bad=True)
    assert ([article.title for article in found.articles], len(found.skipped)) == (["Good"], 2)


def test_a_body_of_50_megabytes_in_a_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text(json.dumps({"id": "a", "title": "Lamp", "body": "ring " * 10_000_000}), "utf-8")
    with pytest.raises(DataFileError, match=r"line 1: .* has 49,999,999 characters, the most is 1,000,000"):
        load_articles([path])


def test_ten_thousand_articles_with_the_same_title_are_told_apart_by_their_texts(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    records = (
        {"id": str(n), "title": "Lamp", "body": f"It shows the code e{n}x.", "language": "en"}
        for n in range(10_000)
    )
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    found = load_articles([path])
    assert len(found.articles) == 10_000
    kb = build(found.articles)
    assert ids(ask(kb, "code e4711x", visibility=EVERYONE))[0] == "4711"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("export.zip", b"PK\x03\x04", "is an archive: unpack it, and name the folder"),
        ("export.tar.gz", b"\x1f\x8b", "is an archive"),
        (
            "articles.json",
            b'{"articles": [{"id": 1, "title": "a"}, {"id":',
            "line 1: is no JSON .* again, in full",
        ),
        ("articles.json", b"[]", "found no articles: expected objects with title and body"),
        ("articles.json", b'{"tickets": [{"id": 1}]}', "found no articles"),
        ("articles.json", b"[" * 100_000, "is nested too deep"),
        ("articles.json", b'{"articles": [{"id": 1, "title": "F\xfcr"}]}', "is not UTF-8"),
        ("articles.json", b"", "found no articles"),
        ("wiki.xml", b"<mediawiki><page>", "line 1: is no XML .* again, in full"),
        ("wiki.xml", b"<rss><channel/></rss>", "is an XML file of <rss>, expected MediaWiki's"),
        ("page.md", b"+++\ntitle = 'a\n+++\n", "line [12]: the front matter is no TOML"),
        ("page.md", b"+++\ntitle = 'a'\n", "not closed: end it with a line \\+\\+\\+"),
        ("page.md", b"---\na: &a [*a]\n---\n", "more than 10,000 values"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=expected) as caught:
        load_articles([path])
    assert str(path) in caught.value.message


def test_front_matter_that_refers_to_itself_over_and_over_is_refused() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    with pytest.raises(InputError, match="more than 10,000 values"):
        split_front_matter(f"---\nl0: &l0 [a]\n{levels}\nvisibility: *l11\n---\nText")


def test_an_entity_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "wiki.xml"
    page = "<mediawiki><page><title>&e11;</title></page></mediawiki>"
    path.write_text(f'<!DOCTYPE m [<!ENTITY e0 "ring ">{entities}]>{page}')
    with pytest.raises(DataFileError, match="is no XML"):
        load_articles([path])


def test_a_body_that_was_read_reads_the_same_again() -> None:
    body = "<h2>Steps</h2><ol><li>Hold <b>both</b> keys.</li></ol><pre># wait\nls *</pre><p>a_b_c &lt; 5</p>"
    once = Article.from_record({"id": "a", "title": "T", "body": body})
    again = Article.from_record(once.to_record() | {"labels": []})
    assert again.body == once.body
