"""`[hooks.NAME]` of `triage.toml`: connectors, which send signed tickets and take the results."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from models.errors import InputError
from triage.callback_urls import AllowedHost, callback_target, parse_origin
from triage.settings.base import SettingsModel
from triage.webhooks.signing import FORMER, SigningKey

NAME_PATTERN = r"[a-z0-9][a-z0-9_-]{0,63}"
ConnectorName = Annotated[str, Field(pattern=f"^{NAME_PATTERN}$")]


class HookSettings(SettingsModel):
    """`[hooks.NAME]`: a connector, which sends signed tickets."""

    secrets: tuple[SecretStr, ...] = Field(
        min_length=1,
        description="what the sender signs with: whsec_ and 24 to 64 bytes in base64; several are valid at "
        "once, so that they can be changed without a gap; results are signed with the first",
    )
    tolerance_s: Annotated[int, Field(ge=1, le=3600)] = Field(
        300, description="how far the signed time may be from this machine's, in seconds"
    )
    callback_url: str = Field(
        "", description="where results are posted; empty: where the delivery says, if its host is allowed"
    )
    callbacks: tuple[AllowedHost, ...] = Field(
        (), description="the hosts that results may be posted to, in addition to the one of callback_url"
    )
    articles: Annotated[int, Field(ge=0, le=20)] = Field(
        3, description="how many articles to return where the delivery does not say"
    )
    max_attempts: Annotated[int, Field(ge=1, le=50)] = Field(
        10, description="how often a result is posted, with growing pauses, before the delivery has failed"
    )
    timeout_s: Annotated[int, Field(ge=1, le=30)] = Field(
        10, description="how long the host that takes a result may need, in seconds"
    )

    @field_validator("secrets")
    @classmethod
    def _can_sign(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for secret in secrets:
            SigningKey.parse(secret.get_secret_value())
        return secrets

    @model_validator(mode="after")
    def _callback_is_usable(self) -> Self:
        if self.callback_url:
            try:
                callback_target(self.callback_url, self.allowed())
            except InputError as error:
                raise ValueError(f"callback_url: {error.message}") from error
        return self

    def keys(self) -> list[SigningKey]:
        """Return the keys to verify with, the one to sign with first."""
        return [SigningKey.parse(secret.get_secret_value()) for secret in self.secrets]

    @property
    def signs_by_former_scheme(self) -> bool:
        """Whether a secret is none of Standard Webhooks."""
        return any(key.scheme is FORMER for key in self.keys())

    def allowed(self) -> list[AllowedHost]:
        """Return the hosts that results may be posted to; that of `callback_url` is one of them."""
        if not self.callback_url:
            return list(self.callbacks)
        own = AllowedHost(origin=parse_origin(self.callback_url, with_path=True))
        return [
            *self.callbacks,
            *([own] if own.origin not in {host.origin for host in self.callbacks} else []),
        ]
