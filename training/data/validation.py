"""Validation of training tickets: corrections and warnings about doubtful ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.classifiers.fields import Field, label_values
from models.errors import TrainingError
from models.wording import counted, list_names
from training.data.label_spelling import CheckedTickets, merge_labels
from triage.ticket import Ticket

if TYPE_CHECKING:  # `triage check` does without scikit-learn
    from training.data.split import Split

# A date without a time zone is read as UTC, from which clocks differ by up to 14 hours.
_CLOCK_SLACK = timedelta(days=1)
_FEWEST_WITH_TEXT = 10


def check_tickets(
    tickets: Sequence[Ticket],
    fields: Sequence[Field],
    *,
    spellings: Mapping[str, Collection[str]] | None = None,
    now: datetime | None = None,
) -> CheckedTickets:
    """Leave out tickets without text, merge the spellings of each value and drop dates in the future.

    Each correction gives a warning. A ticket dated in the future would be held out in every training.

    Raises:
        TrainingError: too few tickets with a text are left.
    """
    speaking = [ticket for ticket in tickets if ticket.subject.strip() or ticket.body.strip()]
    silent = len(tickets) - len(speaking)
    merged = merge_labels(speaking, fields, spellings)
    warnings = [*merged.warnings, *_unranked(merged.tickets, fields)]
    if silent:
        if len(speaking) < _FEWEST_WITH_TEXT:
            raise TrainingError(
                f"found {counted(len(speaking), 'ticket')} with a subject or body, expected at least "
                f"{_FEWEST_WITH_TEXT}: check the columns or keys that hold them, or export more"
            )
        what = counted(silent, "ticket")
        warnings.insert(0, f"{what} without subject and body: there is nothing to learn from")
    merged = CheckedTickets(merged.tickets, warnings)
    latest = (now or datetime.now(UTC)) + _CLOCK_SLACK
    future = [t.id for t in merged.tickets if t.created_at is not None and t.created_at > latest]
    if not future:
        return merged
    ids = set(future)
    undated = [replace(t, created_at=None) if t.id in ids else t for t in merged.tickets]
    warning = (
        f"created_at: {counted(len(future), 'ticket')} dated in the future, such as {list_names(future, 3)}, "
        "taken as undated: check the dates and the clock"
    )
    return CheckedTickets(undated, [*merged.warnings, warning])


def contradictions(tickets: Sequence[Ticket], texts: Iterable[str], fields: Sequence[Field]) -> list[str]:
    """Return a warning per field in which tickets of the same cleaned text have different values."""
    groups: dict[str, list[Ticket]] = defaultdict(list)
    for ticket, text in zip(tickets, texts, strict=True):
        groups[text].append(ticket)
    repeated = [group for group in groups.values() if len(group) > 1]
    warnings = []
    for field in fields:
        labelled = sum(field.name in ticket.labels for ticket in tickets)
        found = [ticket.id for group in repeated for ticket in _contradicting(group, field.name)]
        if found:
            share = f"{len(found):,} of {counted(labelled, 'labelled ticket')} ({len(found) / labelled:.1%})"
            warnings.append(
                f"{field.name}: {share} have the text of another one and a different value, such as "
                f"{list_names(found, 2)}: they are trained on, but no model can be right about all of them"
            )
    return warnings


def unseen_values(tickets: Sequence[Ticket], splits: Sequence[Split], fields: Sequence[Field]) -> list[str]:
    """Return a warning per field with values that only held-out tickets have, in every fold."""
    warnings = []
    for field in fields:
        counts = _only_held_out(tickets, splits, field.name)
        if counts:
            occur = "occurs" if len(counts) == 1 else "occur"
            warnings.append(
                f"{field.name}: {list_names(list(counts))} first {occur} among the calibration tickets "
                f"({counted(counts.total(), 'ticket')}), which no model could know yet: the report counts "
                "these tickets as wrong, but the bundle is trained on them in the end"
            )
    return warnings


def _unranked(tickets: Sequence[Ticket], fields: Sequence[Field]) -> list[str]:
    """Return a warning per ordinal field with values that the settings put in no order."""
    warnings = []
    for field in fields:
        if field.kind != "ordinal":
            continue
        labels = Counter(value for ticket in tickets for value in label_values(ticket.labels.get(field.name)))
        unknown = {value: count for value, count in labels.items() if value not in field.values}
        if unknown:
            found = f"{list_names(list(unknown))} ({counted(sum(unknown.values()), 'ticket')})"
            warnings.append(
                f"{field.name}: {found} are not among its values {list(field.values)}: they are trained on, "
                "but are neither above nor below another one; add them to `values` where they belong"
            )
    return warnings


def _contradicting(group: Sequence[Ticket], name: str) -> list[Ticket]:
    labelled = [ticket for ticket in group if name in ticket.labels]
    return labelled if len({frozenset(label_values(t.labels[name])) for t in labelled}) > 1 else []


def _only_held_out(tickets: Sequence[Ticket], splits: Sequence[Split], name: str) -> Counter[str]:
    held_out: Counter[str] = Counter()
    trained_on: set[str] = set()
    for split in splits:
        known = {value for i in split.train for value in label_values(tickets[i].labels.get(name))}
        found = Counter(v for i in split.held_out for v in label_values(tickets[i].labels.get(name)))
        trained_on |= found.keys() & known
        held_out.update(found)
    return Counter({value: count for value, count in held_out.items() if value not in trained_on})
