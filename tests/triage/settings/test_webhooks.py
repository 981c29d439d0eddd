"""A connector is set up wholly or refused in words, and its secrets are shown to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import SettingsError
from triage.settings import Settings, load_settings
from triage.webhooks.signing import SigningKey

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
FORMER_SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_secret_can_come_from_the_environment_beside_the_file(tmp_path, monkeypatch) -> None:
    (tmp_path / "triage.toml").write_text("[hooks.desk]\ntolerance_s = 60\n", encoding="utf-8")
    monkeypatch.setenv("TRIAGE_HOOKS__DESK__SECRETS", f'["{SECRET}"]')
    desk = load_settings().hooks["desk"]
    assert (desk.keys(), desk.tolerance_s) == ([SigningKey.parse(SECRET)], 60)


def test_a_secret_is_not_in_what_is_printed() -> None:
    settings = Settings(hooks={"desk": {"secrets": [SECRET]}})
    assert SECRET not in repr(settings)
    assert SECRET not in settings.model_dump_json()


def test_a_secret_of_the_former_scheme_still_works_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "triage.toml"
    path.write_text(f'[hooks.desk]\nsecrets = ["{FORMER_SECRET}"]', encoding="utf-8")
    assert load_settings().hooks["desk"].keys() == [SigningKey.parse(FORMER_SECRET)]
    assert "hooks.desk: a secret does not begin with whsec_" in caplog.text
    assert FORMER_SECRET not in caplog.text
    caplog.clear()
    path.write_text(f'[hooks.desk]\nsecrets = ["{SECRET}"]', encoding="utf-8")
    load_settings()
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[hooks.desk]", "secrets"),
        ("[hooks.desk]\nsecrets = []", "secrets"),
        ('[hooks.desk]\nsecrets = ["short"]', "openssl rand"),
        ('[hooks.desk]\nsecrets = ["whsec_not base64"]', "expected 24 to 64 bytes in base64"),
        ('[hooks.desk]\nsecrets = ["whsec_MDEyMzQ1Njc4OWFi"]', "expected 24 to 64 bytes in base64"),
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
