"""Where the server's processes leave their counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.server import gunicorn_app as serve
from triage.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home, and a place of its own that stands for the memory."""
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(serve, "_IN_MEMORY", tmp_path / "memory")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    return Settings(home=tmp_path / "home")


def in_memory(settings: Settings) -> list[Path]:
    return list((settings.home.parent / "memory").iterdir())


def test_counts_are_written_in_memory_so_that_no_disk_holds_up_a_process(settings: Settings) -> None:
    folder = serve.metrics_folder(settings)
    (folder / "counter_1.db").touch()
    [made] = in_memory(settings)
    assert (made / "counter_1.db").exists()
    assert made.stat().st_mode & 0o077 == 0


def test_a_server_that_was_killed_leaves_nothing_for_good(settings: Settings) -> None:
    (serve.metrics_folder(settings) / "counter_1.db").touch()
    folder = serve.metrics_folder(settings)
    assert list(folder.iterdir()) == []
    assert len(in_memory(settings)) == 1
    serve.remove_metrics_folder(folder)
    assert in_memory(settings) == []
    assert not folder.is_symlink()


def test_a_link_of_somebody_else_is_taken_away_and_what_it_leads_to_stays(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "file").touch()
    settings.home.mkdir()
    (settings.home / "metrics").symlink_to(tmp_path / "own")
    serve.metrics_folder(settings)
    assert (tmp_path / "own" / "file").exists()


def test_without_a_place_in_memory_they_lie_in_the_home(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_IN_MEMORY", settings.home / "nowhere")
    folder = serve.metrics_folder(settings)
    assert folder.is_dir()
    assert not folder.is_symlink()
