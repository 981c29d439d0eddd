"""Exports of help centres, wikis and page generators are read as they come."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.articles.loaders import LoadedArticles, load_articles
from models.errors import DataFileError

EXPORTS = Path(__file__).parent / "exports"


def load(*names: str) -> LoadedArticles:
    return load_articles([EXPORTS / name for name in names])


def by_id(found: LoadedArticles) -> dict[str, Article]:
    return {article.id: article for article in found.articles}


def visibility(found: LoadedArticles) -> dict[str, str]:
    return {article.id: article.visibility for article in found.articles}


def test_zendesk_articles_come_with_their_link_language_labels_and_translations() -> None:
    found = load("zendesk.json")
    assert visibility(found) == {
        "360012300001": "public",
        "360012300001.de": "public",
        "360012300003": "internal",
        "360012300003.de": "internal",
    }
    lamp, german = by_id(found)["360012300001"], by_id(found)["360012300001.de"]
    assert lamp.url == "https://zendesk.example.com/hc/en-us/articles/360012300001-Pair-the-floor-lamp"
    assert (lamp.language, lamp.labels, lamp.updated_at) == (
        "en",
        ("lamp", "pairing"),
        "2025-10-07T12:30:00Z",
    )
    assert lamp.body.split("\n\n") == [
        "Hold the ring for five seconds.",
        "It blinks red?",
        "Move the lamp closer to the bridge.",
        "The ring sits below the shade",
    ]
    assert (german.title, german.language, german.translation_of) == ("Stehlampe koppeln", "de", lamp.id)
    assert german.body == "Halten Sie den Ring fünf Sekunden lang gedrückt."
    assert dict(found.summary.withheld) == {"draft": 2}  # an article, and a translation of another


def test_zendesk_pages_one_a_line_and_translations_alone_are_read_too(tmp_path: Path) -> None:
    whole = json.loads((EXPORTS / "zendesk.json").read_text("utf-8"))
    pages = [{"articles": [article], "next_page": None} for article in whole["articles"]]
    lines = tmp_path / "articles.jsonl"
    lines.write_text("\n".join(map(json.dumps, pages)), "utf-8")
    assert by_id(load_articles([lines])).keys() == by_id(load("zendesk.json")).keys()
    section = {
        "id": 5,
        "source_id": 7,
        "source_type": "Section",
        "locale": "de",
        "title": "Lampen",
        "body": "x",
    }
    translations = [*whole["articles"][0]["translations"], section]
    path = tmp_path / "translations.json"
    path.write_text(json.dumps({"translations": translations}), "utf-8")
    found = load_articles([path])
    assert {(a.id, a.language, a.translation_of) for a in found.articles} == {
        ("360077000001", "en", "360012300001"),
        ("360077000002", "de", "360012300001"),
    }


@pytest.mark.parametrize(
    "names",
    [
        ["freshdesk"],
        [
            "freshdesk/solution_articles.json",
            "freshdesk/solution_articles_fr.json",
            "freshdesk/solution_folders.json",
        ],
    ],
)
def test_freshdesk_folders_say_who_may_read_their_articles(names: list[str]) -> None:
    found = load(*names)
    assert visibility(found) == {"41": "public", "43": "internal", "44": "internal", "41.fr": "public"}
    assert dict(found.summary.withheld) == {"draft": 1}
    address, french = by_id(found)["41"], by_id(found)["41.fr"]
    assert address.body == "Open My orders > Address.\n\n1. Choose the order.\n2. Click change."
    assert address.labels == ("account",)
    assert (french.language, french.translation_of) == ("fr", "41")


def test_freshdesk_articles_without_their_folders_are_read_with_a_note() -> None:
    found = load("freshdesk/solution_articles.json")
    assert visibility(found) == {"41": "public", "43": "public", "44": "public"}
    assert "the folders of some are missing" in found.summary.lines()[-1]
    assert "missing" not in str(load("freshdesk").summary.lines())


def test_articles_within_the_folders_of_an_export_inherit_who_may_read_them(tmp_path: Path) -> None:
    articles = json.loads((EXPORTS / "freshdesk" / "solution_articles.json").read_text("utf-8"))
    folders = [
        {"id": 31, "name": "Getting started", "visibility": 1, "articles": articles[:1]},
        {"id": 32, "name": "For agents", "visibility": 3, "articles": [articles[2] | {"folder_id": None}]},
    ]
    path = tmp_path / "export.json"
    path.write_text(json.dumps([{"category": {"id": 2, "name": "General", "folders": folders}}]), "utf-8")
    assert visibility(load_articles([path])) == {"41": "public", "43": "internal"}


def test_records_of_other_systems_are_found_in_what_stands_around_them(tmp_path: Path) -> None:
    documents = {
        "strapi": {"data": [{"id": 1, "attributes": {"title": "Lamp", "body": "Ring.", "publishedAt": None}},
                            {"id": 2, "attributes": {"title": "Key", "publishedAt": "2024-01-01"}}]},
        "django": [{"model": "helpdesk.kbitem", "pk": 3, "fields": {"title": "Plug", "answer": "Left."}}],
        "folders": [{"id": 9, "title": "For agents", "visibility": "agents", "articles": [
            {"id": 4, "title": "Hotline", "body": "4411"}]}],
        "answer": {"status": "ok", "result": {"articles": [{"id": 5, "title": "Bridge", "body": "White."}]}},
        "wordpress": [{"id": 6, "status": "publish", "title": {"rendered": "Shade &amp; ring"},
                       "content": {"rendered": "<p>Paper.</p>", "protected": False}, "link": "https://l.example/6"}],
    }  # fmt: skip
    for name, document in documents.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document), "utf-8")
    found = load_articles([tmp_path])
    assert visibility(found) == {"2": "public", "3": "public", "4": "internal", "5": "public", "6": "public"}
    assert dict(found.summary.withheld) == {"not published": 1}
    page = by_id(found)["6"]
    assert (page.title, page.body, page.url) == ("Shade & ring", "Paper.", "https://l.example/6")


def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    for charset in ("windows-1252", "utf-16", "shift_jis"):
        text = "Lampe für Küche" if charset != "shift_jis" else "ランプ"
        markup = f"<html><head><meta charset='{charset}'></head><body><h1>{text}</h1><p>x</p></body></html>"
        (tmp_path / f"{charset}.html").write_bytes(markup.encode(charset))
        assert load_articles([tmp_path / f"{charset}.html"]).articles[0].title == text


def test_zoho_articles_are_public_only_for_everybody_and_only_when_published() -> None:
    found = load("zoho.json")
    assert visibility(found) == {
        "22001": "public",
        "22001.de": "public",
        "22002": "internal",
        "22003": "internal",
    }
    assert dict(found.summary.withheld) == {"draft": 1, "trashed": 1, "expired": 1}
    shade, german = by_id(found)["22001"], by_id(found)["22001.de"]
    assert shade.url == "https://desk.zoho.eu/portal/lumikko/en/kb/articles/22001"
    assert shade.body == "Use a dry cloth.\n\nShade | Cleaner\nPaper | none"
    assert (german.language, german.translation_of) == ("de", "22001")


def test_a_newer_draft_of_a_published_article_is_not_shown_to_customers(tmp_path: Path) -> None:
    record = {"id": "1", "title": "Shade", "answer": "<div>New text.</div>", "permission": "ALL"}
    path = tmp_path / "zoho.json"
    path.write_text(json.dumps({"data": [record | {"status": "Published", "latestVersionStatus": "Draft"}]}))
    assert visibility(load_articles([path])) == {"1": "internal"}


def test_confluence_pages_are_read_without_what_stands_around_them() -> None:
    found = load("confluence")
    (article,) = found.articles
    assert (article.id, article.title) == ("Change-the-battery_72.html", "Change the battery")
    assert article.body.replace("\u00a0", " ") == (
        "## Steps\n\nTurn the lid to the left – it clicks.\n\n# ask for the charge\nlampctl battery --all\n\n"
        "Which battery?\n\nCR2032, two of them.\n\nLight | Charge\ngreen | full\n\nThe lid is under the shade"
    )
    assert any("lists of pages" in line for line in found.summary.lines())


def test_the_storage_format_keeps_code_link_texts_and_titles() -> None:
    found = load("confluence-api.json")
    assert visibility(found) == {"7001": "public", "7002": "internal"}
    assert found.summary.not_understood == {}
    page = by_id(found)["7001"]
    assert (page.url, page.labels) == ("https://wiki.lumikko.example/display/HELP/7001", ("bridge",))
    assert page.body.replace("\u00a0", " ").split("\n\n") == [
        "Open Devices on 2025-03-01.",
        "Reset it",
        '# first\ncurl -X POST "https://api.lumikko.example/reset?a=1&b=<id>"',
        "Then see how to pair it or Error codes.",
        "No light?",
        "Unplug it for a minute.",
        "The hole is left of the plug",
        "- Write down the serial number",
        "Checked by",
    ]


def test_hugo_pages_heed_their_front_matter_dates_and_shortcodes() -> None:
    found = load("hugo")
    assert visibility(found) == {
        "en/_index.md": "public",
        "de/lights/dim.md": "public",
        "en/lights/dim.md": "public",
        "en/lights/workshop.md": "internal",
    }
    assert dict(found.summary.withheld) == {"expired": 1, "not published yet": 1, "draft": 1}
    page = by_id(found)["en/lights/dim.md"]
    assert (page.title, page.language, page.labels) == ("Dim a lamp", "en", ("dimming", "lamp"))
    assert (page.updated_at, page.translation_of) == ("2025-02-03", "de/lights/dim.md")
    assert page.body.replace("\u00a0", " ") == (
        "Mind the heat\nLet the lamp cool down first.\n\n## Steps\n\n1. Turn the ring.\n2. See the keys.\n\n"
        "# half of the light\nlampctl dim 50\n\nThe ring is below the shade"
    )


def test_docusaurus_pages_lose_their_modules_and_keep_their_notes_and_tabs() -> None:
    found = load("docusaurus")
    french = "i18n/fr/docusaurus-plugin-content-docs/current/intro.mdx"
    assert visibility(found) == {"docs/beta.md": "internal", "intro": "public", french: "public"}
    assert dict(found.summary.withheld) == {"draft": 1}
    assert (by_id(found)[french].language, by_id(found)[french].translation_of) == ("fr", "intro")
    assert by_id(found)["intro"].body.replace("\u00a0", " ").split("\n\n") == [
        "Faster",
        "Hold both keys.",
        "Windows",
        "Open Devices in Windows.",
        "macOS",
        "Open Bluetooth in macOS.",
        "# import of all lamps\nimport lamps from 'file'",
        "It takes a minute.",
    ]


@pytest.mark.parametrize("name", ["mediawiki.xml", "mediawiki-api.json"])
def test_wiki_pages_are_read_in_their_newest_revision(name: str) -> None:
    found = by_id(load(name))
    page = found["51"]
    assert (page.title, page.language, page.updated_at) == ("Reset the lamp", "en", "2025-05-06T07:08:09Z")
    assert page.url == "https://wiki.lumikko.example/wiki/Reset_the_lamp"
    assert page.body.replace("\u00a0", " ").split("\n\n") == [
        "Switch the power off first.",
        "## Steps",
        "- Press both keys, see the keys.\n- Wait.",
        "Light | Meaning\nblue | searching\nred | no bridge",
        "The keys are below the shade",
        "# all lamps\nlampctl reset",
    ]
    assert {article.title for article in found.values()} <= {"Reset the lamp", "Keys"}


def test_html_pages_are_read_without_navigation_footers_and_stamps() -> None:
    found = load("html")
    assert visibility(found) == {"charge.html": "public", "staff.html": "internal"}
    page = by_id(found)["charge.html"]
    assert (page.title, page.language) == ("Charge the lamp", "en")
    assert page.body.replace("\u00a0", " ") == (
        "## Where\n\nPut it on the plate. Updated lamps charge faster.\n\nIt does not charge\n\n"
        "Clean the contacts.\n\n# charge of all lamps\nlampctl charge"
    )


def test_a_draft_in_a_folder_of_drafts_and_parts_of_pages_are_left_out(tmp_path: Path) -> None:
    for name in ("guide/lamp.md", "_drafts/next.md", "guide/_part.md", "node_modules/x/README.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title\nText", "utf-8")
    found = load_articles([tmp_path])
    assert [article.id for article in found.articles] == ["guide/lamp.md"]
    assert dict(found.summary.withheld) == {"draft": 1}


def test_a_page_named_by_its_language_belongs_to_the_page_beside_it(tmp_path: Path) -> None:
    for name in ("lamp.md", "lamp.fr.md", "lamp.pt-br.md", "faq.it.md"):
        (tmp_path / name).write_text(f"# {name}\nText", "utf-8")
    found = by_id(load_articles([tmp_path]))
    assert (found["lamp.fr.md"].language, found["lamp.pt-br.md"].language) == ("fr", "pt")
    assert found["faq.it.md"].language == "und"  # about computers, or Italian
    groups = {article.translation_of or article.id for name, article in found.items() if "lamp" in name}
    assert len(groups) == 1


def test_pages_in_a_folder_of_a_language_translate_those_beside_the_folder(tmp_path: Path) -> None:
    for name in ("lamp.md", "keys/ring.md", "zh-cn/lamp.md", "zh-cn/keys/ring.md", "it/vpn.md", "it/lamp.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# Title\nText", "utf-8")
    found = by_id(load_articles([tmp_path]))
    assert found["zh-cn/keys/ring.md"].language == "zh"
    assert found["zh-cn/keys/ring.md"].translation_of == "keys/ring.md"
    assert found["it/vpn.md"].language == "und"  # a department


def test_a_copy_of_an_export_in_utf_16_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "zendesk.json"
    path.write_text((EXPORTS / "zendesk.json").read_text("utf-8"), "utf-16")
    assert by_id(load_articles([path])) == by_id(load("zendesk.json"))


def test_a_zip_in_place_of_a_folder_is_named_as_what_it_is(tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", EXPORTS / "hugo")
    with pytest.raises(DataFileError, match="is an archive: unpack it"):
        load_articles([Path(archive)])


def test_a_json_file_may_begin_with_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "articles.json"
    path.write_text('\n  [{"id": "a", "title": "Lamp"}]\n \n{"id": "b", "title": "Fan"}\n', "utf-8")
    assert list(by_id(load_articles([path]))) == ["a", "b"]


def test_the_language_of_an_article_counts_before_that_of_its_file(tmp_path: Path) -> None:
    for name, more in (("faq.json", {}), ("faq_fr.json", {"locale_code": "de"})):
        article = {"id": name, "title": "Lampe", "body": "Text"} | more
        (tmp_path / name).write_text(json.dumps([article]), "utf-8")
    found = by_id(load_articles([tmp_path / "faq.json", tmp_path / "faq_fr.json"]))
    assert found["faq_fr.json"].language == "de"


def test_a_state_that_is_no_number_does_not_stop_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "articles.json"
    path.write_text('[{"id": "a", "title": "Lamp", "statecode": [3], "isinternal": false}]', "utf-8")
    assert visibility(load_articles([path])) == {"a": "internal"}


def test_topdesk_s_knowledge_items_have_ids_languages_and_texts_of_their_own(tmp_path: Path) -> None:
    items = [
        {
            "id": f"4f1c-{n}",
            "number": f"KI 00{n}",
            "parent": None,
            "visibility": {"sspVisibility": ("VISIBLE", "NOT_VISIBLE")[n % 2], "publicKnowledgeItem": n == 0},
            "translation": {
                "language": "nl",
                "content": {
                    "title": f"Printer {n} instellen",
                    "content": f"<p>Druk {n} seconden op de knop.</p>",
                    "commentsForOperators": "Bel de leverancier",
                },
            },
        }
        for n in range(3)
    ]
    path = tmp_path / "knowledge.json"
    path.write_text(json.dumps({"item": items, "prev": None, "next": None}), "utf-8")
    found = load_articles([path])
    assert [(a.id, a.title, a.language) for a in found.articles] == [
        (f"4f1c-{n}", f"Printer {n} instellen", "nl") for n in range(3)
    ]
    assert found.articles[2].body == "Druk 2 seconden op de knop."
    assert found.articles[1].visibility == "internal"
    assert not any("leverancier" in article.body for article in found.articles)


def test_a_knowledge_item_with_nothing_but_its_translation_keeps_its_id(tmp_path: Path) -> None:
    item = {"id": "u1", "translation": {"content": {"title": "Reset the badge", "content": "Hold it still."}}}
    path = tmp_path / "knowledge.json"
    path.write_text(json.dumps({"item": [item]}), "utf-8")
    assert [(a.id, a.title) for a in load_articles([path]).articles] == [("u1", "Reset the badge")]


@pytest.mark.parametrize(
    "stamp",
    [
        "Zuletzt aktualisiert am 1. März 2026 von Anna Berg",
        "Sist oppdatert 12. mars 2026 av Kari Nordmann",
        "Päivitetty viimeksi 3. Maaliskuuta 2026, Matti",
    ],
)
def test_the_number_of_a_day_does_not_end_the_line_that_says_when_a_page_changed(
    tmp_path: Path, stamp: str
) -> None:
    (tmp_path / "a.html").write_text(f"<h1>Lamp</h1><p>Turn the ring.</p><p>{stamp}</p>", "utf-8")
    assert [article.body for article in load_articles([tmp_path]).articles] == ["Turn the ring."]


@pytest.mark.parametrize("mark", ["[[toc]]", "[TOC]", "[[_TOC_]]"])
def test_the_mark_of_a_table_of_contents_is_no_text(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a.md").write_text(f"# Lamp\n\n{mark}\n\nTurn the ring.\n", "utf-8")
    assert [article.body for article in load_articles([tmp_path]).articles] == ["Turn the ring."]


def test_an_article_of_intercom_has_its_default_language(tmp_path: Path) -> None:
    french = {"title": "Lampe", "body": "<p>Tournez.</p>", "state": "published"}
    article = {
        "id": "1",
        "title": "Lamp",
        "body": "<p>Turn.</p>",
        "state": "published",
        "default_locale": "en",
    }
    path = tmp_path / "intercom.json"
    path.write_text(json.dumps({"data": [{**article, "translated_content": {"fr": french}}]}), "utf-8")
    assert [found.language for found in load_articles([path]).articles] == ["en", "fr"]


def test_zammad_s_answers_are_public_only_when_published_and_have_their_language(tmp_path: Path) -> None:
    day = "2026-01-01T00:00:00Z"
    states = {
        "1": {"published_at": day, "internal_at": day, "archived_at": None},
        "2": {"published_at": None, "internal_at": day, "archived_at": None},
        "3": {"published_at": None, "internal_at": None, "archived_at": None},
        "4": {"published_at": day, "internal_at": None, "archived_at": day},
    }
    names = {"1": "Badge", "2": "Door", "3": "Lamp", "4": "Bell", "5": "Key"}
    translations = {
        f"1{n}": {"title": t, "answer_id": n, "content_id": n, "kb_locale_id": 1} for n, t in names.items()
    }
    assets = {
        "KnowledgeBaseAnswer": states,
        "KnowledgeBaseAnswerTranslation": translations,
        "KnowledgeBaseAnswerTranslationContent": {n: {"body": "<p>Hold it.</p>"} for n in names},
        "KnowledgeBaseLocale": {"1": {"system_locale_id": 9}},
        "Locale": {"9": {"locale": "de-de"}},
    }
    path = tmp_path / "zammad.json"
    path.write_text(json.dumps({"id": 1, "assets": assets}), "utf-8")
    found = {article.title: article for article in load_articles([path]).articles}
    assert {title: article.visibility for title, article in found.items()} == {
        "Badge": "public",
        "Door": "internal",
        "Key": "internal",
    }
    assert (found["Badge"].body, found["Badge"].language) == ("Hold it.", "de")


def test_articles_each_in_an_object_of_its_own_are_read(tmp_path: Path) -> None:
    article = {"title": "Lamp", "description": "<p>Turn.</p>", "folder_id": 3, "art_type": 1}
    records = [{"solution_article": {**article, "id": n, "status": n}} for n in (1, 2)]
    path = tmp_path / "solutions.json"
    path.write_text(json.dumps(records), "utf-8")
    found = load_articles([path])
    assert [found.id for found in found.articles] == ["2"]
    assert found.summary.withheld == {"draft": 1}


@pytest.mark.parametrize(
    "stamp",
    [
        "Stand: März 2026",
        "Bijgewerkt: 12 maart 2026",
        "Atjaunināts 2026. gada 12. martā",
        "Atnaujinta 2026 m. kovo 12 d.",
        "Обновлено: 12 марта 2026 г.",
        "2026年3月12日更新",
        "최종 수정일: 2026. 3. 12.",
        "Vor 3 Monaten aktualisiert von Anna Berg",
        "Actualizado hace 3 meses por Ana",
        "Written by Ann Lee, updated over a week ago",
    ],
)
def test_a_line_of_a_change_and_its_date_is_no_text_in_any_order_and_language(
    tmp_path: Path, stamp: str
) -> None:
    (tmp_path / "a.html").write_text(f"<h1>Lamp</h1><p>Turn the ring.</p><p>{stamp}</p>", "utf-8")
    assert [article.body for article in load_articles([tmp_path]).articles] == ["Turn the ring."]


@pytest.mark.parametrize(
    "line",
    [
        "Offer valid until 12 March 2026",
        "Create an invoice for March 2026",
        "Closed on public holidays: 12 March 2026",
        "Aktualisierte Preise ab 1. März 2026",
    ],
)
def test_a_line_with_a_date_that_says_more_stays(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.html").write_text(f"<h1>Lamp</h1><p>Turn the ring.</p><p>{line}</p>", "utf-8")
    assert [article.body for article in load_articles([tmp_path]).articles] == [f"Turn the ring.\n\n{line}"]
