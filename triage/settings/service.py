"""The settings of the HTTP service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, IPvAnyNetwork

from triage.settings.base import SettingsModel

_Share = Annotated[float, Field(ge=0, le=0.5)]


class FeedbackSettings(SettingsModel):
    """`[feedback]`: how the guarantee of `apply` is watched."""

    table: ClassVar[str] = "feedback"
    renamed: ClassVar[Mapping[str, str]] = {"blind_share": "holdout_share", "step_down": "suspend"}

    holdout_share: _Share = Field(
        0.02,
        description="share of the tickets with something to apply that are held out: left to a person "
        "without a suggestion, to measure the error",
    )
    suspend: bool = Field(
        True,
        description="suspend a field, so that it is only suggested, once its observed error is above "
        "target_error",
    )


class DeflectSettings(SettingsModel):
    """`[deflect]`: articles for customers while they type."""

    control_share: _Share = Field(
        0.05, description="share of the sessions that are shown nothing, to measure deflection against"
    )
    settled_minutes: Annotated[int, Field(ge=0, le=10_080)] = Field(
        60,
        description="minutes after which a session counts in the deflection: one without outcome, as one "
        "without a ticket",
    )
    quota_mb: Annotated[int, Field(ge=1, le=100_000)] = Field(
        50,
        description="MB that are stored a day of what comes with one portal's token; drafts are answered "
        "beyond that too",
    )
    sessions_per_address: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        100,
        description="sessions of one address that count a day in the deflection, with a portal's token; 0: "
        "any number",
    )
    cache_size: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        0,
        description="deprecated, without effect: no draft is cached, since the time of an answer would tell "
        "what others have typed",
    )


_Days = Annotated[int, Field(ge=0, le=36_500)]
_Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]


class StoreSettings(SettingsModel):
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
        1095, description="days after which entries of the audit log are deleted; 0: never"
    )


class PrivacySettings(SettingsModel):
    """`[privacy]`: further redaction of texts before they are stored, and what is learnt of single people."""

    redact_training: bool = Field(
        True, description="redact tickets before anything is learnt from them, as they are before storing"
    )
    fewest_requesters: Annotated[int, Field(ge=1, le=100)] = Field(
        3,
        description="a word is learnt if so many requesters wrote it (so many tickets, where the requester "
        "is not known); 1: also what a single person wrote",
    )
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


class DashboardSettings(SettingsModel):
    """`[dashboard]`: what the operator's overview divides by."""

    segment: str = Field("team", description="the field whose answered values the overview is divided by")


class ServerSettings(SettingsModel):
    """`[server]`: where the HTTP service listens, and how much it takes on at once."""

    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 is every address")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="port to listen on")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="processes that answer; each loads encoder, bundle and index for itself"
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="requests computed side by side in one process: as many as it has cores"
    )
    portal_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="drafts of portals searched side by side in one process, beside `threads`"
    )
    queue: Annotated[int, Field(ge=0, le=1000)] = Field(
        64, description="requests that may wait for their turn in one process; the next one gets a 503"
    )
    wait_s: Annotated[float, Field(gt=0, le=300)] = Field(
        10.0, description="longest wait for its turn, in seconds; then a request gets a 503"
    )
    read_s: Annotated[float, Field(gt=0, le=300)] = Field(
        20.0,
        description="within how many seconds a request must have arrived as a whole, and its answer be taken",
    )
    stop_s: Annotated[int, Field(ge=1, le=600)] = Field(
        30, description="how many seconds a stopping server takes at most to finish what it took"
    )
    connections: Annotated[int, Field(ge=10, le=100_000)] = Field(
        1000, description="open connections of one process, idle ones included"
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="addresses or networks of your reverse proxies, such as 10.0.0.0/8: whom a request of "
        "theirs comes from is read from X-Forwarded-For",
    )
    max_body_kb: Annotated[int, Field(ge=1)] = Field(1024, description="largest request body, in KiB")
    trust_outside: bool = Field(
        False, description="deprecated, without effect: loading a bundle runs no code"
    )
    max_batch_kb: Annotated[int, Field(ge=1)] = Field(
        8192, description="largest body of a batch of tickets, in KiB"
    )
    log: Literal["auto", "json", "text"] = Field(
        "auto", description="form of the log: json lines, text, or text on a terminal and json elsewhere"
    )
