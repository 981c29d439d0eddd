"""Train a bundle: models of parts of the tickets vouch for the model of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.bundle import Bundle, PastTicket, Thresholds, new_model, predict_fields, strangeness
from models.classifier import FieldModel, FieldPrediction, Seen
from models.encoder import Encoder
from models.errors import TrainingError
from models.features import Document, Features
from models.fields import Field, Label, parents_first
from models.language import LanguageDetector
from models.language_space import language_directions
from models.linear import Recipe
from models.neighbours import Neighbours
from models.novelty import NoveltyJudge, Strangeness
from training.checks import check_tickets, contradictions, unlearnt_values
from training.evaluate import FieldMetrics, Outcome, field_metrics, in_top3, is_right
from training.select import choose_recipe
from training.split import Split, folds
from training.thresholds import HeldOut, choose_thresholds
from triage.ticket import Ticket

_FEWEST_TICKETS = 10


@dataclass(frozen=True, slots=True)
class FieldReport:
    """What training found out about one field; `skipped` says why there is no model."""

    name: str
    kind: str
    values: int
    learnt_from: int
    metrics: FieldMetrics | None = None
    thresholds: Thresholds | None = None
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """A bundle, not yet saved, the report on its held-out tickets, and what is doubtful about the tickets."""

    bundle: Bundle
    folds: list[Split]
    reports: list[FieldReport]
    warnings: list[str]

    @property
    def held_out(self) -> int:
        """The number of tickets that were predicted by models which had not seen them."""
        return sum(len(fold.held_out) for fold in self.folds)


@dataclass(frozen=True, slots=True)
class _Table:
    """Tickets as the models see them: (n,) documents and (n, dim) embeddings."""

    tickets: Sequence[Ticket]
    documents: Sequence[Document]
    embeddings: NDArray[np.float32]

    def part(self, positions: NDArray[np.intp]) -> _Table:
        return _Table(
            [self.tickets[i] for i in positions],
            [self.documents[i] for i in positions],
            self.embeddings[positions],
        )


def train(
    tickets: Sequence[Ticket],
    encoder: Encoder,
    detector: LanguageDetector,
    *,
    fields: Sequence[Field] = (),
    only: Collection[str] = (),
    spellings: Mapping[str, Collection[str]] | None = None,
    progress: bool = False,
    now: datetime | None = None,
) -> Trained:
    """Train every field that has labels (or those named in `only`) and measure it on held-out tickets.

    Without `fields`, each label that the tickets carry is a field: `tags` where it is a list, else `choice`.
    `spellings` has, by field, values as the helpdesk spells them; tickets may differ. Dates after `now`
    (default: the clock) are not believed.

    Raises:
        TrainingError: too few tickets, an unknown name in `only`, or no field that can be learnt.
    """
    if len(tickets) < _FEWEST_TICKETS:
        raise TrainingError(
            f"found {len(tickets)} tickets, expected at least {_FEWEST_TICKETS}: "
            "export more of the helpdesk's history"
        )
    wanted = _wanted_fields(tickets, fields, only)
    checked = check_tickets(tickets, wanted, spellings=spellings, now=now)
    tickets = checked.tickets
    table = _table(tickets, encoder, detector, progress=progress)
    directions = language_directions(encoder)
    parts = folds(tickets)
    warnings = [
        *checked.warnings,
        *contradictions(tickets, [document.text for document in table.documents], wanted),
        *unlearnt_values(tickets, parts, wanted),
    ]
    with tqdm(
        total=(len(parts) + 2) * len(wanted), desc="training", unit="step", disable=not progress, delay=2
    ) as steps:
        recipes = _recipes(table.part(parts[0].learn), wanted, directions, steps)
        trials = [
            _Trial(_Models(table.part(p.learn), wanted, directions, recipes, steps), table.part(p.held_out))
            for p in parts
        ]
        final = _Models(table, wanted, directions, recipes, steps)
    if not final.models:
        raise TrainingError("no field can be learnt: " + "; ".join(final.skipped.values()))
    for name, model in final.models.items():
        model.calibration.fit([held for trial in trials if (held := trial.held_out(name)) is not None])
        for trial in trials:
            trial.share(name, model)

    outcomes = [trial.predictions() for trial in trials]
    reports = [
        _report(field, final, [o[field.name] for o in outcomes if field.name in o]) for field in wanted
    ]
    bundle = Bundle(
        encoder_name=encoder.name,
        features=final.features,
        models=final.models,
        neighbours=final.neighbours,
        novelty=NoveltyJudge().fit([trial.strangeness() for trial in trials]),
        past_tickets=[PastTicket(t.id, dict(t.labels)) for t in tickets],
        thresholds={r.name: r.thresholds for r in reports if r.thresholds},
        metadata=_metadata(table, parts, reports) | {"warnings": warnings},
    )
    return Trained(bundle, parts, reports, warnings)


class _Models:
    """Features, neighbours and one uncalibrated model per field, learnt from one table."""

    def __init__(
        self,
        table: _Table,
        fields: Sequence[Field],
        directions: NDArray[np.float32],
        recipes: Mapping[str, Recipe],
        steps: Any,
    ) -> None:
        self.features = _features(table, fields, directions)
        rows = self.features.transform(table.documents, table.embeddings)
        self.neighbours = Neighbours.build(rows.meaning)
        self.models: dict[str, FieldModel] = {}
        self.skipped: dict[str, str] = {}
        self.learnt_from: dict[str, int] = {}
        for field in parents_first(fields):
            labels = _labels(table.tickets, field)
            parents = [t.labels.get(field.parent) for t in table.tickets] if field.parent else None
            self.learnt_from[field.name] = sum(label is not None for label in labels)
            try:
                self.models[field.name] = new_model(field, recipes.get(field.name)).fit(rows, labels, parents)
            except TrainingError as error:
                self.skipped[field.name] = error.message
            steps.update()

    def seen(self, table: _Table) -> Seen:
        """Return what the models read of other tickets."""
        rows = self.features.transform(table.documents, table.embeddings)
        return Seen(rows, self.neighbours.nearest(rows.meaning))


class _Trial:
    """Models that learnt from one part of the tickets, and the part that they did not see."""

    def __init__(self, learnt: _Models, held_out: _Table) -> None:
        self._learnt = learnt
        self._table = held_out
        self._seen = learnt.seen(held_out)

    def held_out(self, name: str) -> Any:
        """Return what calibration of field `name` learns from, or None when there is nothing."""
        model = self._learnt.models.get(name)
        if model is None:
            return None
        positions, labels = _labelled(self._table.tickets, model.field)
        return model.held_out(self._seen.take(positions), labels) if positions else None

    def share(self, name: str, other: FieldModel) -> None:
        """Use the calibration of the model that learnt from all tickets."""
        if name in self._learnt.models:
            self._learnt.models[name].calibration = other.calibration

    def predictions(self) -> dict[str, list[tuple[FieldPrediction, Label]]]:
        """Return, by field, each labelled held-out ticket's prediction and right value."""
        predicted = predict_fields(self._learnt.models, self._seen)
        found = {}
        for name, model in self._learnt.models.items():
            positions, labels = _labelled(self._table.tickets, model.field)
            found[name] = [(predicted[name][i], label) for i, label in zip(positions, labels, strict=True)]
        return found

    def strangeness(self) -> Strangeness:
        """Return how unlike the held-out tickets are to those that were learnt from."""
        return strangeness(self._learnt.models, self._seen)


