"""Articles come in as they are written, and what is wrong is named with its file and line."""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.articles.loaders import load_articles
from models.errors import DataFileError, InputError

GOOD = {"id": "a", "title": "Title", "body": "Body"}


def lines(folder: Path, *rows: object, name: str = "articles.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
    return path


def page(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(*paths: Path) -> list[Article]:
    return load_articles(paths).articles


def test_a_line_of_json_gives_an_article_with_everything_in_it(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "title": " Reset  your password ",
        "body": "<h2>First</h2><p>Open the <b>page</b>.</p>",
        "language": "pt-BR",
        "translation_of": "en-7",
        "visibility": "internal",
        "url": "https://help.example/7",
        "updated_at": "2026-03-31T12:00:00Z",
        "labels": ["accounts", "accounts", " web "],
        "collection": "reply",
        "votes": {"up": 3},
    }
    assert loaded(lines(tmp_path, record)) == [
        Article(
            id="7",
            title="Reset your password",
            body="## First\n\nOpen the page.",
            language="pt",
            translation_of="en-7",
            visibility="internal",
            url="https://help.example/7",
            updated_at="2026-03-31T12:00:00Z",
            labels=("accounts", "web"),
            collection="reply",
        )
    ]


@pytest.mark.parametrize(
    ("collection", "visibility"), [("article", "public"), ("reply", "internal"), ("ticket", "internal")]
)
def test_replies_and_tickets_are_internal_unless_said_otherwise(collection: str, visibility: str) -> None:
    assert Article.from_record(GOOD | {"collection": collection}).visibility == visibility
    assert (
        Article.from_record(GOOD | {"collection": collection, "visibility": "public"}).visibility == "public"
    )


def test_five_megabytes_of_html_give_the_text_without_scripts_and_styles() -> None:
    parts = (
        f"<h2>Part {n}</h2><p>Wet &amp; cold paper jams printer{n}.</p><script>track('{'x' * 400}')</script>"
        for n in range(10_000)
    )
    markup = f"<html><head><style>p {{color: red}}</style></head><body>{''.join(parts)}</body></html>"
    assert len(markup) > 4_800_000
    body = Article.from_record(GOOD | {"body": markup}).body
    assert "Wet & cold paper jams printer9999." in body
    assert "## Part 9999" in body
    for gone in ("track", "xxx", "color", "<"):
        assert gone not in body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None),
        ("id", ""),
        ("id", True),
        ("id", "x" * 1001),
        ("title", ["Title"]),
        ("title", "x" * 1001),
        ("body", 5),
        ("body", "x" * 1_000_001),
        ("language", "English"),
        ("language", 3),
        ("visibility", "secret"),
        ("collection", "faq"),
        ("updated_at", "yesterday"),
        ("updated_at", 20260331),
        ("labels", [1, 2]),
        ("labels", {"a": 1}),
        ("url", 1.5),
        ("translation_of", ["a"]),
    ],
)
def test_a_wrong_value_is_named_by_its_field(field: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Article.from_record(GOOD | {field: value})
    assert list(caught.value.fields) == [field]
    assert field in caught.value.message


def test_an_article_needs_a_title_or_a_body() -> None:
    assert Article.from_record({"id": "a", "title": "Only a title"}).body == ""
    assert Article.from_record({"id": "a", "body": "Only a body"}).title == ""
    with pytest.raises(InputError, match="empty"):
        Article.from_record({"id": "a", "title": " ", "body": ""})


def test_text_that_cannot_be_stored_is_repaired() -> None:
    article = Article.from_record({"id": "a", "title": "cut \ud83d emoji\0", "body": "e\u0301"})
    article.title.encode("utf-8")
    assert "\0" not in article.title
    assert article.body == "é"


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ('{"id": "b", "title": ', "expected one object a line"),
        ("[1, 2]", "expected an object"),
        ('{"title": "no id"}', "id is missing"),
        ('{"id": "b", "title": 5.5}', "title is a number"),
        ('{"id": "a", "title": "again"}', "used before"),
        ("[" * 100_000, "expected one object a line"),
    ],
)
def test_a_bad_line_is_named_or_skipped_and_counted(tmp_path: Path, bad: str, expected: str) -> None:
    path = lines(tmp_path, GOOD, "", bad, GOOD | {"id": "c"})
    with pytest.raises(DataFileError, match="line 3") as caught:
        load_articles([path])
    assert expected in caught.value.message
    found = load_articles([path], skip_bad=True)
    assert [article.id for article in found.articles] == ["a", "c"]
    assert len(found.skipped) == 1
    assert f"{path}, line 3" in found.skipped[0]


