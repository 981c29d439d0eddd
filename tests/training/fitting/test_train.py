"""Training on small tickets with a toy encoder: every kind of field, and what cannot be trained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kb_index.storage.article_store import ArticleStore
from models.bundle import Bundle
from models.classifiers.fields import Field
from models.encoder.language_neutral import parallel_sentences
from models.errors import FolderError, MismatchError, StorageError, TrainingError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.fitting.train import TrainingResult, train
from training.metrics import evaluate
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.ticket import Ticket

NO_ARTICLES: Part[ArticleStore] = Part(None, MismatchError("no articles"))

FIELDS = [
    Field("subcategory", "child", parent="category"),
    Field("category"),
    Field("priority", "ordinal", values=("normal", "high")),
    Field("tags", "tags"),
]


@pytest.fixture(scope="module")
def trained() -> TrainingResult:
    return train(topic_tickets(400), WordHashEncoder(), LanguageDetector(["en"]), fields=FIELDS)


def engine(trained: TrainingResult) -> Engine:
    return Engine(WordHashEncoder(), LanguageDetector(["en"]), Part(trained.bundle), NO_ARTICLES)


def test_every_kind_of_field_is_trained_far_better_than_by_guessing(trained: TrainingResult) -> None:
    later = topic_tickets(200, seed=1)
    evaluations = evaluate(later, list(engine(trained).predict(later)))
    assert set(evaluations) == {"category", "subcategory", "priority", "tags"}
    for name, evaluation in evaluations.items():
        assert evaluation.overall.accuracy > max(0.85, evaluation.overall.majority), name
        assert evaluation.overall.calibration_error < 0.1, name


def test_what_is_applied_keeps_to_the_target_error(trained: TrainingResult) -> None:
    later = topic_tickets(400, seed=2)
    category = evaluate(later, list(engine(trained).predict(later)))["category"].overall
    assert category.coverage > 0.5
    assert category.applied_error is not None
    assert category.applied_error <= 0.05


def test_a_child_never_contradicts_what_its_parent_allows(trained: TrainingResult) -> None:
    allowed = {(t.labels["category"], t.labels["subcategory"]) for t in topic_tickets(400)}
    certain = [
        r
        for r in engine(trained).predict(topic_tickets(100, seed=3))
        if r.fields["category"].confidence > 0.9
    ]
    assert certain
    for result in certain:
        assert (result.fields["category"].value, result.fields["subcategory"].value) in allowed


def test_removing_the_strongest_words_lowers_the_confidence(trained: TrainingResult) -> None:
    lowered = 0
    tickets = topic_tickets(40, seed=4)
    for ticket, result in zip(tickets, engine(trained).predict(tickets), strict=True):
        decision = result.fields["category"]
        words = {p.text for r in decision.reasons for p in r.phrases if p.weight > 0}
        assert words
        without = " ".join(w for w in ticket.body.split() if w not in words)
        again = engine(trained).triage(replace(ticket, body=without or "x")).fields["category"]
        still = again.probabilities.get(decision.value, 0.0)
        lowered += still < decision.confidence
    assert lowered >= 36


def test_a_ticket_unlike_all_past_ones_is_novel_and_never_applied(trained: TrainingResult) -> None:
    result = engine(trained).triage(
        Ticket("n", "", "zxcv qwop blorf wibble frotz plugh xyzzy grue", language="en")
    )
    assert result.novelty.is_novel
    assert {d.action for d in result.fields.values()} == {"abstain"}


def test_training_again_gives_the_same_predictions() -> None:
    tickets, later = topic_tickets(120), topic_tickets(20, seed=5)
    runs = [train(tickets, WordHashEncoder(), LanguageDetector(["en"]), fields=FIELDS) for _ in range(2)]
    first, second = ([r.fields for r in engine(run).predict(later)] for run in runs)
    assert first == second


def test_a_saved_bundle_predicts_the_same(trained: TrainingResult, tmp_path: Path) -> None:
    trained.bundle.save(tmp_path / "b1")
    loaded = Bundle.load(tmp_path / "b1", encoder_name="word-hash")
    assert loaded.id == "b1"
    later = topic_tickets(30, seed=6)
    again = Engine(WordHashEncoder(), LanguageDetector(["en"]), Part(loaded), NO_ARTICLES)
    before = [(r.fields, r.novelty, r.similar) for r in engine(trained).predict(later)]
    assert [(r.fields, r.novelty, r.similar) for r in again.predict(later)] == before


def test_one_changed_byte_is_noticed_before_anything_is_loaded(
    trained: TrainingResult, tmp_path: Path
) -> None:
    trained.bundle.save(tmp_path / "b1")
    for file in (p for p in (tmp_path / "b1").iterdir() if p.name != "manifest.json"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        with pytest.raises(FolderError, match="was changed after it was written"):
            Bundle.load(tmp_path / "b1", encoder_name="word-hash")
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    assert Bundle.load(tmp_path / "b1", encoder_name="word-hash").id == "b1"


def test_a_bundle_of_another_encoder_is_refused(trained: TrainingResult, tmp_path: Path) -> None:
    trained.bundle.save(tmp_path / "b1")
    with pytest.raises(MismatchError, match="trained with the encoder 'word-hash'"):
        Bundle.load(tmp_path / "b1", encoder_name="other")


def test_a_full_disk_leaves_no_half_bundle(
    trained: TrainingResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("models.storage.state.np.save", full)
    with pytest.raises(StorageError, match="disk is full"):
        trained.bundle.save(tmp_path / "b1")
    assert list(tmp_path.iterdir()) == []


def test_dated_tickets_are_held_out_by_time_and_the_window_is_recorded() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    tickets = [replace(t, created_at=start + timedelta(days=i)) for i, t in enumerate(topic_tickets(100))]
    bundle = train(tickets, WordHashEncoder(), LanguageDetector(["en"]), fields=FIELDS).bundle
    assert bundle.metadata["held_out_by_time"] is True
    assert bundle.metadata["first_ticket"].startswith("2026-01-01")


def test_without_settings_every_label_is_a_field() -> None:
    reports = train(topic_tickets(100), WordHashEncoder(), LanguageDetector(["en"])).reports
    kinds = {r.name: r.kind for r in reports}
    assert kinds == {"category": "choice", "subcategory": "choice", "priority": "choice", "tags": "tags"}


def test_a_field_with_one_value_is_left_out_in_words_while_the_others_are_trained() -> None:
    tickets = [replace(t, labels={**t.labels, "priority": "normal"}) for t in topic_tickets(100)]
    result = train(tickets, WordHashEncoder(), LanguageDetector(["en"]), fields=FIELDS)
    skipped = {r.name: r.skipped for r in result.reports if r.skipped}
    assert list(skipped) == ["priority"]
    assert "only the value 'normal'" in str(skipped["priority"])
    assert "priority" not in result.bundle.models


@pytest.mark.parametrize(
    ("tickets", "only", "message"),
    [
        (topic_tickets(5), [], "at least 10"),
        ([replace(t, labels={}) for t in topic_tickets(50)], [], "no ticket carries a label"),
        (topic_tickets(50), ["mood"], "--fields names"),
        ([replace(t, labels={"category": "one"}) for t in topic_tickets(50)], [], "only the value 'one'"),
    ],
)
def test_what_cannot_be_trained_is_said(tickets: list[Ticket], only: list[str], message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        train(tickets, WordHashEncoder(), LanguageDetector(["en"]), only=only)


def test_a_list_in_a_choice_says_which_setting_to_change() -> None:
    with pytest.raises(TrainingError, match='kind = "tags"'):
        train(topic_tickets(50), WordHashEncoder(), LanguageDetector(["en"]), fields=[Field("tags")])


def test_embeddings_are_asked_for_once_per_text() -> None:
    class Counting(WordHashEncoder):
        asked = 0

        def encode(self, texts, kind="query", *, progress=False):  # type: ignore[no-untyped-def]
            self.asked += len(texts)
            return super().encode(texts, kind)

    encoder = Counting()
    train(topic_tickets(100), encoder, LanguageDetector(["en"]), fields=FIELDS)
    sentences = sum(map(len, parallel_sentences().values()))  # for what tells languages apart
    assert encoder.asked == 100 + sentences
    assert np.isfinite(encoder.encode(["a"])).all()
