"""Where the processes of a run leave their counts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT
from triage.server import metrics_folder
from triage.server.metrics_folder import MetricsFolder

_HOLD = """
import sys, time
from pathlib import Path
from triage.server import metrics_folder
metrics_folder.IN_MEMORY = Path(sys.argv[1])
made = metrics_folder.MetricsFolder(Path(sys.argv[2]))
print(made.path, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, and a place of its own that stands for the memory."""
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(metrics_folder, "IN_MEMORY", tmp_path / "memory")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    return tmp_path / "home"


def in_memory(home: Path) -> list[Path]:
    return list((home.parent / "memory").iterdir())


def another_run(home: Path) -> tuple[subprocess.Popen[str], Path]:
    """Start a run in a process of its own; return it with its folder."""
    command = [sys.executable, "-c", _HOLD, str(home.parent / "memory"), str(home)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    with process.stdout as told:
        return process, Path(told.readline().strip())


def test_counts_are_written_in_memory_so_that_no_disk_holds_up_a_process(home: Path) -> None:
    folder = MetricsFolder(home)
    (folder.path / "counter_1.db").touch()
    [made] = in_memory(home)
    assert (made / "counter_1.db").exists()
    assert made.stat().st_mode & 0o077 == 0
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(made)
    folder.remove()
    assert in_memory(home) == []


def test_runs_over_one_home_have_folders_of_their_own(home: Path) -> None:
    first = MetricsFolder(home)
    (first.path / "counter_1.db").touch()
    second = MetricsFolder(home)
    assert second.path != first.path
    second.remove()
    assert (first.path / "counter_1.db").exists()
    first.remove()


def test_what_a_killed_run_has_left_is_removed_and_what_another_one_uses_is_not(home: Path) -> None:
    killed, left = another_run(home)
    alive, used = another_run(home)
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        own = MetricsFolder(home)
        assert set(in_memory(home)) == {used, own.path}
        assert left not in {used, own.path}
        own.remove()
    finally:
        alive.kill()
        alive.wait()


def test_what_is_not_a_run_s_folder_is_left_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "file").touch()
    (tmp_path / "memory" / "triage-metrics-link").symlink_to(tmp_path / "own")
    (tmp_path / "memory" / "triage-metrics-other").mkdir()
    MetricsFolder(home).remove()
    assert (tmp_path / "own" / "file").exists()
    assert len(in_memory(home)) == 2


def test_a_folder_that_somebody_removed_is_made_again_for_the_next_process(home: Path) -> None:
    folder = MetricsFolder(home)
    for file in folder.path.iterdir():
        file.unlink()
    folder.path.rmdir()
    folder.ensure()
    assert folder.path.stat().st_mode & 0o077 == 0
    folder.remove()


def test_without_a_place_in_memory_they_lie_in_the_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_folder, "IN_MEMORY", home / "nowhere")
    folder = MetricsFolder(home)
    assert folder.path.parent == home
    folder.remove()
