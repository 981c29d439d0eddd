"""Thresholds for showing articles, calibrated on queries with relevance judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from kb_index.search.scoring import DisplayThresholds
from models.encoder import Encoder
from models.errors import DataFileError, InputError
from models.language.codes import parse_code
from models.language.detector import LanguageDetector
from models.storage.jsonl import iter_lines, parse_object
from models.text import clean_ticket
from models.wording import counted, noun_after
from training.thresholds.risk_control import ThresholdSearch, lowest_threshold

PORTAL_ERROR = 0.1
"""The largest share of wrong answers among those that a customer is shown."""

_ALPHA = 0.1
_AGENT_RECALL = 0.95
_MIN_RIGHT = 20
_AGENT_VISIBILITY = frozenset({"public", "internal"})
_PORTAL_VISIBILITY = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class RelevanceJudgement:
    """A query and the id of the article that answers it, or of any translation; None where none does.

    Without a language it is detected.
    """

    text: str
    language: str | None
    article_id: str | None


@dataclass(frozen=True, slots=True)
class TopResults:
    """Confidence of each query's first result, and whether it answers the query; (n,) each."""

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CalibratedThresholds:
    """Thresholds with their evidence: the number of `right` first results for agents, the portal's search."""

    thresholds: DisplayThresholds
    right: int
    portal: ThresholdSearch


def read_judgements(path: Path) -> list[RelevanceJudgement]:
    """Read JSONL with `query`, perhaps `language`, and `article_id`, null where nothing answers.

    Raises:
        DataFileError: the file is missing, or a line is not such an object.
    """
    lines = iter_lines(path, "judged queries as .jsonl")
    return [_judgement(f"{path}, line {number}", line) for number, line in lines if line.strip()]


def _judgement(place: str, line: bytes) -> RelevanceJudgement:
    expected = 'expected {"query": "…", "article_id": "…" or null}'
    try:
        record = parse_object(line)
    except ValueError as error:
        raise DataFileError(f"{place}: {error}: {expected}") from error
    text, article_id = record.get("query"), record.get("article_id", 0)
    if not (isinstance(text, str) and isinstance(article_id, str | type(None))):
        raise DataFileError(f"{place}: found other keys or kinds of values, {expected}")
    return RelevanceJudgement(text, parse_code(record.get("language")), article_id)


def calibrate(
    kb: KnowledgeBase,
    encoder: Encoder,
    detector: LanguageDetector,
    judgements: Sequence[RelevanceJudgement],
) -> CalibratedThresholds:
    """Search each query as a customer and as an agent, and set both thresholds from the first results.

    Queries are cleaned and their language is detected as the service does it, because the thresholds are
    compared with its confidences.

    Raises:
        InputError: an article that answers is not in the index.
    """
    groups = kb.groups_by_id()
    for judgement in judgements:
        if judgement.article_id is not None and judgement.article_id not in groups:
            raise InputError(
                f"the article {judgement.article_id!r}, said to answer {judgement.text!r:.80}, is not in the "
                "index: correct its id, or leave the line out",
                fields={"article_id": "unknown"},
            )
    texts = [clean_ticket("", judgement.text) for judgement in judgements]
    vectors = encoder.encode(texts)
    queries = [
        Query(text, vector, k=1, language=judgement.language or detector.detect(text).code)
        for text, vector, judgement in zip(texts, vectors, judgements, strict=True)
    ]
    relevant = [groups.get(judgement.article_id or "") for judgement in judgements]
    return fit_thresholds(
        portal=_top_results(kb, groups, queries, relevant, _PORTAL_VISIBILITY),
        agent=_top_results(kb, groups, queries, relevant, _AGENT_VISIBILITY),
    )


def fit_thresholds(*, portal: TopResults, agent: TopResults) -> CalibratedThresholds:
    """Set the portal's threshold by its error and the agents' by its recall.

    The portal's is the lowest at which, with 90 % confidence, at most 10 % of what is shown is wrong
    (Clopper and Pearson's test, see `lowest_threshold`). The agents' is the highest that 95 % of the right
    first results reach, never above the portal's; it takes 20 of these. With too few judgements a threshold
    keeps its default.
    """
    default = DisplayThresholds()
    search = lowest_threshold(portal.confidence, portal.right, target_error=PORTAL_ERROR, alpha=_ALPHA)
    for_portal = default.portal if search.threshold is None else search.threshold
    right = agent.confidence[agent.right]
    enough = len(right) >= _MIN_RIGHT
    for_agents = float(np.quantile(right, 1 - _AGENT_RECALL, method="lower")) if enough else default.agent
    thresholds = DisplayThresholds(min(for_agents, for_portal), for_portal)
    return CalibratedThresholds(thresholds, len(right), search)


def _top_results(
    kb: KnowledgeBase,
    groups: Mapping[str, int],
    queries: Sequence[Query],
    relevant: Sequence[int | None],
    visibility: frozenset[str],
) -> TopResults:
    confidence, right = np.zeros(len(queries)), np.zeros(len(queries), bool)
    for row, (query, group) in enumerate(zip(queries, relevant, strict=True)):
        for hit in kb.search(replace(query, filters=Filters(visibility))):
            confidence[row] = hit.confidence
            right[row] = group is not None and groups[hit.article.id] == group
    return TopResults(confidence, right)


def describe_thresholds(calibrated: CalibratedThresholds) -> str:
    """Say in a sentence which thresholds were set, and from what."""
    search, thresholds = calibrated.portal, calibrated.thresholds
    judged = f"{search.tickets} {noun_after(search.tickets, 'judged query', 'judged queries')}"
    if search.threshold is None:
        portal = (
            f"portal {thresholds.portal:.2f}, the default: no threshold keeps wrong answers under "
            f"{PORTAL_ERROR:.0%} among {judged} (it takes at least "
            f"{search.min_sample} with a right first result)"
        )
    else:
        portal = (
            f"portal {thresholds.portal:.2f}, which {search.accepted} of {judged} "
            f"{'reaches' if search.accepted == 1 else 'reach'}, {search.errors} of them with a wrong first "
            "result"
        )
    few = "" if calibrated.right >= _MIN_RIGHT else f", the default: it takes {_MIN_RIGHT}"
    agents = f"{thresholds.agent:.2f}, from {counted(calibrated.right, 'right first result')}{few}"
    return f"thresholds: {portal}; agents {agents}"
