"""Models of one part of the tickets, tried on another part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.bundle import new_model
from models.classifiers.calibration import Scored
from models.classifiers.features import Document, Features, Rows, no_second
from models.classifiers.fields import Field, Label, label_values, parents_first, same_label
from models.classifiers.joint_model import Panel, Scores, Seen
from models.classifiers.logistic_regression import Recipe
from models.classifiers.multi_label import ScoredTags, TagsModel
from models.classifiers.nearest_neighbours import Neighbours
from models.classifiers.novelty import Strangeness
from models.classifiers.single_label import FieldModel, FieldPrediction, ScoredChoice
from models.classifiers.tfidf import CountedTexts
from models.encoder import Encoder
from models.errors import TrainingError
from models.language.detector import LanguageDetector
from training.data.translation_groups import twins
from training.fitting.model_selection import MOST_TRIED, Sample, choose_recipe, refine_recipe
from triage.ticket import Ticket


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


@dataclass(frozen=True, slots=True)
class Table:
    """Tickets as the models see them: (n,) documents and (n, dim) embeddings, (n, 0) where there are none.

    `groups` (n,) are numbers; tickets with the same number say the same, in different languages.
    """

    tickets: Sequence[Ticket]
    documents: Sequence[Document]
    embeddings: NDArray[np.float32]
    second: NDArray[np.float32]
    groups: NDArray[np.intp]

    def part(self, positions: NDArray[np.intp]) -> Table:
        """Return these rows."""
        return Table(
            [self.tickets[i] for i in positions],
            [self.documents[i] for i in positions],
            self.embeddings[positions],
            self.second[positions],
            self.groups[positions],
        )

    def joined(self, other: Table) -> Table:
        """Return this table with the other one's rows after its own."""
        return Table(
            [*self.tickets, *other.tickets],
            [*self.documents, *other.documents],
            np.concatenate([self.embeddings, other.embeddings]),
            np.concatenate([self.second, other.second]),
            np.concatenate([self.groups, other.groups + self.groups.max(initial=-1) + 1]),
        )

    def with_second(self, encoder: Encoder, *, progress: bool = False) -> Table:
        """Return this table with the second encoder's embeddings."""
        texts = [document.text for document in self.documents]
        return replace(self, second=encoder.encode(texts, progress=progress))


def make_table(
    tickets: Sequence[Ticket], encoder: Encoder, detector: LanguageDetector, *, progress: bool
) -> Table:
    texts = [t.text() for t in _bar(tickets, "cleaning", progress)]
    languages = [
        ticket.language or detector.detect(text).code
        for ticket, text in zip(_bar(tickets, "languages", progress), texts, strict=True)
    ]
    embeddings = encoder.encode(texts, progress=progress)
    documents = [t.document(text, code) for t, text, code in zip(tickets, texts, languages, strict=True)]
    groups = twins(tickets, languages, embeddings)
    return Table(tickets, documents, embeddings, no_second(len(documents)), groups)


def _bar(tickets: Sequence[Ticket], what: str, progress: bool) -> Iterable[Ticket]:
    return tqdm(tickets, desc=what, unit="ticket", disable=not progress, delay=2)


def described_values(fields: Sequence[Field], encoder: Encoder) -> Table:
    """Return a table with a row for each value that a field's settings describe, as a ticket would say it."""
    described = [(f.name, value, text) for f in fields for value, text in f.descriptions]
    tickets = [Ticket(f"{name}: {value}", "", text, labels={name: value}) for name, value, text in described]
    texts = [ticket.text() for ticket in tickets]
    embeddings = encoder.encode(texts) if texts else np.empty((0, encoder.dim), np.float32)
    n = len(texts)
    return Table(tickets, [Document(text) for text in texts], embeddings, no_second(n), np.arange(n))


