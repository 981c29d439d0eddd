"""What nobody declared public is not shown to customers: empty cells, lozenges, people's own spaces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.loaders import LoadedArticles, load_articles


def loaded(folder: Path, files: dict[str, str]) -> LoadedArticles:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load_articles([folder])


def visibilities(path: Path, text: str) -> list[str]:
    path.write_text(text, "utf-8")
    return [article.visibility for article in load_articles([path]).articles]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("Sichtbarkeit", "öffentlich"), ("Visibility", "public"), ("visibilité", "public")),
        *(("Zichtbaarheid", "openbaar"), ("Näkyvyys", "julkinen"), ("Widoczność", "publiczny")),
        *(("видимость", "для всех"), ("公開範囲", "全員"), ("可见性", "公开"), ("공개범위", "전체공개")),
        *(("Audience", "everyone"), ("Access level", "Public"), ("visibility_status", "public")),
    ],
)
def test_an_empty_cell_under_a_visibility_is_no_declaration_that_an_article_is_public(
    column: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    rows = f"id,title,body,{column}\na,Lamp,Turn it.,{value}\nb,Ring,Glue it.,\nc,Shade,Fold it.,  \n"
    assert visibilities(path, rows) == ["public", "internal", "internal"]
    assert f"{column} seems to restrict" in "\n".join(load_articles([path]).summary.lines())
    assert visibilities(path, f"id,title,body,{column}\nb,Ring,Glue it.,\n") == ["internal"]


def test_an_empty_state_or_list_of_readers_leaves_open_what_others_declare(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for column, value in (("Status", "Published"), ("Visible to", "Everyone"), ("Groups", "all users")):
        rows = f"id,title,{column}\na,Lamp,{value}\nb,Ring,\n"
        assert visibilities(path, rows) == ["public", "internal"], column


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("roles", ""), ("can_read_user_criteria", ""), ("user_segment_id", ""), ("Groups", "Sales")),
        *(("Internal", ""), ("Draft", ""), ("Status", ""), ("archived_at", ""), ("Category", "Lamps")),
    ],
)
def test_an_empty_cell_that_restricts_nobody_leaves_an_article_public(
    column: str, value: str, tmp_path: Path
) -> None:
    rows = f"id,title,{column}\na,Lamp,{value}\nb,Ring,\n"
    assert visibilities(tmp_path / "a.csv", rows)[-1] == "public"


def test_a_visibility_left_empty_in_front_matter_or_json_is_not_public(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.md": "---\nvisibility:\n---\n# A\nText.", "b.md": "# B\nText."})
    assert [article.visibility for article in found.articles] == ["internal", "public"]
    record = {"id": "a", "title": "Lamp", "body": "Turn it.", "visibility": " "}
    assert visibilities(tmp_path / "a.jsonl", json.dumps(record)) == ["internal"]
    assert visibilities(tmp_path / "a.jsonl", json.dumps(record | {"visibility": None})) == ["public"]


LOZENGE = '<span class="status-macro aui-lozenge aui-lozenge-current conf-macro">{}</span>'


def confluence(content: str, above: str = "") -> str:
    return (
        '<html><head><title>Help : Lamp</title></head><body><div id="main-header"><ol id="breadcrumbs"><li>'
        f'Help</li></ol><h1 id="title-heading"><span id="title-text">Help : Lamp</span>{above}</h1></div>'
        f'<div id="content"><div class="page-metadata">Created by Ann</div>'
        f'<div id="main-content" class="wiki-content group">{content}</div></div></body></html>'
    )


@pytest.mark.parametrize(
    ("head", "result"),
    [
        ("<p>{DRAFT}</p><p>Turn it.</p>", "left out"),
        ("<p>{DRAFT} Not checked yet.</p><p>Turn it.</p>", "left out"),
        ("<p>Turn the lamp with care.</p><p>{ENTWURF}</p><h2>How</h2>", "left out"),
        ("<p><strong>Status:</strong> {BROUILLON}</p><p>Turn it.</p>", "left out"),
        (
            "<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>Status</th><td>{WIP}</td></tr></table>",
            "left out",
        ),
        ("<div class='toc-macro'><ul><li>How</li></ul></div><p>{ARCHIVED}</p>", "left out"),
        ("<p>{INTERNAL}</p><p>Turn it.</p>", "internal"),
        ("<p>{PUBLISHED}</p><p>Turn it.</p>", "public"),
        ("<p>{POST} /lamps turns it.</p>", "public"),
        ("<p>An order in {DRAFT} can be changed.</p>", "public"),
        ("<h2>Orders</h2><p>{DRAFT}</p><p>It can be changed.</p>", "public"),
        (
            "<table><tr><th>Order</th><th>Now</th></tr><tr><td>Lamp</td><td>{DRAFT}</td></tr></table>",
            "public",
        ),
        ("<p>States:</p><ul><li>{DRAFT}</li><li>{SENT}</li></ul>", "public"),
    ],
)
def test_a_lozenge_at_the_head_of_a_page_of_confluence_says_that_it_is_a_draft_or_internal(
    head: str, result: str, tmp_path: Path
) -> None:
    def outcome(found: LoadedArticles) -> str:
        return found.articles[0].visibility if found.articles else "left out"

    shown = (
        head.replace("{", LOZENGE.split("{}", maxsplit=1)[0]).replace("}", "</span>")
        + "<p>Mind the glass.</p>"
    )
    assert outcome(loaded(tmp_path / "html", {"a.html": confluence(shown)})) == result
    macro = ('<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">', "</ac:parameter>")
    stored = head.replace("{", macro[0]).replace("}", f"{macro[1]}</ac:structured-macro>")
    for form, markup in (("storage", stored + "<p>Mind the glass.</p>"), ("view", shown)):
        page = {
            "id": "1",
            "type": "page",
            "status": "current",
            "title": "Lamp",
            "body": {form: {"value": markup}},
        }
        assert outcome(loaded(tmp_path / form, {"a.json": json.dumps({"results": [page]})})) == result, form


def test_a_lozenge_beside_the_title_of_a_page_counts(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.html": confluence("<p>Turn it.</p>", LOZENGE.format("Draft"))})
    assert dict(found.summary.withheld) == {"draft": 1}


def test_files_attached_to_pages_are_no_articles_and_are_counted(tmp_path: Path) -> None:
    page = confluence("<p>Turn it.</p>")
    found = loaded(
        tmp_path,
        {
            "Lamp_7.html": page,
            "attachments/7/71.html": "<h1>Prices of partners</h1><p>Half.</p>",
            "attachments/7/72.md": "# Notes\nOf a meeting.",
            "attachments/prices.html": "<h1>Prices</h1><p>Half.</p>",
        },
    )
    assert [article.id for article in found.articles] == ["Lamp_7.html"]
    assert any("attached to pages" in line and "(3)" in line for line in found.summary.lines())


def test_a_chapter_about_attachments_stays(tmp_path: Path) -> None:
    chapter = {"intro.md": "# Intro\nHello.", "attachments/send.md": "# Send a file\nPress +."}
    assert len(loaded(tmp_path / "a", chapter).articles) == 2
    site = {name.replace("md", "html"): "<h1>A</h1><p>Text.</p>" for name in chapter}
    assert (
        len(loaded(tmp_path / "b", site | {"attachments/index.html": "<h1>B</h1><p>Text.</p>"}).articles) == 3
    )


DOCS, FRENCH = "docs/", "i18n/fr/docusaurus-plugin-content-docs/current/"


@pytest.mark.parametrize(
    ("original", "translation", "result"),
    [
        ("unlisted: true", "", "internal"),
        ("visibility: internal", "", "internal"),
        ("visibility: internal", "title: Lampe", "internal"),
        ("visibility: internal", "visibility: public", "public"),
        ("draft: true", "", "left out"),
        ("draft: true", "title: Lampe", "public"),
        ("expiryDate: 2020-01-01", "", "left out"),
        ("title: Lamp", "", "public"),
        ("title: [Lamp", "", "internal"),
    ],
)
def test_a_translation_that_says_nothing_of_its_readers_has_those_of_the_original(
    original: str, translation: str, result: str, tmp_path: Path
) -> None:
    own = f"---\n{translation}\n---\n" if translation else ""
    for number, (first, second) in enumerate(((DOCS, FRENCH), ("en/", "fr/"), ("", "fr/"))):
        folder = tmp_path / str(number)
        for place, text in (
            (first, f"---\n{original}\n---\n# Lamp\nTurn it."),
            (second, f"{own}# Lampe\nTournez."),
        ):
            for name in ("lamp.md", "ring.md"):
                path = folder / place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text if name == "lamp.md" else "# Ring\nGlue it.", "utf-8")
        found = load_articles([folder], skip_bad=True)
        there: list[str] = [a.visibility for a in found.articles if a.title == "Lampe"]
        assert (there or ["left out"]) == [result], first


PAGE = {
    "id": "1",
    "type": "page",
    "status": "current",
    "title": "Lamp",
    "body": {"view": {"value": "<p>Turn.</p>"}},
}


@pytest.mark.parametrize(
    ("document", "visibility"),
    [
        (PAGE | {"space": {"key": "~ann", "name": "Ann", "type": "personal"}}, "internal"),
        (PAGE | {"space": {"key": "~7120aa", "name": "Ann"}}, "internal"),
        (PAGE | {"space": {"type": "personal"}}, "internal"),
        (PAGE | {"_expandable": {"space": "/rest/api/space/~ann"}}, "internal"),
        (PAGE | {"_links": {"webui": "/spaces/~7120aa/pages/1/Lamp"}}, "internal"),
        (PAGE | {"_links": {"webui": "/display/~ann/Lamp"}}, "internal"),
        ({"key": "~ann", "type": "personal", "pages": [PAGE]}, "internal"),
        ({"spaces": [{"id": "9", "key": "~a", "name": "A", "type": "personal"}],
          "pages": [PAGE | {"spaceId": "9"}]}, "internal"),
        (PAGE | {"space": {"key": "HELP", "name": "Help", "type": "global"}}, "public"),
        (PAGE | {"_links": {"webui": "/spaces/HELP/pages/1/Lamp"}}, "public"),
        (PAGE | {"category": {"name": "Loans", "type": "personal"}}, "public"),
    ],
)  # fmt: skip
def test_a_page_in_the_space_of_one_person_is_internal(
    document: dict[str, object], visibility: str, tmp_path: Path
) -> None:
    found = loaded(tmp_path, {"a.json": json.dumps(document)})
    assert [article.visibility for article in found.articles] == [visibility]


def test_the_exported_folder_of_a_persons_space_is_internal(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"~ann/Lamp_1.html": confluence("<p>Turn it.</p>")})
    assert [article.visibility for article in found.articles] == ["internal"]


@pytest.mark.parametrize(
    ("element", "result"),
    [
        ('<html lang="en" data-visibility="internal">', "internal"),
        ("<html data-visibility='agents'>", "internal"),
        ("<html data-audience=staff>", "internal"),
        ('<html data-visibility="">', "internal"),
        ('<html data-visibility="gold tier">', "internal"),
        ("<html><body class=x data-internal>", "internal"),
        ('<html><body data-access-level="restricted">', "internal"),
        ('<html><body><main data-public="false">', "internal"),
        ('<html data-draft="true">', "left out"),
        ('<html><body data-status="draft">', "left out"),
        ('<html data-visibility="public">', "public"),
        (
            '<html data-theme="dark" data-content_root="./"><body data-status="loading" data-role="page">',
            "public",
        ),
        ('<html data-user-role="agent" data-search="true"><body data-state="ready">', "public"),
    ],
)
def test_an_attribute_around_a_page_says_who_may_read_it(element: str, result: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, {"a.html": f"{element}<h1>Lamp</h1><p>Turn it.</p>"})
    there: list[str] = [article.visibility for article in found.articles]
    assert (there or ["left out"]) == [result]
