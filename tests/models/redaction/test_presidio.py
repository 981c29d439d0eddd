"""With the extra `presidio`, names, places and further numbers go too; a failure keeps nothing."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb_index.articles.loaders import load_solved_tickets
from models.errors import SettingsError
from models.redaction import spacy_models as presidio_models
from models.redaction.presidio import PresidioRedactor
from models.redaction.redact import WITHHELD
from models.redaction.spacy_models import check_presidio
from tests.http.conftest import wait_until_loaded
from tests.http.toy_service import signed_in
from tests.sample_home import copy_sample
from triage.commands.serve import before_serving
from triage.pipeline.redaction import open_redaction
from triage.settings import Settings
from triage.settings.service import PrivacySettings
from triage.store import open_store
from triage.web.app import create_app

_WHY_NOT = "the extra `presidio` is not installed: pip install '.[presidio]'"
NAMES = [
    "Ann Lee",
    "Bo Berg",
    "Carla Gomez",
    "Dirk Meyer",
    "Eva Lind",
    "Finn Dahl",
    "Greta Holm",
    "Hugo Roth",
]
PLACES = ["Berlin", "Turku", "Oslo", "Madrid", "Riga", "Lyon", "Bergen", "Malmö"]
SENTENCES = [
    "My name is {name} and the battery is empty.",
    "Please call {name} about the order.",
    "{name} bought the bike in {place}.",
    "The shop in {place} does not answer.",
    "I live in {place}.",
    "Regards, {name}",
    "The brakes of the bike are loud.",
    "Order 12345 has not arrived, error E17.",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small spaCy model that has learnt names and places from a few dozen sentences."""
    spacy = pytest.importorskip("spacy", reason=_WHY_NOT)
    training = pytest.importorskip("spacy.training", reason=_WHY_NOT)
    chance = random.Random(1)
    spacy.util.fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    examples = []
    for _ in range(60):
        text, spans = "", []
        for sentence in chance.sample(SENTENCES, 3):
            name, place = chance.choice(NAMES), chance.choice(PLACES)
            begin, text = len(text), text + sentence.format(name=name, place=place) + " "
            found = [(text.find(name, begin), name, "PERSON"), (text.find(place, begin), place, "GPE")]
            spans += [(at, at + len(words), label) for at, words, label in found if at >= 0]
        examples.append(training.Example.from_dict(nlp.make_doc(text), {"entities": spans}))
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(8):
        chance.shuffle(examples)
        for batch in spacy.util.minibatch(examples, 4):
            nlp.update(batch, sgd=optimizer, drop=0.1)
    folder = tmp_path_factory.mktemp("spacy") / "model"
    nlp.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def without_model() -> PresidioRedactor:
    pytest.importorskip("presidio_analyzer", reason=_WHY_NOT)
    return PresidioRedactor({}, 0.5)


@pytest.fixture(scope="module")
def with_model(model: Path) -> PresidioRedactor:
    return PresidioRedactor({"en": str(model)}, 0.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NHS number 943 476 5919, please", "NHS number [id], please"),
        ("PESEL: 44051401359.", "PESEL: [id]."),
        ("mein Personalausweis T22000129", "mein Personalausweis [id]"),
        ("aadhaar 2341 2341 2346", "aadhaar [id]"),
        ("social insurance number is 130 692 544", "social insurance number is [id]"),
        ("versicherungsnummer: 65170839J003", "versicherungsnummer: [id]"),
        ("codice RSSMRA85T10A562S", "codice [id]"),
        ("the card has 00:1A:2B:3C:4D:5E", "the card has [mac]"),
        ("paid to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "paid to [wallet]"),
    ],
)
def test_without_a_model_further_numbers_are_found_in_every_language(
    without_model: PresidioRedactor, text: str, expected: str
) -> None:
    for language in ("en", "fi", "und", ""):
        assert without_model.redact(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Order 9434765919 of 2026-05-04, invoice 44051401359, serial 046454286, SKU AB1234563",
        "Version 12.4.1 costs 1,234.50 at 08:00, error 0x80070057, part T22000129",
        "sin 046454 de usar, using 046 454",
        "[mail] [phone] [ip] [id] [secret]",
        "Ann Lee in Berlin",
        "",
        " \n",
    ],
)
def test_numbers_that_could_be_an_order_and_all_else_stay(without_model: PresidioRedactor, text: str) -> None:
    assert without_model.redact(text, "en") == text


def test_with_a_model_names_and_places_are_replaced_and_our_own_marks_stay(
    with_model: PresidioRedactor,
) -> None:
    text = "My name is Dirk Meyer and the battery is empty. I live in Turku. Order 12345 of [mail], [phone]"
    assert with_model.redact(text, "en") == (
        "My name is [name] and the battery is empty. I live in [place]. Order 12345 of [mail], [phone]"
    )


def test_a_model_reads_its_language_and_one_for_xx_all_the_others(
    model: Path, with_model: PresidioRedactor
) -> None:
    text = "My name is Dirk Meyer and the battery is empty."
    assert with_model.redact(text, "fi") == text
    assert "Dirk" not in PresidioRedactor({"xx": str(model)}, 0.5).redact(text, "fi")


def test_what_scores_less_than_the_bar_stays(model: Path) -> None:
    strict = PresidioRedactor({"en": str(model)}, 0.9)
    text = "My name is Dirk Meyer, RSSMRA85T10A562S"
    assert strict.redact(text, "en") == "My name is Dirk Meyer, [id]"


