"""Classifier of the user's own as an ONNX graph, run by onnxruntime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.classifiers.column_groups import Floats
from models.classifiers.features import FeatureMatrix
from models.classifiers.linear_model import Hyperparameters
from models.storage.state import State, StateReader

INPUT, OUTPUT = "rows", "probabilities"
# Rows of words are long: so many are made dense at a time.
_ROWS = 64
_SMALLEST = 1e-7


@dataclass(frozen=True, slots=True)
class OnnxClassifier:
    """Graph from (n, features) float32 rows to (n, classes) probabilities.

    `graph` are its bytes. Its rows are the text's columns and the embeddings, or the embeddings alone unless
    `reads_text`.
    """

    graph: NDArray[np.uint8]
    reads_text: bool
    _session: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # other requests are computed at the same time
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            self.graph.tobytes(), options, providers=["CPUExecutionProvider"]
        )
        object.__setattr__(self, "_session", session)

    def scores(self, features: FeatureMatrix, hyperparameters: Hyperparameters) -> Floats:
        """Return the (n, classes) log-probabilities of tickets; what is no number counts as 0."""
        parts = [
            self._run(rows.toarray() if self.reads_text else rows)
            for rows in self._rows(features, hyperparameters)
        ]
        probabilities = np.nan_to_num(np.concatenate(parts).astype(float), posinf=1.0)
        scores: Floats = np.log(np.maximum(probabilities, _SMALLEST))
        return scores

    def _rows(self, features: FeatureMatrix, hyperparameters: Hyperparameters) -> list[Any]:
        rows = features.rows(hyperparameters) if self.reads_text else features.dense(hyperparameters)
        return [rows[start : start + _ROWS] for start in range(0, max(1, len(features)), _ROWS)]

    def _run(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._session.run([OUTPUT], {INPUT: rows})[0]
        return found

    def state(self) -> State:
        """Return the graph as an array of its bytes."""
        return {"graph": self.graph, "reads_text": self.reads_text}

    @classmethod
    def from_state(cls, state: StateReader, *, width: int, dim: int, outputs: int) -> OnnxClassifier:
        """Return the classifier, of tickets of this width and dimension, of which this is the state."""
        graph, reads_text = state.array("graph", np.uint8, (None,)), state.flag("reads_text")
        try:
            classifier = cls(graph, reads_text)
            found = classifier._run(np.zeros((1, width * reads_text + dim), np.float32)).shape
        except Exception as error:  # onnxruntime's errors have no common base
            raise state.error(
                "graph", f"a graph that does not run ({error!s:.200})", "one that does"
            ) from error
        state.require(found == (1, outputs), f"graph to give {outputs} probabilities")
        return classifier
