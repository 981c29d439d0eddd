"""Training of a bundle: models of folds calibrate and certify the models of all tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from tqdm import tqdm

from models.bundle import Bundle
from models.classifiers.fields import Field
from models.classifiers.novelty import NoveltyDetector, NoveltyScores
from models.classifiers.past_tickets import PastTickets
from models.encoder import Encoder
from models.encoder.language_neutral import language_subspace
from models.errors import TrainingError
from models.language.detector import LanguageDetector
from models.wording import counted
from training.data.leakage import require_unseen
from training.data.learning_privacy import LearningPrivacy
from training.data.split import Split, folds
from training.data.ticket_groups import CopyReport, TicketGroups, copy_report
from training.data.ticket_table import TicketTable, encode_tickets, value_descriptions
from training.data.token_counts import CountedCorpus
from training.data.validation import check_tickets, contradictions, unseen_values
from training.estimators.novelty import NoveltyEstimator
from training.fitting.cross_validation import FoldResult
from training.fitting.estimator_selection import select_estimators
from training.fitting.field_models import calibrate
from training.fitting.field_report import FieldReport, LearningCurve, field_report, learning_curves
from training.fitting.fitted_models import FitPlan, FittedModels, TrainingSet
from training.fitting.model_selection import choose_hyperparameters, refine_hyperparameters
from triage.ticket import Ticket

_FEWEST_TICKETS = 10
_PRIVACY = LearningPrivacy()


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A bundle, not yet saved, the reports on its held-out tickets, and warnings about doubtful tickets."""

    bundle: Bundle
    folds: list[Split]
    reports: list[FieldReport]
    warnings: list[str]
    copies: CopyReport

    @property
    def held_out(self) -> int:
        """The number of tickets that were predicted by models which were not trained on them."""
        return sum(len(fold.held_out) for fold in self.folds)


@dataclass(frozen=True, slots=True)
class PreparedTickets:
    """Checked tickets as a table, their fields and folds, and warnings about doubtful tickets."""

    fields: list[Field]
    table: TicketTable
    folds: list[Split]
    warnings: list[str]


def prepare(
    tickets: Sequence[Ticket],
    encoder: Encoder,
    detector: LanguageDetector,
    *,
    fields: Sequence[Field] = (),
    only: Collection[str] = (),
    spellings: Mapping[str, Collection[str]] | None = None,
    privacy: LearningPrivacy = _PRIVACY,
    progress: bool = False,
    now: datetime | None = None,
) -> PreparedTickets:
    """Check, encode and split the tickets; arguments and errors are those of `train`."""
    if len(tickets) < _FEWEST_TICKETS:
        raise TrainingError(
            f"found {counted(len(tickets), 'ticket')}, expected at least {_FEWEST_TICKETS}: "
            "export more of the helpdesk's history"
        )
    wanted = _wanted_fields(tickets, fields, only)
    checked = check_tickets(tickets, wanted, spellings=spellings, now=now)
    table = encode_tickets(checked.tickets, encoder, detector, redact=privacy.redact, progress=progress)
    different = len(np.unique(table.groups))
    if different < _FEWEST_TICKETS:
        raise TrainingError(
            f"found {counted(len(checked.tickets), 'ticket')}, but only {different} different: the others "
            f"are copies of these. Expected at least {_FEWEST_TICKETS} different ones: export more of the "
            "helpdesk's history"
        )
    return PreparedTickets(wanted, table, folds(checked.tickets, table.groups), checked.warnings)


