"""Bundle: everything fitted on one helpdesk's tickets, as one folder that is verified before it is loaded.

The folder holds a manifest, plain values as JSON, and arrays: loading one runs no code of its own.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.checkpoints import stepwise
from models.classifiers.explanation import Contribution, Explainer
from models.classifiers.features import Document, FeatureExtractor
from models.classifiers.fields import Field
from models.classifiers.joint_model import JointModel, TicketFeatures
from models.classifiers.multi_label import FieldModel, field_model
from models.classifiers.nearest_neighbours import NearestNeighbours, Neighbourhood
from models.classifiers.novelty import Novelty, NoveltyDetector, NoveltyScores
from models.classifiers.past_tickets import PastTickets
from models.classifiers.single_label import FieldPrediction, SingleLabelModel
from models.classifiers.thresholds import Thresholds
from models.encoder import Encoder
from models.errors import MismatchError
from models.storage.artifact import new_folder, verify_folder
from models.storage.state import State, read_state, write_state

KIND = "bundle"
FORMAT_VERSION = 4
ADVICE = "run `triage train` again"
SIMILAR = 3
_LIBRARIES = ("numpy", "scipy", "faiss-cpu")


@dataclass(frozen=True, slots=True)
class SimilarTicket:
    """A past ticket like this one; `score` is the cosine of their language-neutral embeddings, in [-1, 1]."""

    id: str
    score: float
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EncodedBatch:
    """Features of (n,) documents that need no embedding of the first encoder.

    `text` is (n, width), `lexical_scores` (n, the joint model's columns), `second` (n, dim) or None.
    """

    documents: Sequence[Document]
    text: sparse.csr_matrix
    lexical_scores: NDArray[np.float32]
    explainers: Sequence[Explainer]
    second: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One ticket's predictions, and the explainer that explains them.

    `in_training_language` says whether enough training tickets are in the ticket's language.
    """

    fields: Mapping[str, FieldPrediction]
    novelty: Novelty
    similar: Sequence[SimilarTicket]
    in_training_language: bool
    explainer: Explainer


@dataclass(slots=True)
class Bundle:
    """The models of one training run; `models` are in an order in which parents come first.

    `second` is the encoder whose embedding joins the first one's, where it paid in training.
    """

    encoder_name: str
    features: FeatureExtractor
    models: dict[str, FieldModel]
    neighbours: NearestNeighbours
    novelty: NoveltyDetector
    past_tickets: PastTickets
    thresholds: dict[str, Thresholds]
    metadata: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    second: Encoder | None = None
    joint_model: JointModel = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.joint_model = JointModel(self.models, self.features)

    def encode(self, documents: Sequence[Document]) -> EncodedBatch:
        """Extract the features that need no first encoder, so that it can run at the same time."""
        tokens = [self.features.locate(document.text) for document in stepwise(documents)]
        text = self.features.transform_located(documents, tokens)
        explainers = [Explainer(d.text, t, self.joint_model) for d, t in zip(documents, tokens, strict=True)]
        if len(explainers) == 1:  # of many, all that they prepare would fill the memory
            explainers[0].prepare()
        second = self.second.encode([document.text for document in documents]) if self.second else None
        return EncodedBatch(documents, text, self.joint_model.lexical_scores(text), explainers, second)

    def predict(self, batch: EncodedBatch, embeddings: NDArray[np.float32]) -> list[Prediction]:
        """Predict all fields of a batch of (n,) documents with these (n, dim) embeddings."""
        matrix = self.features.transform(batch.documents, embeddings, batch.second, batch.text)
        features = TicketFeatures(matrix, self.neighbours.nearest(matrix.language_neutral))
        scores = self.joint_model.scores(matrix, batch.lexical_scores)
        fields = self.joint_model.to_predictions(self.joint_model.probabilities(scores, features))
        novelties = self.novelty.predict(NoveltyScores.from_scores(scores.sums, features.neighbours))
        return [
            Prediction(
                fields[i],
                novelties[i] if in_language else replace(novelties[i], is_novel=False),
                self._similar(features.neighbours, i),
                in_language,
                explainer,
            )
            for i, (explainer, in_language) in enumerate(
                zip(batch.explainers, matrix.in_training_language.tolist(), strict=True)
            )
        ]

    def _similar(self, neighbours: Neighbourhood, i: int) -> list[SimilarTicket]:
        nearest = zip(neighbours.positions[i].tolist(), neighbours.similarities[i].tolist(), strict=True)
        # The others are descriptions of values.
        cosines = {position: cosine for position, cosine in nearest if position < len(self.past_tickets)}
        shown = self.neighbours.first_distinct(list(cosines), SIMILAR)
        past = [(self.past_tickets[position], cosines[position]) for position in shown]
        return [SimilarTicket(ticket.id, cosine, ticket.labels) for ticket, cosine in past]

    def explain(self, prediction: Prediction) -> dict[str, list[Contribution]]:
        """Return, by field, the words that carried its most probable value, the strongest first."""
        fields = prediction.fields.items()
        columns = [
            self.joint_model.column_index(name, next(iter(found.probabilities))) for name, found in fields
        ]
        return dict(zip(prediction.fields, prediction.explainer.explain(columns), strict=True))

    def save(self, folder: Path) -> None:
        """Write the bundle as a complete folder or not at all.

        Raises:
            StorageError: the place cannot be written.
        """
        fields = {name: dict(model.field.state()) for name, model in self.models.items()}
        metadata = {
            **self.metadata,
            "encoder": self.encoder_name,
            "second_encoder": self.second.name if self.second else None,
            "fields": fields,
            "labels": {name: list(model.classes) for name, model in self.models.items()},
            "hyperparameters": {
                name: dict(model.hyperparameters.state()) for name, model in self.models.items()
            },
            "thresholds": {name: dict(thresholds.state()) for name, thresholds in self.thresholds.items()},
            "libraries": {name: version(name) for name in _LIBRARIES},
            "python": platform.python_version(),
        }
        with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
            write_state(working, self._state())

    def _state(self) -> State:
        return {
            "features": self.features.state(),
            "models": [
                {
                    "field": model.field.state(),
                    **model.state(),
                    "thresholds": self.thresholds[name].state(),
                }
                for name, model in self.models.items()
            ],
            "neighbours": self.neighbours.state(),
            "novelty": self.novelty.state(),
            "past_tickets": self.past_tickets.state(),
        }

    @classmethod
    def load(
        cls, folder: Path, *, encoder_name: str, open_second: Callable[[], Encoder | None] = lambda: None
    ) -> Bundle:
        """Verify a folder, then read it; `open_second` is called where it needs a second encoder.

        Raises:
            FolderError: a file is missing, changed or not as expected, or it was written in an older format.
            MismatchError: it was trained with other encoders.
            EncoderError: the second encoder does not load.
        """
        manifest = verify_folder(folder, kind=KIND, format_version=FORMAT_VERSION, advice=ADVICE)
        metadata = dict(manifest.metadata)
        trained_with = metadata.get("encoder")
        if trained_with != encoder_name:
            raise MismatchError(
                f"the bundle in {folder} was trained with the encoder {trained_with!r}, this service runs "
                f"{encoder_name!r}: set `encoder` back in triage.toml or {ADVICE}"
            )
        second = _same_encoder(metadata.get("second_encoder"), open_second, folder)
        return cls._read(folder, encoder_name, metadata, second)

    @classmethod
    def check(cls, folder: Path) -> None:
        """Verify a folder and read all that is in it, whatever encoders it was trained with.

        Raises:
            FolderError: as `load`.
        """
        manifest = verify_folder(folder, kind=KIND, format_version=FORMAT_VERSION, advice=ADVICE)
        cls._read(folder, "", dict(manifest.metadata), None)

    @classmethod
    def _read(
        cls, folder: Path, encoder_name: str, metadata: dict[str, Any], second: Encoder | None
    ) -> Bundle:
        state = read_state(folder)
        features = FeatureExtractor.from_state(state.part("features"))
        neighbours = NearestNeighbours.from_state(state.part("neighbours"), len(features.mean))
        past_tickets = PastTickets.from_state(state.part("past_tickets"))
        state.require(len(past_tickets) <= len(neighbours), "neighbours to be as many as past_tickets.ids")
        models: dict[str, FieldModel] = {}
        thresholds = {}
        for part in state.parts("models"):
            field = Field.from_state(part.part("field"))
            models[field.name] = field_model(field, part, features)
            thresholds[field.name] = Thresholds.from_state(part.part("thresholds"))
        voters = [len(model.past) for model in models.values() if isinstance(model, SingleLabelModel)]
        state.require({len(neighbours)} >= set(voters), "neighbours to be as many as the models' past values")
        return cls(
            encoder_name=encoder_name,
            features=features,
            models=models,
            neighbours=neighbours,
            novelty=NoveltyDetector.from_state(state.part("novelty")),
            past_tickets=past_tickets,
            thresholds=thresholds,
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
            f"set `second_encoder` in triage.toml as it was, or {ADVICE}"
        )
    return second
