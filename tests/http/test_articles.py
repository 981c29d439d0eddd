"""Articles over HTTP: put, read, listed, taken out, in batches, and only over what the caller has seen."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from kb_index.storage.article_store import ArticleStore
from tests.http.serving import wait_until
from tests.http.test_errors import assert_error
from tests.http.toy_service import empty_client, signed_in, toy_app, toy_service, toy_settings
from tests.kb_toy import ENCODER
from triage.settings import ArticleSettings
from triage.web.app import create_app
from triage.web.service import start_compaction

LAMP = {"title": "Change the lamp", "body": "Open the cover, then pull the lamp out.", "language": "en"}


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return empty_client(tmp_path)


def put(client: FlaskClient, article_id: str, **more: object):
    headers = more.pop("headers", {})
    return client.put(f"/v1/articles/{quote(article_id, safe='')}", json={**LAMP, **more}, headers=headers)


def get(client: FlaskClient, article_id: str, **headers: str):
    return client.get(f"/v1/articles/{quote(article_id, safe='')}", headers=headers)


def found(client: FlaskClient, text: str) -> list[str]:
    answer = client.post("/v1/suggest", json={"text": text, "language": "en"})
    return [article["id"] for article in answer.get_json()["articles"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"subject": "Lamp", "body": "<p>It does not shine</p>"},
        {"body": "<p>The lamp does not shine</p>"},
        {"subject": "Lamp"},
        {"subject": "It does not shine", "text": "lamp"},
    ],
)
def test_an_agent_may_ask_with_the_ticket_instead_of_a_text_or_beside_it(
    client: FlaskClient, asked: dict[str, str]
) -> None:
    put(client, "lamp")
    answer = client.post("/v1/suggest", json={**asked, "language": "en"})
    assert [article["id"] for article in answer.get_json()["articles"]] == ["lamp"]


@pytest.mark.parametrize("asked", [{}, {"text": " "}, {"subject": "", "body": "\n", "text": "\x02\u2028"}])
def test_an_agents_search_without_text_is_refused(client: FlaskClient, asked: dict[str, str]) -> None:
    put(client, "lamp")
    assert_error(client.post("/v1/suggest", json=asked), 422, "bad_input")


def test_the_first_article_creates_the_index_and_is_found_by_the_next_search(client: FlaskClient) -> None:
    assert_error(client.post("/v1/suggest", json={"text": "lamp"}), 503, "not_ready")
    assert_error(get(client, "lamp"), 404, "not_found")
    assert client.get("/v1/articles").get_json() == {"articles": [], "next": None}
    created = put(client, "lamp")
    assert created.status_code == 201
    assert created.get_json() == {
        **LAMP,
        "id": "lamp",
        "translation_of": None,
        "visibility": "public",
        "url": None,
        "updated_at": None,
        "labels": [],
        "collection": "article",
    }
    assert found(client, "how do I change the lamp") == ["lamp"]
    assert get(client, "lamp").get_json() == created.get_json()


def test_a_replaced_article_is_found_by_its_new_text_and_a_removed_one_no_more(client: FlaskClient) -> None:
    put(client, "lamp")
    put(client, "other", title="Something else", body="Nothing about that here")
    replaced = put(client, "lamp", title="Grease the chain", body="A drop of oil on the chain")
    assert replaced.status_code == 200
    assert found(client, "grease chain oil")[0] == "lamp"
    removed = client.delete("/v1/articles/lamp")
    assert (removed.status_code, removed.get_data()) == (204, b"")
    assert "lamp" not in found(client, "grease chain oil")
    assert_error(client.delete("/v1/articles/lamp"), 404, "not_found")


def test_what_get_answers_can_be_put_again_and_changes_nothing(client: FlaskClient) -> None:
    put(client, "lamp", updated_at="2026-03-31", labels=["light"], url="https://help.example/lamp")
    before = get(client, "lamp")
    again = client.put("/v1/articles/lamp", json=before.get_json())
    assert again.status_code == 200
    assert again.headers["ETag"] == before.headers["ETag"]


def test_an_etag_changes_with_every_part_of_an_article(client: FlaskClient) -> None:
    etags = {put(client, "lamp").headers["ETag"]}
    changes = (
        {"title": "Another"},
        {"body": "Another"},
        {"language": "de"},
        {"translation_of": "x"},
        {"visibility": "internal"},
        {"url": "https://a.example"},
        {"updated_at": "2026-01-01"},
        {"labels": ["a"]},
        {"collection": "reply", "visibility": "public"},
    )
    for change in changes:
        etags.add(put(client, "lamp", **change).headers["ETag"])
    assert len(etags) == len(changes) + 1
    assert all(etag.startswith('"') for etag in etags), "strong ones"


def test_an_unchanged_article_is_not_sent_again(client: FlaskClient) -> None:
    etag = put(client, "lamp").headers["ETag"]
    unchanged = get(client, "lamp", **{"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    assert unchanged.headers["ETag"] == etag
    assert get(client, "lamp", **{"If-None-Match": f"W/{etag}"}).status_code == 304
    put(client, "lamp", title="Another")
    assert get(client, "lamp", **{"If-None-Match": etag}).status_code == 200


def test_if_match_keeps_from_overwriting_what_somebody_else_has_changed(client: FlaskClient) -> None:
    seen = put(client, "lamp").headers["ETag"]
    newer = put(client, "lamp", title="Somebody else's").headers["ETag"]
    refused = assert_error(put(client, "lamp", headers={"If-Match": seen}), 412, "precondition_failed")
    assert newer in refused["message"]
    assert_error(client.delete("/v1/articles/lamp", headers={"If-Match": seen}), 412, "precondition_failed")
    assert_error(put(client, "lamp", headers={"If-Match": f"W/{newer}"}), 412, "precondition_failed")
    assert get(client, "lamp").get_json()["title"] == "Somebody else's"
    assert put(client, "lamp", headers={"If-Match": f'"no", {newer}'}).status_code == 200
    assert client.delete("/v1/articles/lamp", headers={"If-Match": "*"}).status_code == 204
    for conditions in ({"If-Match": "*"}, {"If-Match": newer}):
        assert_error(put(client, "lamp", headers=conditions), 412, "precondition_failed")
        assert_error(client.delete("/v1/articles/lamp", headers=conditions), 412, "precondition_failed")


def test_if_none_match_creates_and_never_replaces(client: FlaskClient) -> None:
    assert put(client, "lamp", headers={"If-None-Match": "*"}).status_code == 201
    refused = put(client, "lamp", title="Another", headers={"If-None-Match": "*"})
    assert_error(refused, 412, "precondition_failed")
    assert get(client, "lamp").get_json()["title"] == LAMP["title"]


def test_of_many_who_change_the_same_state_at_once_one_succeeds(client: FlaskClient) -> None:
    seen = put(client, "lamp").headers["ETag"]
    barrier = Barrier(4)
    statuses: list[int] = []

    def change(number: int) -> None:
        own = signed_in(client.application)
        barrier.wait()
        answer = put(own, "lamp", title=f"By {number}", headers={"If-Match": seen})
        statuses.append(answer.status_code)

    threads = [Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    "article_id",
    [
        "a/b",
        "/leading",
        "trailing/",
        "a//b",
        "with space",
        "ärger/日本語",
        "50%",
        "a?b#c",
        "..",
        "a\nb",
        "batch",
    ],
)
def test_any_id_has_an_address(client: FlaskClient, article_id: str) -> None:
    assert put(client, article_id).status_code == 201
    assert get(client, article_id).get_json()["id"] == article_id
    assert client.delete(f"/v1/articles/{quote(article_id, safe='')}").status_code == 204
    assert get(client, article_id).status_code == 404


def test_ids_are_the_same_however_they_are_written(client: FlaskClient) -> None:
    put(client, "  a\u0308rger ")
    assert get(client, "\u00e4rger").get_json()["id"] == "\u00e4rger"


def test_an_id_that_cannot_be_kept_is_refused(client: FlaskClient) -> None:
    assert_error(put(client, " "), 422, "bad_input")
    assert_error(put(client, "x" * 301), 422, "bad_input")
    error = assert_error(put(client, "lamp", id="lampe"), 422, "bad_input")
    assert "id" in error["fields"]
    assert put(client, "lamp", id=" lamp ").status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "", "body": " "}, "body"),
        ({"title": 7}, "title"),
        ({"body": ["a"]}, "body"),
        ({"language": "english!"}, "language"),
        ({"visibility": "secret"}, "visibility"),
        ({"collection": "faq"}, "collection"),
        ({"updated_at": "yesterday"}, "updated_at"),
        ({"labels": "a,b"}, "labels"),
        ({"author": "me"}, "author"),
        ({"title": "x" * 1001}, "title"),
        ({"body": "x" * 1_000_001}, "body"),
    ],
)
def test_a_wrong_article_is_refused_and_the_field_named(
    client: FlaskClient, change: dict, field: str
) -> None:
    error = assert_error(put(client, "lamp", **change), 422, "bad_input")
    assert field in error["fields"]
    assert get(client, "lamp").status_code == 404


def test_a_long_article_may_be_larger_than_other_bodies_and_a_huge_one_is_refused(
    client: FlaskClient,
) -> None:
    picture = "<p>Open the cover</p><img src='data:" + "A" * 2_000_000 + "'>"
    assert put(client, "lamp", body=picture).get_json()["body"] == "Open the cover"
    error = assert_error(put(client, "lamp", body="x" * 9_000_000), 413, "too_large")
    assert "8192 KiB" in error["message"]


def test_html_becomes_text_before_it_is_kept(client: FlaskClient) -> None:
    answer = put(client, "lamp", body="<p>Open &amp; pull</p><script>alert(1)</script>").get_json()
    assert answer["body"] == "Open & pull"


def test_markdown_becomes_text_as_in_a_page(client: FlaskClient) -> None:
    body = "Open **Settings**, [here](https://help.example/s).\n\n```\n# reset\nlampctl reset\n```"
    answer = put(client, "lamp", body=body).get_json()
    assert answer["body"].replace("\u00a0", " ") == "Open Settings, here.\n\n# reset\nlampctl reset"


def test_a_key_that_restricts_access_is_refused_not_passed_over(client: FlaskClient) -> None:
    assert_error(put(client, "lamp", draft=True), 422, "bad_input")
    assert get(client, "lamp").status_code == 404


def test_the_settings_say_who_may_read_what_says_nothing_itself(tmp_path: Path) -> None:
    articles = ArticleSettings(default_visibility="internal")
    settings = toy_settings(tmp_path).model_copy(update={"articles": articles})
    client = signed_in(toy_app(settings))
    assert put(client, "lamp").get_json()["visibility"] == "internal"
    batch = {"operations": [{"put": {"id": "plug", **LAMP}}]}
    assert client.post("/v1/articles/batch", json=batch).status_code == 200
    assert get(client, "plug").get_json()["visibility"] == "internal"
    assert put(client, "lamp", visibility="public").get_json()["visibility"] == "public"


def test_replies_are_internal_unless_it_is_said_otherwise(client: FlaskClient) -> None:
    assert put(client, "reply", collection="reply").get_json()["visibility"] == "internal"


def pages(client: FlaskClient, **query: object) -> Iterator[list[str]]:
    after: str | None = ""
    while after is not None:
        page = client.get("/v1/articles", query_string={**query, "after": after}).get_json()
        yield [article["id"] for article in page["articles"]]
        after = page["next"]


def test_the_list_is_read_page_by_page_in_the_order_of_ids(client: FlaskClient) -> None:
    ids = sorted(f"a{number}" for number in range(7))
    for article_id in reversed(ids):
        put(client, article_id)
    assert list(pages(client, limit=3)) == [ids[:3], ids[3:6], ids[6:]]
    assert list(pages(client, limit=7)) == [ids]
    [listed] = client.get("/v1/articles?limit=1").get_json()["articles"]
    assert "body" not in listed
    assert listed["chars"] == len(LAMP["body"])
    assert f'"{listed["etag"]}"' == get(client, listed["id"]).headers["ETag"]


def test_the_list_can_be_narrowed_to_a_collection_and_a_visibility(client: FlaskClient) -> None:
    put(client, "article")
    put(client, "inside", visibility="internal")
    put(client, "reply", collection="reply")
    assert list(pages(client, collection="article")) == [["article", "inside"]]
    assert list(pages(client, visibility="internal", limit=1)) == [["inside"], ["reply"]]
    assert list(pages(client, collection="ticket")) == [[]]
    for wrong in ("limit=0", "limit=501", "limit=x", "collection=faq", "colection=reply"):
        assert_error(client.get(f"/v1/articles?{wrong}"), 422, "bad_input")


def test_a_list_that_is_narrowed_reads_no_more_than_it_may(tmp_path: Path, monkeypatch) -> None:
    routes = import_module("triage.web.routes.articles")
    monkeypatch.setattr(routes, "_PAGE", 2)
    monkeypatch.setattr(routes, "_MOST_PAGES", 2)
    client = empty_client(tmp_path)
    for number in range(9):
        put(client, f"a{number}", collection="reply" if number == 8 else "article")
    assert list(pages(client, collection="reply")) == [[], [], ["a8"]]


def batch(client: FlaskClient, *operations: dict) -> list[dict]:
    response = client.post("/v1/articles/batch", json={"operations": operations})
    assert response.status_code == 200, response.get_data(as_text=True)
    return response.get_json()["results"]


def test_in_a_batch_each_operation_has_its_own_result(client: FlaskClient) -> None:
    put(client, "old")
    put(client, "gone")
    results = batch(
        client,
        {"put": {**LAMP, "id": "new"}},
        {"put": {**LAMP, "id": "old", "title": "Changed"}},
        {"delete": "gone"},
        {"delete": "never there"},
        {"put": {**LAMP, "id": "wrong", "language": "english!"}},
        {"put": LAMP},
        {"delete": "new"},
        {"put": {**LAMP, "id": "half \ud800", "half \ud800": 1}},
    )
    assert [r["status"] for r in results] == [201, 200, 204, 404, 422, 422, 409, 422]
    assert [r["id"] for r in results][:5] == ["new", "old", "gone", "never there", "wrong"]
    assert results[4]["error"]["fields"].keys() == {"language"}
    assert results[5]["error"]["fields"].keys() == {"id"}
    assert all((r["error"] is None) == (r["status"] < 400) for r in results)
    assert f'"{results[0]["etag"]}"' == get(client, "new").headers["ETag"]
    assert get(client, "old").get_json()["title"] == "Changed"
    assert list(pages(client)) == [["new", "old"]]


def test_a_batch_that_changes_nothing_creates_no_index(client: FlaskClient) -> None:
    assert [r["status"] for r in batch(client, {"delete": "a"}, {"put": {}})] == [404, 422]
    assert_error(client.post("/v1/suggest", json={"text": "lamp"}), 503, "not_ready")


def test_a_batch_of_another_form_is_refused_whole(client: FlaskClient) -> None:
    put_one = {"put": {**LAMP, "id": "a"}}
    for operations in ([], [put_one] * 257, [{}], [{**put_one, "delete": "b"}], [{"put": "a"}], "put", None):
        response = client.post("/v1/articles/batch", json={"operations": operations})
        assert_error(response, 422, "bad_input")
    assert get(client, "a").status_code == 404


def test_what_was_acknowledged_is_there_after_a_crash(tmp_path: Path, client: FlaskClient) -> None:
    put(client, "lamp")
    batch(client, {"put": {**LAMP, "id": "second"}})
    # Another process opens what is on the disk, as after a kill; nothing was closed here.
    after = ArticleStore(tmp_path / "kb", ENCODER)
    assert [article.id for article in after.articles()] == ["lamp", "second"]


def test_many_changes_are_compacted_beside_the_requests(tmp_path: Path) -> None:
    service = toy_service(toy_settings(tmp_path), ())
    client = signed_in(create_app(service.settings, service))
    store = service.engine().articles.get()
    before = None
    for number in range(120):
        put(client, f"a{number}")
        before = before or store.registry.current_id()
    assert store.registry.current_id() == before, "no request writes a new folder"
    compaction = start_compaction(service.engine, every_s=0.05)
    try:
        wait_until(lambda: store.registry.current_id() != before)
        assert get(client, "a77").status_code == 200
    finally:
        compaction.stop()
