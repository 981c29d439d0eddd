"""Knowledge base: articles in one immutable state, searched by any number of threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.bm25 import WORD, Bm25Index, GroupKey
from kb_index.search.boosts import UsageBoosts
from kb_index.search.candidates import QueryFeatures, Retriever, SearchScope
from kb_index.search.catalogue import Catalogue, require_unique_ids
from kb_index.search.filters import Filters
from kb_index.search.index_data import IndexData, MemoizingEncoder, index_articles
from kb_index.search.language_centering import LanguageMeans
from kb_index.search.language_fusion import RankedGroup
from kb_index.search.query import LexicalMatches, Query
from kb_index.search.scoring import best_translation
from kb_index.search.snippets import Highlighter, QueryTerms, Snippet, make_snippet
from kb_index.search.vector_index import FaissIndex
from models.encoder import Encoder
from models.errors import InputError
from models.language.codes import UNKNOWN, normalize_code

_NO_BOOSTS = UsageBoosts()


@dataclass(frozen=True, slots=True)
class Hit:
    """An article found for a query.

    Hits are sorted by `score`, descending. `confidence` is the calibrated probability that the article
    answers; it falls with the rank, except where usage boosts have reordered the hits. `passage` is the best
    passage. `foreign` says that the article is not in the query's language.
    """

    article: Article
    score: float
    confidence: float
    snippet: Snippet
    foreign: bool
    passage: str


def max_confidence(hits: Sequence[Hit]) -> float:
    """Return the highest confidence, 0 without hits: the probability that any of them answers."""
    return max((hit.confidence for hit in hits), default=0.0)


class KnowledgeBase:
    """Articles that are searched by embedding and by words."""

    def __init__(
        self,
        retriever: Retriever,
        means: LanguageMeans,
        encoder_name: str,
        boosts: UsageBoosts = _NO_BOOSTS,
    ) -> None:
        self.retriever = retriever
        self.means = means
        self.encoder_name = encoder_name
        self._boosts = boosts
        self._catalogue = retriever.catalogue

    def __len__(self) -> int:
        return int(self._catalogue.live.sum())

    def with_boosts(self, boosts: UsageBoosts) -> KnowledgeBase:
        """Return the same articles with usage boosts, which belong to this catalogue."""
        return KnowledgeBase(self.retriever, self.means, self.encoder_name, boosts)

    def groups_by_id(self) -> dict[str, int]:
        """Return the number of each article's translation group by article id."""
        rows = np.flatnonzero(self._catalogue.live).tolist()
        return {self._catalogue.articles[row].id: int(self._catalogue.groups[row]) for row in rows}

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder, *, progress: bool = False) -> KnowledgeBase:
        """Index articles in memory. With `progress`, progress bars appear on stderr.

        Raises:
            InputError: two articles have the same id.
        """
        require_unique_ids(articles)
        indexed = index_articles([(article, "") for article in articles], encoder, progress=progress)
        data = IndexData.from_articles(indexed, encoder.dim)
        return cls.from_index_data(data, MemoizingEncoder(encoder, data))

    @classmethod
    def from_index_data(cls, data: IndexData, encoder: Encoder) -> KnowledgeBase:
        """Index what was computed before; encodes only the texts that the languages' means are taken from."""
        articles = data.articles
        catalogue = Catalogue.from_chunks(articles, data.chunks)
        languages = [article.language for article in articles]
        chunk_languages = [languages[row] for row in catalogue.chunk_owners]
        passages = data.embeddings.passages.astype(np.float32)
        titles = data.embeddings.titles.astype(np.float32)
        # Statistics over public articles, so that an internal one moves no public score.
        public = np.array([article.visibility == "public" for article in articles], bool)
        counted = public if public.any() else ~public
        counted_chunks = counted[catalogue.chunk_owners]
        means = LanguageMeans.estimate(
            encoder,
            [article for article, counts in zip(articles, counted, strict=True) if counts],
            passages[counted_chunks],
            [language for language, counts in zip(chunk_languages, counted_chunks, strict=True) if counts],
            titles[counted],
        )
        retriever = Retriever(
            catalogue,
            FaissIndex.build(means.center_passages(passages, chunk_languages), counted_chunks),
            FaissIndex.build(center_titles(means, titles, articles), counted),
            Bm25Index.from_term_counts(articles, data.term_counts),
        )
        return cls(retriever, means, encoder.name)

    def prefetch_lexical(self, text: str, filters: Filters) -> LexicalMatches:
        """Return the part of a search that needs no embedding, so that it can run while the text is encoded.

        Raises:
            InputError: `languages` has something that is no language code.
        """
        mask = self._catalogue.filter_mask(filters)
        lexical, query_terms = self.retriever.lexical, QueryTerms.from_text(text)
        frequent = lexical.frequent_terms(frozenset(query_terms.folded.values()), mask)
        # Most groups have the same frequent words, if any: they share one highlighter.
        highlighters = {words: Highlighter(query_terms, words) for words in set(frequent.values())}
        return LexicalMatches(
            self.retriever,
            text,
            filters,
            SearchScope.from_mask(self._catalogue, mask),
            lexical.coverage(text, mask),
            {key: highlighters[words] for key, words in frequent.items()},
        )

    def search(self, query: Query) -> list[Hit]:
        """Return up to `k` articles, one of each translation group, best first.

        A text without a letter or digit finds nothing.

        Raises:
            InputError: the embedding has another shape than the encoder gives, or `languages` has something
                that is no language code.
        """
        if query.embedding.shape != (self.means.dim,):
            raise InputError(
                f"the embedding has the shape {query.embedding.shape}, expected ({self.means.dim},): "
                f"encode the text with {self.encoder_name}"
            )
        matches = self._lexical_matches(query)
        if query.k < 1 or not len(matches.scope.rows) or not WORD.search(query.text):
            return []
        language = _language(query.language)
        reader_languages = [
            code for code in (language, *map(_language, query.reader_languages)) if code != UNKNOWN
        ]
        features = self._features(query, matches, reader_languages[0] if reader_languages else UNKNOWN)
        groups = self.retriever.top_groups(features, query.k)
        rows = [self._best_row(features, group, reader_languages) for group in groups]
        chunks = self.retriever.best_chunks(features, np.array(rows, np.int64))
        return [
            self._hit(group, row, chunk, language, matches.highlighters)
            for group, row, chunk in zip(groups, rows, chunks, strict=True)
        ]

    def _lexical_matches(self, query: Query) -> LexicalMatches:
        """Return the query's prefetched matches, computed anew where articles, text or filters are others."""
        matches, wanted = query.matches, (query.text, query.filters)
        if (
            matches is not None
            and matches.retriever is self.retriever
            and (matches.text, matches.filters) == wanted
        ):
            return matches
        return self.prefetch_lexical(*wanted)

    def _features(self, query: Query, matches: LexicalMatches, language: str) -> QueryFeatures:
        # Anything that is no finite number counts as 0.
        embedding = np.where(np.isfinite(query.embedding), query.embedding, 0).astype(np.float32)
        vector = self.means.center_query(embedding, language)
        return QueryFeatures(
            self.retriever.passages.query(vector),
            self.retriever.titles.query(vector),
            matches.scores,
            matches.scope,
            self._catalogue.is_query_language(language),
            self._boosts.for_visibility(query.filters.visibility),
        )

    def _best_row(self, query: QueryFeatures, group: RankedGroup, reader_languages: Sequence[str]) -> int:
        """Return the row of the group's article that suits the reader."""
        rows = self._catalogue.members(group.number, query.scope.mask)
        languages = [self._catalogue.articles[row].language for row in rows]
        best = best_translation(
            languages, reader_languages, lambda: self.retriever.article_scores(query, rows).scores
        )
        return int(rows[best])

    def _hit(
        self,
        group: RankedGroup,
        row: int,
        chunk: int,
        language: str,
        highlighters: Mapping[GroupKey, Highlighter],
    ) -> Hit:
        article = self._catalogue.articles[row]
        passage = self._catalogue.chunks[chunk].text(article)
        foreign = UNKNOWN not in (language, article.language) and article.language != language
        snippet = make_snippet(passage, highlighters[article.visibility, article.language])
        return Hit(article, group.score, group.confidence, snippet, foreign, passage)


def center_titles(
    means: LanguageMeans, titles: NDArray[np.float32], articles: Sequence[Article]
) -> NDArray[np.float32]:
    """Return titles (n, dim) without their language's mean; that of an article without one is zero."""
    centered = means.center_titles(titles, [article.language for article in articles])
    centered[[row for row, article in enumerate(articles) if not article.title]] = 0.0
    return centered


def _language(code: str) -> str:
    try:
        return normalize_code(code)
    except ValueError:
        return UNKNOWN
