"""Lexical search beside the bm25s library with one index a language.

    python benchmarks/bm25.py [--data FOLDER] [--articles 8000]

FOLDER is the folder of evaluation data (holds kb/gnome_help, …); default: $TRIAGE_TEST_DATA. Queries are
40 words out of the articles. Times are of the processor, median a query, without cutting it into terms.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from machine import describe

from kb_index.articles.article import Article
from kb_index.articles.loaders import load_articles
from kb_index.search.bm25 import Bm25Index, terms

SETS = ("gnome_help", "ms_alchemy_insights", "libreoffice_guides")


def reference(articles: Sequence[Article]) -> list[bm25s.BM25]:
    """Return an index for each language."""
    indexes = []
    for language in dict.fromkeys(article.language for article in articles):
        vocabulary: dict[str, int] = {}
        documents = [
            [vocabulary.setdefault(term, len(vocabulary)) for term in terms(f"{a.title}\n{a.body}")]
            for a in articles
            if a.language == language
        ]
        index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        index.index((documents, vocabulary), create_empty_token=False, show_progress=False)
        indexes.append(index)
    return indexes


def median_ms(work: Callable[[str], object], questions: Sequence[str]) -> float:
    times = []
    for question in questions:
        started = time.thread_time()
        work(question)
        times.append(time.thread_time() - started)
    return 1000 * statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--articles", type=int, default=8000)
    arguments = parser.parse_args()
    if arguments.data is None:
        parser.error("--data or TRIAGE_TEST_DATA must name the folder of evaluation data")
    files = [Path(arguments.data) / "kb" / name / "articles.jsonl.gz" for name in SETS]
    chance = random.Random(0)
    found = [article for file in files for article in load_articles([file]).articles]
    articles = chance.sample(found, min(arguments.articles, len(found)))
    bodies = [article.body.split() for article in chance.sample(articles, 300)]
    questions = [" ".join(words[10:50]) for words in bodies if len(words) >= 50]
    everything = np.ones(len(articles), bool)
    lexical, indexes = Bm25Index.build(articles), reference(articles)
    cut = {question: list(dict.fromkeys(terms(question))) for question in questions}

    def by_bm25s(question: str) -> None:
        for index in indexes:
            if known := index.get_tokens_ids(cut[question]):
                index.get_scores_from_ids(known)

    own = median_ms(lambda question: lexical.coverage(question, everything), questions)
    cutting = median_ms(terms, questions)
    print(describe())
    print(f"{len(articles):,} articles in {len(indexes)} languages, {len(questions)} questions of 40 words")
    print(f"kb_index {own - cutting:.2f} ms, bm25s {median_ms(by_bm25s, questions):.2f} ms")


if __name__ == "__main__":
    main()
