"""Article search over languages, beside BM25 alone and the embedding alone, in one run.

    python benchmarks/kb.py --data FOLDER [--sets gnome_help,…] [--split test] [--scorer FILE]

FOLDER is the folder of evaluation data (holds kb/gnome_help, …); default: $TRIAGE_TEST_DATA. Only the
articles of the direction's second language are indexed. BM25 alone: whole words, title and body.
Embedding alone: the cosine of the best passage, as encoded. With --scorer each ranking is written in
the format of `triage search` and scored by that program, which also says how well the confidence tells
questions with an answer from those without. The encoder is unpacked into --encoder
($TRIAGE_ENCODER_DIR); embeddings are kept in --cache, since the first run takes some ten minutes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from machine import describe

from kb_index.article import Article
from kb_index.catalogue import Catalogue
from kb_index.index import KnowledgeBase, Query
from kb_index.lexical import WORD
from kb_index.loaders import load_articles
from kb_index.rank import PORTAL_BAR
from models.encoder import BUILT_IN, Encoder, open_encoder
from models.encoder.cache import CachedEncoder

K = 10
Row = dict[str, Any]


@dataclass(frozen=True)
class Direction:
    """Questions in one language (of one `kind`, unless ""), articles in another."""

    asked: str
    articles: str
    kind: str = ""
    max_title_overlap: float | None = None

    def __str__(self) -> str:
        return f"{self.asked} -> {self.articles} {self.kind}".rstrip()


def same(language: str) -> Direction:
    """Return questions in the articles' own language that do not just repeat the title."""
    return Direction(language, language, "", 0.5)


DIRECTIONS = {
    "gnome_help": [
        *(Direction(language, language, "desc") for language in ("en", "de", "lv")),
        *(
            Direction(language, "en", "title")
            for language in ("de", "fi", "lv", "sv", "da", "zh", "ru", "fr")
        ),
        *(Direction(language, "en", "desc") for language in ("de", "fi", "lv")),
        *(Direction(language, "de", "title") for language in ("en", "fi", "lv")),
    ],
    "ms_alchemy_insights": [
        *(same(language) for language in ("de", "fi")),
        *(Direction(language, "de") for language in ("en", "fi", "lv", "nb", "zh")),
        *(Direction(language, "fi") for language in ("en", "de")),
    ],
    "libreoffice_guides": [
        *(Direction(language, language, "index_keyword") for language in ("en", "fi")),
        *(Direction(language, "en", "index_keyword") for language in ("de", "fi", "et")),
    ],
    "samsung_emanual": [Direction("en", "en")],
    "tilde_xling_questions": [Direction("lv", "en"), Direction("ru", "en")],
    "hint3_curekart": [Direction("en", "en")],
    "hint3_sofmattress": [Direction("en", "en")],
}
DEFAULT_SETS = "gnome_help,ms_alchemy_insights"


class Data:
    """One folder of articles and questions with right answers."""

    def __init__(self, folder: Path, split: str) -> None:
        self.folder = folder
        self.articles = load_articles([folder / "articles.jsonl.gz"]).articles
        self.no_answer = set((folder / "no_answer.txt").read_text().split())
        with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
            queries = [json.loads(line) for line in lines]
        splits = {query["split"] for query in queries}
        # Some sets have no development part, of some the test part is kept back.
        self.split = split if split in splits else " and ".join(sorted(splits))
        self.queries = [query for query in queries if query["split"] == split or split not in splits]
        self.relevant: dict[str, dict[str, int]] = defaultdict(dict)
        for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
            query, article, relevance = line.split("\t")
            self.relevant[query][article] = int(relevance)

    def asked(self, direction: Direction, indexed: set[str]) -> list[Row]:
        return [
            query
            for query in self.queries
            if query["language"] == direction.asked
            and (not direction.kind or query["kind"] == direction.kind)
            and (direction.max_title_overlap is None or query["title_overlap"] < direction.max_title_overlap)
            and (query["id"] in self.no_answer or not indexed.isdisjoint(self.relevant[query["id"]]))
        ]


def words_alone(articles: Sequence[Article], queries: Sequence[Row], _: Encoder) -> Iterator[list[Row]]:
    def words(text: str) -> list[str]:
        found: list[str] = []
        for word in WORD.findall(text.lower()):
            spaced = word < "\u0e00"
            found += [word] if spaced else [*word, *(word[i : i + 2] for i in range(len(word) - 1))]
        return found

    bm25 = bm25s.BM25(k1=1.5, b=0.75)
    bm25.index([words(f"{a.title}\n{a.body}") for a in articles], show_progress=False)
    for query in queries:
        known = bm25.get_tokens_ids(words(query["text"]))
        yield ranking(articles, bm25.get_scores_from_ids(known) if known else np.zeros(len(articles)))


def embedding_alone(
    articles: Sequence[Article], queries: Sequence[Row], encoder: Encoder
) -> Iterator[list[Row]]:
    catalogue = Catalogue.build(articles)
    passages = encoder.encode(catalogue.passages(), "passage")
    for vector in encoder.encode([query["text"] for query in queries]):
        yield ranking(articles, np.maximum.reduceat(passages @ vector, catalogue.chunk_starts[:-1]))


