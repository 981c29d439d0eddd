"""All that was learnt from one helpdesk's tickets, as one folder that is verified before it is loaded."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.classifiers.explanation import Explainer, Phrase
from models.classifiers.features import Document, Features
from models.classifiers.fields import Field
from models.classifiers.joint_model import Panel, Seen
from models.classifiers.logistic_regression import Recipe
from models.classifiers.multi_label import TagsModel
from models.classifiers.nearest_neighbours import Neighbours
from models.classifiers.novelty import Novelty, NoveltyJudge, Strangeness
from models.classifiers.single_label import ChoiceModel, FieldModel, FieldPrediction
from models.classifiers.thresholds import Thresholds
from models.encoder import Encoder
from models.errors import FolderError, MismatchError
from models.storage.artifact import new_folder, verify_folder

KIND = "bundle"
FORMAT_VERSION = 3
_MODELS = "models.joblib"
SIMILAR = 3
# What a stored model depends on: joblib restores its arrays by their internal layout.
_LIBRARIES = ("numpy",)


@dataclass(frozen=True, slots=True)
class PastTicket:
    """What is kept of a training ticket beside its embedding: no text."""

    id: str
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SimilarTicket:
    """A past ticket that means nearly the same; `score` is the cosine of the two meanings, in [-1, 1]."""

    id: str
    score: float
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What (n,) documents say without the first encoder.

    `rows` is (n, width), `words` (n, the panel's columns) what they speak for, `second` (n, dim) or None.
    """

    documents: Sequence[Document]
    rows: sparse.csr_matrix
    words: NDArray[np.float32]
    explainers: Sequence[Explainer]
    second: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One ticket's predictions, with what is needed to explain them.

    `familiar` says whether enough training tickets are in the ticket's language.
    """

    fields: Mapping[str, FieldPrediction]
    novelty: Novelty
    similar: Sequence[SimilarTicket]
    familiar: bool
    explainer: Explainer


@dataclass(slots=True)
class Bundle:
    """The models of one training run; `models` are in an order in which parents come first.

    `second` is the encoder whose embedding joins the first one's, where it paid in training.
    """

    encoder_name: str
    features: Features
    models: dict[str, FieldModel]
    neighbours: Neighbours
    novelty: NoveltyJudge
    past_tickets: list[PastTicket]
    thresholds: dict[str, Thresholds]
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    second: Encoder | None = None
    panel: Panel = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.panel = Panel(self.models, self.features)

    def read(self, documents: Sequence[Document]) -> Reading:
        """Do what does not need the first encoder, so that it can be done while that one encodes."""
        found = [self.features.find(document.text) for document in documents]
        rows = self.features.rows_of(documents, found)
        explainers = [Explainer(d.text, f, self.panel) for d, f in zip(documents, found, strict=True)]
        if len(explainers) == 1:  # of many, all that they prepare would fill the memory
            explainers[0].prepare()
        second = self.second.encode([document.text for document in documents]) if self.second else None
        return Reading(documents, rows, self.panel.words(rows), explainers, second)

    def predict(self, reading: Reading, embeddings: NDArray[np.float32]) -> list[Prediction]:
        """Predict all fields of (n,) documents that were read, and whose (n, dim) embeddings these are."""
        rows = self.features.transform(reading.documents, embeddings, reading.second, reading.rows)
        seen = Seen(rows, self.neighbours.nearest(rows.meaning))
        scores = self.panel.scores(rows, reading.words)
        fields = self.panel.predictions(self.panel.probabilities(scores, seen))
        novelties = self.novelty.judge(Strangeness.of(scores.sums, seen.near))
        return [
            Prediction(
                fields[i],
                novelties[i] if familiar else replace(novelties[i], is_novel=False),
                self._similar(seen, i),
                familiar,
                explainer,
            )
            for i, (explainer, familiar) in enumerate(
                zip(reading.explainers, rows.familiar.tolist(), strict=True)
            )
        ]

    def _similar(self, seen: Seen, i: int) -> list[SimilarTicket]:
        near = zip(seen.near.positions[i].tolist(), seen.near.cosines[i].tolist(), strict=True)
        # The others are descriptions of values.
        past = [(self.past_tickets[p], cosine) for p, cosine in near if p < len(self.past_tickets)]
        return [SimilarTicket(ticket.id, cosine, ticket.labels) for ticket, cosine in past[:SIMILAR]]

    def explain(self, prediction: Prediction) -> dict[str, list[Phrase]]:
        """Return, by field, the words that carried its most probable value, the strongest first."""
        fields = prediction.fields.items()
        columns = [self.panel.column(name, found.alternatives[0].value) for name, found in fields]
        return dict(zip(prediction.fields, prediction.explainer.phrases(columns), strict=True))

    def save(self, folder: Path) -> None:
        """Write the bundle as a complete folder or not at all.

        Raises:
            StorageError: the place cannot be written.
        """
        metadata = {
            **self.metadata,
            "encoder": self.encoder_name,
            "second_encoder": self.second.name if self.second else None,
            "fields": {name: asdict(model.field) for name, model in self.models.items()},
            "labels": {name: list(model.classes_) for name, model in self.models.items()},
            "thresholds": {name: asdict(thresholds) for name, thresholds in self.thresholds.items()},
            "libraries": _library_versions(),
            "python": platform.python_version(),
        }
        with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
            content = {
                "features": self.features,
                "models": self.models,
                "novelty": self.novelty,
                "past_tickets": self.past_tickets,
            }
            joblib.dump(content, working / _MODELS)  # not compressed, so that weights can be mapped
            self.neighbours.save(working)

    @classmethod
    def load(
        cls, folder: Path, *, encoder_name: str, open_second: Callable[[], Encoder | None] = lambda: None
    ) -> Bundle:
        """Verify a folder, then load it; `open_second` is called where it needs a second encoder.

        Raises:
            FolderError: a file is missing or changed, or it was written by other library versions.
            MismatchError: it was trained with other encoders.
            EncoderError: the second encoder does not load.
        """
        manifest = verify_folder(folder, kind=KIND, format_version=FORMAT_VERSION)
        metadata = dict(manifest.metadata)
        trained_with = metadata["encoder"]
        if trained_with != encoder_name:
            raise MismatchError(
                f"the bundle in {folder} was trained with the encoder {trained_with!r}, this service runs "
                f"{encoder_name!r}: set `encoder` back in triage.toml or run `triage train` again"
            )
        differing = {
            n: v for n, v in metadata["libraries"].items() if v.split(".")[:2] != version(n).split(".")[:2]
        }
        if differing:
            raise FolderError(
                f"the bundle in {folder} was written with {differing}, here are "
                f"{ {n: version(n) for n in differing} }: run `triage train` again, or install those versions"
            )
        second = _same_encoder(metadata["second_encoder"], open_second, folder)
        content = joblib.load(folder / _MODELS, mmap_mode="r")
        return cls(
            encoder_name=encoder_name,
            features=content["features"],
            models=content["models"],
            neighbours=Neighbours.load(folder),
            novelty=content["novelty"],
            past_tickets=content["past_tickets"],
            thresholds={n: Thresholds.from_dict(t) for n, t in metadata["thresholds"].items()},
            metadata=metadata,
            id=folder.name,
            second=second,
        )


def _same_encoder(
    name: str | None, open_second: Callable[[], Encoder | None], folder: Path
) -> Encoder | None:
    if name is None:
        return None
    second = open_second()
    if second is None or second.name != name:
        found = f"this service has {second.name!r}" if second else "this service has none"
        raise MismatchError(
            f"the bundle in {folder} was trained with the second encoder {name!r}, {found}: "
            "set `second_encoder` in triage.toml as it was, or run `triage train` again"
        )
    return second


def new_model(field: Field, recipe: Recipe | None = None) -> FieldModel:
    """Return an unfitted model for a field of any kind."""
    return TagsModel(field, recipe) if field.kind == "tags" else ChoiceModel(field, recipe)


def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in _LIBRARIES}
