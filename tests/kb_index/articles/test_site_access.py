"""What page generators and wikis say of a page beside its keys, and which folders are languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.loaders import LoadedArticles, load_articles

ENGLISH = "# Reset the lamp\nHold both keys for five seconds until the light turns blue, then let them go."
ITALIAN = "# Ripristinare\nTenere premuti entrambi i tasti per cinque secondi finché la luce diventa blu."


def loaded(folder: Path, pages: dict[str, str]) -> LoadedArticles:
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load_articles([folder])


def test_a_post_of_jekylls_waits_for_the_date_in_its_name(tmp_path: Path) -> None:
    posts = {"_posts/2999-01-01-lamp.md": "# Lamp\nSoon.", "_posts/2020-1-5-ring.md": "# Ring\nGlue it."}
    found = loaded(tmp_path, posts)
    assert [article.title for article in found.articles] == ["Ring"]
    assert dict(found.summary.withheld) == {"not published yet": 1}
    (tmp_path / "_config.yml").write_text("future: true\n", "utf-8")
    assert len(load_articles([tmp_path]).articles) == 2


def test_defaults_of_jekylls_configuration_hold_for_the_pages_of_their_folder(tmp_path: Path) -> None:
    config = (
        "defaults:\n"
        "- {scope: {path: workshop}, values: {published: false, layout: wide}}\n"
        "- {scope: {path: staff}, values: {visibility: internal}}\n"
        "- {scope: {path: '', type: posts}, values: {draft: true}}\n"
    )
    found = loaded(
        tmp_path,
        {
            "_config.yml": config,
            "workshop/lamp.md": "# Lamp\nx",
            "workshop/ring.md": "---\npublished: true\n---\n# Ring\nx",
            "staff/key.md": "# Key\nx",
            "faq.md": "# Questions\nx",
        },
    )
    assert {article.title: article.visibility for article in found.articles} == {
        "Questions": "public",
        "Key": "internal",
        "Ring": "public",
    }


def test_a_configuration_that_cannot_be_read_leaves_no_page_public(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"_config.yml": "defaults: [", "faq.md": "# Questions\nx"})
    assert [article.visibility for article in found.articles] == ["internal"]
    assert "cannot be read" in found.summary.not_understood["visibility"]


@pytest.mark.parametrize(
    ("mark", "result"),
    [
        ("{{Entwurf}}", "left out"),
        ("{{Draft|since=2025}}", "left out"),
        ("{{Ébauche}}", "left out"),
        ("{{Stub}}", "left out"),
        ("{{Archived page}}", "left out"),
        ("{{Vertraulich}}", "internal"),
        ("[[Category:Internal pages]]", "internal"),
        ("[[Kategorie:Entwürfe]]", "left out"),
        ("[[Catégorie:Pages internes]]", "internal"),
        ("{{Tylko dla pracowników}}", "internal"),
        ("{{Employees only}}", "internal"),
        ("{{Medarbejder}}", "public"),
        ("{{Note|Draft a reply first}}", "public"),
        ("{{Archive box}}", "public"),
        ("[[Category:Lamps]]", "public"),
    ],
)
def test_templates_and_categories_of_a_wiki_say_what_is_a_draft_or_not_for_all(
    mark: str, result: str, tmp_path: Path
) -> None:
    text = f"{mark} Press both keys."
    pages = [{"pageid": 1, "ns": 0, "title": "Lamp", "revisions": [{"slots": {"main": {"content": text}}}]}]
    (tmp_path / "api.json").write_text(json.dumps({"query": {"pages": pages}}), "utf-8")
    xml = (
        "<mediawiki><page><title>Lamp</title><ns>0</ns><id>1</id><revision>"
        f"<timestamp>2025-01-01T00:00:00Z</timestamp><text>{text}</text></revision></page></mediawiki>"
    )
    (tmp_path / "wiki.xml").write_text(xml, "utf-8")
    for name in ("api.json", "wiki.xml"):
        found = load_articles([tmp_path / name])
        assert [article.visibility for article in found.articles] == [result] * (result != "left out")


def test_a_page_that_search_engines_must_not_show_is_internal(tmp_path: Path) -> None:
    head = (
        "<html><head><title>Lamp</title><meta name='robots' content='{}'></head><body>Turn it.</body></html>"
    )
    pages = {"a.html": head.format("noindex, nofollow"), "b.html": head.format("index, follow")}
    found = loaded(tmp_path, pages)
    assert [article.visibility for article in found.articles] == ["internal", "public"]


@pytest.mark.parametrize(
    "folder", ["internal", "Staff only", "vertraulich", "nur-für-mitarbeiter", "Archiv", "社内"]
)
def test_pages_in_a_folder_that_is_named_as_not_for_all_are_internal(folder: str, tmp_path: Path) -> None:
    found = loaded(tmp_path / "site", {f"{folder}/x/key.md": "# Key\nx", "faq.md": "# Questions\nx"})
    assert {article.title: article.visibility for article in found.articles} == {
        "Questions": "public",
        "Key": "internal",
    }
    assert dict(found.summary.internal_by) == {f"folder: {folder}": 1}
    assert [article.visibility for article in load_articles([tmp_path / "site" / folder]).articles] == [
        "internal"
    ]


@pytest.mark.parametrize("folder", ["agents", "internal-memory", "storage", "teams", "published"])
def test_a_folder_that_names_a_subject_restricts_nothing(folder: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, {f"{folder}/key.md": "# Key\nx"})
    assert [article.visibility for article in found.articles] == ["public"]


@pytest.mark.parametrize(
    "links",
    [
        '<div id="labels-section"><ul class="label-list"><li><a href="/l/{0}">{0}</a></li></ul></div>',
        '<p>Filed under <a rel="category tag" href="/t/{0}">{0}</a></p>',
    ],
)
def test_a_label_at_the_foot_of_a_page_counts_as_one_in_a_record(links: str, tmp_path: Path) -> None:
    page = "<html><body><h1>Lamp</h1><p>Turn the lamp to the left.</p>{}</body></html>"
    pages = {f"{label}.html": page.format(links.format(label)) for label in ("internal", "lamps")}
    found = loaded(tmp_path, pages)
    assert {a.id: a.visibility for a in found.articles} == {
        "internal.html": "internal",
        "lamps.html": "public",
    }


def test_pages_that_hugo_does_not_list_or_render_are_internal(tmp_path: Path) -> None:
    page = "---\ntitle: {0}\n{1}: {{{2}}}\n---\nx\n"
    pages = {
        "a.md": page.format("A", "build", "render: never"),
        "b.md": page.format("B", "_build", "list: never"),
        "c.md": page.format("C", "build", "list: always, render: always"),
    }
    found = loaded(tmp_path, pages)
    assert [article.visibility for article in found.articles] == ["internal", "internal", "public"]


def test_properties_of_docusaurus_that_its_owner_made_up_are_read(tmp_path: Path) -> None:
    page = "---\ntitle: Lamp\nsidebar_custom_props:\n  {}\n---\nx\n"
    pages = {"a.md": page.format("staff_only: true"), "b.md": page.format("icon: lamp")}
    found = loaded(tmp_path, pages)
    assert [article.visibility for article in found.articles] == ["internal", "public"]


def languages(found: LoadedArticles) -> set[str]:
    return {article.language for article in found.articles}


def test_a_folder_alone_is_a_language_only_where_its_texts_agree(tmp_path: Path) -> None:
    assert languages(loaded(tmp_path / "a", {"IT/lamp.md": ENGLISH, "IT/ring.md": ENGLISH})) == {"und"}
    assert languages(loaded(tmp_path / "b", {"it/lamp.md": ITALIAN})) == {"it"}
    departments = {"IT/lamp.md": ENGLISH, "HR/ring.md": ENGLISH}
    assert languages(loaded(tmp_path / "c", departments)) == {"und"}
    assert languages(loaded(tmp_path / "d", {"it/lamp.md": "# Luce\nx", "de/lamp.md": "# Licht\nx"})) == {
        "it",
        "de",
    }
    assert languages(loaded(tmp_path / "IT", {"lamp.md": ENGLISH})) == {"und"}


@pytest.mark.parametrize("column", ["Sprache", "langue", "Idioma", "Kieli", "Język", "язык", "言語"])
def test_the_column_of_the_language_may_have_its_name_in_another_language(
    column: str, tmp_path: Path
) -> None:
    path = tmp_path / "articles.csv"
    path.write_text(f"id,title,body,{column}\na,Lampe,Text,de\n", "utf-8")
    assert languages(load_articles([path])) == {"de"}


def test_columns_of_title_and_text_may_have_their_names_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("ID,Titre,Contenu,Visibilité\na,Lampe,Tournez-la.,public\nb,Clé,Non.,interne\n", "utf-8")
    found = load_articles([path])
    assert [(a.title, a.visibility) for a in found.articles] == [("Lampe", "public"), ("Clé", "internal")]


def test_freshdesks_export_of_an_account_says_what_is_a_draft_and_for_agents(tmp_path: Path) -> None:
    def article(number: int, status: int) -> dict[str, object]:
        return {
            "id": number, "folder_id": None,
            "title": f"Lamp {number}", "description": "<p>Turn it.</p>", "desc_un_html": "Turn it.",
            "status": status, "art_type": 1, "user_id": 9, "hits": 2, "delta": True,
            "thumbs_up": 0, "language_id": 6, "position": 1, "modified_by": 4, "seo_data": {}, "tags": [],
        }  # fmt: skip

    def folder(visibility: int, *articles: dict[str, object]) -> dict[str, object]:
        about = {
            "id": 70 + visibility,
            "name": "F",
            "is_default": False,
            "customer_folders": [],
            "language_id": 6,
        }
        return about | {"visibility": visibility, "articles": list(articles)}

    category = {"id": 1, "name": "General", "is_default": False, "position": 2}
    folders = [folder(1, article(1, 2), article(2, 1)), folder(3, article(3, 2)), folder(2, article(4, 2))]
    path = tmp_path / "Solutions.json"
    path.write_text(json.dumps([{"category": category | {"folders": folders}}]), "utf-8")
    found = load_articles([path])
    assert {a.id: a.visibility for a in found.articles} == {"1": "public", "3": "internal", "4": "internal"}
    assert dict(found.summary.withheld) == {"draft": 1}
    assert found.summary.not_understood == {}
