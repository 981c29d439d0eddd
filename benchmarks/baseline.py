"""Baseline: TF-IDF and logistic regression, with thresholds that nobody measured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from decision_sets import Row, Rows
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

APPLIES_FROM, KNOWS_FROM = 0.95, 0.5


class Baseline:
    """One field's model of words and word pairs."""

    def __init__(self, train: Rows, field: str) -> None:
        self._field = field
        labelled = [row for row in train if field in row["labels"]]
        self._model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, max_features=200_000),
            LogisticRegression(C=10, max_iter=1000),
        )
        self._model.fit([text(row) for row in labelled], [row["labels"][field] for row in labelled])

    def answers(self, rows: Rows) -> Iterator[Row]:
        """Yield predictions in the form of `triage predict`."""
        classes = self._model.classes_
        for row, p in zip(rows, self._model.predict_proba([text(row) for row in rows]), strict=True):
            best = np.argsort(-p, kind="stable")[:5]
            top = float(p[best[0]])
            answer = {
                "value": classes[best[0]],
                "confidence": top,
                "action": "apply" if top >= APPLIES_FROM else "suggest",
                "alternatives": [{"value": classes[i], "confidence": float(p[i])} for i in best],
            }
            novelty = {"is_novel": top < KNOWS_FROM, "score": 1 - top}
            yield {"id": row["id"], "fields": {self._field: answer}, "novelty": novelty}


def text(row: Row) -> str:
    return f"{row.get('subject') or ''}\n{row.get('body') or ''}"
