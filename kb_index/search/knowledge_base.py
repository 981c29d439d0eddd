"""The knowledge base as it is at one moment, searched by any number of threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kb_index.articles.article import Article
from kb_index.search.bm25 import WORD, Bm25Index, Kind
from kb_index.search.boosts import UsageBoosts
from kb_index.search.candidates import CandidateSearch, QueryFeatures, Retriever, SearchScope
from kb_index.search.catalogue import Catalogue, require_unique_ids
from kb_index.search.index_data import IndexData, MemoizingEncoder, index_articles
from kb_index.search.language_centering import LanguageMeans
from kb_index.search.query import Filters, LexicalMatches
from kb_index.search.scoring import RankedGroup, best_translation
from kb_index.search.snippets import Highlighter, QueryTerms, Snippet, make_snippet
from kb_index.search.vector_index import FaissIndex
from models.encoder import Encoder
from models.errors import InputError
from models.language.codes import UNKNOWN, normalize_code

_NOTHING_LEARNT = UsageBoosts()


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, by whom, and among which articles.

    `embedding` is that of `text` as a "query", (dim,) float32. `language` is the language of the text,
    `reader_languages` are others that the reader is known to read, first choice first. The rest
    are filters: only what they let through takes part. Public articles are searched unless
    `visibility` says more; empty `languages`, `collections` and `labels` let everything through, and
    of several labels one suffices. `matches` may hold the result of `KnowledgeBase.prefetch_lexical`.
    """

    text: str
    embedding: NDArray[np.float32]
    k: int = 10
    language: str = UNKNOWN
    reader_languages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    visibility: frozenset[str] = frozenset({"public"})
    collections: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    matches: LexicalMatches | None = field(default=None, compare=False, repr=False)

    @property
    def filters(self) -> Filters:
        return Filters(self.visibility, self.collections, self.labels, self.languages)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found article.

    `score` orders the hits of one query, `confidence` is the calibrated probability that the article
    answers; neither rises from one hit to the next, except that what was learnt from use moves hits with
    their confidence. `passage` is what matched best, `foreign`: not in the language that was asked in.
    """

    article: Article
    score: float
    confidence: float
    snippet: Snippet
    foreign: bool
    passage: str


def max_confidence(hits: Sequence[Hit]) -> float:
    """Return the highest confidence, 0 without hits: how likely it is that anything answers."""
    return max((hit.confidence for hit in hits), default=0.0)


class KnowledgeBase:
    """Articles that can be searched by meaning and by words; never changes."""

    def __init__(
        self,
        retriever: Retriever,
        means: LanguageMeans,
        encoder_name: str,
        learnt: UsageBoosts = _NOTHING_LEARNT,
    ) -> None:
        self.retriever = retriever
        self.means = means
        self.encoder_name = encoder_name
        self._learnt = learnt
        self._catalogue = retriever.catalogue

    def __len__(self) -> int:
        return int(self._catalogue.live.sum())

    def with_boosts(self, learnt: UsageBoosts) -> KnowledgeBase:
        """Return the same articles, ranked also by how they were used; `learnt` belongs to this catalogue."""
        return KnowledgeBase(self.retriever, self.means, self.encoder_name, learnt)

    def groups_by_id(self) -> dict[str, int]:
        """Return the number of each article's family; articles that translate each other share one."""
        rows = np.flatnonzero(self._catalogue.live).tolist()
        return {self._catalogue.articles[row].id: int(self._catalogue.families[row]) for row in rows}

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder, *, progress: bool = False) -> KnowledgeBase:
        """Index articles in memory. With `progress`, bars appear on stderr.

        Raises:
            InputError: two articles have the same id.
        """
        require_unique_ids(articles)
        entries = index_articles([(article, "") for article in articles], encoder, progress=progress)
        material = IndexData.of(entries, encoder.dim)
        return cls.of(material, MemoizingEncoder(encoder, material))

    @classmethod
    def of(cls, material: IndexData, encoder: Encoder) -> KnowledgeBase:
        """Index what was computed before; encodes only what it takes to know the languages."""
        articles = material.articles
        catalogue = Catalogue.of(articles, material.chunks)
        languages = [article.language for article in articles]
        chunk_languages = [languages[row] for row in catalogue.chunk_owners]
        passages = material.vectors.passages.astype(np.float32)
        titles = material.vectors.titles.astype(np.float32)
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
            Bm25Index.of(articles, material.occurrences),
        )
        return cls(retriever, means, encoder.name)

    def prefetch_lexical(self, text: str, filters: Filters) -> LexicalMatches:
        """Do of a search what can be done while the text is being encoded.

        Raises:
            InputError: `languages` names none.
        """
        allowed = self._catalogue.allowed(
            visibility=filters.visibility,
            collections=filters.collections,
            labels=filters.labels,
            languages=filters.languages,
        )
        lexical, asked = self.retriever.lexical, QueryTerms.of(text)
        common = lexical.common(frozenset(asked.folded.values()), allowed)
        # Most kinds have the same common words, if any: they share what finds the others.
        matchers = {words: Highlighter(asked, words) for words in set(common.values())}
        return LexicalMatches(
            self.retriever,
            text,
            filters,
            SearchScope.of(self._catalogue, allowed),
            lexical.coverage(text, allowed),
            {kind: matchers[words] for kind, words in common.items()},
        )

    def _lexical_matches(self, query: Query) -> LexicalMatches:
        """Return what was heard, or hear: the articles may have changed since, or others be asked for."""
        heard, mine = query.matches, (query.text, query.filters)
        if heard is not None and heard.retriever is self.retriever and (heard.text, heard.filters) == mine:
            return heard
        return self.prefetch_lexical(*mine)

    def search(self, query: Query) -> list[Hit]:
        """Return up to `k` articles, one of each family of translations, best first.

        A text without a letter or digit asks nothing and finds nothing.

        Raises:
            InputError: the embedding has another shape than the encoder gives, or `languages` names none.
        """
        if query.embedding.shape != (self.means.dim,):
            raise InputError(
                f"the embedding has the shape {query.embedding.shape}, expected ({self.means.dim},): "
                f"encode the text with {self.encoder_name}"
            )
        heard = self._lexical_matches(query)
        if query.k < 1 or not len(heard.among.rows) or not WORD.search(query.text):
            return []
        language = _language(query.language)
        readers = [code for code in (language, *map(_language, query.reader_languages)) if code != UNKNOWN]
        asked_in = readers[0] if readers else UNKNOWN
        # What is no number says nothing.
        embedding = np.where(np.isfinite(query.embedding), query.embedding, 0).astype(np.float32)
        asked = QueryFeatures(
            self.means.center_query(embedding, asked_in),
            heard.words,
            heard.among,
            self._catalogue.native(asked_in),
            self._learnt.for_readers(query.visibility),
        )
        looked_up = self.retriever.look_up(asked)
        families = looked_up.families(query.k)
        shown = [self._shown(looked_up, family, readers) for family in families]
        return [
            self._hit(family, row, chunk, language, heard.matchers)
            for family, row, chunk in zip(
                families, shown, looked_up.best_chunks(np.array(shown, np.int64)), strict=True
            )
        ]

    def _shown(self, looked_up: CandidateSearch, family: RankedGroup, readers: Sequence[str]) -> int:
        """Return of a family's articles the row of the one that suits the reader."""
        rows = self._catalogue.members(family.number, looked_up.asked.among.allowed)
        languages = [self._catalogue.articles[row].language for row in rows]
        return int(rows[best_translation(languages, readers, lambda: looked_up.evidence(rows).scores)])

    def _hit(
        self, family: RankedGroup, row: int, chunk: int, language: str, matchers: Mapping[Kind, Highlighter]
    ) -> Hit:
        article = self._catalogue.articles[row]
        passage = self._catalogue.chunks[chunk].text(article)
        foreign = UNKNOWN not in (language, article.language) and article.language != language
        snippet = make_snippet(passage, matchers[article.visibility, article.language])
        return Hit(article, family.score, family.confidence, snippet, foreign, passage)


def center_titles(
    means: LanguageMeans, titles: NDArray[np.float32], articles: Sequence[Article]
) -> NDArray[np.float32]:
    """Return titles (n, dim) without their language; that of an article without one is zero."""
    centred = means.center_titles(titles, [article.language for article in articles])
    centred[[row for row, article in enumerate(articles) if not article.title]] = 0.0
    return centred


def _language(code: str) -> str:
    try:
        return normalize_code(code)
    except ValueError:
        return UNKNOWN
