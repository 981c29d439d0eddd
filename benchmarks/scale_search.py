"""The whole search, words and meaning, over many articles, and what it costs to add one.

    python benchmarks/scale_search.py [--sizes 5000,50000,200000] [--articles FILE_OR_FOLDER]
        [--texts FILE_OR_FOLDER [--languages de,fi]]

Articles are 5,000 texts of 250 words as frequent as words are (`freshness.py`), in three languages, each
text standing for many articles; every article has vectors of its own, made from real ones as in `scale.py`.
Questions are 12 words of the same kind. With `--texts` the articles are those given there, in any order, and
the questions their titles. A search finds the ten best for an agent, who sees everything; it is timed with a
made vector, and once more with the encoding of the question before it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np
from freshness import RandomEncoder, Writer, milliseconds
from machine import describe
from scale_vectors import Growth, Real, real_vectors

from kb_index.articles.article import Article
from kb_index.articles.loaders import load_articles
from kb_index.search.filters import Filters
from kb_index.search.index_data import IndexData, IndexedArticle, index_articles
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.query import Query
from kb_index.storage.article_store import ArticleStore
from kb_index.storage.snapshot import Snapshot
from models.encoder import BUILT_IN, Encoder, open_encoder
from models.encoder.cache import CachedEncoder

TEXTS = 5_000
ASKED = 200
AGENTS = Filters(visibility=frozenset({"public", "internal"}))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sample = Path(__file__).resolve().parents[1] / "examples" / "rullamo" / "articles"
    parser.add_argument("--articles", type=Path, default=sample)
    parser.add_argument("--texts", type=Path, help="real articles instead of random words")
    parser.add_argument("--languages", default="", help="of the texts, only these; by commas")
    parser.add_argument("--sizes", default="5000,50000,200000")
    parser.add_argument("--spread", type=float, default=0.8)
    parser.add_argument("--encoder", type=Path, default=os.environ.get("TRIAGE_ENCODER_DIR", "var/encoder"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache"))
    parser.add_argument("--folder", type=Path, help="on the disk to measure; default: the system's")
    arguments = parser.parse_args()
    print(describe(), "\n")
    encoder = open_encoder(BUILT_IN, Path(arguments.encoder))
    real = real_vectors(arguments.articles, CachedEncoder(encoder, arguments.cache))
    growth = Growth(real.passages, arguments.spread)
    columns = ("articles", "passages", "new folder, s", "search p50, ms (clock / processor)", "p99, ms")
    columns += ("of this words, p50", "with encoding, p50 / p99, ms (clock)", "add, ms")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    source: Source = RandomTexts()
    if arguments.texts:
        source = RealTexts(arguments.texts, frozenset(filter(None, arguments.languages.split(","))))
    for size in map(int, arguments.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            print(row(Path(folder), size, source, growth, real, encoder), flush=True)


class Source(Protocol):
    """Source of the articles and queries."""

    def article(self, number: int) -> Article: ...

    def question(self) -> tuple[str, str]:
        """Return a text and its language."""
        ...


class RandomTexts:
    """Random words in three languages."""

    def __init__(self) -> None:
        self._writer = Writer()

    def article(self, number: int) -> Article:
        return self._writer.article(number)

    def question(self) -> tuple[str, str]:
        return self._writer.words(12), "en"


class RealTexts:
    """Articles that somebody wrote, shuffled; from their number on, each comes again under another id."""

    def __init__(self, path: Path, languages: frozenset[str]) -> None:
        articles = [a for a in load_articles([path]).articles if a.language in languages or not languages]
        self._chance = np.random.default_rng(4)
        self._articles = [articles[row] for row in self._chance.permutation(len(articles))]

    def article(self, number: int) -> Article:
        return replace(self._articles[number % len(self._articles)], id=f"a{number}", translation_of=None)

    def question(self) -> tuple[str, str]:
        article = self._articles[self._chance.integers(len(self._articles))]
        return article.title, article.language


def row(root: Path, size: int, source: Source, growth: Growth, real: Real, encoder: Encoder) -> str:
    nothing = RandomEncoder()
    store = ArticleStore(root, nothing, auto_compact=False)
    started = time.perf_counter()
    folder = store.registry.path(store.registry.new_id())
    Snapshot.write(folder, index_data(source, size, growth), nothing)
    store.registry.make_current(folder.name)
    folder_s = time.perf_counter() - started
    kb = store.knowledge_base()
    chance = np.random.default_rng(3)
    vectors = real.questions[chance.integers(0, len(real.questions), ASKED)]
    asked = [
        Query(text, vector, language=language, filters=AGENTS)
        for vector in vectors
        for text, language in [source.question()]
    ]
    kb.search(asked[0])
    encoder.encode([asked[0].text])
    clock, processor, words, encoded = [], [], [], []
    for query in asked:
        encoded.append(milliseconds(lambda query=query: kb.search(with_embedding(query, encoder))))
        used = time.process_time()
        clock.append(milliseconds(lambda query=query: kb.search(query)))
        processor.append(1000 * (time.process_time() - used))
        words.append(milliseconds(lambda query=query: covered(kb, query)))
    whole = " / ".join(f"{np.percentile(encoded, p):.1f}" for p in (50, 99))
    p50, p99 = (f"{np.percentile(clock, p):.1f} / {np.percentile(processor, p):.1f}" for p in (50, 99))
    store.remove(["a0"])  # the tree of translations is made at the first change
    adds = [milliseconds(lambda n=n: store.put([source.article(size + n)])) for n in range(10)]
    passages = len(kb.retriever.catalogue.chunks)
    return (
        f"| {size:,} | {passages:,} | {folder_s:.1f} | {p50} | {p99} | {np.median(words):.1f} "
        f"| {whole} | {np.median(adds):.1f} |"
    )


def index_data(source: Source, size: int, growth: Growth) -> IndexData:
    """Return the data of `size` articles; texts are counted once, vectors are made for each article."""
    texts = index_articles([(source.article(n), "") for n in range(min(TEXTS, size))], RandomEncoder())
    owners = [texts[n % len(texts)] for n in range(size)]
    vectors = growth.vectors(sum(len(entry.chunks) for entry in owners) + size, seed=size).astype(np.float16)
    titles, passages = vectors[:size], iter(np.split(vectors[size:], ends(owners)))
    entries = [
        replace(
            entry,
            article=replace(entry.article, id=f"a{n}"),
            passages=next(passages),
            title=titles[n],
            title_query=titles[n],
        )
        for n, entry in enumerate(owners)
    ]
    return IndexData.from_articles(entries, growth.dim)


def ends(entries: list[IndexedArticle]) -> np.ndarray:
    return np.cumsum([len(entry.chunks) for entry in entries])[:-1]


def with_embedding(query: Query, encoder: Encoder) -> Query:
    return replace(query, embedding=encoder.encode([query.text])[0])


def covered(kb: KnowledgeBase, query: Query) -> np.ndarray:
    mask = kb.retriever.catalogue.filter_mask(query.filters)
    return kb.retriever.lexical.coverage(query.text, mask)


if __name__ == "__main__":
    main()