def knowledge_base(
    articles: Sequence[Article], queries: Sequence[Row], encoder: Encoder
) -> Iterator[list[Row]]:
    kb = KnowledgeBase.build(articles, encoder)
    vectors = encoder.encode([query["text"] for query in queries])
    for query, vector in zip(queries, vectors, strict=True):
        hits = kb.search(Query(query["text"], vector, k=K, language=query["language"]))
        yield [result(hit.article, hit.score, hit.confidence, hit.snippet.text) for hit in hits]


SYSTEMS: dict[str, Callable[[Sequence[Article], Sequence[Row], Encoder], Iterator[list[Row]]]] = {
    "BM25": words_alone,
    "embedding": embedding_alone,
    "kb_index": knowledge_base,
}


def ranking(articles: Sequence[Article], scores: np.ndarray) -> list[Row]:
    return [result(articles[row], scores[row], 0.0, "") for row in np.argsort(-scores, kind="stable")[:K]]


def result(article: Article, score: float, confidence: float, snippet: str) -> Row:
    return {
        "article_id": article.id,
        "score": round(float(score), 4),
        "confidence": round(float(confidence), 4),
        "language": article.language,
        "snippet": snippet,
    }


def measure(data: Data, indexed: set[str], queries: Sequence[Row], rankings: Sequence[list[Row]]) -> Row:
    """Return hit@1 and nDCG@10 over the questions that have an answer."""
    hits, gains = [], []
    for query, ranked in zip(queries, rankings, strict=True):
        relevance = data.relevant[query["id"]]
        possible = sorted((value for article, value in relevance.items() if article in indexed), reverse=True)
        if possible:
            found = [relevance.get(r["article_id"], 0) for r in ranked]
            hits.append(bool(found and found[0]))
            gains.append(discounted(found) / discounted(possible[:K]))
    return {"queries": len(hits), "hit@1": float(np.mean(hits)), "ndcg@10": float(np.mean(gains))}


def discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def score(
    scorer: Path, data: Data, direction: Direction, queries: Sequence[Row], rankings: list[list[Row]]
) -> Row:
    """Return what the scorer says of a run file."""
    with tempfile.TemporaryDirectory() as scratch:
        run = Path(scratch) / "run.jsonl"
        with run.open("w", encoding="utf-8") as stream:
            for query, ranked in zip(queries, rankings, strict=True):
                confidence = ranked[0]["confidence"] if ranked else 0.0
                line = {"id": query["id"], "answerable": confidence >= PORTAL_BAR, "confidence": confidence}
                stream.write(json.dumps(line | {"results": ranked}) + "\n")
        command = [sys.executable, scorer, "kb", "--kb", data.folder, "--run", run]
        command += ["--article-language", direction.articles]
        scored: Row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return scored


def cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--sets", default=DEFAULT_SETS, help=f"of {', '.join(DIRECTIONS)}")
    parser.add_argument("--split", default="test", help="dev for choosing, test for reporting")
    parser.add_argument("--scorer", type=Path, help="the shared scorer, run on the run files")
    parser.add_argument("--encoder", type=Path, default=os.environ.get("TRIAGE_ENCODER_DIR", "var/encoder"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    encoder = CachedEncoder(open_encoder(BUILT_IN, Path(arguments.encoder)), arguments.cache)
    print(describe())
    for name in arguments.sets.split(","):
        data = Data(Path(arguments.data) / "kb" / name, arguments.split)
        print(f"\n{name}, {data.split} questions\n")
        print("| direction | questions | " + " | ".join(f"{s} hit@1 / nDCG@10" for s in SYSTEMS), end="")
        print(" | AUROC | shown | right of shown | shown without answer | s |")
        print("|---|---|" + "---|" * (len(SYSTEMS) + 5))
        for direction in DIRECTIONS[name]:
            print(row(data, direction, encoder, arguments.scorer), flush=True)


def row(data: Data, direction: Direction, encoder: Encoder, scorer: Path | None) -> str:
    """Run the three systems in one direction; the columns on showing are those of the last one."""
    started = time.perf_counter()
    articles = [article for article in data.articles if article.language == direction.articles]
    indexed = {article.id for article in articles}
    queries = data.asked(direction, indexed)
    cells = []
    for system in SYSTEMS.values():
        rankings = list(system(articles, queries, encoder))
        if scorer:
            scored = score(scorer, data, direction, queries, rankings)
        else:
            scored = measure(data, indexed, queries, rankings)
        cells.append(f"{cell(scored['hit@1'])} / {cell(scored['ndcg@10'])}")
    names = ("answerable_auroc", "shown", "shown_right@1", "no_answer_shown")
    shown = [cell(scored.get(name)) for name in names]
    seconds = f"{time.perf_counter() - started:.0f}"
    return f"| {' | '.join([str(direction), str(scored['queries']), *cells, *shown, seconds])} |"


if __name__ == "__main__":
    main()