def test_the_same_id_in_two_files_names_both(tmp_path: Path) -> None:
    first, second = lines(tmp_path, GOOD), lines(tmp_path, GOOD, name="more.jsonl")
    with pytest.raises(DataFileError) as caught:
        load_articles([first, second])
    assert f"{second}, line 1" in caught.value.message
    assert f"{first}, line 1" in caught.value.message


def test_gzipped_files_read_the_same(tmp_path: Path) -> None:
    plain = lines(tmp_path, GOOD)
    packed = tmp_path / "articles.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert loaded(packed) == loaded(plain)


@pytest.mark.parametrize("skip_bad", [False, True])
def test_a_file_that_cannot_be_read_as_a_whole_is_always_an_error(tmp_path: Path, skip_bad: bool) -> None:
    cut_off = tmp_path / "cut.jsonl.gz"
    cut_off.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 1000)[:-20])
    not_packed = tmp_path / "not.csv.gz"
    not_packed.write_bytes(b"id,title\na,b\n")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b'{"id": "a", "title": "x"}\n{"id": "b", "title": "\xfc"}\n')
    other = tmp_path / "articles.docx"
    other.touch()
    (tmp_path / "empty").mkdir()
    for path, word in [
        (cut_off, "cut.jsonl.gz"),
        (not_packed, "not.csv.gz"),
        (latin, "line 2"),
        (other, "expected a folder with"),
        (tmp_path / "missing.jsonl", "there is no"),
        (tmp_path / "empty", "holds no pages"),
    ]:
        with pytest.raises(DataFileError, match=word):
            load_articles([path], skip_bad=skip_bad)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_with_a_header_is_read_whatever_separates_its_cells(tmp_path: Path, separator: str) -> None:
    rows = ["\ufeffID", "Title", "body", "labels", "votes"], ["a", "Title", '"Two\nlines"', '"x|y"', "3"]
    path = page(tmp_path, "articles.csv", "\n".join(separator.join(row) for row in rows) + "\n\n")
    assert loaded(path) == [Article("a", "Title", "Two\nlines", labels=("x", "y"))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,body\na,B\n", "line 1.*add title"),
        ("", "line 1"),
        ("id,title\na,b\nc\n", "line 3: has 1 cell, expected 2"),
        ('id,title\na,b\n"c"d,e\n', "line 3: is no row"),
        ("id,title\na,b\n,b\n", "line 3"),
    ],
)
def test_a_bad_table_names_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(DataFileError, match=expected):
        load_articles([page(tmp_path, "articles.csv", text)])


def test_a_folder_of_pages_gives_titles_languages_and_ids(tmp_path: Path) -> None:
    page(tmp_path, "de/vpn.md", "# VPN einrichten\nÖffnen Sie den Client.")
    page(
        tmp_path,
        "en/net/vpn.md",
        "---\nid: vpn\ntitle: Set up the VPN\nlabels: [network]\nupdated_at: 2026-03-31\nauthor: Ann\n---\n"
        "# VPN\nOpen the **client**.\n\n## Trouble\nCall us.",
    )
    page(
        tmp_path,
        "fi/vpn.html",
        "<html lang='fi'><title>VPN</title><body><h1>VPN-ohje</h1><p>Avaa.</p></body>",
    )
    page(tmp_path, ".git/notes.md", "no article")
    page(tmp_path, "en/logo.txt", "no article")
    assert {article.id: article for article in loaded(tmp_path)} == {
        "de/vpn.md": Article("de/vpn.md", "VPN einrichten", "Öffnen Sie den Client.", "de"),
        "vpn": Article(
            "vpn",
            "Set up the VPN",
            "# VPN\nOpen the client.\n\n## Trouble\nCall us.",
            "en",
            labels=("network",),
            updated_at="2026-03-31",
        ),
        "fi/vpn.html": Article("fi/vpn.html", "VPN-ohje", "Avaa.", "fi", translation_of="de/vpn.md"),
    }


