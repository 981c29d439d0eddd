"""A helpdesk is set up wholly or refused in words, and its secret is shown to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.errors import SettingsError
from triage.settings import Settings, load_settings

DESK = {"kind": "django-helpdesk", "url": "http://10.0.0.7:8000/support/", "secret": "s3cret-of-the-desk"}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_helpdesk_in_the_own_network_is_taken_at_its_address() -> None:
    assert Settings(helpdesks={"desk": DESK}).helpdesks["desk"].url == "http://10.0.0.7:8000/support"


def test_the_secret_is_not_in_what_is_printed() -> None:
    settings = Settings(helpdesks={"desk": DESK})
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in settings.model_dump_json()
    assert settings.helpdesks["desk"].open_secret() == "s3cret-of-the-desk"


def test_the_secret_can_come_from_the_environment_or_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = '[helpdesks.desk]\nkind = "django-helpdesk"\nurl = "https://desk.example.com"\n'
    (tmp_path / "triage.toml").write_text(table, "utf-8")
    with pytest.raises(SettingsError, match="TRIAGE_HELPDESKS__NAME__SECRET"):
        load_settings().helpdesks["desk"].open_secret()
    monkeypatch.setenv("TRIAGE_HELPDESKS__DESK__SECRET", "from the environment")
    assert load_settings().helpdesks["desk"].open_secret() == "from the environment"
    monkeypatch.delenv("TRIAGE_HELPDESKS__DESK__SECRET")
    (tmp_path / "secret").write_text("from a file\n", "utf-8")
    (tmp_path / "triage.toml").write_text(table + 'secret_file = "secret"\n', "utf-8")
    assert load_settings().helpdesks["desk"].open_secret() == "from a file"
    (tmp_path / "secret").unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings().helpdesks["desk"].open_secret()


def test_a_field_is_shadowed_unless_it_is_off() -> None:
    mapped = {"team": {"field": "queue"}, "category": {"field": "custom_category", "mode": "off"}}
    desk = Settings(helpdesks={"desk": {**DESK, "fields": mapped}}).helpdesks["desk"]
    assert desk.fields["team"].mode == "shadow"
    assert list(desk.active_fields) == ["team"]


def refused(**settings: Any) -> str:
    with pytest.raises(ValueError, match="validation error") as error:
        Settings(**settings)
    return str(error.value)


def test_a_name_is_a_connector_or_a_helpdesk_and_never_both() -> None:
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
    message = refused(hooks={"desk": {"secrets": [secret]}}, helpdesks={"desk": DESK})
    assert "desk: found in [hooks] and in [helpdesks], expected each name once" in message


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("desk.example.com", "neither https nor http"),
        ("ftp://desk.example.com", "neither https nor http"),
        ("https://ann:s3cret@desk.example.com", "has a user, a password"),
        ("https://desk.example.com/?key=s3cret", "a query"),
        ("https://desk.example.com:99999999/", "cannot be understood"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(tmp_path: Path, url: str, problem: str) -> None:
    lines = f'[helpdesks.desk]\nkind = "django-helpdesk"\nurl = "{url}"\n'
    (tmp_path / "triage.toml").write_text(lines, "utf-8")
    with pytest.raises(SettingsError, match=problem) as error:
        load_settings()
    assert "s3cret" not in error.value.message


@pytest.mark.parametrize(
    ("mapped", "problem"),
    [
        ({"tema": {"field": "queue"}}, "there is no such field, expected one of team, priority, labels"),
        ({"labels": {"field": "custom_labels"}}, "of the kind tags cannot be mapped"),
        ({"priority": {"field": "priority", "values": {"High": "hihg"}}}, "found hihg, expected values of"),
        ({"team": {"field": "queue", "values": {"A": "a"}, "defaults": ["B"]}}, "`defaults` has B"),
        ({"team": {"field": "queue"}, "priority": {"field": "queue"}}, "two of our fields stand in queue"),
        ({"team": {"field": "queue", "mode": "write"}}, "Input should be 'off' or 'shadow'"),
    ],
)
def test_a_mapping_that_does_not_fit_our_fields_is_named(mapped: dict[str, Any], problem: str) -> None:
    fields = {
        "team": {},
        "priority": {"kind": "ordinal", "values": ["low", "high"]},
        "labels": {"kind": "tags"},
    }
    assert problem in refused(fields=fields, helpdesks={"desk": {**DESK, "fields": mapped}})


def test_without_fields_in_the_settings_any_field_may_be_mapped() -> None:
    mapped = {"anything": {"field": "custom_anything", "values": {"A": "a"}}}
    assert Settings(helpdesks={"desk": {**DESK, "fields": mapped}}).helpdesks["desk"].active_fields