@dataclass(frozen=True, slots=True)
class Plan:
    """What every model of one training run has in common."""

    fields: Sequence[Field]
    described: Table
    directions: NDArray[np.float32]
    counted: CountedTexts


class Learnable:
    """Tickets, and the descriptions of values, as rows that models can learn from."""

    def __init__(self, tickets: Table, plan: Plan) -> None:
        self.count = len(tickets.tickets)
        self.table = tickets.joined(plan.described)
        values = max(
            len({value for t in self.table.tickets for value in label_values(t.labels.get(f.name))})
            for f in plan.fields
        )
        self.counted = plan.counted
        self.features = Features(plan.directions, values=values)
        self.features.fit(self.table.documents, self.table.embeddings, self.table.second, plan.counted)
        self.rows = self.read(self.table)

    def read(self, table: Table) -> Rows:
        """Return what the models read of tickets, these or others."""
        text = self.features.text_rows(table.documents, self.counted)
        return self.features.transform(table.documents, table.embeddings, table.second, text)


def choose_recipes(
    table: Table, plan: Plan, second: Encoder | None, steps: Any
) -> tuple[dict[str, Recipe], Encoder | None]:
    """Choose each field's recipe, and whether a second encoder joins, on at most 4,000 of these tickets."""
    sample = table.part(np.random.default_rng(0).permutation(len(table.tickets))[:MOST_TRIED])
    if second is not None:
        sample = sample.with_second(second)
        plan = replace(plan, described=plan.described.with_second(second))
    learnable = Learnable(sample, plan)
    tried = Sample(learnable.rows, learnable.table.groups)
    chosen = {}
    for field in plan.fields:
        labels = [*labels_of(sample.tickets, field), *labels_of(plan.described.tickets, field)]
        chosen[field.name] = choose_recipe(field, tried, labels)
        steps.update()
    return chosen, second if any(recipe.second for recipe in chosen.values()) else None


def refine_recipes(
    learnable: Learnable, fields: Sequence[Field], chosen: Mapping[str, Recipe]
) -> dict[str, Recipe]:
    """Return each field's recipe for as many tickets as there are; `chosen` suits a sample of them."""
    table, rows = learnable.table, learnable.rows
    return {
        field.name: refine_recipe(
            field, rows, table.groups, labels_of(table.tickets, field), chosen[field.name]
        )
        for field in fields
    }


class Models:
    """Features, neighbours and one uncalibrated model per field, learnt from one table."""

    def __init__(
        self, learnable: Learnable, fields: Sequence[Field], recipes: Mapping[str, Recipe], steps: Any
    ) -> None:
        self._learnable = learnable
        self.features = learnable.features
        self.neighbours = Neighbours.build(learnable.rows.meaning)
        self.models: dict[str, FieldModel] = {}
        self.skipped: dict[str, str] = {}
        self.learnt_from: dict[str, int] = {}
        tickets = learnable.table.tickets[: learnable.count]
        for field in parents_first(fields):
            self.learnt_from[field.name] = len(_labelled(tickets, field)[0])
            try:
                self.models[field.name] = self.learn(field, recipes.get(field.name))
            except TrainingError as error:
                self.skipped[field.name] = error.message
            steps.update()

    def learn(self, field: Field, recipe: Recipe | None, share: float = 1.0) -> FieldModel:
        """Return a new model of a field, learnt from this share of the tickets, the same whenever asked.

        Raises:
            TrainingError: too few values occur.
        """
        tickets, count = self._learnable.table.tickets, self._learnable.count
        labels = labels_of(tickets, field)
        if share < 1:
            left_out = np.random.default_rng(0).permutation(count)[round(share * count) :]
            for i in left_out:
                labels[i] = None
        parents = [t.labels.get(field.parent) for t in tickets] if field.parent else None
        return new_model(field, recipe).fit(self._learnable.rows, labels, parents)

    def seen(self, table: Table) -> Seen:
        """Return what the models read of other tickets."""
        rows = self._learnable.read(table)
        return Seen(rows, self.neighbours.nearest(rows.meaning))


