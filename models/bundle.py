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

from models.classifier import ChoiceModel, FieldModel, FieldPrediction, Parent, Seen
from models.encoder import Encoder
from models.errors import FolderError, MismatchError
from models.explain import Explainer, Phrase
from models.features import Document, Features
from models.fields import Field
from models.folder import new_folder, verify_folder
from models.linear import Recipe
from models.neighbours import Neighbours
from models.novelty import Novelty, NoveltyJudge, Strangeness
from models.tags import TagsModel
from models.thresholds import Thresholds

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
    """What (n,) documents say without the first encoder: `rows` is (n, width), `second` (n, dim) or None.

    `taken` has, by field, the weights of the text columns of a single document; of several it is empty.
    """

    documents: Sequence[Document]
    rows: sparse.csr_matrix
    explainers: Sequence[Explainer]
    second: NDArray[np.float32] | None
    taken: Mapping[str, NDArray[np.float32]]


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
    taken: Mapping[str, NDArray[np.float32]]


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

    def read(self, documents: Sequence[Document]) -> Reading:
        """Do what does not need the first encoder, so that it can be done while that one encodes."""
        found = [self.features.find(document.text) for document in documents]
        rows = self.features.rows_of(documents, found)
        explainers = [Explainer(d.text, places) for d, places in zip(documents, found, strict=True)]
        second = self.second.encode([document.text for document in documents]) if self.second else None
        # Fetched from memory once for scores and reasons, and while the first encoder works.
        of_one = self.models if len(documents) == 1 else {}
        taken = {name: model.linear_.weights_of(rows.indices) for name, model in of_one.items()}
        return Reading(documents, rows, explainers, second, taken)

    def predict(self, reading: Reading, embeddings: NDArray[np.float32]) -> list[Prediction]:
        """Predict all fields of (n,) documents that were read, and whose (n, dim) embeddings these are."""
        documents = reading.documents
        rows = self.features.transform(documents, embeddings, reading.second, reading.rows)
        seen = Seen(rows, self.neighbours.nearest(rows.meaning), reading.taken)
        fields = predict_fields(self.models, seen)
        novelties = self.novelty.judge(strangeness(self.models, seen))
        return [
            Prediction(
                {name: found[i] for name, found in fields.items()},
                novelty if rows.familiar[i] else replace(novelty, is_novel=False),
                self._similar(seen, i),
                bool(rows.familiar[i]),
                reading.explainers[i],
                reading.taken,
            )
            for i, novelty in enumerate(novelties)
        ]

    def _similar(self, seen: Seen, i: int) -> list[SimilarTicket]:
        tickets = seen.near.positions[i] < len(self.past_tickets)  # the others are descriptions of values
        positions, cosines = seen.near.positions[i][tickets], seen.near.cosines[i][tickets]
        past = [(self.past_tickets[p], float(c)) for p, c in zip(positions, cosines, strict=True)]
        return [SimilarTicket(ticket.id, cosine, ticket.labels) for ticket, cosine in past[:SIMILAR]]

    def explain(self, prediction: Prediction) -> dict[str, list[Phrase]]:
        """Return, by field, the words that carried its most probable value, the strongest first."""
        values = {name: found.alternatives[0].value for name, found in prediction.fields.items()}
        return prediction.explainer.phrases(self.models, values, prediction.taken)

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


def predict_fields(models: Mapping[str, FieldModel], seen: Seen) -> dict[str, list[FieldPrediction]]:
    """Predict each field of (n,) tickets; `models` must hold parents before their children."""
    parents: dict[str, Parent] = {}
    predictions = {}
    for name, model in models.items():
        probabilities = model.probabilities(seen, parents.get(model.field.parent or ""))
        parents[name] = Parent(model.classes_, probabilities)
        predictions[name] = model.predictions(probabilities)
    return predictions


def strangeness(models: Mapping[str, FieldModel], seen: Seen) -> Strangeness:
    """Measure how unlike (n,) tickets are to what the fields with exclusive values were learnt from."""
    scores = [seen.linear_scores(m) for m in models.values() if isinstance(m, ChoiceModel)]
    return Strangeness.of(scores, seen.near)


def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in _LIBRARIES}
