"""What calibration learns from: how a model scores tickets that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.calibration import Scored
from models.classifier import FieldModel, ScoredChoice
from models.features import Features
from models.fields import Label
from models.panel import Panel, Seen
from models.tags import ScoredTags, TagsModel


def held_out(
    model: FieldModel, features: Features, seen: Seen, labels: Sequence[Label]
) -> ScoredChoice | ScoredTags:
    """Return the scores of (n,) tickets, one value's or tag's a column, and what is right."""
    panel, rows = Panel({model.field.name: model}, features), seen.rows
    words = panel.words(rows.text)
    scores = panel.scores(rows, words)
    truth = model.targets(labels)
    if isinstance(model, TagsModel):
        return ScoredTags(scores.tags, truth)
    foreign = replace(rows, familiar=np.zeros_like(rows.familiar))
    as_foreign = panel.voted(panel.scores(foreign, words), Seen(foreign, seen.near))
    return ScoredChoice(
        Scored(panel.voted(scores, seen), np.where(rows.familiar, truth, -1)), Scored(as_foreign, truth)
    )
