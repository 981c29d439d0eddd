"""`[fields.NAME]` of `triage.toml`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from models.fields import FieldKind
from triage.settings_table import Table


class FieldSettings(Table):
    """`[fields.NAME]`: what kind of field it is and how often `apply` may be wrong."""

    kind: FieldKind = Field("choice", description="choice, child (of another field), ordinal or tags")
    parent: str | None = Field(None, description="for a child: the field it depends on")
    values: tuple[str, ...] = Field((), description="for an ordinal: its values in ascending order")
    target_error: Annotated[float, Field(gt=0, lt=0.5)] = Field(
        0.05, description="the largest share of applied values that may be wrong"
    )
    confidence_level: Annotated[float, Field(ge=0.5, lt=1)] = Field(
        0.95, description="how sure the threshold must be that target_error is kept"
    )

    allowed: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        None, description="the values that the helpdesk has now; others are never applied or suggested"
    )

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Self:
        if (self.kind == "child") != (self.parent is not None):
            raise ValueError('`parent` belongs to kind = "child", and a child needs one')
        if self.kind == "ordinal" and len(self.values) < 2:
            raise ValueError('kind = "ordinal" needs `values`, at least two, in ascending order')
        unknown = [
            value for value in self.allowed or () if self.kind == "ordinal" and value not in self.values
        ]
        if unknown:
            raise ValueError(f"`allowed` holds {unknown}, expected some of `values`: {list(self.values)}")
        return self