def train(
    tickets: Sequence[Ticket],
    encoder: Encoder,
    detector: LanguageDetector,
    *,
    second: Encoder | None = None,
    seen: Set[str] = frozenset(),
    fields: Sequence[Field] = (),
    only: Collection[str] = (),
    spellings: Mapping[str, Collection[str]] | None = None,
    privacy: LearningPrivacy = _PRIVACY,
    progress: bool = False,
    now: datetime | None = None,
) -> TrainingResult:
    """Train every field that has labels (or those named in `only`) and measure it on held-out tickets.

    Without `fields`, each label that the tickets carry is a field: `tags` where it is a list, else `choice`.
    A `second` encoder's embedding joins the first one's where that lowers the log-loss of unseen tickets.
    `seen` are the fingerprints of tickets on which an encoder was tuned.
    `spellings` has, by field, values as the helpdesk spells them; tickets may differ. Within the limits of
    `privacy` nothing of single people is learnt. Dates after `now` (default: the clock) are not believed.

    Raises:
        TrainingError: too few tickets, an unknown name in `only`, no field that can be trained, or an encoder
            that was tuned on tickets of the calibration set.
    """
    prepared = prepare(
        tickets,
        encoder,
        detector,
        fields=fields,
        only=only,
        spellings=spellings,
        privacy=privacy,
        progress=progress,
        now=now,
    )
    wanted, table, splits = prepared.fields, prepared.table, prepared.folds
    tickets = table.tickets
    require_unseen(tickets, splits, seen)
    described = value_descriptions(wanted, encoder)
    corpus = CountedCorpus(d.text for d in [*table.documents, *described.documents])
    plan = FitPlan(wanted, described, language_subspace(encoder), corpus, privacy.fewest_requesters)
    warnings = [
        *prepared.warnings,
        *contradictions(tickets, [document.text for document in table.documents], wanted),
        *unseen_values(tickets, splits, wanted),
    ]
    total = (len(splits) + 3) * len(wanted)
    with tqdm(total=total, desc="training", unit="step", disable=not progress, delay=2) as steps:
        hyperparameters, second = choose_hyperparameters(table.take(splits[0].train), plan, second, steps)
        if second is not None:
            table = table.with_second(second, progress=progress)
            plan = replace(plan, described=plan.described.with_second(second))
        training_sets = [TrainingSet(table.take(split.train), plan) for split in splits]
        hyperparameters = refine_hyperparameters(training_sets[0], wanted, hyperparameters)
        selection = select_estimators(training_sets[0], wanted, hyperparameters)
        hyperparameters, refusals = dict(selection.hyperparameters), selection.refusals
        fold_results = [
            FoldResult(FittedModels(training_set, wanted, hyperparameters, steps), table.take(split.held_out))
            for training_set, split in zip(training_sets, splits, strict=True)
        ]
        final = FittedModels(TrainingSet(table, plan), wanted, hyperparameters, steps)
        warnings += refusals
        curves = learning_curves(fold_results[0], len(tickets), steps)
    if not final.models:
        raise TrainingError("no field can be trained: " + "; ".join(final.skipped.values()))
    for name, model in final.models.items():
        scores = [result.calibration_scores(name) for result in fold_results]
        calibrate(model, [found for found in scores if found is not None])
        for result in fold_results:
            result.use_calibration(name, model)

    outcomes = [result.predictions() for result in fold_results]
    reports = [
        field_report(
            field,
            final,
            [pair for o in outcomes for pair in o.get(field.name, ())],
            curves.get(field.name, LearningCurve(())),
            [result.labelled_tickets(field.name) for result in fold_results],
        )
        for field in wanted
    ]
    copies = copy_report(tickets, TicketGroups(table.groups, table.kinds), splits)
    bundle = Bundle(
        encoder_name=encoder.name,
        second=second,
        features=final.features,
        models=final.models,
        neighbours=final.neighbours,
        novelty=_novelty_detector([result.novelty_scores() for result in fold_results]),
        past_tickets=PastTickets.of([t.id for t in tickets], [t.labels for t in tickets]),
        thresholds={r.name: r.thresholds for r in reports if r.thresholds},
        metadata={
            **_metadata(table, splits, reports),
            "copies": copies.as_dict(),
            "warnings": warnings,
        },
    )
    return TrainingResult(bundle, splits, reports, warnings, copies)


def _novelty_detector(known: Sequence[NoveltyScores]) -> NoveltyDetector:
    """Fit on parts of held-out tickets, all of which count as known."""
    columns = np.concatenate([part.columns() for part in known]) if known else np.empty((0, 2))
    return NoveltyEstimator().fit(columns).detector_ if len(columns) else NoveltyDetector.unfitted()


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
    if not any(f.descriptions or any(f.name in t.labels for t in tickets) for f in chosen):
        raise TrainingError(
            "no ticket carries a label: expected 'labels' with the helpdesk's final values, or their columns "
            "under [tickets.labels] in triage.toml, which `triage check FILE` drafts"
        )
    names = {f.name for f in chosen}
    return [
        f if f.parent in names or f.parent is None else replace(f, kind="choice", parent=None) for f in chosen
    ]


def _metadata(table: TicketTable, splits: Sequence[Split], reports: Sequence[FieldReport]) -> dict[str, Any]:
    dates = sorted(t.created_at for t in table.tickets if t.created_at)
    return {
        "tickets": len(table.tickets),
        "held_out": sum(len(split.held_out) for split in splits),
        "held_out_by_time": splits[0].by_time,
        "first_ticket": dates[0].isoformat() if dates else None,
        "last_ticket": dates[-1].isoformat() if dates else None,
        "languages": dict(Counter(d.attributes["language"] for d in table.documents).most_common()),
        "metrics": {r.name: r.metrics.as_dict() for r in reports if r.metrics},
        "skipped": {r.name: r.skipped for r in reports if r.skipped},
    }
