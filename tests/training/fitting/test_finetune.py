"""The second encoder, tuned on the helpdesk's own tickets, and never on those of the calibration set."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import training.data.split
from models.encoder import open_encoder, packaged_english
from models.errors import StorageError, TrainingError
from models.storage.artifact import read_manifest
from tests.toy import topic_tickets
from training.data.leakage import fingerprints, seen_in_tuning
from training.data.split import folds
from training.fitting.finetune import FinetunedEncoder, finetune
from training.fitting.promotion import train_and_store
from triage.settings import Settings
from triage.settings.fields import FieldSettings
from triage.ticket import Ticket

pytest.importorskip("datasets", reason="the extra `finetune` is not installed: pip install '.[finetune]'")
TICKETS = topic_tickets(110)
TAGS = {"labels": FieldSettings(kind="tags")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def settings_of(home: Path, encoder_folder: Path, second: str = "auto", **more: object) -> Settings:
    return Settings(home=home, encoder_dir=encoder_folder, second_encoder=second, **more)


@pytest.fixture(scope="module")
def tuned(home: Path, encoder_folder: Path, minilm_folder: Path) -> FinetunedEncoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training.data.split, "ENOUGH_HELD_OUT", 20)
        return finetune(TICKETS, settings_of(home, encoder_folder), home / "tuned")


@pytest.fixture(autouse=True)
def a_few_tickets_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.data.split, "ENOUGH_HELD_OUT", 20)


def apart(folder: Path) -> float:
    """Return how much nearer, by cosine, tickets of one value lie to each other than to others."""
    [part] = folds(TICKETS)
    tickets = [TICKETS[i] for i in part.held_out]
    vectors = open_encoder(str(folder), folder).encode([ticket.text() for ticket in tickets])
    values = np.array([ticket.labels["subcategory"] for ticket in tickets])
    same, others = values[:, None] == values, ~np.eye(len(values), dtype=bool)
    similarities = vectors @ vectors.T
    return float(similarities[same & others].mean() - similarities[~same].mean())


def test_tickets_of_one_value_come_nearer_also_those_not_tuned_on(
    tuned: FinetunedEncoder, minilm_folder: Path
) -> None:
    assert (tuned.field, tuned.values) == ("subcategory", 5)
    assert apart(tuned.folder) > apart(minilm_folder) + 0.05


def test_the_folder_says_which_tickets_it_knows_and_not_those_held_out(tuned: FinetunedEncoder) -> None:
    [part] = folds(TICKETS)
    seen = seen_in_tuning(str(tuned.folder))
    assert seen == fingerprints([TICKETS[i] for i in part.train])
    assert not seen & fingerprints([TICKETS[i] for i in part.held_out])
    metadata = read_manifest(tuned.folder, kind="sentence-transformers", format_version=1).metadata
    assert not any(ticket.id in str(metadata) for ticket in TICKETS), "ids may name people: their hashes only"


def test_it_serves_as_second_encoder_for_the_same_tickets(
    tuned: FinetunedEncoder, home: Path, encoder_folder: Path
) -> None:
    settings = settings_of(home, encoder_folder, str(tuned.folder))
    stored = train_and_store(TICKETS, settings, only=["category", "subcategory"])
    bundle = stored.trained.bundle
    assert bundle.second is None or "tuned" in bundle.second.name
    assert stored.trained.held_out == 22


def test_where_it_has_seen_what_is_held_out_training_refuses_it(
    tuned: FinetunedEncoder, home: Path, encoder_folder: Path
) -> None:
    [part] = folds(TICKETS)
    fewer = [TICKETS[i] for i in part.train]
    with pytest.raises(TrainingError, match=r"tuned on \d+ of the \d+ tickets .* run `triage finetune`"):
        train_and_store(fewer, settings_of(home, encoder_folder, str(tuned.folder)))
    with pytest.raises(TrainingError, match="run `triage finetune`"):
        train_and_store(fewer, settings_of(home, encoder_folder, "off", encoder=str(tuned.folder)))


def test_what_is_tuned_again_has_seen_the_tickets_of_both_times(
    tuned: FinetunedEncoder, home: Path, encoder_folder: Path
) -> None:
    later = [Ticket(f"later {t.id}", t.subject, t.body, labels=t.labels) for t in TICKETS]
    settings = settings_of(home, encoder_folder, str(tuned.folder))
    for _ in range(2):  # the second one replaces the first
        again = finetune(later, settings, home / "again", field="category", minutes=0.0001)
    assert seen_in_tuning(str(again.folder)) > seen_in_tuning(str(tuned.folder))
    assert again.field == "category"
    assert again.folder.is_dir(), "ended after its first step, for want of time"


def test_tickets_of_which_most_are_the_calibration_set_are_too_few(
    home: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training.data.split, "ENOUGH_HELD_OUT", 1_500)
    with pytest.raises(TrainingError, match="found 110 tickets, expected at least 7,500"):
        finetune(TICKETS, settings_of(home, encoder_folder), home / "none")
    assert not (home / "none").exists()


def test_what_cannot_be_tuned_is_told(
    home: Path, encoder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(home, encoder_folder)
    with pytest.raises(TrainingError, match=r"--field is 'colour', expected one of \['category'"):
        finetune(TICKETS, settings, home / "none", field="colour")
    with pytest.raises(TrainingError, match="`second_encoder` is 'off'"):
        finetune(TICKETS, settings_of(home, encoder_folder, "off"), home / "none")
    alone = [Ticket(t.id, "", t.body, labels={"kind": t.id}) for t in TICKETS]
    with pytest.raises(TrainingError, match="fewer than two values of 'kind' have two tickets"):
        finetune(alone, settings, home / "none")
    tagged = [Ticket(t.id, "", t.body, labels={"labels": ("a", "b")}) for t in TICKETS]
    with pytest.raises(TrainingError, match="no field but tags"):
        finetune(tagged, settings_of(home, encoder_folder, fields=TAGS), home / "none")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(
        TrainingError, match=r"missing package \(datasets\): pip install 'triage\[finetune\]'"
    ):
        finetune(TICKETS, settings, home / "none")
    assert not (home / "none").exists()


def test_nothing_but_an_encoder_is_replaced(home: Path, encoder_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("of great value", "utf-8")
    for place in (tmp_path, tmp_path / "letters"):
        with pytest.raises(StorageError, match="is no tuned encoder: name another folder"):
            finetune(TICKETS, settings_of(home, encoder_folder), place)
    assert (tmp_path / "letters").read_text("utf-8") == "of great value"


def test_an_encoder_that_was_never_tuned_has_seen_nothing(tmp_path: Path) -> None:
    assert seen_in_tuning("auto") == seen_in_tuning(str(tmp_path)) == seen_in_tuning(str(packaged_english()))
    assert seen_in_tuning("auto") == frozenset()
