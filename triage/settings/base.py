"""Base of the tables of `triage.toml`: unknown keys are errors, renamed keys are accepted for one version."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

_log = logging.getLogger(__name__)


class SettingsModel(BaseModel):
    """A table of the settings; `renamed` has the new name of each key that was called otherwise before."""

    model_config = ConfigDict(frozen=True, extra="forbid")
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
                "the setting `%s` is called `%s` now: rename it before the next version", former, name
            )
            named[name] = named.pop(former)
        return named
