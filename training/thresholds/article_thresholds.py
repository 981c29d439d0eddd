"""The bars for showing articles, set from questions of which people have said what answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.search.knowledge_base import KnowledgeBase, Query
from kb_index.search.scoring import DisplayThresholds
from models.encoder import Encoder
from models.errors import DataFileError, InputError
from models.language.codes import parse_code
from models.language.detector import LanguageDetector
from models.storage.jsonl import iter_lines, parse_object
from models.text import clean_ticket
from training.thresholds.risk_control import Search, lowest_bar

PORTAL_ERROR = 0.1
"""The largest share of wrong answers among those that a customer is shown."""

_RISK = 0.1
_AGENT_REACH = 0.95
_FEWEST_RIGHT = 20
_EVERYTHING = frozenset({"public", "internal"})
_PUBLIC = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the id of the article that answers it, or of any translation; None where none does.

    Without a language it is detected.
    """

    text: str
    language: str | None
    article_id: str | None


@dataclass(frozen=True, slots=True)
class FittedBars:
    """The bars, and what they were set from: `right` first results for agents, the search for portals."""

    bars: DisplayThresholds
    right: int
    portal: Search


def read_judged(path: Path) -> list[Judged]:
    """Read JSONL with `query`, perhaps `language`, and `article_id`, null where nothing answers.

    Raises:
        DataFileError: the file is missing, or a line is not such an object.
    """
    lines = iter_lines(path, "judged questions as .jsonl")
    return [_judged(f"{path}, line {number}", line) for number, line in lines if line.strip()]


def _judged(place: str, line: bytes) -> Judged:
    try:
        record = parse_object(line)
        text, article_id = record["query"], record["article_id"]
    except (ValueError, KeyError):
        text = article_id = None
    if not (isinstance(text, str) and isinstance(article_id, str | type(None))):
        shown = line.decode("utf-8", "replace").strip()[:80]
        raise DataFileError(f'{place}: found {shown!r}, expected {{"query": "…", "article_id": "…" or null}}')
    return Judged(text, parse_code(record.get("language")), article_id)


def judge(
    kb: KnowledgeBase, encoder: Encoder, detector: LanguageDetector, judged: Sequence[Judged]
) -> FittedBars:
    """Search each question as a customer and as an agent, and set both bars from what came first.

    Questions are cleaned and their language is detected as the service does it, for the bars are held
    against its confidences.

    Raises:
        InputError: an article that answers is not in the index.
    """
    families = kb.groups_by_id()
    for question in judged:
        if question.article_id is not None and question.article_id not in families:
            raise InputError(
                f"the article {question.article_id!r}, said to answer {question.text!r:.80}, is not in the "
                "index: correct its id, or leave the line out",
                fields={"article_id": "unknown"},
            )
    texts = [clean_ticket("", question.text) for question in judged]
    vectors = encoder.encode(texts)
    queries = [
        Query(text, vector, k=1, language=question.language or detector.detect(text).code)
        for text, vector, question in zip(texts, vectors, judged, strict=True)
    ]
    answers = [families.get(question.article_id or "") for question in judged]
    outcomes = [_outcomes(kb, families, queries, answers, who) for who in (_PUBLIC, _EVERYTHING)]
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
    usual = DisplayThresholds()
    search = lowest_bar(customer.confidence, customer.right, target_error=PORTAL_ERROR, risk=_RISK)
    portal = usual.portal if search.bar is None else search.bar
    reached = agent.confidence[agent.right]
    enough = len(reached) >= _FEWEST_RIGHT
    generous = float(np.quantile(reached, 1 - _AGENT_REACH, method="lower")) if enough else usual.agent
    return FittedBars(DisplayThresholds(min(generous, portal), portal), len(reached), search)


def _outcomes(
    kb: KnowledgeBase,
    families: Mapping[str, int],
    queries: Sequence[Query],
    answers: Sequence[int | None],
    visibility: frozenset[str],
) -> Outcomes:
    confidence, right = np.zeros(len(queries)), np.zeros(len(queries), bool)
    for row, (query, answer) in enumerate(zip(queries, answers, strict=True)):
        for hit in kb.search(replace(query, visibility=visibility)):
            confidence[row] = hit.confidence
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
