"""Restrictions are found wherever they stand, in whatever words; what restricts nothing is left alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kb_index.articles.access.reading import read_access
from kb_index.articles.loaders import LoadedArticles, load_articles

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LAMP = {"id": "lamp", "title": "The lamp flickers", "body": "Turn the ring to the left.", "language": "en"}


def is_public(record: dict[str, Any]) -> bool:
    found = read_access(record, NOW)
    return not found.withheld and found.visibility != "internal"


def loaded(folder: Path, document: object) -> LoadedArticles:
    path = folder / "export.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return load_articles([path])


@pytest.mark.parametrize(
    "record",
    [
        {"settings": {"internal": True}},
        {"frontmatter": {"draft": "yes"}},
        {"attributes": {"meta": {"private": True}}},
        {"options": {"access": {"mode": "staff"}}},
        {"folder": {"name": "Repairs", "visibility": "agents"}},
        {"section": {"category": {"restricted": True}}},
        {"space": {"key": "HR", "permissions": [{"subject": "hr-team"}]}},
        {"ancestors": [{"id": 1, "draft": True}]},
        {"custom_fields": [{"name": "Visibility", "value": "internal"}]},
        {"properties": [{"label": "Confidential", "content": "yes"}]},
        {"permissions": {"anonymous": {"read": False}}},
        {"audience": {"customers": False, "agents": True}},
        {"sys": {"archivedAt": "2025-01-01"}},
        {"publish_window": {"start": "2999-01-01", "end": None}},
        {"sys": {"publishedAt": None, "publishedVersion": None}},
        {"status": {"code": "DRAFT", "colour": "grey"}},
    ],
)
def test_a_restriction_counts_at_any_depth_of_a_record(record: dict[str, Any]) -> None:
    assert not is_public(record)


@pytest.mark.parametrize(
    "document",
    [
        {"draft": True, "articles": [LAMP]},
        {"results": [LAMP], "access": "staff"},
        {"status": "archived", "items": [LAMP]},
        {"data": {"visibility": "private", "articles": [LAMP]}},
        {"settings": {"requires_sign_in": True}, "results": [LAMP]},
        {"help_center": {"public": False, "sections": [{"articles": [LAMP]}]}},
        {"groups": [{"name": "Workshop", "visibility": "staff", "articles": [LAMP]}]},
        {"folders": [{"id": 1, "name": "F", "config": {"internal": True}}],
         "articles": [LAMP | {"folder_id": 1}]},
        {"categories": [{"id": 7, "draft": True}], "sections": [{"id": 1, "category_id": 7}],
         "articles": [LAMP | {"section_id": 1}]},
        {"publish_at": "2999-01-01", "articles": [LAMP]},
        {"Sichtbarkeit": "intern", "articles": [LAMP]},
    ],
)  # fmt: skip
def test_what_stands_around_a_list_of_articles_restricts_them(document: object, tmp_path: Path) -> None:
    found = loaded(tmp_path, document)
    assert [article for article in found.articles if article.visibility == "public"] == []
    assert found.articles or found.summary.withheld


@pytest.mark.parametrize(
    "document",
    [
        {"status": "ok", "code": 0, "articles": [LAMP]},
        {"count": 1, "next_page": None, "per_page": 30, "sort_by": "position", "end_time": 1584541800,
         "articles": [LAMP]},
        {"articles": [LAMP], "users": [{"id": 1, "role": "admin", "active": False, "restricted_agent": True}],
         "user_segments": [{"id": 5, "user_type": "staff", "name": "Agents"}]},
        {"access_token": "abc", "scope": "read", "data": [LAMP]},
        {"counts": {"draft": 3, "published": 1}, "drafts": 1, "items": [LAMP]},
        {"articles": [LAMP | {"section_id": 9}],
         "sections": [{"id": 9, "name": "Internal", "user_segment_id": None}]},
    ],
)  # fmt: skip
def test_an_answer_with_people_counts_and_pages_around_public_articles_leaves_them_public(
    document: object, tmp_path: Path
) -> None:
    found = loaded(tmp_path, document)
    assert [article.visibility for article in found.articles] == ["public"]
    assert found.summary.not_understood == {}


@pytest.mark.parametrize(
    "record",
    [
        {"public_access": False},
        {"allow_public_access": "no"},
        {"guestAccess": "0"},
        {"show_to_customers": False},
        {"external": False},
        {"sso_required": True},
        {"signInRequired": "yes"},
        {"needs-login": 1},
        {"under_nda": True},
        {"can_view": ["staff"]},
        {"whoCanRead": "level 2"},
        {"viewable_by": "agents"},
        {"sharing": "private"},
        {"type": "internal"},
        {"scope": "staff"},
        {"layout": "Internal use only"},
        {"tags": ["lamps", "staff-only"]},
        {"exclude_from_portal": True},
        {"no_public_access": "true"},
        {"visibility": "none"},
        {"visibility": "everyone except guests"},
        {"status": "Draft (v2)"},
        {"state": "not yet published"},
        {"scheduled_at": "2999-01-01"},
        {"unpublishedAt": "2020-01-01"},
        {"embargo": True},
        {"expires": "31.12.2020"},
        {"expiry": "Dec 31, 2020"},
        {"superseded": True},
        {"retracted": "yes"},
        {"only_for": "staff"},
        {"not_for": "customers"},
        {"hidden_from": "customers"},
        {"viewPolicy": "employees"},
        {"requires_2fa": True},
        {"article_state": "to be reviewed"},
        {"latest": False},
        {"unapproved": "x"},
    ],
)
def test_keys_are_judged_by_their_words_and_what_denies_them(record: dict[str, Any]) -> None:
    assert not is_public(record)


@pytest.mark.parametrize(
    "record",
    [
        {"internal_id": 5},
        {"public_id": "kb_7"},
        {"internal_notes": "ask Ann"},
        {"private_notes_count": 2},
        {"access_count": 9},
        {"view_count": 812},
        {"viewed_by_count": 3},
        {"last_accessed_at": "2025-01-01"},
        {"next_review_at": "2020-01-01"},
        {"reviewedTime": "", "accessDate": "in May"},
        {"author": {"role": "agent", "active": False}},
        {"published_by": {"role": "staff"}},
        {"can_edit": ["staff"]},
        {"voting_enabled": False},
        {"external_source": "zendesk", "plan_id": 4, "Zugriffe": 55},
        {"state_changed_at": "2020-01-01"},
        {"support_group": "Lamps", "audience_size": 40, "sharing_enabled": True},
        {"permissions": {"guests": "read", "editors": "write"}},
        {"permission_group_id": 12},
        {"organization_id": 5},
        {"related_articles": [{"draft": True}]},
        {"attachments": [{"name": "plan.pdf", "private": True}]},
        {"translations": [{"locale": "de", "draft": True}]},
        {"tags": ["login", "permissions", "private-network"]},
        {"category": "Internal server errors"},
        {"type": "how-to", "scope": "global", "channel": "web"},
        {"outdated": True, "outdated_locales": ["de"]},
        {"expires": "31.12.2999"},
        {"published_on": "05.03.2021"},
        {"requires_login": False, "restricted_to": [], "password": None},
        {"visibility": "Open to everyone", "access": "no restrictions", "tlp": "CLEAR"},
        {"custom_fields": [{"name": "Product", "value": "Lamp"}, {"name": "Visibility", "value": "public"}]},
        {"space": {"key": "HELP", "type": "global", "status": "current"}},
        {"section": {"name": "Internal parts", "visibility": "public"}},
    ],
)
def test_identifiers_counts_people_links_and_dates_of_use_restrict_nothing(record: dict[str, Any]) -> None:
    assert is_public(record)


# A key of each language with a value that denies it, and one that does not.
IN_LANGUAGES = [
    ("de", "für Kunden sichtbar", "nein", "ja"),
    ("de", "Freigabestatus", "in Prüfung", "freigegeben"),
    ("fr", "réservé aux agents", "oui", "non"),
    ("es", "oculto", "sí", "no"),
    ("it", "visibile ai clienti", "no", "sì"),
    ("pt", "publicado", "não", "sim"),
    ("nl", "alleen voor medewerkers", "ja", "nee"),
    ("sv", "dold", "ja", "nej"),
    ("da", "synlig for kunder", "nej", "ja"),
    ("nb", "publisert", "nei", "ja"),
    ("fi", "salainen", "kyllä", "ei"),
    ("et", "avalik", "ei", "jah"),
    ("lv", "statuss", "melnraksts", "publicēts"),
    ("lt", "paskelbta", "ne", "taip"),
    ("pl", "poufny", "tak", "nie"),
    ("cs", "veřejný", "ne", "ano"),
    ("sk", "zverejnené", "nie", "áno"),
    ("sl", "objavljeno", "ne", "da"),
    ("hr", "skriveno", "da", "ne"),
    ("ru", "только для сотрудников", "да", "нет"),
    ("uk", "чернетка", "так", "ні"),
    ("bg", "публикувано", "не", "да"),
    ("hu", "nyilvános", "nem", "igen"),
    ("ro", "ascuns", "da", "nu"),
    ("el", "πρόχειρο", "ναι", "όχι"),
    ("tr", "taslak", "evet", "hayır"),
    ("ja", "公開", "いいえ", "はい"),
    ("ja", "ログイン必須", "はい", "いいえ"),
    ("zh", "是否公开", "否", "是"),
    ("ko", "비공개", "예", "아니오"),
    ("vi", "công khai", "không", "có"),
    ("th", "เผยแพร่", "ไม่", "ใช่"),
    ("id", "khusus staf", "ya", "tidak"),
    ("ar", "منشور", "لا", "نعم"),
    ("he", "ציבורי", "לא", "כן"),
]


@pytest.mark.parametrize(("language", "key", "restricting", "harmless"), IN_LANGUAGES)
def test_keys_and_their_values_are_known_in_many_languages(
    language: str, key: str, restricting: str, harmless: str
) -> None:
    assert not is_public({key: restricting})
    assert is_public({key: harmless})


@pytest.mark.parametrize("column", ["Public", "Visible to customers", "Veröffentlicht", "公開"])
def test_an_empty_cell_under_a_column_that_says_public_is_no_yes(column: str, tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text(f"id,title,body,{column}\na,Lamp,Text,\nb,Ring,Text,\nc,Key,Text,yes\n", "utf-8")
    found = load_articles([path])
    assert [article.visibility for article in found.articles] == ["internal", "internal", "public"]
    assert found.summary.not_understood_counts == {column: 2}
    assert sum(column in line for line in found.summary.lines()) == 1


def test_an_empty_cell_under_a_column_that_marks_few_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text("id,title,body,Internal,Draft,Expiry date\na,Lamp,Text,,,\n", "utf-8")
    assert [article.visibility for article in load_articles([path]).articles] == ["public"]


@pytest.mark.parametrize(
    "record",
    [
        {"is_faq": 0},
        {"Élément de la FAQ": "Non"},
        {"FAQ-Eintrag": "Nein"},
        {"gilt_für": "Mitarbeiter"},
        {"gäller_för": "personal"},
        {"для_кого": "сотрудники"},
        {"dla kogo": "pracownicy"},
        {"kenelle": "henkilökunta"},
    ],
)
def test_an_article_for_staff_is_internal_whatever_its_key_calls_that(record: dict[str, Any]) -> None:
    assert not is_public({**LAMP, **record})


@pytest.mark.parametrize(
    "record", [{"is_faq": 1}, {"faq": False}, {"gilt_für": "Linux"}, {"for": "beginners"}]
)
def test_for_what_an_article_is_restricts_nothing(record: dict[str, Any]) -> None:
    assert is_public({**LAMP, **record})


def test_an_article_that_staff_read_since_a_date_and_that_is_not_published_is_internal_and_no_draft() -> None:
    day = "2026-01-01T00:00:00Z"
    found = read_access({**LAMP, "internal_at": day, "published_at": None, "archived_at": None}, NOW)
    assert (found.visibility, found.withheld) == ("internal", "")
    draft = read_access({**LAMP, "internal_at": None, "published_at": None, "archived_at": None}, NOW)
    assert draft.withheld
    archived = read_access({**LAMP, "internal_at": day, "published_at": None, "archived_at": day}, NOW)
    assert archived.withheld
