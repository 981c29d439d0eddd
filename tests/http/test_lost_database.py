"""The store's database is lost or replaced under a running server, and restored from a backup."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.http.serving import ROOT, Server, served, wait_until
from tests.sample_home import copy_sample
from triage.settings import Settings

TICKET = {"body": "The battery does not charge in the cold"}


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    return copy_sample(sample_settings, home)


def judge(server: Server, decision_id: str) -> int:
    told = {"about": "decision", "decision_id": decision_id, "final": {"category": "battery"}}
    return server.ask("/v1/feedback", told).status


def decide(server: Server) -> str:
    decided = server.ask("/v1/triage", TICKET)
    assert decided.status == 200, decided.body
    decision_id: str = decided.json["decision_id"]
    assert decision_id
    return decision_id


def back_up(home: Path, target: Path) -> None:
    """Back the store up as docs/operations.md says, while the service runs."""
    with closing(sqlite3.connect(home / "triage.db")) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def remove_database(home: Path) -> None:
    for file in home.glob("triage.db*"):
        file.unlink()


def deleted(home: Path) -> None:
    (home / "triage.db").unlink()


def deleted_with_its_log(home: Path) -> None:
    remove_database(home)


def without_its_log(home: Path) -> None:
    (home / "triage.db-wal").unlink()


def without_the_index_of_its_log(home: Path) -> None:
    (home / "triage.db-shm").unlink()


def moved_and_linked(home: Path) -> None:
    (home / "triage.db").rename(home / "moved.db")
    (home / "triage.db").symlink_to(home / "moved.db")


def moved_away(home: Path) -> None:
    (home / "triage.db").rename(home / "old.db")


def replaced_by_a_backup(home: Path) -> None:
    shutil.copy(home / "backup.db", home / "new.db")
    (home / "new.db").replace(home / "triage.db")


def overwritten_by_a_backup(home: Path) -> None:
    with (home / "triage.db").open("r+b") as file:  # as `cp backup.db triage.db` does
        file.truncate()
        file.write((home / "backup.db").read_bytes())


def overwritten_by_something_else(home: Path) -> None:
    (home / "triage.db").write_bytes(b"no database at all " * 1000)


@pytest.mark.parametrize(
    "lose",
    [
        deleted,
        deleted_with_its_log,
        without_its_log,
        without_the_index_of_its_log,
        moved_and_linked,
        moved_away,
        replaced_by_a_backup,
        overwritten_by_a_backup,
        overwritten_by_something_else,
    ],
)
def test_what_cannot_be_kept_any_more_is_refused_and_said(
    copied: Settings, tmp_path: Path, lose: Callable[[Path], None]
) -> None:
    with served(copied, tmp_path / "log") as server:
        first = decide(server)
        assert judge(server, first) == 200
        back_up(copied.home, copied.home / "backup.db")
        for _ in range(40):
            decide(server)
        with closing(sqlite3.connect(copied.home / "triage.db")) as other:  # as it does by itself in time
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        lose(copied.home)
        assert judge(server, first) == 503
        ready = server.ask("/readyz")
        assert ready.status == 200
        assert "restore the backup" in ready.json["missing"]["store"]
        answer = server.ask("/v1/triage", TICKET).json
        assert answer["decision_id"] is None
        assert "restore the backup" in answer["missing"]["store"]
        assert "apply" not in {field["action"] for field in answer["fields"].values()}
        said = [line for line in server.log() if "restore the backup" in line["event"]]
        assert len([line for line in said if line["level"] == "error"]) == 1


def test_it_is_noticed_within_a_second_also_while_nobody_asks(copied: Settings, tmp_path: Path) -> None:
    with served(copied, tmp_path / "log") as server:
        decide(server)
        deleted(copied.home)
        time.sleep(1)
        assert any("was deleted" in line["event"] for line in server.log())


def test_a_home_whose_database_is_lost_stays_shut_until_its_machine_makes_a_token(
    copied: Settings, tmp_path: Path
) -> None:
    with served(copied, tmp_path / "log") as server:
        decide(server)
    before = server.authorization
    remove_database(copied.home)
    with served(copied, tmp_path / "log") as server:
        assert server.authorization == before
        for headers in ({}, {"Authorization": ""}, {"Authorization": "", "Host": "localhost"}):
            refused = server.ask("/v1/triage", TICKET, headers)
            assert refused.status == 401
            assert "triage token create" in refused.json["error"]["message"]
        assert any("triage token create" in line["event"] for line in server.log())
        create = [sys.executable, "-m", "cli", "token", "create", "ann", "--scope", "admin"]
        made = subprocess.run(
            [*create, "--home", str(copied.home)], capture_output=True, text=True, cwd=ROOT, check=True
        )
        token = {"Authorization": f"Bearer {made.stdout.strip()}"}
        assert server.ask("/v1/triage", TICKET, token).status == 200


def test_a_backup_is_restored_as_the_documentation_says(copied: Settings, tmp_path: Path) -> None:
    backup = tmp_path / "triage.db"
    with served(copied, tmp_path / "log") as server:
        kept = decide(server)
        assert judge(server, kept) == 200
        back_up(copied.home, backup)
        lost = decide(server)
        deleted(copied.home)
        wait_until(lambda: "store" in server.ask("/readyz").json["missing"])
    remove_database(copied.home)
    shutil.copy(backup, copied.home / "triage.db")
    with served(copied, tmp_path / "log") as server:
        assert server.ask("/readyz").json["missing"] == {}
        assert judge(server, kept) == 200
        assert judge(server, lost) == 404
        assert judge(server, decide(server)) == 200
    with closing(sqlite3.connect(copied.home / "triage.db")) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
