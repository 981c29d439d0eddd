"""`[articles]` of `triage.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from triage.settings.base import SettingsModel


class ArticleSettings(SettingsModel):
    """`[articles]`: how articles are ranked and taken in."""

    learn_from_use: bool = Field(
        True, description="let openings, attachments and judgements move articles, once there are enough"
    )
    max_body_kb: Annotated[int, Field(ge=1)] = Field(
        8192, description="largest body of a request that changes articles, in KiB"
    )
    default_visibility: Literal["public", "internal"] = Field(
        "public", description="public or internal: who may read articles that do not say it themselves"
    )