def test_departments_are_not_taken_for_languages(tmp_path: Path) -> None:
    for name in ("it/vpn.md", "hr/leave.md", "finance/pay.md"):
        page(tmp_path, name, "# Title\nText")
    assert {article.language for article in loaded(tmp_path)} == {"und"}


def test_a_page_says_its_language_itself_even_where_yaml_reads_no_as_false(tmp_path: Path) -> None:
    page(tmp_path, "de/a.md", "---\nlanguage: no\n---\nTekst")
    assert [(article.title, article.language) for article in loaded(tmp_path)] == [("a", "nb")]


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("title: [1, 2\nid: a\n---", "line [23]: the front matter is no YAML"),
        ("title: a\nlabels: : x\n---", "line 3: the front matter is no YAML"),
        ("just text\n---", "expected lines such as"),
        ("title: never closed", "not closed"),
        ("updated_at: 2026-13-45\n---", "no YAML|updated_at"),
        ("title: {a: 1}\n---", "title is an object"),
        ("collection: faq\n---", "article or reply or ticket"),
    ],
)
def test_unreadable_front_matter_is_named_or_skipped(
    tmp_path: Path, front_matter: str, expected: str
) -> None:
    bad = page(tmp_path, "bad.md", f"---\n{front_matter}\nText")
    page(tmp_path, "good.md", "# Good\nText")
    with pytest.raises(DataFileError, match=expected) as caught:
        load_articles([tmp_path])
    assert str(bad) in caught.value.message
    found = load_articles([tmp_path], skip_bad=True)
    assert [article.title for article in found.articles] == ["Good"]
    assert len(found.skipped) == 1


def test_a_page_that_is_not_utf_8_can_be_skipped(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes("# Für".encode("latin-1"))
    page(tmp_path, "good.md", "# Good\nText")
    with pytest.raises(DataFileError, match="UTF-8"):
        load_articles([tmp_path])
    assert len(load_articles([tmp_path], skip_bad=True).articles) == 1


def test_html_shown_as_code_in_a_page_stays(tmp_path: Path) -> None:
    path = page(tmp_path, "a.md", "# Code\n```html\n<p>One</p>\n<p>Two</p>\n```")
    assert loaded(path)[0].body == "<p>One</p>\n<p>Two</p>"


def test_the_etag_changes_with_any_field_and_is_the_same_after_a_restart() -> None:
    article = Article("a", "Title", "Body", "en", labels=("x", "y"))
    assert article.etag == "9a1609711cb5ac9ede0b35b61963d72c"
    others = [
        replace(article, **{name: value})
        for name, value in {
            "id": "b",
            "title": "title",
            "body": "Body.",
            "language": "de",
            "translation_of": "b",
            "visibility": "internal",
            "url": "https://help.example.com",
            "updated_at": "2026-01-01",
            "labels": ("y", "x"),
            "collection": "reply",
        }.items()
    ]
    assert len(others) == len(fields(Article))
    assert len({article.etag, *(other.etag for other in others)}) == len(others) + 1
    assert Article.from_stored(article.to_record()).etag == article.etag


@pytest.mark.parametrize("lead", ["\n", "\n \t\n\n", "\ufeff", "\ufeff\ufeff\n", "\r\n\r\n"])
@pytest.mark.parametrize(
    "matter", ["---\ndraft: true\n---\n", "+++\ndraft = true\n+++\n", '{"draft": true}\n']
)
def test_front_matter_counts_after_blank_lines_and_a_byte_order_mark(
    lead: str, matter: str, tmp_path: Path
) -> None:
    (tmp_path / "lamp.md").write_bytes(f"{lead}{matter}# Lamp\nUnscrew it.".encode())
    found = load_articles([tmp_path])
    assert not found.articles
    assert dict(found.summary.withheld) == {"draft": 1}


def test_a_rule_after_a_blank_line_begins_no_front_matter(tmp_path: Path) -> None:
    (tmp_path / "lamp.md").write_text("\n---\nUnscrew it.\n\n---\n\nThen wipe it.", "utf-8")
    (tmp_path / "ring.md").write_text("\n---\nTurn it.", "utf-8")
    bodies = {article.id: article.body for article in load_articles([tmp_path]).articles}
    assert "Unscrew it." in bodies["lamp.md"] and "Turn it." in bodies["ring.md"]


def test_an_error_in_front_matter_after_blank_lines_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "lamp.md").write_text("\n\n---\ntitle: Lamp\nlabels: [a\n---\nText", "utf-8")
    with pytest.raises(DataFileError, match=r"line [56]: the front matter is no YAML"):
        load_articles([tmp_path])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.md", "a.csv.gz"])
