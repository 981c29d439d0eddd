"""`triage guarantee` as its users call it, and its old name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli import main
from tests.store.test_decisions import decision
from triage.pipeline.factory import model_registry
from triage.settings import Settings
from triage.store import open_store
from triage.store.guarantee import Suspension

BUNDLE = "20260101T000000"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with a current bundle, one wrong holdout value and a suspended field."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(home=tmp_path / "home")
    registry = model_registry(settings)
    registry.path(BUNDLE).mkdir(parents=True)
    registry.make_current(BUNDLE)
    with open_store(settings) as store:
        made = decision(is_holdout=True, bundle_id=BUNDLE)
        store.decisions.record(replace(made, fields=[replace(made.fields[0], action="abstain")]))
        store.feedback.record(made.id, {"category": "screen"})
        assert store.suspensions.add(Suspension("category", BUNDLE, datetime.now(UTC), 20, 10, 0.05))
    return settings.home


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


def shown(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert run("guarantee", "show", "--home", home, "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    return found


def test_a_suspended_field_is_shown_and_applies_again_once_that_is_lifted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("guarantee", "show", "--home", home) == 0
    line = capsys.readouterr().out
    assert line.startswith("category: target at most 5.0%, broken: holdout 100.0%")
    assert line.endswith(", SUSPENDED\n")
    assert run("guarantee", "lift", "category", "--home", home) == 0
    assert shown(home, capsys)["suspended"] is None
    assert run("guarantee", "lift", "category", "--home", home) == 2
    assert "'category' is not suspended" in capsys.readouterr().err


def test_the_json_has_the_old_keys_beside_the_new_ones(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = shown(home, capsys)
    assert (found["guarantee"], found["target_error"], found["holdout_judged"]) == ("broken", 0.05, 1)
    for old, new in (
        ("promise", "guarantee"),
        ("promised", "target_error"),
        ("blind_judged", "holdout_judged"),
        ("blind_wrong", "holdout_wrong"),
        ("stepped_down", "suspended"),
    ):
        assert found[old] == found[new], old


def test_the_old_name_of_the_command_works_still_and_names_the_new_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("promise", "lift", "category", "--home", home) == 0
    assert "use `triage guarantee`" in capsys.readouterr().err
    assert shown(home, capsys)["suspended"] is None
    assert run("--help") == 0
    help_text = capsys.readouterr().out
    assert "guarantee" in help_text
    assert "promise" not in help_text


def test_where_nothing_is_known_yet_the_next_step_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(home=tmp_path / "home")
    assert run("guarantee", "show", "--home", settings.home) == 2
    assert "nothing was trained" in capsys.readouterr().err
    registry = model_registry(settings)
    registry.path(BUNDLE).mkdir(parents=True)
    registry.make_current(BUNDLE)
    assert run("guarantee", "show", "--home", settings.home) == 0
    printed = capsys.readouterr().out
    assert f"nothing is known yet of bundle {BUNDLE}" in printed
    assert "triage serve" in printed
    assert run("guarantee", "show", "--home", settings.home, "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_to_lift_a_field_that_the_bundle_has_not_names_those_that_it_has(
    sample_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("guarantee", "lift", "nope", "--home", sample_settings.home) == 2
    told = capsys.readouterr().err
    assert "there is no field 'nope'" in told
    assert "category" in told
