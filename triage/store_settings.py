"""Settings of what is remembered, how long, and how the dashboard divides it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from triage.settings_table import Table

_Days = Annotated[int, Field(ge=0, le=36_500)]


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


class DashboardSettings(Table):
    """`[dashboard]`: what the operator's overview divides by."""

    segment: str = Field("team", description="the field whose answered values the overview is divided by")
