"""Settings: one file, one table of documentation, clear words for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import SettingsError
from triage.settings import TABLES, load_settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIAGE_HOME", raising=False)
    monkeypatch.delenv("TRIAGE_ENCODER_DIR", raising=False)


def write(text: str) -> Path:
    path = Path("triage.toml")
    path.write_text(text, encoding="utf-8")
    return path


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for table, model in TABLES.items():
        for name, field in model.model_fields.items():
            assert f"`{name}`" in documented, f"{table}.{name}"
            assert field.description
            assert field.description in documented, f"{table}.{name}: {field.description}"


def test_without_a_file_the_defaults_hold() -> None:
    settings = load_settings()
    assert settings.home == Path("var")
    assert settings.encoder_folder == Path("var/encoder")
    assert settings.field_specs() == []


def test_home_goes_before_environment_before_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('home = "from-file"')
    assert load_settings().home == Path("from-file")
    monkeypatch.setenv("TRIAGE_HOME", "from-environment")
    assert load_settings().home == Path("from-environment")
    assert load_settings(home=Path("given")).home == Path("given")


def test_the_home_may_hold_the_settings_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "triage.toml").write_text('languages = ["fi"]', encoding="utf-8")
    assert load_settings(home=home).languages == ("fi",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense = 1", "nonsense: Extra inputs are not permitted"),
        ("[fields.a]\nkind = 'thing'", r"fields\.a\.kind"),
        ("[fields.a]\nkind = 'child'", "a child needs one"),
        ("[fields.a]\nkind = 'child'\nparent = 'b'", "there is no field 'b'"),
        (
            "[fields.a]\nkind='child'\nparent='b'\n[fields.b]\nkind='tags'",
            "its parent 'b' is of the kind tags",
        ),
        ("[fields.a]\nkind = 'ordinal'", "needs `values`"),
        (
            "[fields.a]\nkind = 'ordinal'\nvalues = ['x', 'y', 'x']",
            r"`values` has \['x'\] more than once",
        ),
        (
            "[fields.a]\nkind='child'\nparent='b'\n[fields.b]\nkind='child'\nparent='a'",
            "each other's parents",
        ),
        ("[fields.a]\ntarget_error = 2", r"fields\.a\.target_error"),
        ("[fields.a]\ntarget_error = 0.1\ncost = {wrong = 9, saved = 1}", "both `target_error` and `cost`"),
        ("[fields.a.cost]\nwrong = 1\nsaved = 2", "expected wrong to be more than saved"),
        ("[fields.a]\ndefault = 'x'", 'belong to kind = "ordinal", found kind = "choice"'),
        ("[fields.a]\ntarget_error_lower = 0.01", "belong to kind"),
        (
            "[fields.a]\nkind = 'ordinal'\nvalues = ['x', 'y']\ndefault = 'z'",
            r"`default` is 'z', expected one of `values`: \['x', 'y'\]",
        ),
        ("[tickets]\ndate_format = '%d.%m.%q'", r"tickets\.date_format: .*no form of a date.*'q' is a bad"),
        ("[tickets]\ndate_format = 'DD.MM.YYYY'", "does not tell year, month and day"),
        ("[tickets]\ndate_format = '%d.%m. %H:%M'", "does not tell year, month and day"),
        ("[tickets]\nseparator = ''", r"tickets\.separator: .*at least 1 character"),
        ("home = ", "does not parse as TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_and_the_reason(text: str, message: str) -> None:
    path = write(text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert str(path) in str(caught.value)


def test_a_cost_sets_the_error_up_to_which_applying_pays() -> None:
    write("[fields.a.cost]\nwrong = 15\nsaved = 1")
    (field,) = load_settings().field_specs()
    error, applied = field.target_error, 1000
    assert error == 1 / 16
    assert applied * ((1 - error) * 1 - error * 15) == pytest.approx(0)


def test_an_ordinal_may_name_its_default_and_the_errors_of_both_directions() -> None:
    write("[fields.a]\nkind = 'ordinal'\nvalues = ['x', 'y']\ndefault = 'x'\ntarget_error_raise = 0.1")
    (field,) = load_settings().field_specs()
    assert (field.default, field.target_error_raise, field.target_error_lower) == ("x", 0.1, None)


def test_a_former_name_still_works_and_the_warning_names_the_new_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    write("[feedback]\nblind_share = 0.1\nstep_down = false")
    feedback = load_settings().feedback
    assert (feedback.holdout_share, feedback.suspend) == (0.1, False)
    assert "`blind_share` is called `holdout_share` now" in caplog.text
    assert "`step_down` is called `suspend` now" in caplog.text
    assert "triage.toml, [feedback]: the setting `blind_share`" in caplog.text


def test_a_former_name_works_in_the_environment_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write("[feedback]\nsuspend = true")
    monkeypatch.setenv("TRIAGE_FEEDBACK__BLIND_SHARE", "0.3")
    assert load_settings().feedback.holdout_share == 0.3
    assert "the environment (TRIAGE_…), [feedback]: the setting `blind_share`" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "[feedback]\nblind_share = 0.1\nholdout_share = 0.1",
        "[fields.a]\nkind = 'child'",
        "[server]\nport = -1",
    ],
)
def test_errors_of_settings_are_in_our_own_words(text: str) -> None:
    write(text)
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert "Value error" not in raised.value.message
    assert not any("Value error" in problem for problem in raised.value.fields.values())


def test_new_names_raise_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    write("[feedback]\nholdout_share = 0.1\nsuspend = false")
    assert load_settings().feedback.holdout_share == 0.1
    assert caplog.text == ""


def test_a_setting_under_both_its_names_is_refused() -> None:
    write("[feedback]\nblind_share = 0.1\nholdout_share = 0.1")
    with pytest.raises(SettingsError, match="found both `holdout_share` and `blind_share`"):
        load_settings()


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SettingsError, match=r"there is no settings file none\.toml"):
        load_settings(Path("none.toml"))


def test_the_sample_helpdesk_has_valid_settings() -> None:
    settings = load_settings(ROOT / "examples" / "rullamo" / "triage.toml")
    assert {f.kind for f in settings.field_specs()} == {"choice", "child", "ordinal", "tags"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRIAGE_SERVER__TRUSTED_PROXIES", "127.0.0.1"),
        ("TRIAGE_LANGUAGES", "en,de"),
        ("TRIAGE_TICKETS", "title"),
        ("TRIAGE_HOOKS__SHOP__SECRETS", "whsec_c2VjcmV0"),
    ],
)
def test_a_list_in_the_environment_that_is_no_json_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    # The oldest versions allowed name the setting of a table instead.
    setting = name.removeprefix("TRIAGE_").lower().replace("__", ".")
    with pytest.raises(SettingsError, match=rf"{name} is not JSON|{setting}: Input should be") as found:
        load_settings()
    assert value not in found.value.message.replace('["127.0.0.1"]', "")
