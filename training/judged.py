"""The bars for showing articles, set from questions of which people have said what answers them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.index import KnowledgeBase, Query
from kb_index.rank import Bars
from models.encoder import Encoder
from models.errors import DataFileError, InputError
from training.bars import Search, lowest_bar

PORTAL_ERROR = 0.1
"""The largest share of wrong answers among those that a customer is shown."""

_RISK = 0.1
_AGENT_REACH = 0.95
_FEWEST_RIGHT = 20
_EVERYTHING = frozenset({"public", "internal"})
_PUBLIC = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the id of the article that answers it, or of any translation; None where none does."""

    text: str
    language: str
    article_id: str | None


@dataclass(frozen=True, slots=True)
class FittedBars:
    """The bars, and what they were set from: `right` first results for agents, the search for portals."""

    bars: Bars
    right: int
    portal: Search


def read_judged(path: Path) -> list[Judged]:
    """Read JSONL with `query`, perhaps `language`, and `article_id`, null where nothing answers.

    Raises:
        DataFileError: the file is missing, or a line is not such an object.
    """
    if not path.is_file():
        raise DataFileError(f"there is no file {path}: expected judged questions as .jsonl")
    judged = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.strip():
            judged.append(_judged(path, number, line))
    return judged


def _judged(path: Path, number: int, line: str) -> Judged:
    try:
        record = json.loads(line)
        text, article_id, language = record["query"], record["article_id"], record.get("language") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        text = article_id = language = None
    if not (isinstance(text, str) and isinstance(language, str) and isinstance(article_id, str | type(None))):
        raise DataFileError(
            f"{path}, line {number}: found {line.strip()[:80]!r}, "
            'expected {"query": "…", "article_id": "…" or null}'
        )
    return Judged(text, language, article_id)


def judge(kb: KnowledgeBase, encoder: Encoder, judged: Sequence[Judged]) -> FittedBars:
    """Search each question as a customer and as an agent, and set both bars from what came first.

    Raises:
        InputError: an article that answers is not in the index.
    """
    families = kb.families_by_id()
    for question in judged:
        if question.article_id is not None and question.article_id not in families:
            raise InputError(
                f"the article {question.article_id!r}, said to answer {question.text!r:.80}, is not in the "
                "index: correct its id, or leave the line out",
                fields={"article_id": "unknown"},
            )
    vectors = encoder.encode([question.text for question in judged])
    outcomes = [_outcomes(kb, families, judged, vectors, visibility) for visibility in (_PUBLIC, _EVERYTHING)]
    return fit_bars(customer=outcomes[0], agent=outcomes[1])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How sure the first result of each question was, and whether it was right, both (n,)."""

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]


def fit_bars(*, customer: Outcomes, agent: Outcomes) -> FittedBars:
    """Set the portal's bar by its error and the agents' by its reach; each default stays for want of data.

    The portal's is the lowest from which, with 90 % certainty, at most 10 % of what is shown is wrong
    (Clopper and Pearson's test, see `lowest_bar`). The agents' is the highest that 95 % of the right first
    results reach, from 20 of these on, and never above the portal's.
    """
    usual = Bars()
    search = lowest_bar(customer.confidence, customer.right, target_error=PORTAL_ERROR, risk=_RISK)
    portal = usual.portal if search.bar is None else search.bar
    reached = agent.confidence[agent.right]
    enough = len(reached) >= _FEWEST_RIGHT
    generous = float(np.quantile(reached, 1 - _AGENT_REACH, method="lower")) if enough else usual.agent
    return FittedBars(Bars(min(generous, portal), portal), len(reached), search)


def _outcomes(
    kb: KnowledgeBase,
    families: Mapping[str, int],
    judged: Sequence[Judged],
    vectors: NDArray[np.float32],
    visibility: frozenset[str],
) -> Outcomes:
    confidence, right = np.zeros(len(judged)), np.zeros(len(judged), bool)
    for row, (question, vector) in enumerate(zip(judged, vectors, strict=True)):
        query = Query(question.text, vector, k=1, language=question.language or "und", visibility=visibility)
        for hit in kb.search(query):
            confidence[row] = hit.confidence
            answer = families.get(question.article_id or "")
            right[row] = answer is not None and families[hit.article.id] == answer
    return Outcomes(confidence, right)


def bars_line(fitted: FittedBars) -> str:
    """Say in a sentence which bars were set, and from what."""
    search = fitted.portal
    if search.bar is None:
        portal = (
            f"portal {fitted.bars.portal:.2f}, as usual: no bar keeps {PORTAL_ERROR:.0%} wrong answers among "
            f"{search.tickets} judged questions (it takes {search.takes} right first results at least)"
        )
    else:
        portal = (
            f"portal {fitted.bars.portal:.2f}, which {search.accepted} of {search.tickets} judged questions "
            f"reach, {search.errors} of them with a wrong first result"
        )
    few = "" if fitted.right >= _FEWEST_RIGHT else f", as usual: it takes {_FEWEST_RIGHT}"
    return f"bars: {portal}; agents {fitted.bars.agent:.2f}, from {fitted.right} right first results{few}"
