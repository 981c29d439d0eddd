"""`[fields.NAME]` of `triage.toml`."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Self

from pydantic import Field, model_validator

from models.classifiers.fields import Field as FieldSpec
from models.classifiers.fields import FieldKind
from triage.settings.base import SettingsModel


class CostSettings(SettingsModel):
    """`[fields.NAME.cost]`: what applying costs and saves, in one unit, such as minutes or euros.

    Applying a ticket that is wrong with probability p pays where `saved` (1 - p) > `wrong` p, which is where
    p < `saved` / (`saved` + `wrong`). The same share, as the target error, is where all applied
    tickets together pay: n of them with the error e bring n (`saved` (1 - e) - `wrong` e).
    """

    wrong: Annotated[float, Field(gt=0)] = Field(description="what a wrong value costs when it is applied")
    saved: Annotated[float, Field(gt=0)] = Field(description="what a right value saves when it is applied")

    @model_validator(mode="after")
    def _wrong_costs_more(self) -> Self:
        if self.wrong <= self.saved:
            raise ValueError(
                f"found wrong = {self.wrong:g} and saved = {self.saved:g}, expected wrong to be more than "
                "saved: else applying pays even where every other value is wrong"
            )
        return self

    @property
    def target_error(self) -> float:
        """The error up to which applying pays, in (0, 0.5).

        >>> CostSettings(wrong=15, saved=1).target_error
        0.0625
        """
        return self.saved / (self.saved + self.wrong)


_ORDINAL_ONLY = ("default", "target_error_raise", "target_error_lower")


class FieldSettings(SettingsModel):
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
    cost: CostSettings | None = Field(
        None, description="what a wrong value costs and a right one saves, in place of target_error"
    )
    default: str | None = Field(
        None,
        description="for an ordinal: the value that a ticket has when nobody acts; without it, the "
        "most frequent one",
    )
    target_error_raise: Annotated[float, Field(gt=0, lt=0.5)] | None = Field(
        None, description="for an ordinal: target_error of values above the default; without it, the same"
    )
    target_error_lower: Annotated[float, Field(gt=0, lt=0.5)] | None = Field(
        None, description="for an ordinal: target_error of values below the default; without it, half"
    )
    descriptions: dict[str, str] = Field(
        default_factory=dict,
        description="value = what such a ticket says, in any language; a value can be scored by it alone",
    )
    estimator: Annotated[str, Field(pattern=r"^[\w.]+:\w+$")] | None = Field(
        None,
        description="a scikit-learn classifier of yours, module:Class, which training tries for this field",
    )
    allowed: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        None, description="the values that the helpdesk has now; others are never applied or suggested"
    )

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Self:
        if (self.kind == "child") != (self.parent is not None):
            raise ValueError('`parent` belongs to kind = "child", and a child needs one')
        if self.kind == "tags" and self.estimator is not None:
            raise ValueError('`estimator` is for fields with one value a ticket, found kind = "tags"')
        if self.kind == "ordinal" and len(self.values) < 2:
            raise ValueError('kind = "ordinal" needs `values`, at least two, in ascending order')
        if twice := [value for value, count in Counter(self.values).items() if count > 1]:
            raise ValueError(f"`values` has {twice} more than once, expected each value once")
        described = [v for v in self.descriptions if self.kind == "ordinal" and v not in self.values]
        if described:
            raise ValueError(
                f"`descriptions` has {described}, expected some of `values`: {list(self.values)}"
            )
        unknown = [
            value for value in self.allowed or () if self.kind == "ordinal" and value not in self.values
        ]
        if unknown:
            raise ValueError(f"`allowed` holds {unknown}, expected some of `values`: {list(self.values)}")
        return self

    @model_validator(mode="after")
    def _one_target_and_a_known_default(self) -> Self:
        if self.cost is not None and "target_error" in self.model_fields_set:
            raise ValueError("found both `target_error` and `cost`, expected one: the cost sets the error")
        misplaced = [name for name in _ORDINAL_ONLY if getattr(self, name) is not None]
        if self.kind != "ordinal" and misplaced:
            raise ValueError(f'{misplaced} belong to kind = "ordinal", found kind = "{self.kind}"')
        if self.default is not None and self.default not in self.values:
            raise ValueError(f"`default` is {self.default!r}, expected one of `values`: {list(self.values)}")
        return self

    def spec(self, name: str) -> FieldSpec:
        """Return the field as the models know it."""
        return FieldSpec(
            name=name,
            kind=self.kind,
            parent=self.parent,
            values=self.values,
            target_error=self.target_error if self.cost is None else self.cost.target_error,
            confidence_level=self.confidence_level,
            default=self.default,
            target_error_raise=self.target_error_raise,
            target_error_lower=self.target_error_lower,
            descriptions=tuple(self.descriptions.items()),
            estimator=self.estimator,
        )