def _features(table: _Table, fields: Sequence[Field], directions: NDArray[np.float32]) -> Features:
    values = max(len({t.labels.get(f.name) for t in table.tickets} - {None}) for f in fields)
    return Features(directions, values=values).fit(table.documents, table.embeddings)


def _recipes(
    table: _Table, fields: Sequence[Field], directions: NDArray[np.float32], steps: Any
) -> dict[str, Recipe]:
    """Choose each field's recipe on a part of what the first trial learns from."""
    rows = _features(table, fields, directions).transform(table.documents, table.embeddings)
    recipes = {}
    for field in fields:
        recipes[field.name] = choose_recipe(field, rows, _labels(table.tickets, field))
        steps.update()
    return recipes


def _report(
    field: Field, final: _Models, parts: Sequence[Sequence[tuple[FieldPrediction, Label]]]
) -> FieldReport:
    if field.name in final.skipped:
        skipped = final.skipped[field.name]
        return FieldReport(field.name, field.kind, 0, final.learnt_from[field.name], skipped=skipped)
    pairs = [pair for part in parts for pair in part]
    labels = Counter(label for _, label in pairs)
    thresholds = choose_thresholds(
        field,
        HeldOut(
            [p.value for p, _ in pairs],
            np.array([p.confidence for p, _ in pairs]),
            np.array([is_right(p, label) for p, label in pairs], bool),
            np.array([in_top3(p, label) for p, label in pairs], bool),
        ),
        usual=str(labels.most_common(1)[0][0]) if labels else "",
    )
    outcomes = [Outcome(p, label, thresholds.applies(p.value, p.confidence)) for p, label in pairs]
    return FieldReport(
        name=field.name,
        kind=field.kind,
        values=len(final.models[field.name].classes_),
        learnt_from=final.learnt_from[field.name],
        metrics=field_metrics(outcomes) if outcomes else None,
        thresholds=thresholds,
    )


