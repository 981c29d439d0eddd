"""All settings, read once at the top from `triage.toml` and the environment, then passed down."""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnparsedVariableError

from models.classifiers.fields import Field as FieldSpec
from models.classifiers.fields import parents_first
from models.errors import SettingsError
from models.wording import problem_text
from triage.callback_urls import AllowedHost
from triage.settings.articles import ArticleSettings
from triage.settings.base import ENVIRONMENT, place_of, settings_source
from triage.settings.fields import CostSettings, FieldSettings
from triage.settings.helpdesks import FieldMapping, HelpdeskSettings
from triage.settings.rule_validation import rule_problems
from triage.settings.rules import Condition, Matrix, Rule, Sla, SlaTarget
from triage.settings.savings import FieldSavings, SavingsSettings
from triage.settings.service import (
    DashboardSettings,
    DeflectSettings,
    FeedbackSettings,
    PrivacySettings,
    ServerSettings,
    StoreSettings,
)
from triage.settings.tickets import TicketColumns
from triage.settings.webhooks import ConnectorName, HookSettings

_FILE = "triage.toml"
_log = logging.getLogger(__name__)


class Settings(BaseSettings):
    """The settings of one helpdesk. The environment (TRIAGE_…) goes before the file."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="TRIAGE_", env_nested_delimiter="__", env_ignore_empty=True
    )

    home: Path = Field(Path("var"), description="folder of everything that is built or recorded")
    encoder: str = Field(
        "built-in", description="built-in, or a sentence-transformers model by folder or name"
    )
    encoder_dir: Path | None = Field(
        None,
        description="folder of the built-in encoder, to share it between homes (default home/encoder)",
    )
    second_encoder: str = Field(
        "auto",
        description="a further encoder that training tries and keeps where it pays: auto (the English "
        "all-MiniLM-L6-v2 where the extra `english` is installed), off, or a sentence-transformers model",
    )
    cross_encoder: str = Field(
        "off",
        description="a sentence-transformers cross-encoder, by folder or name, that puts the 20 best "
        "articles in order; off: none",
    )
    languages: tuple[str, ...] = Field(
        (), description="languages that tickets come in (ISO 639-1); empty: any"
    )
    language_detector: Literal["langid", "langid+langdetect"] = Field(
        "langid",
        description="langid (py3langid with function words), or langid+langdetect: langdetect is asked too "
        "where no language is half certain",
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(2, description="processor cores to use")
    keep_bundles: Annotated[int, Field(ge=1)] = Field(
        10,
        description="how many of the newest bundles stay, in addition to the current one and the one before "
        "it",
    )
    fields: dict[str, FieldSettings] = Field(
        default_factory=dict, description="the fields to predict; empty: every label that the tickets carry"
    )
    matrix: dict[str, Matrix] = Field(default_factory=dict, description="fields that follow from two others")
    rules: tuple[Rule, ...] = Field((), description="the helpdesk's own rules, run after the models")
    sla: Sla = Field(Sla(), description="by when a ticket is to be answered and solved")
    tickets: TicketColumns = Field(TicketColumns(), description="what an export of tickets is like")
    articles: ArticleSettings = Field(ArticleSettings(), description="how articles are ranked")
    server: ServerSettings = Field(ServerSettings(), description="the HTTP service")
    store: StoreSettings = Field(StoreSettings(), description="the service's memory")
    privacy: PrivacySettings = Field(PrivacySettings(), description="what else is redacted")
    hooks: dict[ConnectorName, HookSettings] = Field(
        default_factory=dict, description="senders of signed tickets"
    )
    helpdesks: dict[ConnectorName, HelpdeskSettings] = Field(
        default_factory=dict, description="helpdesks whose tickets are fetched"
    )
    feedback: FeedbackSettings = Field(
        FeedbackSettings(), description="how the guarantee of apply is watched"
    )
    deflect: DeflectSettings = Field(DeflectSettings(), description="articles for customers who type")
    dashboard: DashboardSettings = Field(DashboardSettings(), description="the operator's overview")
    savings: SavingsSettings = Field(SavingsSettings(), description="minutes that a backtest counts")

    @model_validator(mode="after")
    def _parents_exist(self) -> Self:
        for name, field in self.fields.items():
            if field.parent is not None and field.parent not in self.fields:
                raise ValueError(f"fields.{name}: there is no field {field.parent!r} to be its parent")
            if field.parent is not None and self.fields[field.parent].kind == "tags":
                raise ValueError(
                    f"fields.{name}: its parent {field.parent!r} is of the kind tags, of which a ticket may "
                    "have several: expected a parent with one value"
                )
        parents_first(self.field_specs())
        return self

    @model_validator(mode="after")
    def _rules_name_what_there_is(self) -> Self:
        problems = rule_problems(self.fields, self.matrix, self.rules, self.sla)
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @model_validator(mode="after")
    def _helpdesks_fit(self) -> Self:
        if twice := sorted(self.hooks.keys() & self.helpdesks.keys()):
            raise ValueError(
                f"{', '.join(twice)}: found in [hooks] and in [helpdesks], expected each name once, since "
                "deliveries are kept by it"
            )
        problems = [
            f"helpdesks.{name}.{problem}"
            for name, helpdesk in self.helpdesks.items()
            for problem in helpdesk.problems(self.fields)
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @model_validator(mode="after")
    def _warn_of_former_signatures(self) -> Self:
        for name, connector in self.hooks.items():
            if connector.signs_by_former_scheme:
                _log.warning(
                    "%s, hooks.%s: a secret does not begin with whsec_, so it signs by the former scheme, "
                    "which the next version does not know: docs/hooks.md tells how to change to Standard "
                    "Webhooks",
                    place_of("hooks", name),
                    name,
                )
        return self

    @model_validator(mode="after")
    def _warn_of_settings_without_effect(self) -> Self:
        if self.server.trust_outside:
            _log.warning(
                "%s, [server]: the setting `trust_outside` is deprecated and has no effect, since loading a "
                "bundle runs no code: take it out before the next version",
                place_of("server", "trust_outside"),
            )
        if self.deflect.cache_size:
            _log.warning(
                "%s, [deflect]: the setting `cache_size` is deprecated and has no effect, since the time of "
                "an answer from a cache tells what others have typed: take it out before the next version",
                place_of("deflect", "cache_size"),
            )
        return self

    def field_specs(self) -> list[FieldSpec]:
        """Return the configured fields as the models know them."""
        return [field.spec(name) for name, field in self.fields.items()]

    def tag_fields(self) -> set[str]:
        """Return the names of the fields that hold several values."""
        return {name for name, field in self.fields.items() if field.kind == "tags"}

    def known_values(self) -> dict[str, Collection[str]]:
        """Return, by field, the values that the settings name, which are values whatever they look like."""
        return {
            name: {*field.values, *(field.allowed or ()), *field.descriptions}
            for name, field in self.fields.items()
        }

    def spellings(self) -> dict[str, Collection[str]]:
        """Return, by field, the values that the helpdesk has, as it spells them, where it said so."""
        return {name: field.allowed for name, field in self.fields.items() if field.allowed}

    @property
    def encoder_folder(self) -> Path:
        return self.encoder_dir or self.home / "encoder"

    @property
    def store_url(self) -> str:
        """The database's URL; `triage.db` in the home where the settings name none."""
        return self.store.url or f"sqlite:///{(self.home / 'triage.db').absolute()}"

    @property
    def cache_folder(self) -> Path:
        return self.home / "cache"

    @property
    def language_folder(self) -> Path:
        return self.cache_folder / "languages"

    def helpdesk_folder(self, name: str) -> Path:
        """Return the folder of what is fetched from a helpdesk."""
        return self.home / "helpdesks" / name

    @property
    def models_folder(self) -> Path:
        return self.home / "models"

    @property
    def kb_folder(self) -> Path:
        return self.home / "kb"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, whose content arrives as init arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(file: Path | None = None, *, home: Path | None = None) -> Settings:
    """Read the settings from `file`, else `./triage.toml`, else `HOME/triage.toml`, else take the defaults.

    `home` goes before the file and the environment.

    Raises:
        SettingsError: the file is missing, does not parse, or holds something unknown or impossible.
    """
    chosen = file or next((p for p in _candidates(home) if p.is_file()), None)
    values = _read(chosen) if chosen else {}
    try:
        with settings_source(chosen, values):
            settings = Settings(**values)
    except ValidationError as error:
        problems = {
            ".".join(map(str, e["loc"])) or "settings": problem_text(e["msg"]) for e in error.errors()
        }
        listed = "; ".join(f"{place}: {problem}" for place, problem in problems.items())
        where = str(chosen) if chosen else ENVIRONMENT
        raise SettingsError(
            f"{where}: {listed}. docs/settings.md lists every setting.", fields=problems
        ) from error
    except UnparsedVariableError as error:
        raise SettingsError(
            f"{ENVIRONMENT}: {_unparsed_variable(error)} is not JSON, as lists and tables are in the "
            "environment: expected a list such as TRIAGE_SERVER__TRUSTED_PROXIES='[\"127.0.0.1\"]'"
        ) from None
    return settings.model_copy(update={"home": home}) if home else settings