def test_a_failure_inside_withholds_the_text_and_logs_none_of_it(
    without_model: PresidioRedactor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(text: str, *_: Any, **__: Any) -> None:
        raise ValueError(f"Did not find word {text!r}")

    monkeypatch.setattr(without_model._analyzer, "analyze", fail)
    assert without_model.redact("my secret words", "en") == WITHHELD
    assert "ValueError" in caplog.text
    assert "secret words" not in caplog.text


def test_a_pattern_that_presidio_gave_up_withholds_the_text(
    without_model: PresidioRedactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("presidio_analyzer.pattern_recognizer.REGEX_TIMEOUT_SECONDS", 0)
    assert without_model.redact("any text", "en") == WITHHELD


def test_of_a_very_long_text_the_rest_is_withheld(without_model: PresidioRedactor) -> None:
    kept = without_model.redact("word " * 10_000 + "RSSMRA85T10A562S", "en")
    assert kept.endswith(f" word {WITHHELD}")
    assert len(kept) <= 20_000 + len(WITHHELD) + 1
    assert without_model.redact("a" * 30_000, "en").endswith(WITHHELD)


_PARTS = [
    "00:1A:2B:3C:4D:5E ",
    "tfn 123456782 ",
    "046 454 286 ",
    "RSSMRA85T10A562S ",
    "[id] ",
    "A1",
    "(",
    "_",
    "⚠",
]


@pytest.mark.parametrize("part", _PARTS)
def test_long_texts_of_one_thing_cost_no_time(
    without_model: PresidioRedactor, with_model: PresidioRedactor, part: str
) -> None:
    text = part * (20_000 // len(part))
    assert WITHHELD not in without_model.redact(text, "en") + with_model.redact(text, "en")


def test_nothing_that_a_text_says_is_logged(
    with_model: PresidioRedactor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        with_model.redact("Please call Ann Lee about NHS 943 476 5919 in Riga.", "en")
    assert "Ann" not in caplog.text
    assert "476" not in caplog.text


def test_a_missing_extra_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presidio_models, "_PACKAGES", ("there_is_no_such_package",))
    with pytest.raises(SettingsError, match=r"no there_is_no_such_package.*pip install 'triage\[presidio\]'"):
        check_presidio({})


def damaged(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        change(meta)
        (folder / "meta.json").write_text(json.dumps(meta), "utf-8")

    return damage


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (shutil.rmtree, "neither an installed package nor a folder"),
        (lambda folder: (folder / "meta.json").unlink(), "no meta.json of a spaCy model"),
        (damaged(lambda meta: meta.update(lang="de")), "a model for 'de', expected one for 'en'"),
        (
            damaged(lambda meta: meta.update(labels={"tagger": ["NN"]})),
            "finds NN, expected a model that finds",
        ),
        (lambda folder: (folder / "config.cfg").unlink(), "does not load with spaCy"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_with_the_reason(
    model: Path, tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    folder = shutil.copytree(model, tmp_path / "model")
    damage(folder)
    with pytest.raises(SettingsError, match=rf"privacy\.presidio_models\.en: .*{message}"):
        PresidioRedactor({"en": str(folder)}, 0.5)


def test_serving_does_not_begin_with_a_model_that_is_not_there(model: Path, tmp_path: Path) -> None:
    wanted = PrivacySettings(presidio=True, presidio_models={"en": "en_core_web_none"})
    with pytest.raises(SettingsError, match="neither an installed package nor a folder 'en_core_web_none'"):
        before_serving(Settings(home=tmp_path, privacy=wanted))
    before_serving(Settings(home=tmp_path, privacy=PrivacySettings(presidio_models=wanted.presidio_models)))


def test_a_name_in_a_ticket_or_a_search_is_nowhere_in_the_store(
    model: Path, sample_settings: Settings, tmp_path: Path
) -> None:
    privacy = PrivacySettings(presidio=True, presidio_models={"en": str(model)})
    settings = copy_sample(sample_settings, tmp_path).model_copy(update={"privacy": privacy})
    app = create_app(settings)
    client = signed_in(app)
    wait_until_loaded(client)
    body = "My name is Dirk Meyer and the battery is empty. Please call +49 30 1234567."
    answer = client.post("/v1/triage", json={"body": body, "language": "en"}).get_json()
    assert "Dirk Meyer" in answer["text"]
    client.post("/v1/suggest", json={"text": "Please call Dirk Meyer about the order.", "language": "en"})
    service = app.extensions["triage"]
    service.deflection.writer.close()
    kept = service.store.decisions.get(answer["decision_id"])
    assert kept.text == "My name is [name] and the battery is empty. Please call [phone]."
    service.store.database.close()
    open_store(settings).database.close()
    files = [file.read_bytes() for file in tmp_path.glob("triage.db*")]
    assert any(b"Please call [name] about the order." in content for content in files)
    assert not any(b"Dirk" in content or b"dirk" in content or b"Meyer" in content for content in files)


def test_past_tickets_are_indexed_without_names_and_not_where_redaction_failed(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = {
        "id": 1,
        "subject": "Battery",
        "body": "My name is Dirk Meyer and the battery is empty.",
        "solution": "Please call Eva Lind about the order.",
        "language": "en-GB",
    }
    file = tmp_path / "tickets.jsonl"
    file.write_text(json.dumps(ticket), "utf-8")
    redact = open_redaction(PrivacySettings(presidio=True, presidio_models={"en": str(model)}))
    [article] = load_solved_tickets([file], redact=redact).articles
    assert article.body == (
        "My name is [name] and the battery is empty.\n\nPlease call [name] about the order."
    )
    assert load_solved_tickets([file], redact=lambda text, language: WITHHELD).articles == []
