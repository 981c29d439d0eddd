"""Settings of what is remembered, how it is redacted, how long it stays, and how the dashboard divides it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.settings_table import Table

_Days = Annotated[int, Field(ge=0, le=36_500)]
_Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]


class StoreSettings(Table):
    """`[store]`: the service's memory of decisions and of what people made of them."""

    url: str = Field(
        "",
        description="database: postgresql://user:password@host/name, or sqlite:////folder/file; empty: "
        "triage.db in the home",
    )
    secret: str = Field(
        "",
        description="what turns requesters into pseudonyms; empty: the file secret.key in the home, which "
        "is made at the first start. Several machines over one database need the same",
    )
    keep_text: bool = Field(True, description="keep the redacted text of tickets and searches")
    keep_days: _Days = Field(
        365, description="days after which decisions, feedback and searches are deleted; 0: never"
    )
    keep_audit_days: _Days = Field(
        1095, description="days after which entries of the audit trail are deleted; 0: never"
    )


class PrivacySettings(Table):
    """`[privacy]`: what else is taken out of texts before they are kept."""

    presidio: bool = Field(
        False, description="let Presidio (the extra `presidio`) redact what our own redaction leaves"
    )
    presidio_models: dict[_Language, str] = Field(
        default_factory=dict,
        description="language = spaCy model that finds names and places, by package name or folder; xx: for "
        "all others. Empty: patterns alone",
    )
    presidio_min_score: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="what Presidio scores lower stays; names and places score 0.85, patterns 0.5 to 1"
    )


class DashboardSettings(Table):
    """`[dashboard]`: what the operator's overview divides by."""

    segment: str = Field("team", description="the field whose answered values the overview is divided by")
