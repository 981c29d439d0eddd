"""The knowledge base: built from articles, stored as one folder, searched by any number of threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb_index.article import UNKNOWN_LANGUAGE, Article, normal_language
from kb_index.catalogue import Catalogue
from kb_index.centre import LanguageMeans
from kb_index.dense import DenseIndex
from kb_index.lexical import WORD, LexicalIndex
from kb_index.rank import Evidence, Family, preferred
from kb_index.retrieve import Asked, Retriever
from kb_index.snippet import Matcher, Snippet, make_snippet
from models.encoder import Encoder
from models.errors import InputError, MismatchError
from models.folder import new_folder, verify_folder

KIND = "index"
FORMAT_VERSION = 2

_CHUNKS = "chunks.faiss"
_TITLES = "titles.faiss"
_MEANS = "means.npz"
_LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, by whom, and among which articles.

    `embedding` is that of `text` as a "query", (dim,) float32. `language` is the language of the text,
    `reader_languages` are others that the reader is known to read, first choice first. The rest
    are filters: only what they let through takes part. Public articles are searched unless
    `visibility` says more; empty `languages`, `collections` and `labels` let everything through, and
    of several labels one suffices.
    """

    text: str
    embedding: NDArray[np.float32]
    k: int = 10
    language: str = UNKNOWN_LANGUAGE
    reader_languages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    visibility: frozenset[str] = frozenset({"public"})
    collections: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A found article.

    `score` orders the hits of one query, `confidence` is the calibrated probability that the article
    answers; neither rises from one hit to the next. `foreign`: not in the language that was asked in.
    """

    article: Article
    score: float
    confidence: float
    snippet: Snippet
    foreign: bool


class KnowledgeBase:
    """Articles that can be searched by meaning and by words."""

    def __init__(self, retriever: Retriever, means: LanguageMeans, encoder_name: str) -> None:
        self._retriever = retriever
        self._catalogue = retriever.catalogue
        self._means = means
        self.encoder_name = encoder_name

    def __len__(self) -> int:
        return len(self._catalogue.articles)

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: Encoder, *, progress: bool = False) -> KnowledgeBase:
        """Index articles; nothing is written. With `progress`, bars appear on stderr.

        Raises:
            InputError: two articles have the same id.
        """
        catalogue = Catalogue.build(articles)
        languages = [article.language for article in articles]
        chunk_languages = [languages[row] for row in catalogue.chunk_owners]
        passages = _encoded(encoder, catalogue.passages(), progress)
        titles = _encoded(encoder, [article.title for article in articles], progress)
        untitled = [row for row, article in enumerate(articles) if not article.title]
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
        centred_titles = means.centre_titles(titles, languages)
        centred_titles[untitled] = 0.0
        retriever = Retriever(
            catalogue,
            DenseIndex.build(means.centre_passages(passages, chunk_languages)),
            DenseIndex.build(centred_titles),
            LexicalIndex.build(articles),
        )
        return cls(retriever, means, encoder.name)

    def save(self, folder: Path) -> None:
        """Write the index as `folder`; one that is there is replaced when all is written, else left as it is.

        Raises:
            StorageError: the disk is full or the place cannot be written.
        """
        metadata = {
            "encoder": self.encoder_name,
            "dim": self._means.dim,
            "articles": len(self),
            "chunks": len(self._catalogue.chunks),
            "languages": sorted({article.language for article in self._catalogue.articles}),
        }
        with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
            self._catalogue.save(working)
            self._retriever.chunks.save(working / _CHUNKS)
            self._retriever.titles.save(working / _TITLES)
            self._means.save(working / _MEANS)
            self._retriever.lexical.save(working / _LEXICAL)

    @classmethod
    def load(cls, folder: Path, *, encoder_name: str) -> KnowledgeBase:
        """Open what `save` wrote; vectors and word lists are mapped into memory.

        Raises:
            FolderError: the folder is missing, damaged or of another version.
            MismatchError: it was built with another encoder than the one that will encode the queries.
        """
        manifest = verify_folder(folder, kind=KIND, format_version=FORMAT_VERSION)
        built_with = manifest.metadata["encoder"]
        if built_with != encoder_name:
            raise MismatchError(
                f"{folder} was built with the encoder {built_with!r}, the one in use is {encoder_name!r}: "
                "run `triage index` again, or set the encoder back"
            )
        retriever = Retriever(
            Catalogue.load(folder),
            DenseIndex.load(folder / _CHUNKS),
            DenseIndex.load(folder / _TITLES),
            LexicalIndex.load(folder / _LEXICAL),
        )
        return cls(retriever, LanguageMeans.load(folder / _MEANS), built_with)

    def search(self, query: Query) -> list[Hit]:
        """Return up to `k` articles, one of each family of translations, best first.

        A text without a letter or digit asks nothing and finds nothing.

        Raises:
            InputError: the embedding has another shape than the encoder gives, or `languages` names none.
        """
        if query.embedding.shape != (self._means.dim,):
            raise InputError(
                f"the embedding has the shape {query.embedding.shape}, expected ({self._means.dim},): "
                f"encode the text with {self.encoder_name}"
            )
        allowed = self._catalogue.allowed(
            visibility=query.visibility,
            collections=query.collections,
            labels=query.labels,
            languages=query.languages,
        )
        if query.k < 1 or not allowed.any() or not WORD.search(query.text):
            return []
        language = _language(query.language)
        readers = [
            code for code in (language, *map(_language, query.reader_languages)) if code != UNKNOWN_LANGUAGE
        ]
        embedding = np.nan_to_num(query.embedding.astype(np.float32))
        vector = self._means.centre_query(embedding, readers[0] if readers else UNKNOWN_LANGUAGE)
        asked = Asked(vector, self._retriever.lexical.coverage(query.text, allowed), allowed)
        families = self._retriever.families(asked, query.k)
        members = [self._catalogue.members(family.number, allowed) for family in families]
        evidence = self._retriever.evidence(asked, np.concatenate(members))
        ends = np.cumsum([len(rows) for rows in members])
        matcher = lru_cache(partial(self._matcher, query.text))
        return [
            self._hit(family, evidence.part(end - len(rows), end), language, readers, matcher)
            for family, rows, end in zip(families, members, ends, strict=True)
        ]

    def _hit(
        self,
        family: Family,
        evidence: Evidence,
        language: str,
        readers: Sequence[str],
        matcher: Callable[[str, str], Matcher],
    ) -> Hit:
        """Return a family as the one of its articles, of which `evidence` speaks, that suits the reader."""
        found = [self._catalogue.articles[row] for row in evidence.rows]
        shown = preferred([article.language for article in found], readers, lambda: evidence.score)
        article = found[shown]
        passage = self._catalogue.chunks[evidence.chunks[shown]].text(article)
        foreign = UNKNOWN_LANGUAGE not in (language, article.language) and article.language != language
        snippet = make_snippet(passage, matcher(article.visibility, article.language))
        return Hit(article, family.score, family.confidence, snippet, foreign)

    def _matcher(self, asked: str, visibility: str, language: str) -> Matcher:
        return Matcher(
            asked, partial(self._retriever.lexical.is_common, visibility=visibility, language=language)
        )


def _encoded(encoder: Encoder, texts: Sequence[str], progress: bool) -> NDArray[np.float32]:
    if not texts:
        return np.empty((0, encoder.dim), np.float32)
    return encoder.encode(texts, "passage", progress=progress)


def _language(code: str) -> str:
    try:
        return normal_language(code)
    except ValueError:
        return UNKNOWN_LANGUAGE
