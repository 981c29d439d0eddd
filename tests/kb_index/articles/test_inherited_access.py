"""Restrictions that stand outside an article's own keys, in its folder or its wiki, count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb_index.articles.loaders import LoadedArticles, load_articles


def loaded(folder: Path, **pages: str) -> LoadedArticles:
    for name, text in pages.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return load_articles([folder])


def readers(found: LoadedArticles) -> dict[str, str]:
    return {Path(article.id).stem: article.visibility for article in found.articles}


@pytest.mark.parametrize(
    "cascade",
    [
        "---\ncascade:\n  visibility: internal\n---\n",
        "---\ncascade:\n  params:\n    visibility: internal\n---\n",
        "---\ncascade:\n  - _target: {path: '/repairs/**'}\n    visibility: internal\n---\n",
        "---\ncascade:\n  - target: {path: '{/repairs/**,/x/**}'}\n    params: {visibility: internal}\n---\n",
        '+++\n[[cascade]]\n[cascade.params]\nvisibility = "internal"\n+++\n',
    ],
)
def test_pages_have_the_access_that_their_folder_hands_down(cascade: str, tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        repairs___index=cascade + "How we repair.",
        repairs__lamps__ring="# Ring\nUse glue.",
        repairs__shade="---\nvisibility:\nparams:\n---\n# Shade\nUse tape.",
        orders__pay="# Pay\nBy card.",
    )
    assert {k: v for k, v in readers(found).items() if k != "_index"} == {
        "ring": "internal",
        "shade": "internal",
        "pay": "public",
    }


def test_drafts_of_a_cascade_are_its_targets_that_do_not_say_otherwise(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        next___index="---\ncascade: [{_target: {path: '/next/lamps/**'}, draft: true}]\n---\nSoon.",
        next__lamps__ring="---\nparams: {colour: red}\n---\n# Ring\nIt glows.",
        next__shade="# Shade\nIt folds.",
        next__lamps__foot="---\ndraft: false\n---\n# Foot\nIt turns.",
    )
    assert readers(found) == {"_index": "public", "shade": "public", "foot": "public"}
    assert dict(found.summary.withheld) == {"draft": 1}


def test_pages_are_internal_below_an_index_page_that_cannot_be_read(tmp_path: Path) -> None:
    pages = {"next/_index.md": "---\ncascade: [draft\n---\nSoon.", "next/ring.md": "# Ring\nIt glows."}
    (tmp_path / "next").mkdir()
    for name, text in pages.items():
        (tmp_path / name).write_text(text, "utf-8")
    found = load_articles([tmp_path], skip_bad=True)
    assert readers(found) == {"ring": "internal"}
    assert any("_index.md cannot be read" in line for line in found.summary.lines())


def test_wiki_pages_are_public_only_in_namespaces_for_readers_and_without_a_restriction_on_reading(
    tmp_path: Path,
) -> None:
    pages = [
        ("Lamp", 0, ""),
        ("Help:Ring", 12, "edit=sysop:move=sysop"),
        ("Lumikko:Rules", 4, ""),
        ("Team:Margins", 3000, ""),
        ("Prices", 0, "edit=sysop:read=staff"),
        ("Recall", 0, "read=sysop"),
        ("Spread", 0, "edit=reader"),
    ]
    path = tmp_path / "wiki.xml"
    path.write_text(
        "<mediawiki>"
        + "".join(
            f"<page><title>{title}</title><ns>{space}</ns><id>{number}</id>"
            f"<restrictions>{restrictions}</restrictions>"
            "<revision><timestamp>2025-01-01T00:00:00Z</timestamp><text>Some text.</text></revision></page>"
            for number, (title, space, restrictions) in enumerate(pages)
        )
        + "</mediawiki>",
        "utf-8",
    )
    found = load_articles([path])
    assert {article.title: article.visibility for article in found.articles} == {
        "Lamp": "public",
        "Ring": "public",
        "Rules": "internal",
        "Margins": "internal",
        "Prices": "internal",
        "Recall": "internal",
        "Spread": "public",
    }


def test_wiki_pages_from_its_interface_are_internal_alike(tmp_path: Path) -> None:
    revisions = [{"timestamp": "2025-01-01T00:00:00Z", "slots": {"main": {"content": "Some text."}}}]
    read = [{"type": "edit", "level": "sysop"}, {"type": "read", "level": "staff"}]
    pages = [
        {"pageid": 1, "ns": 0, "title": "Lamp", "protection": read[:1]},
        {"pageid": 2, "ns": 12, "title": "Help:Ring"},
        {"pageid": 3, "ns": 3000, "title": "Team:Margins"},
        {"pageid": 4, "ns": 0, "title": "Prices", "protection": read},
    ]
    document = {"query": {"pages": [page | {"revisions": revisions} for page in pages]}}
    path = tmp_path / "wiki.json"
    path.write_text(json.dumps(document), "utf-8")
    found = {article.id: article.visibility for article in load_articles([path]).articles}
    assert found == {"1": "public", "2": "public", "3": "internal", "4": "internal"}
