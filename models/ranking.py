"""From the probabilities of all fields' values to what is said of each field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.classifier import MAX_ALTERNATIVES, Alternative, FieldModel, FieldPrediction
from models.groups import Floats, Groups
from models.tags import TagsModel


class Ranking:
    """Puts each field's values in order.

    Parameters
    ----------
    models : the fields' models, whose values are the columns of `groups`, in the same order
    """

    def __init__(self, models: Sequence[FieldModel], groups: Groups) -> None:
        self._models = models
        self._values = [value for model in models for value in model.classes_]
        self._group_of = groups.of
        self._places = groups.places()
        shown = Groups.of_sizes(np.minimum(groups.sizes, MAX_ALTERNATIVES).tolist())
        self._shown = shown.places()
        # Where the best values stand, once each field's are in order.
        self._leading = np.arange(len(shown.of)) + (groups.starts - shown.starts)[shown.of]

    def predictions(self, probabilities: Floats) -> list[list[FieldPrediction]]:
        """Turn (n, columns) probabilities into each ticket's predictions, in the order of the models.

        Of values that are equally probable the one whose column comes first is the better one.
        """
        order = np.lexsort((-probabilities, np.broadcast_to(self._group_of, probabilities.shape)), axis=1)
        best = order[:, self._leading]
        confidences = np.take_along_axis(probabilities, best, axis=1)
        found = []
        for columns, row in zip(best.tolist(), confidences.tolist(), strict=True):
            ranked = tuple(map(Alternative, [self._values[column] for column in columns], row))
            shown = (ranked[place] for place in self._shown)
            found.append([FieldPrediction(best[0].value, best[0].confidence, best) for best in shown])
        for i, (model, place) in enumerate(zip(self._models, self._places, strict=True)):
            if isinstance(model, TagsModel):
                own = probabilities[:, place]
                counts, sure = (own >= model.calibration.cut_).sum(axis=1), model.calibration.exact(own)
                given = zip(found, order[:, place].tolist(), counts.tolist(), sure.tolist(), strict=True)
                for ticket, columns, count, confidence in given:
                    tags = tuple(self._values[column] for column in columns[:count])
                    ticket[i] = FieldPrediction(tags, confidence, ticket[i].alternatives)
        return found
