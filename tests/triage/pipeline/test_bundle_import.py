"""`triage promote FOLDER` takes a bundle that was trained elsewhere: verified, copied, and noted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import main
from models.bundle import Bundle
from models.language.detector import LanguageDetector
from models.storage.artifact import MANIFEST
from tests.toy import WordHashEncoder, topic_tickets
from training.fitting.train import train
from triage.settings import Settings
from triage.store import open_store


@pytest.fixture(scope="module")
def trained() -> Bundle:
    return train(topic_tickets(60), WordHashEncoder(), LanguageDetector(["en"]), only=["category"]).bundle


@pytest.fixture
def foreign(tmp_path: Path, trained: Bundle) -> Path:
    """A bundle that was trained outside the home."""
    folder = tmp_path / "elsewhere" / "b1"
    trained.save(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home" / "models").mkdir(parents=True)
    return tmp_path / "home"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


def bundles(home: Path) -> list[str]:
    return sorted(p.name for p in (home / "models").iterdir() if p.is_dir())


def current(home: Path) -> str:
    return (home / "models" / "current").read_text("utf-8").strip()


def trail(home: Path) -> list[tuple[str, str]]:
    store = open_store(Settings(home=home))
    found = [(e.action, e.target) for e in store.audit_log.list()]
    store.database.close()
    return found


def test_a_bundle_from_elsewhere_is_copied_in_and_the_audit_trail_says_so(home: Path, foreign: Path) -> None:
    assert run("promote", foreign.relative_to(home.parent), "--home", home) == 0
    (bundle_id,) = bundles(home)
    assert current(home) == bundle_id
    assert sorted(trail(home)) == [
        ("bundle.import", str(foreign.relative_to(home.parent))),
        ("bundle.promote", bundle_id),
    ]
    loaded = Bundle.load(home / "models" / bundle_id, encoder_name="word-hash")
    assert list(loaded.models) == ["category"]
    # It is one of the home's own from now on.
    assert run("promote", bundle_id, "--home", home) == 0
    assert run("promote", home / "models" / bundle_id, "--home", home) == 0
    assert bundles(home) == [bundle_id]


def test_the_option_trust_still_works_and_says_that_it_is_not_needed(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("promote", foreign, "--trust", "--home", home) == 0
    assert "--trust and trust_outside are deprecated" in capsys.readouterr().err
    assert bundles(home) == [current(home)]


def test_a_bundle_that_is_linked_into_the_home_is_used_where_it_is(home: Path, foreign: Path) -> None:
    (home / "models" / "b1").symlink_to(foreign)
    assert run("promote", "b1", "--home", home) == 0
    assert current(home) == "b1"
    assert bundles(home) == ["b1"]


def test_what_is_no_complete_bundle_is_not_copied(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = next(foreign.glob("*.weights.npy"))
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(content)
    assert run("promote", foreign, "--home", home) == 2
    assert "was changed" in capsys.readouterr().err
    stored.unlink()
    stored.symlink_to("/etc/hostname")
    assert run("promote", foreign, "--home", home) == 2
    assert "holds links" in capsys.readouterr().err
    stored.unlink()
    assert run("promote", foreign, "--home", home) == 2
    assert "does not hold the files of its manifest" in capsys.readouterr().err
    (foreign / MANIFEST).write_text(json.dumps({}), "utf-8")
    assert run("promote", foreign, "--home", home) == 2
    assert "triage train" in capsys.readouterr().err
    assert run("promote", "nothing", "--home", home) == 2
    assert run("promote", "..", "--home", home) == 2
    assert [p.name for p in (home / "models").iterdir()] == []


def test_nothing_from_elsewhere_comes_in_while_nobody_can_note_who_brought_it(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("promote", foreign, "--home", home) == 0
    own = bundles(home)
    monkeypatch.setenv("TRIAGE_STORE__URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run("promote", foreign, "--home", home) == 2
    assert bundles(home) == own
    capsys.readouterr()
    assert run("promote", own[0], "--home", home) == 0  # going back must work in an outage too
    assert "not in the audit log" in capsys.readouterr().err