def _unparsed_variable(error: UnparsedVariableError) -> str:
    """Return the name of the variable that is no JSON; its value may be a secret."""
    value = getattr(error.__cause__, "doc", None)
    prefix = Settings.model_config["env_prefix"]
    found = (name for name, text in os.environ.items() if name.upper().startswith(prefix) and text == value)
    return next(found, "a variable")


def _candidates(home: Path | None) -> list[Path]:
    return [Path(_FILE), *([home / _FILE] if home else [])]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"there is no settings file {file}: check the path, or leave --settings out"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file} does not parse as TOML: {error}") from error


SettingsTable = Literal[
    "",
    "fields.NAME",
    "fields.NAME.cost",
    "matrix.NAME",
    "rules",
    "when",
    "sla",
    "sla.targets",
    "tickets",
    "articles",
    "server",
    "store",
    "privacy",
    "hooks.NAME",
    "hooks.NAME.callbacks",
    "helpdesks.NAME",
    "helpdesks.NAME.fields.FIELD",
    "feedback",
    "deflect",
    "dashboard",
    "savings",
    "savings.fields.NAME",
]
TABLES: dict[SettingsTable, type[BaseModel]] = {
    "": Settings,
    "fields.NAME": FieldSettings,
    "fields.NAME.cost": CostSettings,
    "matrix.NAME": Matrix,
    "rules": Rule,
    "when": Condition,
    "sla": Sla,
    "sla.targets": SlaTarget,
    "tickets": TicketColumns,
    "articles": ArticleSettings,
    "server": ServerSettings,
    "store": StoreSettings,
    "privacy": PrivacySettings,
    "hooks.NAME": HookSettings,
    "hooks.NAME.callbacks": AllowedHost,
    "helpdesks.NAME": HelpdeskSettings,
    "helpdesks.NAME.fields.FIELD": FieldMapping,
    "feedback": FeedbackSettings,
    "deflect": DeflectSettings,
    "dashboard": DashboardSettings,
    "savings": SavingsSettings,
    "savings.fields.NAME": FieldSavings,
}
