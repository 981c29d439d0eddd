"""Calibration of the first result's confidence, with these constants and with others.

    python benchmarks/kb_confidence.py --data FOLDER [--rows GNOME,Samsung,…] [--cache FOLDER]

Choosing queries only (`kb.py --choosing`): each is asked twice, the second time with its right articles
withheld, and its first result is right or wrong; questions without an answer are asked once, bots' (HINT3)
questions never with articles withheld, since they have real gaps. Weight and intercepts of
`language_fusion.py` are fitted to the questions of one half of the pages (by a hash), directions weighing
alike, and shown beside the present ones on the other half: mean log loss, expected calibration error (15 bins
of equal size), both over all and by set, and the mean confidence less the share that is right.
"""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from kb_data import ALL, ROWS, Data, Direction
from machine import describe
from sklearn.linear_model import LogisticRegression

from kb_index.search import language_fusion
from kb_index.search.boosts import NO_BOOSTS
from kb_index.search.candidates import QueryFeatures, SearchScope
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from models.encoder import BUILT_IN, open_encoder
from models.encoder.cache import CachedEncoder

BINS = 15


@dataclass(frozen=True)
class First:
    """The first result of one question: how far it stands out, and whether it is native and right."""

    direction: Direction
    sign: float
    native: bool
    right: bool
    fitted: bool


def firsts(data: Data, direction: Direction, kb: KnowledgeBase, encoder: CachedEncoder) -> Iterator[First]:
    ids = np.array([article.id for article in kb.retriever.catalogue.articles])
    queries = data.asked(direction, set(ids))
    for query, vector in zip(queries, encoder.encode([q["text"] for q in queries]), strict=True):
        relevant = np.isin(ids, list(data.relevant[query["id"]]))
        page = str(query.get("page") or query["id"])
        fitted = hashlib.sha256(f"confidence {page}".encode()).digest()[0] % 2 == 0
        native = query["language"] == direction.articles
        for allowed in [np.ones(len(ids), bool), ~relevant]:
            if allowed.all() or not direction.set.startswith("hint3"):
                number, confidence = first(
                    kb, Query(query["text"], vector, language=query["language"]), allowed
                )
                right = bool((relevant & allowed)[kb.retriever.catalogue.groups == number].any())
                yield First(direction, sign_of(confidence, native), native, right, fitted)
            if not relevant.any():
                break


def first(kb: KnowledgeBase, query: Query, allowed: np.ndarray) -> tuple[int, float]:
    """Return the number of the best translation group of the `allowed` articles, and its confidence."""
    retriever = kb.retriever
    vector = kb.means.center_query(query.embedding, query.language)
    features = QueryFeatures(
        retriever.passages.query(vector),
        retriever.titles.query(vector),
        retriever.lexical.coverage(query.text, allowed),
        SearchScope.from_mask(retriever.catalogue, allowed),
        retriever.catalogue.is_query_language(query.language),
        NO_BOOSTS,
    )
    [group] = retriever.top_groups(features, 1)
    return group.number, group.confidence


def sign_of(confidence: float, native: bool) -> float:
    """Return what weight and intercept were applied to."""
    intercept = language_fusion._OWN_LANGUAGE_INTERCEPT if native else language_fusion._INTERCEPT
    return float((np.log(confidence) - np.log1p(-confidence) - intercept) / language_fusion._WEIGHT)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--rows", default="", help="only rows whose name holds one of these, by commas")
    parser.add_argument("--encoder", type=Path, default=os.environ.get("TRIAGE_ENCODER_DIR", "var/encoder"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    print(f"{describe()}; choosing questions\n")
    encoder = CachedEncoder(open_encoder(BUILT_IN, Path(arguments.encoder)), arguments.cache)
    parts = arguments.rows.split(",")
    rows = [row for row in ROWS if any(part in row.name for part in parts)]
    found: list[First] = []
    directions = {
        d for row in rows for d in row.directions if d.articles != ALL and d.max_title_overlap is None
    }
    for (name, _), same in groupby(sorted(directions, key=order), key=lambda d: (d.set, d.articles)):
        together = list(same)
        data = Data(Path(arguments.data) / "kb" / name, choosing=True)
        kb = KnowledgeBase.build(data.indexed(together[0]), encoder)
        for direction in together:
            found += firsts(data, direction, kb, encoder)
            print(f"<!-- {direction}: {len(found)} -->", flush=True)
    report([f for f in found if f.fitted], [f for f in found if not f.fitted])


def order(direction: Direction) -> tuple[str, str, str]:
    return (direction.set, direction.articles, str(direction))


def report(fitted: list[First], held: list[First]) -> None:
    signs = np.array([[f.sign, f.native] for f in fitted])
    counts = {d: sum(f.direction == d for f in fitted) for d in {f.direction for f in fitted}}
    weights = np.array([1 / counts[f.direction] for f in fitted]) * len(fitted) / len(counts)
    model = LogisticRegression(C=1e3).fit(signs, [f.right for f in fitted], sample_weight=weights)
    (weight, native), [foreign] = model.coef_[0], model.intercept_
    print(f"\nfitted: weight {weight:.2f}, intercept {foreign:.2f}, native {foreign + native:.2f}\n")
    print("| set | results | present: log loss / error / too sure | fitted |\n|---|---|---|---|")
    present = (language_fusion._WEIGHT, language_fusion._INTERCEPT, language_fusion._OWN_LANGUAGE_INTERCEPT)
    for name in ["all", *dict.fromkeys(f.direction.set for f in held)]:
        mine = [f for f in held if name in ("all", f.direction.set)]
        cells = [figures(mine, *constants) for constants in (present, (weight, foreign, foreign + native))]
        print(f"| {name} | {len(mine)} | {' | '.join(cells)} |")


def figures(results: list[First], weight: float, foreign: float, native: float) -> str:
    right = np.array([f.right for f in results])
    logits = np.array([weight * f.sign + (native if f.native else foreign) for f in results])
    sure = 1 / (1 + np.exp(-logits))
    loss = -np.mean(np.log(np.where(right, sure, 1 - sure)))
    bins = np.array_split(np.argsort(sure), BINS)
    error = sum(len(at) * abs(sure[at].mean() - right[at].mean()) for at in bins if len(at)) / len(sure)
    return f"{loss:.3f} / {error:.3f} / {sure.mean() - right.mean():+.3f}"


if __name__ == "__main__":
    main()
