"""What the service tells strangers of itself, and what only agents are shown."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kb_index.articles.article import Article
from models.storage.artifact import MANIFEST
from tests.http.conftest import wait_until_loaded
from tests.http.serving import served
from tests.http.test_webhooks import deliver
from tests.http.toy_service import signed_in
from tests.sample_home import copy_sample
from tests.store.test_webhook_worker import wait_until
from triage.pipeline.factory import model_registry, open_articles
from triage.settings import Settings
from triage.settings.webhooks import HookSettings
from triage.store.ids import new_id
from triage.web.app import create_app

TICKET = {"body": "The zorblatt of my bike hums in the rain, what is to be done?", "articles": 20}
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
TITLE = "Zorblatt hums in the rain"
INSIDE = Article("inside", TITLE, "Secret: open the zorblatt.", "en", visibility="internal")
OUTSIDE = Article("outside", TITLE, "Dry the zorblatt.", "en")


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    return copy_sample(sample_settings, tmp_path)


def serve(settings: Settings, *scopes: str) -> FlaskClient:
    client = signed_in(create_app(settings), *scopes)
    wait_until_loaded(client)
    return client


def damage(settings: Settings) -> None:
    manifest = model_registry(settings).current() / MANIFEST
    manifest.write_text(manifest.read_text("utf-8").replace('"format_version"', '"version"'), "utf-8")


def test_readiness_shows_paths_to_those_who_have_a_token_and_to_no_stranger(copied: Settings) -> None:
    damage(copied)
    client = serve(copied)
    stranger = signed_in(client.application, "portal")
    nobody = client.application.test_client()
    told = client.get("/readyz").get_json()
    assert str(copied.home) in told["missing"]["bundle"]
    for one in (stranger, nobody):
        response = one.get("/readyz")
        assert response.status_code == 200
        assert response.get_json()["missing"].keys() == {"bundle"}
        assert "/" not in response.get_json()["missing"]["bundle"]
    wrong = nobody.get("/readyz", headers={"Authorization": "Bearer trg_" + "0" * 12 + "_" + "0" * 64})
    assert str(copied.home) not in wrong.get_data(as_text=True)


def test_so_does_a_service_without_any_part_and_a_portal_s_refusal(copied: Settings) -> None:
    damage(copied)
    manifest = open_articles(copied, cached=False).registry.current() / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"kind": "other"}), "utf-8")
    app = create_app(copied)
    wait_until(lambda: app.extensions["triage"].is_load_finished)
    client, portal = signed_in(app), signed_in(app, "portal")
    for answer in (app.test_client().get("/readyz"), portal.post("/v1/deflect", json={"text": "the lamp"})):
        assert answer.status_code == 503
        assert str(copied.home) not in answer.get_data(as_text=True)
    assert str(copied.home) in client.get("/readyz").get_data(as_text=True)


@pytest.fixture
def helpdesk(copied: Settings) -> Iterator[FlaskClient]:
    """A service with a public and an internal article about the same, and a connector."""
    open_articles(copied, cached=False).put([INSIDE, OUTSIDE])
    hook = HookSettings(secrets=[SECRET])
    client = serve(copied.model_copy(update={"hooks": {"desk": hook}}))
    yield client
    client.application.extensions["triage.webhooks.worker"].stop()


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/triage/batch"])
def test_internal_articles_are_for_agents_also_beside_a_ticket(helpdesk: FlaskClient, path: str) -> None:
    seen = {}
    for scopes in (("triage",), ("triage", "agent"), ("admin",)):
        client = signed_in(helpdesk.application, *scopes)
        body = {"tickets": [TICKET]} if path.endswith("batch") else TICKET
        answer = client.post(path, json=body).get_json()
        answer = answer["items"][0]["answer"] if path.endswith("batch") else answer
        seen[scopes] = {article["id"] for article in answer["articles"]}
        sees_inside = scopes != ("triage",)
        assert ("Secret" in json.dumps(answer)) is sees_inside
    assert "outside" in seen["triage",]
    assert "inside" not in seen["triage",]
    assert {"inside", "outside"} <= seen["triage", "agent"] & seen["admin",]


def test_so_they_are_in_a_delivery_that_is_fetched(helpdesk: FlaskClient) -> None:
    delivery_id = new_id()
    assert deliver(helpdesk, TICKET, delivery_id, secret=SECRET).status_code == 202
    address = f"/v1/hooks/desk/deliveries/{delivery_id}"
    wait_until(lambda: helpdesk.get(address).get_json()["state"] == "done")
    narrow = signed_in(helpdesk.application, "triage").get(address).get_json()["result"]["articles"]
    wide = signed_in(helpdesk.application, "triage", "agent").get(address).get_json()["result"]["articles"]
    assert "inside" in {article["id"] for article in wide}
    assert [article for article in wide if article["visibility"] == "public"] == narrow


def test_a_start_takes_the_rights_of_other_users_from_an_older_home(copied: Settings) -> None:
    (copied.home / "cache").mkdir()
    (copied.home / "cache" / "embeddings.sqlite3").touch()
    (copied.home / "triage.db").touch()
    for path in copied.home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with served(copied, copied.home / "log") as server:
        assert server.ask("/v1/triage", TICKET).status == 200
        places = [copied.models_folder, copied.kb_folder, copied.cache_folder]
        found = [path for place in places for path in (place, *place.rglob("*"))]
        found += [copied.home / "triage.db", copied.home / "first-token"]
        assert [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
