"""What happens to predictions before they are an answer: matrix, rules, SLA, guards, in this order."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from models.classifiers.fields import Label
from models.language.detector import DetectedLanguage
from triage.business_hours import BusinessHours, parse_span, parse_week
from triage.decision import Decision
from triage.rules.conditions import Condition, KnownValue, TicketFacts, known_fields
from triage.rules.guards import guard
from triage.rules.priority_matrix import Matrix
from triage.rules.rules import Rule, apply_rules
from triage.rules.sla import Deadlines, Sla, SlaTarget
from triage.settings import Settings
from triage.settings.rules import RuleSettings, SlaSettings, TargetSettings, WhenSettings
from triage.ticket import Ticket


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """Decisions as they are answered, the names of the rules that fired, and the SLA's moments."""

    fields: dict[str, Decision]
    rules: tuple[str, ...] = ()
    deadlines: Deadlines | None = None


@dataclass(frozen=True, slots=True)
class RulePipeline:
    """All that the helpdesk itself laid down; an empty one still guards.

    `orders` are the ascending values of each ordinal, `allowed` the values that the helpdesk has now,
    for the fields where it said so. What is predicted of the fields `suspended` counts as suggested.
    """

    matrices: Sequence[Matrix] = ()
    rules: Sequence[Rule] = ()
    sla: Sla | None = None
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    suspended: frozenset[str] = frozenset()

    def apply(
        self,
        ticket: Ticket,
        language: DetectedLanguage,
        predicted: Mapping[str, Decision],
        *,
        is_novel: bool,
        now: datetime,
    ) -> RuleOutcome:
        """Return what is answered; `now` counts where the ticket has no date.

        Rules see the fields after the matrix, the SLA those after the rules, and what a person set goes
        before both. Guards come last, so that they hold for all.
        """
        known: dict[str, KnownValue] = {}

        def learn(changed: Mapping[str, Decision]) -> TicketFacts:
            found = known_fields(changed, ticket, self.allowed, is_novel=is_novel, suspended=self.suspended)
            known.update(found)
            return TicketFacts(ticket, language, known)

        decisions = {**predicted, **self._derived(learn(predicted), predicted)}
        facts = learn(_changed(predicted, decisions))
        changed, fired = apply_rules(self.rules, decisions, facts, self.orders)
        deadlines = self.sla.deadlines(learn(_changed(decisions, changed)), now) if self.sla else None
        return RuleOutcome(guard(changed, ticket, self.allowed), fired, deadlines)

    def _derived(self, facts: TicketFacts, predicted: Mapping[str, Decision]) -> dict[str, Decision]:
        found = {}
        for matrix in self.matrices:
            row, column = facts.fields.get(matrix.rows), facts.fields.get(matrix.columns)
            if row is not None and column is not None:
                decision = matrix.derive(row, column, predicted.get(matrix.target))
                if decision is not None:
                    found[matrix.target] = decision
        return found


def _changed(before: Mapping[str, Decision], after: Mapping[str, Decision]) -> dict[str, Decision]:
    return {name: decision for name, decision in after.items() if decision is not before.get(name)}


def build_rule_pipeline(settings: Settings) -> RulePipeline:
    """Return what the settings, which were checked when they were read, lay down."""
    fields = settings.fields.items()
    tags = {name for name, field in fields if field.kind == "tags"}
    return RulePipeline(
        matrices=[Matrix(name, m.rows, m.columns, m.cells) for name, m in settings.matrix.items()],
        rules=[_rule(rule, tags) for rule in settings.rules],
        sla=_sla(settings.sla) if settings.sla.targets else None,
        orders={name: field.values for name, field in fields if field.kind == "ordinal"},
        allowed={name: frozenset(field.allowed) for name, field in fields if field.allowed is not None},
    )


def rules_id(settings: Settings) -> str:
    """Return 16 hexadecimal characters that change with the fields, the matrix, the rules and the SLA."""
    laid_down = settings.model_dump_json(include={"fields", "matrix", "rules", "sla"})
    return hashlib.sha256(laid_down.encode()).hexdigest()[:16]


def _rule(rule: RuleSettings, tags: Collection[str]) -> Rule:
    sets: dict[str, Label] = {
        name: (value,) if name in tags and isinstance(value, str) else value
        for name, value in rule.set.items()
    }
    steps = dict(rule.raise_by)
    for name, count in rule.lower_by.items():
        steps[name] = steps.get(name, 0) - count
    return Rule(rule.name, _condition(rule.when), sets, steps, rule.at_least, rule.at_most)


def _condition(when: WhenSettings) -> Condition:
    def folded(values: Sequence[str] | None) -> frozenset[str]:
        return frozenset(value.casefold() for value in values or ())

    return Condition(
        languages=folded(when.language),
        channels=folded(when.channel),
        requesters=folded(when.requester),
        attributes={name: folded(values) for name, values in when.attributes.items()},
        fields={name: frozenset(values) for name, values in when.fields.items()},
        min_confidence=when.min_confidence,
        min_language_confidence=when.min_language_confidence,
    )


def _sla(sla: SlaSettings) -> Sla:
    hours = BusinessHours(ZoneInfo(sla.timezone), parse_week(sla.hours), sla.holidays)
    return Sla(hours, [_target(target) for target in sla.targets])


def _target(target: TargetSettings) -> SlaTarget:
    first, last = target.first_response, target.resolution
    return SlaTarget(
        name=target.name,
        when=_condition(target.when),
        first_response=parse_span(first) if first else None,
        resolution=parse_span(last) if last else None,
        around_the_clock=target.around_the_clock,
    )
