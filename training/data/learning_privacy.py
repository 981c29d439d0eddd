"""Privacy of what is learnt: texts are redacted first, and what few people wrote is not kept by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.redaction.redact import Redactor, redact_with_rules
from training.data.token_counts import TokenCounts
from triage.ticket import Ticket, sender_address

FEWEST_REQUESTERS = 3
TRUSTED = -1
"""Source of a text that is no ticket, such as the description of a value: all of it may be kept."""
_SHARED_MAILBOX = 0.5
_PLACEHOLDER = re.compile(r"\[(?:card|iban|id|ip|mac|mail|name|phone|place|secret|wallet|withheld)\]")


@dataclass(frozen=True, slots=True)
class LearningPrivacy:
    """Limits of a training: a bundle has no word of fewer than `fewest_requesters` people.

    `redact` is applied to each text before anything is learnt from it; None leaves texts as they are.
    """

    redact: Redactor | None = redact_with_rules
    fewest_requesters: int = FEWEST_REQUESTERS


def ticket_sources(tickets: Sequence[Ticket], texts: Sequence[str]) -> NDArray[np.intp]:
    """Return a number for whoever wrote each of (n,) tickets, equal for tickets of one requester.

    A ticket without a requester is one of its own, but for copies of its text. So is each of an address from
    which more than half of all tickets come: that is a form or a shared mailbox, and nobody's own.
    """
    addresses = [sender_address(ticket.requester) for ticket in tickets]
    counts = Counter(addresses)
    shared = {address for address, count in counts.items() if count > _SHARED_MAILBOX * len(tickets)}
    numbers: dict[tuple[str, str], int] = {}
    return np.array(
        [
            numbers.setdefault(
                ("", text) if not address or address in shared else (address, ""), len(numbers)
            )
            for address, text in zip(addresses, texts, strict=True)
        ],
        np.intp,
    )


def without_personal_data(text: str, language: str, redact: Redactor) -> str:
    """Return the text as it is learnt from: redacted, without the placeholders, which no later ticket has.

    >>> without_personal_data("Call +49 30 1234567, please [sic]", "en", redact_with_rules)
    'Call  , please [sic]'
    """
    return _PLACEHOLDER.sub(" ", redact(text, language))


def tokens_of_many(counts: TokenCounts, sources: NDArray[np.intp], fewest: int) -> NDArray[np.bool_]:
    """Return for each token whether at least `fewest` of the texts' sources have it, or a trusted one."""
    width = len(counts.tokens)
    present = counts.matrix.astype(np.bool_)
    is_trusted = sources == TRUSTED
    told, who = present[~is_trusted], sources[~is_trusted]
    if len(np.unique(who)) < len(who):
        shape = (int(who.max()) + 1, len(who))
        by_source = sparse.csr_matrix((np.ones(len(who), np.bool_), (who, np.arange(len(who)))), shape=shape)
        told = by_source @ told
    enough: NDArray[np.bool_] = np.bincount(told.indices, minlength=width) >= fewest
    enough[present[is_trusted].indices] = True
    return enough
