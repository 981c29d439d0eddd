"""Who may read an article: nothing is more public than its record says, in the spellings of the vendors."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb_index.articles.access.reading import Access, read_access
from kb_index.articles.loaders import LoadedArticles, load_articles

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ZENDESK = {
    "id": 3600123,
    "url": "https://zendesk.example.com/api/v2/help_center/en-us/articles/3600123.json",
    "html_url": "https://zendesk.example.com/hc/en-us/articles/3600123",
    "author_id": 36001,
    "comments_disabled": True,
    "draft": False,
    "promoted": False,
    "section_id": 36005,
    "created_at": "2024-04-17T17:18:10Z",
    "title": "Descale the kettle",
    "source_locale": "en-us",
    "locale": "en-us",
    "outdated": True,
    "outdated_locales": ["de"],
    "user_segment_id": None,
    "user_segment_ids": [],
    "permission_group_id": 2852349,
    "content_tag_ids": [],
    "label_names": [],
    "body": "<p>Use vinegar.</p>",
}
CONFLUENCE_RESTRICTIONS = {
    "read": {
        "operation": "read",
        "restrictions": {
            "user": {"results": [], "start": 0, "limit": 200, "size": 0},
            "group": {"results": []},
        },
        "_expandable": {"content": "/rest/api/content/1"},
    },
    "update": {"operation": "update", "restrictions": {"user": {"results": [{"username": "ann"}]}}},
}


def access(**record: Any) -> Access:
    return read_access(record, NOW)


@pytest.mark.parametrize(
    "record",
    [
        ZENDESK,
        {"status": "Published", "latestVersionStatus": "Published", "permission": "ALL", "isTrashed": False,
         "translationState": "OUTDATED", "isLocked": False, "author": {"status": "DISABLED"}},
        {"type": "article", "state": "published", "author_id": 1, "parent_type": "collection"},
        {"status": "published", "hasDraft": True, "lastPublishedAt": "2024-02-12T15:09:07Z"},
        {"type": "page", "status": "current", "restrictions": CONFLUENCE_RESTRICTIONS, "_expandable": {}},
        {"status": "publish", "comment_status": "open", "ping_status": "closed", "date": "2024-01-01"},
        {"workflow_state": "published", "valid_to": "2100-01-01", "active": "true", "roles": ""},
        {"PublishStatus": "Online", "IsVisibleInPkb": True, "Language": "en_US"},
        {"archived_at": None, "internal_at": None, "published_at": "2020-01-01T00:00:00Z"},
        {"draft": False, "date": "2024-01-01", "publishDate": "2024-01-01", "expiryDate": "2099-01-01"},
        {"published": "yes", "restricted": "false", "access": "Everyone"},
        {"audience": ["agents", "customers"], "expires": "never", "shared_with": "*"},
        {"hide": ["navigation"], "template": "wide.html", "sidebar_position": 3, "hide_title": True},
        {"permissions": {"view": "public", "edit": "staff"}, "role": "", "groups": [], "segment": None},
        {"state": "published", "published_at": 1584541800, "ownership_group": {"value": "kb"}},
        {"workflow_state": "published", "view_as_allowed": "true", "can_read_user_criteria": ""},
        {"content": {"rendered": "Text", "protected": False}, "shared_with": "everyone"},
        {"Sichtbarkeit": "öffentlich", "Entwurf": "nein", "Status": "veröffentlicht"},
        {"Visibilité": "tous", "公開範囲": "全員"},
        {"date": "2027-01-01", "publishDate": "2026-01-01"},  # the date of what the page is about
    ],
)  # fmt: skip
def test_what_customers_may_read_stays_public(record: dict[str, Any]) -> None:
    found = read_access(record, NOW)
    assert not found.withheld
    assert found.visibility in (None, "public")
    assert found.not_understood == {}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"draft": True}, "draft"),
        ({"isDraft": "yes"}, "draft"),
        ({"draft": 1, "visibility": "public"}, "draft"),
        ({"status": "Draft"}, "draft"),
        ({"latestVersionStatus": "Review"}, "review"),
        ({"state": "in_review"}, "in_review"),
        ({"PublishStatus": "Archived"}, "archived"),
        ({"workflow_state": "retired"}, "retired"),
        ({"status": "trash"}, "trash"),
        ({"status": "future"}, "future"),
        ({"published": False}, "not published"),
        ({"enabled": False}, "not published"),
        ({"isTrashed": True}, "trashed"),
        ({"archived_at": "2021-05-01T10:00:00Z"}, "archived"),
        ({"deleted_at": "2021-05-01"}, "deleted"),
        ({"publishedAt": None}, "not published"),
        ({"publishDate": "2027-01-01"}, "not published yet"),
        ({"date": "2027-01-01T08:00:00+02:00"}, "not published yet"),
        ({"expiryDate": "2025-12-31"}, "expired"),
        ({"valid_to": "2025-12-31 10:00:00"}, "expired"),
        ({"unpublishdate": "2025-12-31"}, "unpublished"),
        ({"params": {"draft": True}}, "draft"),
        ({"headless": True}, "headless"),
        ({"expires_at": 1584541800}, "expired"),
        ({"hidden_until": "2027-01-01"}, "not published yet"),
        ({"embargo_until": "2027-01-01"}, "not published yet"),
        ({"available_until": "2025-01-01"}, "expired"),
        ({"Entwurf": "ja"}, "entwurf"),
        ({"Status": "Brouillon"}, "brouillon"),
        ({"下書き": "はい"}, "下書き"),
    ],
)
def test_what_is_not_published_is_for_nobody(record: dict[str, Any], reason: str) -> None:
    assert read_access(record, NOW).withheld == reason


@pytest.mark.parametrize(
    "record",
    [
        ZENDESK | {"user_segment_id": 360000123},
        ZENDESK | {"user_segment_ids": [360000123]},
        {"permission": "AGENTS"},
        {"permission": "REGISTEREDUSERS", "status": "Published"},
        {"visibility": "secret"},
        {"visibility": "public", "internal": True},
        {"access": {"level": "internal"}},
        {"access level": "Agents only"},
        {"visible_to": ["staff", "managers"]},
        {"role": "agent"},
        {"is_private": "1"},
        {"staffonly": True},
        {"login_required": True},
        {"public": "no"},
        {"unlisted": True},
        {"password": "hunter2"},
        {"content": {"rendered": "", "protected": True}},
        {"managers_only": True, "owner_only": "yes"},
        {"owner_only": "yes"},
        {"Zielgruppe": "Mitarbeiter"},
        {"Näkyvyys": "sisäinen"},
        {"閲覧権限": "社内"},
        {"folder_visibility": "agents"},
    ],
)
def test_what_only_some_may_read_is_internal(record: dict[str, Any]) -> None:
    found = read_access(record, NOW)
    assert (found.withheld, found.visibility, found.not_understood) == ("", "internal", {})
    assert "hunter2" not in found.internal_by


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("visibility", 3),
        ("audience", "gold tier"),
        ("accessLevel", "C3"),
        ("min_role", "tier 2"),
        ("allowed_groups", ["g1"]),
        ("acl", {"g1": "r"}),
        ("status", 7),
        ("state", "blue"),
        ("draft", "perhaps"),
        ("confidentiality", "red"),
        ("expiry_date", "in spring"),
        ("customer_segment", "wholesale"),
        ("permission_level", ["public", "wholesale"]),
        ("Zugriff", "Stufe 3"),
        ("allowed_domains", ["lumikko.example"]),
    ],
)
def test_a_restriction_that_is_not_understood_makes_an_article_internal_and_is_named(
    key: str, value: object
) -> None:
    found = read_access({"visibility": "public", key: value}, NOW)
    assert found.visibility == "internal"
    assert list(found.not_understood) == [key]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("freigegeben", "nein"),
        ("Freigabe", "nein"),
        ("Freigabe", "Stufe 2"),
        ("gültig bis", "2020-01-01"),
        ("Gueltig_bis", "2020-01-01"),
        ("GültigBis", "irgendwann"),
        ("ablaufdatum", "01.01.2020"),
        ("Sichtbar für", "Agenten"),
        ("Sichtbar für", ["Agenten", "Händler"]),
        ("Klassifizierung", "vertraulich"),
        ("KLASSIFIZIERUNG", "C2"),
        ("show_in_portal", False),
        ("displayOnWebsite", "no"),
        ("review", "pending"),
        ("approval", "2 of 3"),
        ("end_date", "2020-01-01"),
        ("concept", "ja"),
        ("Valable jusqu'au", "2020-01-01"),
        ("Confidentialite", "niveau 2"),
        ("fecha de caducidad", "2020-01-01"),
        ("aprobado", "no"),
        ("Visível para", "agentes"),
        ("scadenza", "2020-01-01"),
        ("geldig-tot", "2020-01-01"),
        ("ważne do", "2020-01-01"),
        ("godkänd", "nej"),
        ("udløbsdato", "2020-01-01"),
        ("Päättymispäivä", "2020-01-01"),
        ("kehtib kuni", "2020-01-01"),
        ("galioja iki", "2020-01-01"),
        ("действует до", "2020-01-01"),
        ("конфиденциальность", "уровень 2"),
        ("schváleno", "ne"),
        ("有効期限", "2020-01-01"),
        ("公開", "いいえ"),
        ("密级", "二级"),
        ("비공개", True),
    ],
)
def test_keys_that_restrict_are_known_in_many_languages(key: str, value: object) -> None:
    found = read_access({key: value}, NOW)
    assert found.withheld or found.visibility == "internal"


@pytest.mark.parametrize(
    "record",
    [
        {"Freigabe": "erteilt", "gültig bis": "2099-01-01", "Sichtbar für": "Kunden"},
        {"show_toc": False, "show_in_menu": False, "display": "wide", "end": "note"},
        {
            "review_count": 3,
            "review_date": "2027-01-01",
            "start_date": "2020-01-01",
            "end_date": "2099-12-31",
            "concept": "nee",
        },
        {"aprobado": "sí", "Valable jusqu'au": "2099-01-01", "公開": "はい"},
    ],
)
def test_such_keys_leave_an_article_public_where_they_do_not_restrict(record: dict[str, Any]) -> None:
    found = read_access(record, NOW)
    assert not found.withheld
    assert found.visibility in (None, "public")


def test_a_page_that_names_readers_is_internal_whoever_may_edit_it() -> None:
    group = {"group": {"results": [{"type": "group", "name": "hr"}], "size": 1}}
    restricted = CONFLUENCE_RESTRICTIONS | {"read": {"operation": "read", "restrictions": group}}
    assert access(status="current", restrictions=restricted).visibility == "internal"


def loaded(folder: Path, *records: dict[str, Any], **options: Any) -> LoadedArticles:
    path = folder / "articles.jsonl"
    numbered = ({"id": str(number), "title": "Title", "body": "Text"} | r for number, r in enumerate(records))
    path.write_text("\n".join(map(json.dumps, numbered)), "utf-8")
    return load_articles([path], **options)


def test_the_summary_says_what_was_left_out_made_internal_and_not_understood(tmp_path: Path) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    found = loaded(
        tmp_path,
        {"language": "en"},
        {"language": "de", "audience": "staff"},
        {"audience": "gold tier"},
        {"draft": True},
        {"draft": True},
        {"publish_date": tomorrow},
    )
    assert {article.id: article.visibility for article in found.articles} == {
        "0": "public",
        "1": "internal",
        "2": "internal",
    }
    path = tmp_path / "articles.jsonl"
    assert found.summary.lines() == [
        "read 3 articles: 1 de, 1 en, 1 und; 2 internal, 1 public",
        f"left out 3 that are not published (2 draft, 1 not published yet), such as {path}, line 4",
        "internal by what the articles say: 1 audience: staff",
        f"warning: audience seems to restrict who may read 1 article, but is 'gold tier' in {path}, line 3, "
        "which is not understood: made internal. Write visibility: public or internal instead of audience.",
    ]


def test_the_default_visibility_holds_where_an_article_says_nothing(tmp_path: Path) -> None:
    records: list[dict[str, Any]] = [
        {},
        {"visibility": "public"},
        {"collection": "reply"},
        {"user_segment_id": None},
    ]
    found = loaded(tmp_path, *records, default_visibility="internal")
    assert [a.visibility for a in found.articles] == ["internal", "public", "internal", "public"]


@pytest.mark.parametrize(
    "record",
    [
        {"NotPublic": True},
        {"not_visible": "yes"},
        {"visible_to_customers": "false"},
        {"visible_to_all": "no"},
        {"access": {"isPublic": "false"}, "visibility": "public"},
        {"audience": {"everyone": False}},
        {"params": {"access": {"public": False}}},
    ],
)
def test_what_is_denied_to_all_is_internal(record: dict[str, Any]) -> None:
    access = read_access(record, NOW)
    assert (access.visibility, access.not_understood) == ("internal", {})


@pytest.mark.parametrize(
    "record",
    [
        {"excluded_groups": ["customers"]},
        {"cannot_see_roles": "anonymous"},
        {"audience_denylist": ["guests", "public"]},
        {"accessibility": 0},
    ],
)
def test_readers_that_are_shut_out_make_an_article_internal(record: dict[str, Any]) -> None:
    assert read_access(record, NOW).visibility == "internal"


def test_a_number_under_accessibility_is_not_understood() -> None:
    assert read_access({"accessibility": 2}, NOW).not_understood == {"accessibility": "2"}


@pytest.mark.parametrize(
    "record", [{"not_public": False}, {"excluded_groups": []}, {"internal": ""}, {"visible_to": []}]
)
def test_a_denial_that_is_denied_or_left_empty_says_nothing(record: dict[str, Any]) -> None:
    assert read_access(record, NOW).visibility is None
