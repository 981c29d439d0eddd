"""Errors that every layer raises on purpose; those about HTTP requests alone are in `triage.errors`.

A message says what was found, what was expected and what to do. `code` is stable and appears in HTTP
responses; `fields` names the offending parts of the input, if any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class TriageError(Exception):
    """Base of all errors raised on purpose."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, str] = dict(fields or {})


class InputError(TriageError):
    """A caller sent something that cannot be used."""

    code = "bad_input"


class SettingsError(TriageError):
    """`triage.toml` or an environment variable is wrong."""

    code = "bad_settings"


class DataFileError(TriageError):
    """A ticket, article or query file cannot be read; names the file and the line."""

    code = "bad_file"


class TrainingError(TriageError):
    """The tickets cannot train the wanted fields."""

    code = "cannot_train"


class EncoderError(TriageError):
    """The sentence encoder cannot be built or loaded."""

    code = "encoder_unavailable"


class FolderError(TriageError):
    """A stored folder (encoder, bundle, index) is damaged or of another version."""

    code = "damaged_folder"


class MismatchError(TriageError):
    """Two stored things do not belong together, such as an index and an encoder."""

    code = "mismatch"


class StorageError(TriageError):
    """Something could not be written; nothing that existed before was changed."""

    code = "cannot_write"


class NotReadyError(TriageError):
    """Nothing has been trained or indexed yet."""

    code = "not_ready"


class StoreUnavailableError(TriageError):
    """The service's database cannot be reached or written now; nothing was half done."""

    code = "store_unavailable"


class NotFoundError(TriageError):
    """Nothing has the id that was asked for."""

    code = "not_found"


class ConflictError(TriageError):
    """Input does not fit what is stored, such as a change to an article that has changed meanwhile."""

    code = "conflict"
