"""Rules of the helpdesk: they set and move the fields of the tickets on which their conditions hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.classifiers.fields import Label, label_text, label_values
from models.classifiers.single_label import MAX_ALTERNATIVES, FieldPrediction
from triage.decision import Action, Decision, Reason
from triage.rules.conditions import TicketFacts, matches
from triage.settings.rules import Rule


def apply_rules(
    rules: Sequence[Rule],
    decisions: Mapping[str, Decision],
    facts: TicketFacts,
    orders: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Decision], tuple[str, ...]]:
    """Return the decisions after the rules, and the names of the rules that fired, in the settings' order.

    `orders` are the ascending values of each ordinal. All conditions see the fields as they were before any
    rule. Of several rules that set a field the first wins. Then all steps are added up and taken within the
    ends of the scale, then the lowest `at_most` and last the highest `at_least` hold. A rule fired when it
    set or moved a field, also where the value stayed the same; a field without a value cannot be moved.
    """
    matching = [rule for rule in rules if matches(rule.when, facts)]
    if not matching:
        return dict(decisions), ()
    fields = dict(decisions)
    fired: set[str] = set()
    set_already: set[str] = set()
    for rule in matching:
        for name in rule.set.keys() - set_already:
            fields[name] = _set(rule.name, rule.set[name], decisions.get(name))
            fired.add(rule.name)
        set_already |= rule.set.keys()
    for name, order in orders.items():
        moving = [rule for rule in matching if rule.changes(name)]
        decision = fields.get(name)
        if moving and decision is not None and decision.value in order:
            fields[name] = _moved(name, decision, moving, order)
            fired.update(rule.name for rule in moving)
    return fields, tuple(rule.name for rule in rules if rule.name in fired)


def _set(rule: str, value: Label, predicted: Decision | None) -> Decision:
    text = f"rule “{rule}”: set to {label_text(value)}"
    if predicted is not None:
        text += f" (predicted was {label_text(predicted.value)}, {predicted.confidence:.1%} sure)"
    prediction = FieldPrediction(value, 1.0, dict.fromkeys(label_values(value), 1.0))
    return Decision(prediction, "apply", None, (Reason("rule", text, rule=rule),))


def _moved(name: str, decision: Decision, rules: Sequence[Rule], order: Sequence[str]) -> Decision:
    """Move every value of the distribution; what falls together is as probable as its parts together.

    The best value stays the best one: where the model was right before, the moved value is right after,
    so that the target error still holds and the action can stay. A bound that changes the value is at
    least suggested, since the rule is certain that the value lies within it.
    """
    place = {value: i for i, value in enumerate(order)}
    steps = sum(rule.steps(name) for rule in rules)
    ceiling = min(
        (place[rule.at_most[name]] for rule in rules if name in rule.at_most), default=len(order) - 1
    )
    floor = max((place[rule.at_least[name]] for rule in rules if name in rule.at_least), default=0)

    def stepped(value: str) -> int:
        return min(max(place[value] + steps, 0), len(order) - 1)

    def moved(value: str) -> str:
        return order[max(min(stepped(value), ceiling), floor)]

    before = str(decision.value)
    after = moved(before)
    mass: dict[str, float] = {after: 0.0}
    for value, probability in decision.probabilities.items():
        if value in place:
            now = moved(value)
            mass[now] = min(1.0, mass.get(now, 0.0) + probability)
    others = sorted((pair for pair in mass.items() if pair[0] != after), key=lambda pair: -pair[1])
    ranked = [(after, mass[after]), *others][:MAX_ALTERNATIVES]
    action: Action = decision.action
    if action == "abstain" and after != order[stepped(before)]:
        action = "suggest"
    change = f"was {before}, is now {after}" if after != before else f"it is {after} already"
    reasons = [
        Reason("rule", f"rule “{rule.name}”: {', '.join(rule.changes(name))}; {change}", rule=rule.name)
        for rule in rules
    ]
    prediction = FieldPrediction(after, mass[after], dict(ranked))
    return replace(decision, prediction=prediction, action=action, reasons=(*reasons, *decision.reasons))
