"""The folder that holds a whole index: complete, hashed, and never changed once it is written."""

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

_CHUNKS = "chunks.faiss"
_TITLES = "titles.faiss"
_MEANS = "means.npz"
_LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An index as it was written.

    It contains every change up to the number `sequence`. `generation` counts how often everything was
    built from scratch; readers of an earlier one have to move at once.
    """

    folder: Path
    kb: KnowledgeBase
    sources: list[str]
    vectors: Embeddings
    sequence: int
    generation: int

    @classmethod
    def write(
        cls, folder: Path, material: IndexData, encoder: Encoder, *, sequence: int = 0, generation: int = 0
    ) -> None:
        """Index `material` and write it as `folder`; one that is there is replaced when all is written.

        Encodes nothing but sentences of a language whose vectors `material` does not have.

        Raises:
            StorageError: the disk is full or the place cannot be written; what was there is unchanged.
        """
        remembering = MemoizingEncoder(encoder, material)
        kb = KnowledgeBase.of(material, remembering)
        catalogue = kb.retriever.catalogue
        chunks, titles = cast(FaissIndex, kb.retriever.chunks), cast(FaissIndex, kb.retriever.titles)
        metadata = {
            "encoder": encoder.name,
            "dim": encoder.dim,
            "sequence": sequence,
            "generation": generation,
            "articles": len(catalogue.articles),
            "chunks": len(catalogue.chunks),
            "languages": sorted({article.language for article in catalogue.articles}),
            "vectors": {"passages": asdict(chunks.layout), "titles": asdict(titles.layout)},
        }
        with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata=metadata) as working:
            catalogue.save(working)
            chunks.save(working / _CHUNKS)
            titles.save(working / _TITLES)
            kb.means.save(working / _MEANS)
            kb.retriever.lexical.save(working / _LEXICAL)
            replace(material, further=remembering.further).save(working)

    @classmethod
    def load(cls, folder: Path, *, encoder_name: str) -> Snapshot:
        """Open what `write` wrote; word lists, and vectors in clusters, are mapped into memory.

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
        layouts = manifest.metadata["vectors"]
        retriever = Retriever(
            Catalogue.load(folder),
            FaissIndex.load(folder / _CHUNKS, IndexType(**layouts["passages"])),
            FaissIndex.load(folder / _TITLES, IndexType(**layouts["titles"])),
            Bm25Index.load(folder / _LEXICAL),
        )
        kb = KnowledgeBase(retriever, LanguageMeans.load(folder / _MEANS), built_with)
        numbers = manifest.metadata["sequence"], manifest.metadata["generation"]
        return cls(folder, kb, read_sources(folder), Embeddings.load(folder), *numbers)

    def material(self) -> IndexData:
        """Return what the index was made from."""
        retriever = self.kb.retriever
        catalogue = retriever.catalogue
        starts = catalogue.chunk_starts.tolist()
        chunks = [catalogue.chunks[a:b] for a, b in pairwise(starts)]
        occurrences, further = retriever.lexical.occurrences(), read_extra_embeddings(self.folder)
        return IndexData(catalogue.articles, self.sources, chunks, self.vectors, occurrences, further)
