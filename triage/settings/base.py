"""Base of the tables of `triage.toml`: unknown keys are errors, renamed keys are accepted for one version."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

_log = logging.getLogger(__name__)
ENVIRONMENT = "the environment (TRIAGE_…)"
"""The place, for people, of settings that no file has."""
_source: ContextVar[tuple[Path | None, Mapping[str, Any]]] = ContextVar("source", default=(None, {}))


@contextmanager
def settings_source(file: Path | None, values: Mapping[str, Any]) -> Iterator[None]:
    """Let warnings about settings name the `file` that holds these values, None where there is none."""
    token = _source.set((file, values))
    try:
        yield
    finally:
        _source.reset(token)


def place_of(*path: str) -> str:
    """Return where the setting of these keys was found: in the file, or else in the environment."""
    file, values = _source.get()
    found: Any = values
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return str(file) if file is not None and found is not None else ENVIRONMENT


class SettingsModel(BaseModel):
    """A table of the settings; `renamed` has the new name of each key that was called otherwise before.

    `table` is the name of a table that has such keys.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: ClassVar[str] = ""
    renamed: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _take_former_names(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        named = dict(given)
        for former, name in cls.renamed.items():
            if former not in named:
                continue
            if name in named:
                raise ValueError(
                    f"found both `{name}` and `{former}`, which is its former name: keep `{name}`"
                )
            _log.warning(
                "%s, [%s]: the setting `%s` is called `%s` now: rename it before the next version",
                place_of(cls.table, former),
                cls.table,
                former,
                name,
            )
            named[name] = named.pop(former)
        return named
