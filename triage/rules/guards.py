"""Guards: values that must not be applied, whether a model or a rule found them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.classifiers.fields import label_text, label_values, same_label
from triage.decision import Action, Decision, Reason
from triage.rules.machine_mail import machine_sign
from triage.ticket import Ticket


def guard(
    decisions: Mapping[str, Decision], ticket: Ticket, allowed: Mapping[str, frozenset[str]]
) -> dict[str, Decision]:
    """Take back what must not be applied, and say why; `allowed` are the values that still exist, by field.

    A field that a person set is at most suggested, and left alone where the value is the same. So is,
    at most suggested, one in which a person undid us, and every field of a machine's message. A value
    that no longer exists is neither applied nor suggested.
    """
    sign = machine_sign(ticket)
    return {
        name: _guarded(name, decision, ticket, sign, allowed.get(name))
        for name, decision in decisions.items()
    }


def _guarded(
    name: str, decision: Decision, ticket: Ticket, sign: str | None, allowed: frozenset[str] | None
) -> Decision:
    action: Action = decision.action
    grounds: list[str] = []
    current = ticket.current.get(name)
    if current:
        same = same_label(decision.value, current)
        grounds.append(f"a person has set it to {label_text(current)}" + (" already" if same else ""))
        action = "abstain" if same else _at_most_suggest(action)
    if name in ticket.undone:
        grounds.append("a person undid an earlier decision on it")
        action = _at_most_suggest(action)
    if sign is not None and decision.action == "apply":
        grounds.append(f"a machine sent this: {sign}")
        action = _at_most_suggest(action)
    gone = [value for value in label_values(decision.value) if allowed is not None and value not in allowed]
    if gone:
        grounds.append(f"the helpdesk has no {', '.join(gone)} (any more)")
        action = "abstain"
    if not grounds:
        return decision
    reasons = tuple(Reason("guard", f"not applied: {ground}") for ground in grounds)
    return replace(decision, action=action, reasons=(*reasons, *decision.reasons))


def _at_most_suggest(action: Action) -> Action:
    return "suggest" if action == "apply" else action
