"""The OpenAPI document: complete, true of the running service, and enough to call it."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from apiflask import APIBlueprint
from flask.testing import FlaskClient
from pydantic import BaseModel, Field

from tests.http.test_errors import assert_error
from tests.http.toy_service import empty_client, toy_service, toy_settings
from triage.web.app import create_app
from triage.web.middleware.required_scopes import scopes_of


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return empty_client(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def document(toy: FlaskClient) -> dict[str, Any]:
    return toy.get("/openapi.json").get_json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_every_route_says_what_it_does_and_has_a_model_for_its_answer(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    ids = []
    for name, operation in operations(document):
        assert operation["summary"], name
        ids.append(operation["operationId"])
        successes = [response for status, response in operation["responses"].items() if status < "300"]
        assert successes, name
        for response in successes:
            for content in response.get("content", {}).values():
                assert content["schema"] != {}, name
    assert len(set(ids)) == len(ids)
    tags = [tag["name"] for tag in document["tags"]]
    assert len(set(tags)) == len(tags)


def test_a_model_has_one_name_and_a_name_one_model(toy: FlaskClient, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert {schema["title"] for schema in schemas.values()} == set(schemas)
    used = set(re.findall(r"#/components/schemas/([^\"]+)", json.dumps(document)))
    assert used <= set(schemas)


def test_no_two_models_are_named_alike(toy: FlaskClient) -> None:
    views = toy.application.view_functions.values()
    given = [spec.get("response", {}).get("schema") for view in views if (spec := getattr(view, "_spec", {}))]
    taken = [body for view in views if (body := getattr(view, "_spec", {}).get("body"))]
    models = {model for found in (*given, *taken) if isinstance(found, type) for model in used_by(found)}
    assert len(models) > 30
    assert {name: n for name, n in Counter(model.__name__ for model in models).items() if n > 1} == {}


def used_by(model: type) -> set[type]:
    """Return a pydantic model and all that it is made of."""
    if not issubclass(model, BaseModel):
        return set()
    found: set[type] = {model}
    annotations = [field.annotation for field in model.model_fields.values()]
    while annotations:
        part = annotations.pop()
        if isinstance(part, type) and issubclass(part, BaseModel) and part not in found:
            found |= {part}
            annotations += [field.annotation for field in part.model_fields.values()]
        annotations += get_args(part)
    return found


def test_every_route_documents_its_errors_in_the_one_shape(
    toy: FlaskClient, document: dict[str, Any]
) -> None:
    views = toy.application.view_functions
    guarded = {
        method.lower() + " " + re.sub("<(?:[^<:]+:)?([^>]+)>", r"{\1}", rule.rule)
        for rule in toy.application.url_map.iter_rules()
        if scopes_of(views[rule.endpoint]) is not None
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert guarded
    for name, operation in operations(document):
        responses = operation["responses"]
        expected = {"400", "413", "415", "422"} if "requestBody" in operation else set()
        expected |= {"401", "403", "429"} if name in guarded else set()
        expected |= {"503"} if "/v1/" in name else set()
        expected |= {"404"} if "{" in name else set()
        assert expected <= set(responses), name
        for status, response in responses.items():
            assert "X-Request-ID" in response["headers"]
            if status >= "400":
                [content] = response["content"].values()
                assert content["schema"] == {"$ref": "#/components/schemas/ErrorResponse"}, name
        for status in {"429", "503"} & set(responses):
            assert "Retry-After" in responses[status]["headers"]


def test_the_documentation_is_there_without_a_network(toy: FlaskClient) -> None:
    page = toy.get("/docs/").get_data(as_text=True)
    assert "https://" not in page
    for script in re.findall(r'(?:src|href)="([^"]+)"', page):
        with toy.get(f"/docs/{script}" if not script.startswith("/") else script) as found:
            assert found.status_code == 200, script


class Answer(BaseModel):
    share: float = Field(ge=0, le=1)


def test_an_answer_that_does_not_fit_its_model_is_never_sent(tmp_path: Path, caplog) -> None:
    service = toy_service(toy_settings(tmp_path), ())
    app = create_app(service.settings, service)
    app.testing = False
    blueprint = APIBlueprint("wrong", __name__)

    @blueprint.get("/wrong/<float:share>")
    @blueprint.output(Answer)
    def wrong(share: float) -> Answer:
        # `model_construct` checks nothing, just as a value that is set later.
        return Answer.model_construct(share=share)

    app.register_blueprint(blueprint)
    client = app.test_client()
    assert client.get("/wrong/0.5").get_json() == {"share": 0.5}
    assert_error(client.get("/wrong/7.25"), 500, "internal")
    assert "the response of wrong.wrong does not fit Answer: {'share': 'less_than_equal'}" in caplog.text
    assert "7.25" not in caplog.text


def test_the_document_alone_is_enough_to_make_a_call(live: Any) -> None:
    with urllib.request.urlopen(f"{live.url}/openapi.json") as response:
        document = json.load(response)
    [(path, operation)] = [
        (path, methods["post"])
        for path, methods in document["paths"].items()
        if methods.get("post", {}).get("operationId") == "post_search_suggest"
    ]
    [(kind, content)] = operation["requestBody"]["content"].items()
    schema = document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[-1]]
    body = dict.fromkeys(schema["then"]["required"], "battery will not charge")  # no ticket: a text
    server = urllib.request.urljoin(live.url, document["servers"][0]["url"])
    request = urllib.request.Request(
        server.rstrip("/") + path, json.dumps(body).encode(), {"Content-Type": kind} | live.headers
    )
    with urllib.request.urlopen(request) as response:
        assert json.load(response)["articles"]
