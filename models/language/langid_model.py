"""Model of py3langid, unpacked once into a folder and mapped into memory from there.

The package holds its tables compressed: unpacking takes 0.9 s of processor time and 77 MB at each start.
Mapped, they cost a check of their hashes and the pages that are read, which processes share.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from models.errors import FolderError, StorageError
from models.storage.artifact import new_folder, verify_folder
from models.storage.filelock import exclusive_lock

_KIND, _FORMAT_VERSION = "languages", 1
_PACKAGE = "py3langid"
_NEXT, _ROWS, _OUTPUTS, _WEIGHTS, _PRIORS, _CLASSES = (
    "next",
    "rows",
    "outputs",
    "weights",
    "priors",
    "classes",
)
_log = logging.getLogger(__name__)


def open_identifier(folder: Path | None = None) -> LanguageIdentifier:
    """Return py3langid's identifier, its tables mapped from `folder`.

    They are unpacked there at the first use, and again where they were changed or are of another version of
    the package. Without a folder, or where it cannot be written, they are unpacked into memory.
    """
    if folder is None:
        return _unpacked()
    try:
        return _mapped(folder)
    except (FolderError, OSError):
        pass  # absent, changed or just being replaced: checked again under the lock
    try:
        with exclusive_lock(folder.parent / f".{folder.name}.lock"):
            try:
                return _mapped(folder)
            except (FolderError, OSError):
                _save(_unpacked(), folder)
        return _mapped(folder)
    except StorageError as error:
        _log.warning("the tables of languages stay in memory: %s", error.message)
        return _unpacked()


def _unpacked() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _save(identifier: LanguageIdentifier, folder: Path) -> None:
    arrays = {
        _NEXT: np.asarray(identifier.tk_nextmove),
        _ROWS: np.asarray(identifier.tk_row),
        _OUTPUTS: np.asarray(identifier.tk_output, np.int32),
        _WEIGHTS: identifier.nb_ptc,
        _PRIORS: identifier.nb_pc,
        _CLASSES: np.array(identifier.nb_classes),
    }
    metadata = {_PACKAGE: version(_PACKAGE)}
    with new_folder(folder, kind=_KIND, format_version=_FORMAT_VERSION, metadata=metadata) as working:
        for name, array in arrays.items():
            np.save(working / f"{name}.npy", array, allow_pickle=False)


def _mapped(folder: Path) -> LanguageIdentifier:
    manifest = verify_folder(folder, kind=_KIND, format_version=_FORMAT_VERSION)
    if manifest.metadata.get(_PACKAGE) != version(_PACKAGE):
        raise FolderError(f"{folder} was written by another version of {_PACKAGE}: delete it")

    def table(name: str) -> Any:
        return np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)

    # Python reads single numbers of this one, which a view gives as fast as the package's own array does.
    moves = memoryview(table(_NEXT))
    return LanguageIdentifier(
        table(_WEIGHTS),
        np.asarray(table(_PRIORS)),
        table(_CLASSES).tolist(),
        moves,
        table(_OUTPUTS).tolist(),
        norm_probs=True,
        tk_row=table(_ROWS).tolist(),
    )
