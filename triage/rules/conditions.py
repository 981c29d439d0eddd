"""Conditions of rules and SLA targets: the facts of a ticket, and whether they match."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from models.classifiers.fields import Label, label_values
from models.language.detector import DetectedLanguage
from triage.decision import Action, Decision
from triage.settings.rules import Condition
from triage.ticket import Ticket, sender_address


@dataclass(frozen=True, slots=True)
class KnownValue:
    """Value of a field that conditions and matrices go by, predicted or set by a person.

    `probabilities` are those of the single values, of tags of the single tags. A value that a person set is
    certain and counts as applied. One that is not trusted (undone by a person, gone from the helpdesk, or of
    a ticket unlike all past ones) meets no condition.
    """

    value: Label
    action: Action
    probabilities: Mapping[str, float]
    threshold: float | None = None
    is_trusted: bool = True

    def probability(self, values: Sequence[str]) -> float:
        """Return how probable one of `values` is; of tags, the most probable one counts."""
        found = [self.probabilities.get(value, 0.0) for value in set(values)]
        return max(found, default=0.0) if isinstance(self.value, tuple) else min(1.0, sum(found))

    def is_one_of(self, values: Sequence[str]) -> bool:
        """Tell whether the best value is one of `values`; of tags, whether one of them is."""
        return not set(values).isdisjoint(label_values(self.value))


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """Facts of one ticket that conditions can ask for."""

    ticket: Ticket
    language: DetectedLanguage
    fields: Mapping[str, KnownValue]


def matches(condition: Condition, facts: TicketFacts) -> bool:
    """Tell whether a condition holds on a ticket.

    A requester is an address, or `@` and a domain. A field must have one of the values and be applied or set
    by a person, or, with `min_confidence`, have one of the values with at least that probability.
    """
    ticket, attributes = facts.ticket, facts.ticket.attributes
    return (
        (condition.language is None or _speaks(facts.language, condition))
        and (condition.channel is None or (ticket.channel or "").casefold() in condition.channel)
        and (condition.requester is None or _is_from(ticket.requester, condition.requester))
        and all(attributes.get(n, "").casefold() in wanted for n, wanted in condition.attributes.items())
        and all(
            _field_matches(facts.fields.get(name), wanted, condition.min_confidence)
            for name, wanted in condition.fields.items()
        )
    )


def _speaks(language: DetectedLanguage, condition: Condition) -> bool:
    is_sure = language.confidence >= condition.min_language_confidence
    return is_sure and language.code in (condition.language or ())


def _is_from(requester: str | None, addresses: Sequence[str]) -> bool:
    address = sender_address(requester)
    return address in addresses or "".join(address.rpartition("@")[1:]) in addresses


def _field_matches(known: KnownValue | None, wanted: Sequence[str], min_confidence: float | None) -> bool:
    if known is None or not known.is_trusted:
        return False
    if known.action == "apply" and known.is_one_of(wanted):
        return True
    return min_confidence is not None and known.probability(wanted) >= min_confidence


def known_fields(
    decisions: Mapping[str, Decision],
    ticket: Ticket,
    allowed: Mapping[str, frozenset[str]],
    *,
    is_novel: bool,
    suspended: Collection[str] = (),
) -> dict[str, KnownValue]:
    """Return what is known of each field: what a person set goes before what was predicted.

    A predicted value of one of the fields `suspended` is at most suggested; what a rule set stays.
    """
    known = {
        name: _predicted(name, decision, ticket, allowed.get(name), is_novel)
        for name, decision in decisions.items()
    }
    for name in known.keys() & set(suspended):
        if known[name].action == "apply" and decisions[name].is_guaranteed:
            known[name] = replace(known[name], action="suggest")
    for name, value in ticket.current.items():
        if not value:
            continue
        certain = dict.fromkeys(label_values(value), 1.0)
        known[name] = KnownValue(value, "apply", certain)
    return known


def _predicted(
    name: str, decision: Decision, ticket: Ticket, allowed: frozenset[str] | None, is_novel: bool
) -> KnownValue:
    exists = allowed is None or allowed.issuperset(label_values(decision.value))
    by_rule = decision.action == "apply"  # models never apply on a ticket unlike all past ones
    trusted = exists and name not in ticket.undone and (by_rule or not is_novel)
    return KnownValue(
        value=decision.value,
        action=decision.action if trusted else "abstain",
        probabilities=decision.probabilities,
        threshold=decision.threshold,
        is_trusted=trusted,
    )
