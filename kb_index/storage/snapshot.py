"""Snapshot: a folder with a whole index, complete, hashed and never changed after it was written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import cast

from kb_index.search.bm25 import Bm25Index
from kb_index.search.candidates import Retriever
from kb_index.search.catalogue import Catalogue
from kb_index.search.index_data import (
    Embeddings,
    IndexData,
    MemoizingEncoder,
    read_extra_embeddings,
    read_sources,
)
from kb_index.search.knowledge_base import KnowledgeBase
from kb_index.search.language_centering import LanguageMeans
from kb_index.search.vector_index import FaissIndex, IndexType
from models.encoder import Encoder
from models.errors import FolderError, MismatchError
from models.storage.artifact import new_folder, verify_folder

KIND = "index"
FORMAT_VERSION = 3

_PASSAGES = "chunks.faiss"
_TITLES = "titles.faiss"
_MEANS = "means.npz"
_LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An index as it was written.

    It contains every change up to the number `sequence`. `generation` counts the builds from scratch; readers
    of an earlier one have to switch at once.
    """

    folder: Path
    kb: KnowledgeBase
    sources: list[str]
    embeddings: Embeddings
    sequence: int
    generation: int

    @classmethod
    def write(
        cls, folder: Path, data: IndexData, encoder: Encoder, *, sequence: int = 0, generation: int = 0
    ) -> None:
        """Index `data` and write it as `folder`; one that is there is replaced when all is written.

        Encodes nothing but sentences of a language whose vectors `data` does not have.

        Raises:
            StorageError: the disk is full or the place cannot be written; what was there is unchanged.
        """
        memoizing = MemoizingEncoder(encoder, data)
        kb = KnowledgeBase.from_index_data(data, memoizing)
        catalogue = kb.retriever.catalogue
        passages = cast(FaissIndex, kb.retriever.passages)
        titles = cast(FaissIndex, kb.retriever.titles)
        metadata = {
            "encoder": encoder.name,
            "dim": encoder.dim,
            "sequence": sequence,
            "generation": generation,
            "articles": len(catalogue.articles),
            "chunks": len(catalogue.chunks),
            "languages": sorted({article.language for article in catalogue.articles}),
            "vectors": {"passages": asdict(passages.index_type), "titles": asdict(titles.index_type)},
        }
        with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
            catalogue.save(working)
            passages.save(working / _PASSAGES)
            titles.save(working / _TITLES)
            kb.means.save(working / _MEANS)
            kb.retriever.lexical.save(working / _LEXICAL)
            replace(data, extra_embeddings=memoizing.extra_embeddings).save(working)

    @classmethod
    def load(cls, folder: Path, *, encoder_name: str) -> Snapshot:
        """Open what `write` wrote; postings, and vectors in clusters, are mapped into memory.

        Raises:
            FolderError: the folder is missing, damaged or of another version.
            MismatchError: it was built with another encoder than the one that will encode the queries.
        """
        try:
            manifest = verify_folder(folder, kind=KIND, format_version=FORMAT_VERSION)
        except FolderError as error:
            raise FolderError(f"{error.message} (`triage index --rebuild` with all articles)") from error
        built_with = manifest.metadata["encoder"]
        if built_with != encoder_name:
            raise MismatchError(
                f"{folder} was built with the encoder {built_with!r}, the one in use is {encoder_name!r}: "
                "run `triage index --rebuild` with all articles, or set the encoder back"
            )
        index_types = manifest.metadata["vectors"]
        retriever = Retriever(
            Catalogue.load(folder),
            FaissIndex.load(folder / _PASSAGES, IndexType(**index_types["passages"])),
            FaissIndex.load(folder / _TITLES, IndexType(**index_types["titles"])),
            Bm25Index.load(folder / _LEXICAL),
        )
        kb = KnowledgeBase(retriever, LanguageMeans.load(folder / _MEANS), built_with)
        numbers = manifest.metadata["sequence"], manifest.metadata["generation"]
        return cls(folder, kb, read_sources(folder), Embeddings.load(folder), *numbers)

    def index_data(self) -> IndexData:
        """Return the data that the index was made from."""
        retriever = self.kb.retriever
        catalogue = retriever.catalogue
        starts = catalogue.chunk_starts.tolist()
        chunks = [catalogue.chunks[a:b] for a, b in pairwise(starts)]
        term_counts, extra = retriever.lexical.term_counts(), read_extra_embeddings(self.folder)
        return IndexData(catalogue.articles, self.sources, chunks, self.embeddings, term_counts, extra)
