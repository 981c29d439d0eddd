"""A bundle from elsewhere is not loaded, and not taken over, until somebody vouches for it."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import pytest

from cli import main
from models.bundle import FORMAT_VERSION, KIND, Bundle
from models.errors import FolderError
from models.storage.artifact import MANIFEST, new_folder
from models.storage.registry import Registry
from tests.kb_toy import ENCODER
from triage.pipeline import factory as opening
from triage.pipeline.bundle_trust import require_inside
from triage.settings import ServerSettings, Settings
from triage.store import open_store


class LeavesATrace:
    """Does what a harmful bundle does: acts as soon as it is read."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.write_text, (self.trace, "was here"))


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    return tmp_path / "trace"


@pytest.fixture
def foreign(tmp_path: Path, trace: Path) -> Path:
    """A complete bundle folder, with the right hashes, that runs code when it is loaded."""
    folder = tmp_path / "elsewhere" / "b1"
    with new_folder(folder, kind=KIND, format_version=FORMAT_VERSION, metadata={"encoder": "e"}) as working:
        joblib.dump(LeavesATrace(trace), working / "models.joblib")
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


def trail(home: Path) -> list[tuple[str, str]]:
    store = open_store(Settings(home=home))
    found = [(e.action, e.target) for e in store.audit.list()]
    store.database.close()
    return found


def test_the_bundle_of_these_tests_would_run_code(foreign: Path, trace: Path) -> None:
    joblib.load(foreign / "models.joblib")
    assert trace.exists()


def test_a_bundle_from_elsewhere_is_refused_with_the_reason(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for named in (foreign, foreign.relative_to(home.parent)):
        assert run("promote", named, "--home", home) == 2
        told = capsys.readouterr().err
        assert "runs the code" in told
        assert "--trust" in told
    assert bundles(home) == []
    assert trail(home) == []


def test_a_bundle_that_is_vouched_for_is_copied_in_without_being_run(
    home: Path, foreign: Path, trace: Path
) -> None:
    assert run("promote", foreign, "--trust", "--home", home) == 0
    (bundle_id,) = bundles(home)
    assert (home / "models" / "current").read_text("utf-8").strip() == bundle_id
    assert not (home / "models" / bundle_id).is_symlink()
    assert not trace.exists()
    assert sorted(trail(home)) == [("bundle.promote", bundle_id), ("bundle.trust", str(foreign))]
    # It is one of the home's own from now on.
    assert run("promote", bundle_id, "--home", home) == 0
    assert run("promote", home / "models" / bundle_id, "--home", home) == 0
    assert bundles(home) == [bundle_id]


def test_a_link_out_of_the_home_is_refused(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "models" / "b1").symlink_to(foreign)
    assert run("promote", "b1", "--home", home) == 2
    assert "--trust" in capsys.readouterr().err
    assert not (home / "models" / "current").exists()
    assert run("promote", "b1", "--trust", "--home", home) == 0
    copied = (home / "models" / "current").read_text("utf-8").strip()
    assert copied != "b1"
    assert require_inside(home / "models" / copied, home)


def test_a_server_does_not_load_what_leads_out_of_the_home(home: Path, foreign: Path) -> None:
    models = home / "models"
    registry = Registry(models, "bundle", "")
    (models / "linked").symlink_to(foreign)
    (models / "with-a-link").mkdir()
    (models / "with-a-link" / "models.joblib").symlink_to(foreign / "models.joblib")
    for name in ("linked", "with-a-link", "../../elsewhere/b1", str(foreign)):
        (models / "current").write_text(name + "\n", "utf-8")
        with pytest.raises(FolderError, match="leads out of"):
            require_inside(registry.current(), home)


def test_the_engine_asks_before_it_loads_and_goes_by_trust_alone(
    home: Path, foreign: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "models" / "b1").symlink_to(foreign)
    (home / "models" / "current").write_text("b1\n", "utf-8")
    loaded: list[Path] = []
    monkeypatch.setattr(opening, "open_encoder", lambda *_, **__: ENCODER)
    monkeypatch.setattr(Bundle, "load", lambda folder, **_: loaded.append(folder))
    opened = opening.open_engine(Settings(home=home, languages=("en",)))
    assert isinstance(opened.bundle, FolderError)
    assert "--trust" in opened.bundle.message
    assert loaded == []
    trusting = Settings(home=home, languages=("en",), server=ServerSettings(trust_outside=True))
    opening.open_engine(trusting)
    assert loaded == [home / "models" / "b1"]
    assert not trace.exists()


def test_what_is_no_complete_bundle_is_not_copied_even_when_trusted(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = foreign / "models.joblib"
    content = bytearray(stored.read_bytes())
    content[-1] ^= 1
    stored.write_bytes(content)
    assert run("promote", foreign, "--trust", "--home", home) == 2
    assert "was changed" in capsys.readouterr().err
    stored.unlink()
    stored.symlink_to("/etc/hostname")
    assert run("promote", foreign, "--trust", "--home", home) == 2
    assert "holds links" in capsys.readouterr().err
    (foreign / MANIFEST).write_text(json.dumps({}), "utf-8")
    assert run("promote", foreign, "--trust", "--home", home) == 2
    assert run("promote", "nothing", "--trust", "--home", home) == 2
    assert run("promote", "..", "--trust", "--home", home) == 2
    assert bundles(home) == []
    assert [p.name for p in (home / "models").iterdir()] == []


def test_nothing_from_elsewhere_comes_in_while_nobody_can_note_who_vouched(
    home: Path, foreign: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("promote", foreign, "--trust", "--home", home) == 0
    own = bundles(home)
    monkeypatch.setenv("TRIAGE_STORE__URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run("promote", foreign, "--trust", "--home", home) == 2
    assert bundles(home) == own
    capsys.readouterr()
    assert run("promote", own[0], "--home", home) == 0  # going back must work in an outage too
    assert "not in the audit trail" in capsys.readouterr().err
