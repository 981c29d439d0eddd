"""Salesforce Knowledge: its channels say who may read an article, and its text stands in custom fields."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kb_index.articles.article import Article
from kb_index.articles.loaders import LoadedArticles, load_articles

ROW = {
    **{"Id": "ka01", "KnowledgeArticleId": "kA01", "ArticleNumber": "000001", "Title": "Reset the lamp"},
    **{"UrlName": "Reset-the-lamp", "Summary": "In short: hold both keys.", "Language": "en_US"},
    **{"PublishStatus": "Online", "IsVisibleInApp": "true", "IsVisibleInPkb": "true"},
    **{"IsVisibleInCsp": "false", "IsVisibleInPrm": "false", "IsLatestVersion": "true"},
    **{
        "LastModifiedDate": "2026-02-03T10:00:00.000Z",
        "Audience__c": "all customers",
        "Cause__c": "<p>The ring &amp; the foot are loose.</p>",
    },
    **{"Steps__c": "Hold both keys for five seconds.", "Internal_Note__c": "Ask the workshop for a ring."},
}


def loaded(folder: Path, *rows: dict[str, str]) -> LoadedArticles:
    path = folder / "knowledge.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return load_articles([path])


def only(folder: Path, **changed: str) -> Article:
    (article,) = loaded(folder, ROW | changed).articles
    return article


def test_the_text_is_the_summary_and_the_texts_of_custom_fields_for_readers(tmp_path: Path) -> None:
    article = only(tmp_path)
    assert [line for line in article.body.split("\n") if line] == [
        "In short: hold both keys.",
        "The ring & the foot are loose.",
        "Hold both keys for five seconds.",
    ]
    assert (article.title, article.language) == ("Reset the lamp", "en")


@pytest.mark.parametrize(
    ("changed", "visibility"),
    [
        ({}, "public"),
        ({"IsVisibleInCsp": "true"}, "public"),
        ({"IsVisibleInPkb": "1"}, "public"),
        ({"IsVisibleInPkb": "false", "IsVisibleInCsp": "true"}, "internal"),
        ({"IsVisibleInPkb": "0", "IsVisibleInPrm": "1"}, "internal"),
        ({"IsVisibleInPkb": ""}, "internal"),
    ],
)
def test_an_article_is_public_where_it_is_in_the_public_knowledge_base(
    changed: dict[str, str], visibility: str, tmp_path: Path
) -> None:
    assert only(tmp_path, **changed).visibility == visibility


@pytest.mark.parametrize(
    ("channels", "visibility"),
    [("application+pkb", "public"), ("application", "internal"), ("application+sites+csp", "internal")],
)
def test_the_channels_of_a_file_for_its_importer_count(
    channels: str, visibility: str, tmp_path: Path
) -> None:
    row = {"isMasterLanguage": "1", "Title": "Reset", "URLName": "reset", "How__c": "Hold both keys down."}
    (article,) = loaded(tmp_path, row | {"Channels": channels, "Language": "en"}).articles
    assert (article.id, article.visibility, article.body) == ("reset", visibility, "Hold both keys down.")


def test_drafts_are_left_out_and_translations_belong_together(tmp_path: Path) -> None:
    own = {"IsMasterLanguage": "1"}
    german = {"Id": "ka02", "Language": "de", "Title": "Lampe zurücksetzen", "IsMasterLanguage": "0"}
    draft = {"Id": "ka03", "KnowledgeArticleId": "kA03", "PublishStatus": "Draft", "IsMasterLanguage": "1"}
    found = loaded(tmp_path, ROW | own, ROW | german, ROW | draft)
    assert [(a.id, a.translation_of) for a in found.articles] == [("kA01", None), ("kA01.de", "kA01")]
    assert dict(found.summary.withheld) == {"draft": 1}
