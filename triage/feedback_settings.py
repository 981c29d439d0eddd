"""Settings of what is learnt from people: the blind sample and the control group."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.settings_table import Table

_Share = Annotated[float, Field(ge=0, le=0.5)]


class FeedbackSettings(Table):
    """`[feedback]`: how the promise of `apply` is watched."""

    blind_share: _Share = Field(
        0.02, description="share of the tickets with something to apply that are left to people, unseen"
    )
    step_down: bool = Field(
        True, description="suggest instead of apply once the observed error breaks target_error"
    )


class DeflectSettings(Table):
    """`[deflect]`: articles for customers while they type."""

    control_share: _Share = Field(
        0.05, description="share of the sessions that are shown nothing, to measure deflection against"
    )
    settled_minutes: Annotated[int, Field(ge=0, le=10_080)] = Field(
        60,
        description="minutes after which a session counts in the deflection: one without outcome, as one "
        "without a ticket",
    )
    cache_size: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        5000, description="drafts whose articles are remembered, per process"
    )
