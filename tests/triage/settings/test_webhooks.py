"""A connector is set up wholly or refused in words, and its secrets are shown to nobody."""

from __future__ import annotations

import pytest

from models.errors import SettingsError
from triage.settings import Settings, load_settings

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_secret_can_come_from_the_environment_beside_the_file(tmp_path, monkeypatch) -> None:
    (tmp_path / "triage.toml").write_text("[hooks.desk]\ntolerance_s = 60\n", encoding="utf-8")
    monkeypatch.setenv("TRIAGE_HOOKS__DESK__SECRETS", f'["{SECRET}"]')
    desk = load_settings().hooks["desk"]
    assert (desk.keys(), desk.tolerance_s) == ([SECRET.encode()], 60)


def test_a_secret_is_not_in_what_is_printed() -> None:
    settings = Settings(hooks={"desk": {"secrets": [SECRET]}})
    assert SECRET not in repr(settings)
    assert SECRET not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hooks.desk]", "secrets"),
        ("[hooks.desk]\nsecrets = []", "secrets"),
        ('[hooks.desk]\nsecrets = ["short"]', "openssl rand"),
        (f'[hooks."a b"]\nsecrets = ["{SECRET}"]', "hooks"),
        (f'[hooks.desk]\nsecrets = ["{SECRET}"]\ncallback_url = "desk.example.com"', "callback_url"),
        (f'[hooks.desk]\nsecrets = ["{SECRET}"]\ncallbacks = [{{origin = "https://a.example/x"}}]', "path"),
        (f'[hooks.desk]\nsecrets = ["{SECRET}"]\ntimeout_s = 600', "timeout_s"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text: str, message: str) -> None:
    (tmp_path / "triage.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert SECRET not in caught.value.message