def _wanted_fields(tickets: Sequence[Ticket], fields: Sequence[Field], only: Collection[str]) -> list[Field]:
    if not fields:
        listed: dict[str, bool] = {}
        for ticket in tickets:
            for name, label in ticket.labels.items():
                listed[name] = listed.get(name, False) or isinstance(label, tuple)
        fields = [Field(name, "tags" if is_list else "choice") for name, is_list in listed.items()]
    unknown = set(only) - {f.name for f in fields}
    if unknown:
        raise TrainingError(f"--fields names {sorted(unknown)}, expected some of {[f.name for f in fields]}")
    chosen = [f for f in fields if f.name in only] if only else list(fields)
    if not chosen:
        raise TrainingError("no ticket carries a label: expected 'labels' with the helpdesk's final values")
    names = {f.name for f in chosen}
    return [
        f if f.parent in names or f.parent is None else replace(f, kind="choice", parent=None) for f in chosen
    ]


def _table(
    tickets: Sequence[Ticket], encoder: Encoder, detector: LanguageDetector, *, progress: bool
) -> _Table:
    texts = [t.text() for t in _bar(tickets, "cleaning", progress)]
    languages = [
        ticket.language or detector.detect(text).code
        for ticket, text in zip(_bar(tickets, "languages", progress), texts, strict=True)
    ]
    embeddings = encoder.encode(texts, progress=progress)
    documents = [t.document(text, code) for t, text, code in zip(tickets, texts, languages, strict=True)]
    return _Table(tickets, documents, embeddings)


def _bar(tickets: Sequence[Ticket], what: str, progress: bool) -> Iterable[Ticket]:
    return tqdm(tickets, desc=what, unit="ticket", disable=not progress, delay=2)


def _labels(tickets: Sequence[Ticket], field: Field) -> list[Label | None]:
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
    pairs = [(i, label) for i, label in enumerate(_labels(tickets, field)) if label is not None]
    return [i for i, _ in pairs], [label for _, label in pairs]


def _metadata(table: _Table, parts: Sequence[Split], reports: Sequence[FieldReport]) -> dict[str, Any]:
    dates = sorted(t.created_at for t in table.tickets if t.created_at)
    return {
        "tickets": len(table.tickets),
        "held_out": sum(len(part.held_out) for part in parts),
        "held_out_by_time": parts[0].by_time,
        "first_ticket": dates[0].isoformat() if dates else None,
        "last_ticket": dates[-1].isoformat() if dates else None,
        "languages": dict(Counter(d.attributes["language"] for d in table.documents).most_common()),
        "metrics": {r.name: r.metrics.as_dict() for r in reports if r.metrics},
        "skipped": {r.name: r.skipped for r in reports if r.skipped},
    }
