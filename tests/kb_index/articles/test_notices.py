"""Notices that an article is not for all: in names of folders, at the edges of pages, in titles, in kinds."""

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


def visibilities(folder: Path, files: dict[str, str]) -> list[str]:
    return [article.visibility for article in loaded(folder, files).articles]


@pytest.mark.parametrize(
    "folder",
    [
        *("Internal guides", "Internal Knowledge Base", "Interne Anleitungen", "Interndokumentation"),
        *(
            "Procédures internes",
            "Guías internas",
            "Guide interne",
            "Manuais internos",
            "Interne richtlijnen",
        ),
        *("Instrukcje wewnętrzne", "Interna rutiner", "Interne vejledninger", "Interne retningslinjer"),
        *("Sisäisiä ohjeita", "Sisäohjeet", "Sisemised juhendid", "Sisejuhendid", "Iekšējās instrukcijas"),
        *("Vidinės taisyklės", "Vidaus tvarka", "Внутренние регламенты", "Внутрішні документи"),
        *("Interní postupy", "Belső útmutatók", "社内マニュアル", "内部文档", "사내 매뉴얼"),
    ],
)
def test_a_folder_of_internal_papers_is_internal_in_every_language(folder: str, tmp_path: Path) -> None:
    assert visibilities(tmp_path / "site", {f"{folder}/key.md": "# Key\nTurn it."}) == ["internal"]


@pytest.mark.parametrize(
    "folder",
    [
        *("Interner Speicher", "Disque interne", "Memoria interna", "Внутренняя память", "Vnitřní paměť"),
        *("Sisselogimine", "Sisendid", "Internet", "Guides", "Procédures", "Anleitungen", "ohjeet"),
    ],
)
def test_a_folder_about_something_inside_or_of_papers_for_all_restricts_nothing(
    folder: str, tmp_path: Path
) -> None:
    assert visibilities(tmp_path / "site", {f"{folder}/key.md": "# Key\nTurn it."}) == ["public"]


@pytest.mark.parametrize(
    "notice",
    [
        *("For internal use only.", "Nur für den internen Gebrauch bestimmt", "Usage interne uniquement"),
        *("Solo para uso interno", "Solo per uso interno", "Apenas para uso interno", "社外秘"),
        *("Alleen voor intern gebruik", "Tylko do użytku wewnętrznego", "Endast för internt bruk"),
        *("Vain sisäiseen käyttöön", "Ainult sisekasutuseks", "Tik vidiniam naudojimui", "内部使用"),
        *("Только для внутреннего использования", "Pouze pro interní použití", "대외비"),
        *("Classification: Internal use only", "Klassifizierung: vertraulich", "機密区分：社外秘"),
        *("© 2026 Lamp Ltd · Internal use only", "Do not share with customers"),
    ],
)
def test_a_notice_at_the_head_or_foot_of_a_page_makes_it_internal(notice: str, tmp_path: Path) -> None:
    page = (
        "<html><body><h1>Lamp</h1>{}<p>Turn the lamp to the left.</p><p>Mind the glass.</p>{}</body></html>"
    )
    pages = {
        "foot.html": page.format("", f"<p>{notice}</p>"),
        "footer.html": page.format("", f"<footer><p>Lamp Ltd</p><p>{notice}</p></footer>"),
        "head.html": page.format(f"<p><strong>{notice}</strong></p>", ""),
        "foot.md": f"# Lamp\n\nTurn the lamp.\n\n*{notice}*\n",
    }
    found = loaded(tmp_path, pages)
    assert [article.visibility for article in found.articles] == ["internal"] * 4
    assert "internal by what the articles say: 4 notice" in "\n".join(found.summary.lines())


@pytest.mark.parametrize(
    "end",
    [
        "<p>Internal use only applies to the spare key.</p>",
        "<p>The lamp has an internal battery.</p>",
        "<p>Mode: private</p>",
        "<ul><li>public</li><li>private</li></ul>",
        "<footer><a href='/p'>Private</a> <a href='/i'>Imprint</a></footer>",
        "<footer><p>Privacy policy</p><p>© Lamp Ltd</p></footer>",
    ],
)
def test_what_tells_of_something_internal_or_leads_elsewhere_restricts_no_page(
    end: str, tmp_path: Path
) -> None:
    page = f"<html><body><h1>Lamp</h1><p>Turn the lamp to the left.</p>{end}</body></html>"
    assert visibilities(tmp_path, {"a.html": page}) == ["public"]


@pytest.mark.parametrize(
    ("title", "result"),
    [
        *(("[INTERN] Lampe wechseln", "internal"), ("Lampe (nur für Mitarbeiter)", "internal")),
        *(("【社内限定】ランプ", "internal"), ("CONFIDENTIEL | la lampe", "internal")),
        *(("Lamp – INTERNAL USE ONLY", "internal"), ("Internal: the lamp", "internal")),
        *(("ENTWURF - Lampe", "left out"), ("Bozza: la lampada", "left out"), ("[WIP] Lamp", "left out")),
        *(("Internal storage: what fits", "public"), ("Festplatten - intern", "public")),
        *(("Draft beer: the taps", "public"), ("Lamp [Mac]", "public"), ("Drafts", "public")),
    ],
)
def test_a_notice_in_a_title_counts_and_a_subject_does_not(title: str, result: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "title": title, "body": "Turn it."}), "utf-8")
    found = load_articles([path])
    assert (found.articles[0].visibility if found.articles else "left out") == result
    assert len(found.summary.lines()) == (1 if result == "public" else 2)


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        *(({"display_in": ["staff_console"]}, "internal"), ({"shown_on": "agent workspace"}, "internal")),
        *(({"only": "agents"}, "internal"), ({"nur": "Mitarbeiter"}, "internal")),
        *(({"sites": ["intranet"]}, "internal"), ({"platform": "backoffice"}, "internal")),
        *(({"kind": "internal playbook"}, "internal"), ({"type": "interne Anleitung"}, "internal")),
        *(({"display_in": ["portal", "website"]}, "public"), ({"display_in_menu": True}, "public")),
        *(({"site": "lamps.example"}, "public"), ({"type": "runbook"}, "public")),
        *(({"tags": ["intranet"]}, "public"), ({"platform": "windows"}, "public")),
    ],
)
def test_keys_that_say_where_and_what_an_article_is_restrict_it(
    keys: dict[str, object], result: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "title": "Lamp", "body": "Turn it."} | keys), "utf-8")
    assert [article.visibility for article in load_articles([path]).articles] == [result]
