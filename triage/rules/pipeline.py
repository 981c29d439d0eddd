"""Rule pipeline: what the helpdesk lays down, applied to predictions as matrix, rules, SLA, guards."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models.classifiers.fields import label_values
from models.language.detector import DetectedLanguage
from triage.decision import Decision
from triage.rules.conditions import KnownValue, TicketFacts, known_fields
from triage.rules.guards import guard
from triage.rules.priority_matrix import derive
from triage.rules.rules import apply_rules
from triage.rules.sla import Deadlines, deadlines
from triage.settings import Settings
from triage.settings.rules import Matrix, Rule, Sla
from triage.ticket import Ticket


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """Decisions after the pipeline, the names of the rules that fired, and the deadlines of the SLA."""

    fields: dict[str, Decision]
    rules: tuple[str, ...] = ()
    deadlines: Deadlines | None = None


@dataclass(frozen=True, slots=True)
class RulePipeline:
    """Matrices, rules, SLA and guards of a helpdesk; an empty pipeline still guards.

    `orders` are the ascending values of each ordinal, `allowed` the values that the helpdesk has now,
    for the fields where it said so. What is predicted of the fields `suspended` counts as suggested.
    """

    matrices: Mapping[str, Matrix] = field(default_factory=dict)
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
        """Return the outcome for a ticket; `now` counts where the ticket has no date.

        Rules see the fields after the matrix, the SLA those after the rules, and what a person set goes
        before both. Guards come last, so that they hold for all.
        """
        known: dict[str, KnownValue] = {}

        def updated_facts(changed: Mapping[str, Decision]) -> TicketFacts:
            found = known_fields(changed, ticket, self.allowed, is_novel=is_novel, suspended=self.suspended)
            known.update(found)
            return TicketFacts(ticket, language, known)

        decisions = {**predicted, **self._derived(updated_facts(predicted), predicted)}
        facts = updated_facts(_changed(predicted, decisions))
        changed, fired = apply_rules(self.rules, decisions, facts, self.orders)
        due = deadlines(self.sla, updated_facts(_changed(decisions, changed)), now) if self.sla else None
        return RuleOutcome(guard(changed, ticket, self.allowed), fired, due)

    def _derived(self, facts: TicketFacts, predicted: Mapping[str, Decision]) -> dict[str, Decision]:
        found = {}
        for target, matrix in self.matrices.items():
            row, column = facts.fields.get(matrix.rows), facts.fields.get(matrix.columns)
            if row is not None and column is not None:
                decision = derive(matrix, row, column, predicted.get(target))
                if decision is not None:
                    found[target] = decision
        return found


def _changed(before: Mapping[str, Decision], after: Mapping[str, Decision]) -> dict[str, Decision]:
    return {name: decision for name, decision in after.items() if decision is not before.get(name)}


def build_rule_pipeline(settings: Settings) -> RulePipeline:
    """Return the rule pipeline of the settings, which were validated when they were read."""
    fields = settings.fields.items()
    tags = {name for name, field in fields if field.kind == "tags"}
    return RulePipeline(
        matrices=settings.matrix,
        rules=[_with_tags_as_lists(rule, tags) for rule in settings.rules],
        sla=settings.sla if settings.sla.targets else None,
        orders={name: field.values for name, field in fields if field.kind == "ordinal"},
        allowed={name: frozenset(field.allowed) for name, field in fields if field.allowed is not None},
    )


def rules_id(settings: Settings) -> str:
    """Return 16 hexadecimal characters that change with the fields, the matrix, the rules and the SLA."""
    laid_down = settings.model_dump_json(include={"fields", "matrix", "rules", "sla"})
    return hashlib.sha256(laid_down.encode()).hexdigest()[:16]


def _with_tags_as_lists(rule: Rule, tags: Collection[str]) -> Rule:
    labels = {name: label_values(value) if name in tags else value for name, value in rule.set.items()}
    return rule.model_copy(update={"set": labels})
