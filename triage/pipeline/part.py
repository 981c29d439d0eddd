"""Part of the engine that may be missing: what was loaded, or the error that prevented it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.errors import TriageError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Loaded value, or the error in its place; one of the two is None."""

    value: T | None
    error: TriageError | None = None

    @classmethod
    def load(cls, load: Callable[[], T]) -> Part[T]:
        """Return the part that `load` returns, or that is missing because of the TriageError it raises."""
        try:
            return cls(load())
        except TriageError as error:
            return cls(None, error)

    def get(self) -> T:
        """Return the value.

        Raises:
            TriageError: what prevented loading.
        """
        if self.value is None:
            raise self.error or TypeError("a part has neither a value nor an error")
        return self.value
