"""`[helpdesks.NAME]` of `triage.toml`: helpdesks whose tickets are fetched, and their fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from models.errors import SettingsError
from triage.settings.base import SettingsModel
from triage.settings.fields import FieldSettings

HelpdeskKind = Literal["django-helpdesk"]


class FieldMapping(SettingsModel):
    """`[helpdesks.NAME.fields.FIELD]`: where a field of ours stands in the helpdesk."""

    field: str = Field(
        min_length=1, description="its name in the helpdesk, as `triage helpdesk fields NAME` prints it"
    )
    mode: Literal["off", "shadow"] = Field(
        "shadow",
        description="off: the field is left out; shadow: it is decided and recorded, and nothing "
        "is written to the helpdesk",
    )
    values: dict[str, str] = Field(
        default_factory=dict,
        description="value in the helpdesk = our value; empty: both are spelt alike",
    )
    defaults: tuple[str, ...] = Field(
        (), description="values in the helpdesk that a ticket has while nobody has acted"
    )


class HelpdeskSettings(SettingsModel):
    """`[helpdesks.NAME]`: a helpdesk whose tickets are fetched."""

    kind: HelpdeskKind = Field(description="the system: django-helpdesk")
    url: str = Field(
        description="address below which its pages are, such as https://desk.example.com/helpdesk; it may "
        "be in your own network"
    )
    user: str = Field("", description="user who signs in; empty: `secret` is a token")
    secret: SecretStr = Field(
        SecretStr(""), description="the user's password, or the token; better in the environment"
    )
    secret_file: Path | None = Field(None, description="file that holds the secret, in place of `secret`")
    fields: dict[str, FieldMapping] = Field(
        default_factory=dict, description="our fields, and where they stand in the helpdesk"
    )
    poll_s: Annotated[int, Field(ge=1, le=86_400)] = Field(
        60, description="seconds between two looks for new tickets"
    )
    per_minute: Annotated[int, Field(ge=1, le=6000)] = Field(
        60, description="requests a minute that we make at most: our share of what the helpdesk allows"
    )
    timeout_s: Annotated[int, Field(ge=1, le=300)] = Field(
        30, description="how long the helpdesk may be silent before a request has failed, in seconds"
    )
    articles: Annotated[int, Field(ge=0, le=20)] = Field(
        3, description="how many articles to find for each ticket"
    )

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        advice = "write an address such as https://desk.example.com/helpdesk"
        try:
            parts = parse_url(url)
        except LocationParseError:
            raise ValueError(f"the address cannot be understood: {advice}") from None
        if parts.scheme not in {"http", "https"} or not parts.host:
            raise ValueError(f"the address has no host, or is neither https nor http: {advice}")
        if parts.auth is not None or parts.query is not None or parts.fragment is not None:
            raise ValueError(
                f"the address has a user, a password, a query or a fragment: {advice}; who signs in stands "
                "in `user` and `secret`"
            )
        return url.rstrip("/")

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        if self.secret.get_secret_value() and self.secret_file is not None:
            raise ValueError("found both `secret` and `secret_file`, expected one")
        return self

    @model_validator(mode="after")
    def _fields_are_apart(self) -> Self:
        places = [field.field for field in self.fields.values()]
        if twice := sorted({place for place in places if places.count(place) > 1}):
            raise ValueError(
                f"two of our fields stand in {', '.join(twice)}: expected each in a place of its own"
            )
        for name, field in self.fields.items():
            if unknown := [value for value in field.defaults if field.values and value not in field.values]:
                raise ValueError(
                    f"fields.{name}: `defaults` has {', '.join(unknown)}, which `values` does not name"
                )
        return self

    def open_secret(self) -> str:
        """Return the password or token.

        Raises:
            SettingsError: there is none, or its file cannot be read.
        """
        if self.secret_file is None:
            found = self.secret.get_secret_value()
        else:
            try:
                found = self.secret_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"the file with the helpdesk's secret, {self.secret_file}, cannot be read "
                    f"({type(error).__name__}): check `secret_file` and the file's owner"
                ) from error
        if not found:
            raise SettingsError(
                "the helpdesk has no secret: set TRIAGE_HELPDESKS__NAME__SECRET in the environment, or name "
                "a file in `secret_file`"
            )
        return found

    def problems(self, known: Mapping[str, FieldSettings]) -> list[str]:
        """Return what does not fit the fields of the settings, which may name none; each with its place."""
        found = []
        for name, field in self.fields.items():
            if known and name not in known:
                found.append(f"fields.{name}: there is no such field, expected one of {', '.join(known)}")
                continue
            wanted = known.get(name, FieldSettings())
            if wanted.kind == "tags":
                found.append(f"fields.{name}: fields of the kind tags cannot be mapped to a helpdesk yet")
            strange = [
                value for value in field.values.values() if wanted.values and value not in wanted.values
            ]
            if strange:
                found.append(
                    f"fields.{name}.values: found {', '.join(strange)}, expected values of the field: "
                    f"{', '.join(wanted.values)}"
                )
        return found

    @property
    def active_fields(self) -> dict[str, FieldMapping]:
        """The fields that are not off, by our names."""
        return {name: field for name, field in self.fields.items() if field.mode != "off"}
