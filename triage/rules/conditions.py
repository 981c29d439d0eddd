"""When a rule or an SLA target concerns a ticket."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from models.classifiers.fields import Label, label_values
from models.language.detector import DetectedLanguage
from triage.decision import Action, Decision
from triage.ticket import Ticket, sender_address


@dataclass(frozen=True, slots=True)
class KnownValue:
    """What is held to be true of one field.

    `probabilities` are those of the single values, of tags of the single tags. `by_person` says that a
    person set it: then the action counts as `apply` and the value is certain. What is not `trusted`
    (undone by a person, gone from the helpdesk, or of a ticket unlike all past ones) meets no condition.
    """

    value: Label
    action: Action
    probabilities: Mapping[str, float]
    threshold: float | None = None
    by_person: bool = False
    trusted: bool = True

    def probability(self, values: frozenset[str]) -> float:
        """Return how probable one of `values` is; of tags, the most probable one counts."""
        found = [self.probabilities.get(value, 0.0) for value in values]
        return max(found, default=0.0) if isinstance(self.value, tuple) else min(1.0, sum(found))

    def is_one_of(self, values: frozenset[str]) -> bool:
        """Tell whether the best value is one of `values`; of tags, whether one of them is."""
        return not values.isdisjoint(label_values(self.value))


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """All that conditions can ask about one ticket."""

    ticket: Ticket
    language: DetectedLanguage
    fields: Mapping[str, KnownValue]


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where every part holds; a part that is empty always does.

    Languages, channels, requesters and attributes are compared without regard to case and are given in
    small letters here; values of fields are compared exactly. A requester is an address, or `@` and a
    domain. A field must be one of its values and be applied or set by a person, or, with
    `min_confidence`, have these values with at least that probability.
    """

    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    requesters: frozenset[str] = frozenset()
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    min_confidence: float | None = None
    min_language_confidence: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether it holds for every ticket."""
        return not (self.languages or self.channels or self.requesters or self.attributes or self.fields)

    def matches(self, facts: TicketFacts) -> bool:
        """Tell whether the ticket is concerned."""
        ticket, attributes = facts.ticket, facts.ticket.attributes
        return (
            self._language_matches(facts.language)
            and (not self.channels or (ticket.channel or "").casefold() in self.channels)
            and (not self.requesters or self._requester_matches(ticket.requester))
            and all(attributes.get(n, "").casefold() in wanted for n, wanted in self.attributes.items())
            and all(self._field_matches(facts.fields.get(n), wanted) for n, wanted in self.fields.items())
        )

    def _language_matches(self, language: DetectedLanguage) -> bool:
        sure = language.confidence >= self.min_language_confidence
        return not self.languages or (language.code in self.languages and sure)

    def _requester_matches(self, requester: str | None) -> bool:
        address = sender_address(requester)
        return not self.requesters.isdisjoint({address, "".join(address.rpartition("@")[1:])})

    def _field_matches(self, known: KnownValue | None, wanted: frozenset[str]) -> bool:
        if known is None or not known.trusted:
            return False
        if known.action == "apply" and known.is_one_of(wanted):
            return True
        return self.min_confidence is not None and known.probability(wanted) >= self.min_confidence


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
        known[name] = KnownValue(value, "apply", certain, by_person=True)
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
        probabilities={a.value: a.confidence for a in decision.alternatives},
        threshold=decision.threshold,
        trusted=trusted,
    )
