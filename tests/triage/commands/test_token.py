"""`triage token` and `triage audit` as their users call them."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from cli import main
from triage.first_token import ensure_first_token
from triage.settings import ServerSettings, Settings
from triage.store import open_store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


def listed(home: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert run("token", "list", "--home", home, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_secret_is_shown_once_and_alone_on_the_output(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "create", "helpdesk", "--scope", "triage", "--scope", "agent", "--home", home) == 0
    told = capsys.readouterr()
    secret = told.out.strip()
    assert secret.startswith("trg_")
    assert "cannot be shown again" in told.err
    (token,) = listed(home, capsys)
    assert (token["name"], token["state"], token["scopes"]) == ("helpdesk", "active", ["agent", "triage"])
    assert secret not in json.dumps(token)
    assert "hash" not in json.dumps(token)
    assert run("token", "list", "--home", home) == 0
    shown = capsys.readouterr().out
    assert token["id"] in shown
    assert secret not in shown
    found = open_store(Settings(home=home))
    assert found.access_tokens.list()[0].matches(secret, found.access_tokens.list()[0].created_at)
    found.database.close()


def test_a_token_is_rotated_and_revoked_by_its_id(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create = (
        "token",
        "create",
        "portal",
        "--scope",
        "portal",
        "--origin",
        "https://a.example",
        "--days",
        "30",
    )
    assert run(*create, "--per-minute", "90", "--home", home, "--json") == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["per_minute"], made["origins"]) == (90, ["https://a.example"])
    assert made["expires_at"] > made["created_at"]
    assert run("token", "rotate", made["id"], "--grace-hours", "0", "--home", home, "--json") == 0
    rotated = json.loads(capsys.readouterr().out)
    assert rotated["id"] == made["id"]
    assert rotated["secret"] != made["secret"]
    assert run("token", "revoke", made["id"], "--home", home) == 0
    assert listed(home, capsys)[0]["state"] == "revoked"
    assert run("audit", "--home", home, "--json") == 0
    trail = json.loads(capsys.readouterr().out)
    assert sorted(e["action"] for e in trail) == ["token.create", "token.revoke", "token.rotate"]
    assert {e["target"] for e in trail} == {made["id"]}
    assert all(e["actor"].startswith("cli:") for e in trail)
    for secret in (made["secret"], rotated["secret"]):
        assert secret not in json.dumps(trail)
    assert run("audit", "--home", home, "--limit", "1") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_cannot_be_is_said_in_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("token", "create", "x", "--scope", "root", "--home", home) == 2
    assert "found the unknown scopes root, expected one or more of triage, agent" in capsys.readouterr().err
    assert run("token", "revoke", "0" * 12, "--home", home) == 2
    assert "there is no token" in capsys.readouterr().err
    assert listed(home, capsys) == []


def test_serving_with_trust_works_and_says_that_it_is_not_needed(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[ServerSettings] = []
    monkeypatch.setattr("triage.server.gunicorn_app.serve", lambda chosen, **_: served.append(chosen.server))
    assert run("serve", "--home", home, "--trust") == 0
    assert len(served) == 1
    assert "--trust and trust_outside are deprecated" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["token", "list"], ["audit"], ["data", "prune"], ["serve"]])
def test_every_command_warns_of_a_setting_without_effect_and_of_a_former_name(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:
    monkeypatch.setattr("triage.server.gunicorn_app.serve", lambda settings, **_: None)
    file = tmp_path / "own.toml"
    file.write_text("[server]\ntrust_outside = true\n[feedback]\nblind_share = 0.1\n", "utf-8")
    run(*command, "--home", home, "--settings", file)
    warnings = [line for line in capsys.readouterr().err.splitlines() if "own.toml" in line]
    assert len(warnings) == 2
    assert all(line.startswith("warning: ") for line in warnings)
    assert any("[server]" in line and "trust_outside" in line for line in warnings)
    assert any("[feedback]" in line and "holdout_share" in line for line in warnings)


def test_creating_a_token_says_that_one_is_needed_from_now_on(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "create", "x", "--scope", "triage", "--home", home) == 0
    assert "Authorization: Bearer" in capsys.readouterr().err


def test_serving_on_windows_itself_names_wsl(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.server.gunicorn_app.sys.platform", "win32")
    assert run("serve", "--home", home) == 2
    assert "run the same command in WSL" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"triage {version('triage')}\n"


@pytest.fixture
def lost(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a home that had tokens, and whose database was deleted."""
    with open_store(Settings(home=home)) as store:
        assert ensure_first_token(store.access_tokens, home)
    for file in home.glob("triage.db*"):
        file.unlink()
    return home


@pytest.mark.parametrize(
    "command",
    [
        ["token", "list"],
        ["token", "rotate", "0123456789ab"],
        ["token", "revoke", "0123456789ab"],
        ["data", "prune"],
        ["data", "export", "--requester", "ann@example.com"],
        ["audit"],
    ],
)
def test_where_the_database_is_lost_a_command_says_so_and_makes_none(
    lost: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*command, "--home", lost) == 2
    told = capsys.readouterr().err
    assert "is lost" in told
    assert "restore the backup" in told
    assert "triage token create NAME --scope admin" in told
    assert not list(lost.glob("triage.db"))


def test_a_token_opens_a_home_again_whose_database_is_lost(
    lost: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "create", "ann", "--scope", "admin", "--home", lost) == 0
    assert [token["name"] for token in listed(lost, capsys)] == ["ann"]


def test_what_is_left_of_a_lost_database_is_not_mixed_into_a_new_one(
    lost: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lost / "triage.db-wal").write_bytes(b"what a server still writes")
    assert run("token", "create", "ann", "--scope", "admin", "--home", lost) == 2
    told = capsys.readouterr().err
    assert "triage.db-wal" in told
    assert "stop the service" in told
    assert not (lost / "triage.db").exists()
