"""`[hooks.NAME]`: who may send tickets with a signature, and where the results go."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from models.errors import InputError
from triage.callback_urls import AllowedHost, callback_target, parse_origin
from triage.settings.base import SettingsModel

_SHORTEST_SECRET = 16
NAME_PATTERN = r"[a-z0-9][a-z0-9_-]{0,63}"
ConnectorName = Annotated[str, Field(pattern=f"^{NAME_PATTERN}$")]


class CallbackHostSettings(SettingsModel):
    """`[[hooks.NAME.callbacks]]`: a host that results may be posted to."""

    origin: str = Field(
        description="https://host, with :port where it is another than 443; http:// only where it must be"
    )
    internal: bool = Field(
        False, description="the host may have a private, loopback or link-local address of your own network"
    )

    @field_validator("origin")
    @classmethod
    def _is_origin(cls, origin: str) -> str:
        try:
            return parse_origin(origin)
        except InputError as error:
            raise ValueError(error.message) from error

    def allowed(self) -> AllowedHost:
        return AllowedHost(self.origin, self.internal)


class HookSettings(SettingsModel):
    """`[hooks.NAME]`: a sender of signed tickets."""

    secrets: tuple[SecretStr, ...] = Field(
        min_length=1,
        description="what the sender signs with, at least 16 characters; several are valid at once, so that "
        "they can be changed without a gap; results are signed with the first",
    )
    tolerance_s: Annotated[int, Field(ge=1, le=3600)] = Field(
        300, description="how far the signed time may be from this machine's, in seconds"
    )
    callback_url: str = Field(
        "", description="where results are posted; empty: where the delivery says, if its host is allowed"
    )
    callbacks: tuple[CallbackHostSettings, ...] = Field(
        (), description="the hosts that results may be posted to, beside the one of callback_url"
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
    def _long_enough(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret.get_secret_value()) < _SHORTEST_SECRET for secret in secrets):
            raise ValueError(
                f"a secret has fewer than {_SHORTEST_SECRET} characters: make one with `openssl rand -hex 32`"
            )
        return secrets

    @model_validator(mode="after")
    def _callback_is_usable(self) -> Self:
        if self.callback_url:
            try:
                callback_target(self.callback_url, self.allowed())
            except InputError as error:
                raise ValueError(f"callback_url: {error.message}") from error
        return self

    def keys(self) -> list[bytes]:
        """Return the secrets, the one to sign with first."""
        return [secret.get_secret_value().encode() for secret in self.secrets]

    def allowed(self) -> list[AllowedHost]:
        """Return the hosts that results may be posted to; that of `callback_url` is one of them."""
        listed = [entry.allowed() for entry in self.callbacks]
        if self.callback_url:
            own = parse_origin(self.callback_url, with_path=True)
            if own not in {entry.origin for entry in listed}:
                listed.append(AllowedHost(own, internal=False))
        return listed