class Trial:
    """Models that learnt from one part of the tickets, and the part that they did not see."""

    def __init__(self, learnt: Models, held_out: Table) -> None:
        self._learnt = learnt
        self._table = held_out
        self._seen = learnt.seen(held_out)

    def held_out(self, name: str) -> Any:
        """Return what calibration of field `name` learns from, or None when there is nothing."""
        model = self._learnt.models.get(name)
        if model is None:
            return None
        positions, labels = _labelled(self._table.tickets, model.field)
        return (
            held_out(model, self._learnt.features, self._seen.take(positions), labels) if positions else None
        )

    @property
    def names(self) -> list[str]:
        """The fields that could be learnt and have held-out labels."""
        return [n for n, m in self._learnt.models.items() if _labelled(self._table.tickets, m.field)[0]]

    def share(self, name: str, other: FieldModel) -> None:
        """Use the calibration of the model that learnt from all tickets."""
        if name in self._learnt.models:
            self._learnt.models[name].calibration = other.calibration

    def predictions(self) -> dict[str, list[tuple[FieldPrediction, Label]]]:
        """Return, by field, each labelled held-out ticket's prediction and right value."""
        panel = Panel(self._learnt.models, self._learnt.features)  # as they are calibrated by now
        predicted = panel.predictions(panel.probabilities(self._scores, self._seen))
        found = {}
        for name, model in self._learnt.models.items():
            positions, labels = _labelled(self._table.tickets, model.field)
            found[name] = [(predicted[i][name], label) for i, label in zip(positions, labels, strict=True)]
        return found

    def curve(self, name: str, shares: Sequence[float]) -> list[tuple[int, float]]:
        """Return how many tickets, and what accuracy, each share of what was learnt from gives a field."""
        full = self._learnt.models[name]
        positions, labels = _labelled(self._table.tickets, full.field)
        points = []
        for share in shares:
            try:
                model = full if share == 1 else self._learnt.learn(full.field, full.recipe, share)
            except TrainingError:  # too few values are left
                continue
            # A child alone, without its parent's part: its own scores tell what labels add.
            panel, seen = Panel({name: model}, self._learnt.features), self._seen.take(positions)
            scores = panel.scores(seen.rows, panel.words(seen.rows.text))
            found = panel.predictions(panel.probabilities(scores, seen))
            right = [same_label(p[name].value, label) for p, label in zip(found, labels, strict=True)]
            points.append((round(share * self._learnt.learnt_from[name]), float(np.mean(right))))
        return points

    def strangeness(self) -> Strangeness:
        """Return how unlike the held-out tickets are to those that were learnt from."""
        return Strangeness.of(self._scores.sums, self._seen.near)

    @cached_property
    def _scores(self) -> Scores:
        panel, rows = Panel(self._learnt.models, self._learnt.features), self._seen.rows
        return panel.scores(rows, panel.words(rows.text))


def labels_of(tickets: Sequence[Ticket], field: Field) -> list[Label | None]:
    """Return each ticket's label in the field's form, None where it has none."""
    found: list[Label | None] = []
    for ticket in tickets:
        label = ticket.labels.get(field.name)
        if field.kind == "tags" and isinstance(label, str):
            label = (label,)
        elif field.kind != "tags" and isinstance(label, tuple):
            raise TrainingError(
                f"field {field.name!r} has the list {list(label)} as a value, expected a string: "
                f'set kind = "tags" for it in triage.toml'
            )
        found.append(label)
    return found


def _labelled(tickets: Sequence[Ticket], field: Field) -> tuple[list[int], list[Label]]:
    """Return the positions of the tickets that carry the field, and their labels."""
    pairs = [(i, label) for i, label in enumerate(labels_of(tickets, field)) if label is not None]
    return [i for i, _ in pairs], [label for _, label in pairs]
