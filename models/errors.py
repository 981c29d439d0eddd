"""Every error that the project raises on purpose.

A message says what was found, what was expected and what to do. `code` is stable and
appears in HTTP answers; `fields` names the offending parts of the input, if any.
They live in the lowest layer so that every layer may raise them.
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
    """The tickets cannot train what was asked for."""

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
    """What was asked for by its id is not there."""

    code = "not_found"


class ConflictError(TriageError):
    """What was sent does not fit what is there, such as a change to an article that has changed meanwhile."""

    code = "conflict"


class UnauthenticatedError(TriageError):
    """Who asks did not show a token that is known and still good."""

    code = "unauthenticated"


class ForbiddenError(TriageError):
    """Who asks is known, and may not do this."""

    code = "forbidden"


class TooManyRequestsError(TriageError):
    """More was asked within a minute than is allowed; there is room again in `retry_after_s` seconds."""

    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
