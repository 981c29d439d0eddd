"""One unusable part does not take the other down, and what is new is taken up without a restart."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.storage.artifact import MANIFEST
from tests.http.conftest import wait_until_loaded
from tests.http.toy_service import signed_in
from tests.postgres import Postgres
from tests.sample_home import copy_sample
from triage.pipeline.factory import model_registry, open_articles
from triage.settings import Settings, StoreSettings
from triage.store import open_store
from triage.web.app import create_app

TICKET = {"body": "The battery does not charge in the cold"}


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    """The sample helpdesk's home, to be damaged."""
    return copy_sample(sample_settings, tmp_path)


def serve(settings: Settings) -> FlaskClient:
    client = signed_in(create_app(settings))
    wait_until_loaded(client)
    return client


def test_a_bundle_with_one_byte_changed_is_refused_while_articles_are_still_found(copied: Settings) -> None:
    stored = model_registry(copied).current() / "models.0.linear.weights.npy"
    content = bytearray(stored.read_bytes())
    content[1000] ^= 1
    stored.write_bytes(content)
    client = serve(copied)
    refused = client.post("/v1/triage", json=TICKET)
    assert refused.status_code == 503
    assert refused.get_json()["error"]["code"] == "damaged_folder"
    assert "models.0.linear.weights.npy was changed" in refused.get_json()["error"]["message"]
    assert client.post("/v1/suggest", json={"text": TICKET["body"]}).get_json()["articles"]
    assert set(client.get("/readyz").get_json()["missing"]) == {"bundle"}


def test_an_index_of_another_encoder_is_refused_while_fields_are_still_predicted(copied: Settings) -> None:
    manifest_file = open_articles(copied, cached=False).registry.current() / MANIFEST
    manifest = json.loads(manifest_file.read_text("utf-8"))
    manifest["metadata"]["encoder"] = "another"
    manifest_file.write_text(json.dumps(manifest), "utf-8")
    client = serve(copied)
    answer = client.post("/v1/triage", json=TICKET).get_json()
    assert answer["fields"]["category"]["value"] == "battery"
    assert answer["articles"] == []
    assert "triage index" in answer["missing"]["articles"]
    refused = client.post("/v1/suggest", json={"text": TICKET["body"]})
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (503, "mismatch")


def test_a_new_bundle_is_taken_up_by_the_running_service(copied: Settings) -> None:
    client = serve(copied)
    registry = model_registry(copied)
    before = client.post("/v1/triage", json=TICKET).get_json()["bundle"]
    shutil.copytree(registry.current(), registry.path("newer"))
    registry.make_current("newer")
    end = time.monotonic() + 30
    while (now := client.post("/v1/triage", json=TICKET)).get_json()["bundle"] != "newer":
        assert now.status_code == 200
        assert now.get_json()["bundle"] == before
        assert time.monotonic() < end
        time.sleep(0.1)


def test_the_running_service_sees_changed_articles_with_the_next_request(copied: Settings) -> None:
    client = serve(copied)

    def found() -> list[str]:
        answer = client.post("/v1/suggest", json={"text": TICKET["body"], "language": "en", "k": 5})
        return [article["id"] for article in answer.get_json()["articles"]]

    first = found()[0]
    articles = open_articles(copied, cached=False)
    removed = articles.get(first)
    assert removed is not None
    articles.remove([first])
    assert first not in found()
    articles.put([removed])
    assert found()[0] == first


def test_serving_imports_nothing_that_only_training_needs(sample_settings: Settings) -> None:
    script = (
        "import sys, time; from pathlib import Path; from triage.settings import Settings\n"
        "from triage.web.app import create_app\n"
        f"settings = Settings.model_validate_json({sample_settings.model_dump_json()!r})\n"
        "from tests.http.toy_service import signed_in\n"
        "client = signed_in(create_app(settings))\n"
        "while client.get('/readyz').status_code != 200: time.sleep(0.1)\n"
        f"assert client.post('/v1/triage', json={TICKET!r}).get_json()['fields']\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert {"flask", "faiss", "onnxruntime"} <= imported
    assert imported & {"sklearn", "scipy.optimize", "torch", "sentence_transformers", "pandas"} == set()


def test_without_its_store_a_ticket_is_answered_but_nothing_is_applied(
    copied: Settings, postgres: Postgres
) -> None:
    store = StoreSettings(url=postgres.create_database("away"))
    client = serve(copied.model_copy(update={"store": store}))
    assert client.post("/v1/triage", json=TICKET).status_code == 200  # so that its token is known
    postgres.stop()
    try:
        answer = client.post("/v1/triage", json=TICKET).get_json()
    finally:
        postgres.start()
    assert answer["decision_id"] is None
    assert "store" in answer["missing"]
    assert answer["fields"]["category"]["value"] == "battery"
    assert "apply" not in {field["action"] for field in answer["fields"].values()}


def test_an_answered_ticket_is_in_the_store_redacted_and_without_its_sender(copied: Settings) -> None:
    client = serve(copied)
    body = "The battery does not charge. Call me at +49 30 1234567, ann@example.com"
    sent = {"id": "7", "body": body, "requester": "ann@example.com"}
    answer = client.post("/v1/triage", json=sent).get_json()
    kept = open_store(copied).decisions.get(answer["decision_id"])
    assert kept is not None
    assert kept.text == "The battery does not charge. Call me at [phone], [mail]"
    assert "ann" not in str(kept)
    assert (kept.bundle_id, kept.index_id) == (answer["bundle"], answer["index"])
    category = next(field for field in kept.fields if field.field == "category")
    told = answer["fields"]["category"]
    assert (category.value, category.action) == (told["value"], told["action"])