def test_a_file_without_text_is_refused_by_its_kind_and_none_of_it_is_shown(
    tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(tmp_path / "packed", "w") as archive:
        archive.writestr("help.csv", "id,title\n1,Lamp\n")
    for content, what in (
        ((tmp_path / "packed").read_bytes(), "is a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "is a file of an old Office"),
        (bytes(range(256)) * 20, "holds binary data"),
    ):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        with pytest.raises(DataFileError, match=what) as caught:
            load_articles([path])
        assert caught.value.message.isprintable()
        assert len(caught.value.message) < 400


def test_a_page_that_is_no_text_is_named_among_the_others(tmp_path: Path) -> None:
    (tmp_path / "lamp.md").write_bytes(b"%PDF-1.7\n\x00\x01")
    page(tmp_path, "ring.md", "# Ring\nPress it.")
    found = load_articles([tmp_path], skip_bad=True)
    assert [article.id for article in found.articles] == ["ring.md"]
    assert "is a PDF, and no page" in found.skipped[0]


def test_a_table_of_a_header_alone_takes_no_articles_out(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="a header and no articles below it: export it again"):
        load_articles([lines(tmp_path, "id,title,body", name="a.csv")])


def test_a_table_without_an_id_column_has_ids_from_its_first_column_or_its_titles(tmp_path: Path) -> None:
    finnish = page(tmp_path, "fi.csv", "Tunnus;Otsikko;Sisältö\nA-1;Akku;Lataa akku.\nA-2;Ovi;Avaa ovi.\n")
    assert [article.id for article in loaded(finnish)] == ["A-1", "A-2"]
    german = page(
        tmp_path, "de.csv", "Titel,Inhalt\nTür öffnen,Drücken.\nTür öffnen,Ziehen.\n\nAkku,Laden.\n"
    )
    found = load_articles([german])
    assert [article.id for article in found.articles] == ["tür-öffnen", "tür-öffnen-2", "akku"]
    assert any("made of their titles" in line for line in found.summary.lines())


def test_views_and_other_numbers_of_a_table_are_no_ids(tmp_path: Path) -> None:
    path = page(tmp_path, "a.csv", "title,body,views\nKeys,Turn.,12\nDoors,Push.,13\n")
    assert [article.id for article in loaded(path)] == ["keys", "doors"]


@pytest.mark.parametrize(
    "header",
    ["Frage,Antwort", "Question,Réponse", "Pregunta,Respuesta", "Вопрос,Ответ", "質問,回答", "질문,답변"],
)
def test_a_table_of_questions_and_answers_is_one_of_articles(tmp_path: Path, header: str) -> None:
    path = page(tmp_path, "faq.csv", f"{header}\nA lamp?,Turn it.\n")
    assert [(found.title, found.body) for found in loaded(path)] == [("A lamp?", "Turn it.")]
