"""Outcomes of a backtest: what each ticket would have got, counted by field, team, language and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.classifiers.fields import Label, same_label
from training.metrics import in_top3
from triage.decision import Action, Decision
from triage.intervals import Interval, clopper_pearson
from triage.settings.savings import FieldSavings


@dataclass(frozen=True, slots=True)
class FieldOutcome:
    """Outcome of one field of a ticket: what it would have got, and whether people gave it the same value.

    `action` is what a live ticket would have met, with suspensions; `by_rule` says that a rule of the
    helpdesk set the value, `usual` that it is the most frequent one of the learned tickets.
    """

    action: Action
    by_rule: bool
    right: bool
    in_top3: bool
    confidence: float
    usual: bool = False

    @classmethod
    def of(cls, decision: Decision, truth: Label, most_frequent: Label | None = None) -> FieldOutcome:
        """Compare a decision with the value that people gave, and with the most frequent one."""
        if isinstance(decision.value, tuple) and isinstance(truth, str):
            truth = (truth,)
        return cls(
            decision.action,
            decision.is_set_by_rule,
            same_label(decision.value, truth),
            in_top3(decision.prediction, truth),
            decision.confidence,
            most_frequent is not None and same_label(decision.value, most_frequent),
        )

    @property
    def is_set(self) -> bool:
        """True where the models would have set the value, so that the guarantee covers it."""
        return self.action == "apply" and not self.by_rule


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """Outcome of a search: whether an article would have been shown, and one that solved the ticket.

    `solved_by_known` says that the ticket names an article that was there when it came.
    """

    shown: bool
    solved_by_known: bool
    right: bool


@dataclass(frozen=True, slots=True)
class TicketOutcome:
    """One replayed ticket that counts: its position, its groups, and the outcome of each labelled field."""

    position: int
    team: str
    language: str
    month: str
    is_novel: bool
    fields: Mapping[str, FieldOutcome]
    article: ArticleOutcome | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one field's outcomes. `set` and `wrong` are the models'; `by_rule` are those of rules.

    Of the suggestions, `suggested_right` had the right value first, `suggested_in_3` among the best three.
    `suggested_usual` are those of the right ones that only name the most frequent value.
    """

    tickets: int
    set: int
    wrong: int
    by_rule: int
    by_rule_wrong: int
    suggested: int
    suggested_right: int
    suggested_in_3: int
    suggested_usual: int
    left_alone: int

    @classmethod
    def of(cls, outcomes: Sequence[FieldOutcome]) -> Counts:
        """Count outcomes."""
        by_models = [one for one in outcomes if one.is_set]
        by_rules = [one for one in outcomes if one.action == "apply" and one.by_rule]
        suggested = [one for one in outcomes if one.action == "suggest"]
        return cls(
            tickets=len(outcomes),
            set=len(by_models),
            wrong=sum(not one.right for one in by_models),
            by_rule=len(by_rules),
            by_rule_wrong=sum(not one.right for one in by_rules),
            suggested=len(suggested),
            suggested_right=sum(one.right for one in suggested),
            suggested_in_3=sum(one.in_top3 for one in suggested),
            suggested_usual=sum(one.right and one.usual for one in suggested),
            left_alone=sum(one.action == "abstain" for one in outcomes),
        )

    @property
    def error(self) -> Interval | None:
        """The share of wrong values among those that the models set, with its interval; None of nothing."""
        return clopper_pearson(self.wrong, self.set)

    def minutes(self, savings: FieldSavings) -> float:
        """Return the minutes saved by what the models set and suggested, less those lost by it.

        A right suggestion of the most frequent value saves nothing: people expect it anyway.
        """
        return (
            savings.set_right * (self.set - self.wrong)
            - savings.set_wrong * self.wrong
            + savings.suggested_right * (self.suggested_right - self.suggested_usual)
            - savings.suggested_wrong * (self.suggested - self.suggested_right)
        )


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """Counts of one field, over all tickets and by team, language and month."""

    total: Counts
    by_team: Mapping[str, Counts]
    by_language: Mapping[str, Counts]
    by_month: Mapping[str, Counts]


def count_fields(outcomes: Sequence[TicketOutcome]) -> dict[str, FieldCounts]:
    """Count the outcomes of each field."""
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.fields)
    found = {}
    for name in names:
        pairs = [(outcome, outcome.fields[name]) for outcome in outcomes if name in outcome.fields]
        found[name] = FieldCounts(
            Counts.of([field for _, field in pairs]),
            _grouped((outcome.team, field) for outcome, field in pairs),
            _grouped((outcome.language, field) for outcome, field in pairs),
            _grouped((outcome.month, field) for outcome, field in pairs),
        )
    return found


def _grouped(pairs: Iterable[tuple[str, FieldOutcome]]) -> dict[str, Counts]:
    groups: dict[str, list[FieldOutcome]] = defaultdict(list)
    for name, outcome in pairs:
        groups[name].append(outcome)
    return {name: Counts.of(groups[name]) for name in sorted(groups)}
