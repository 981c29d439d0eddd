"""Several servers over one home, or over a copy of a live one: none of them disturbs another."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import psutil
import pytest

from tests.http.serving import Server, served, wait_until
from tests.http.test_server_parts import loaded
from tests.sample_home import copy_sample
from triage.settings import Settings

TICKET = {"body": "The battery does not charge in the cold"}
_ANSWERED = 'triage_requests_total{method="POST",route="/v1/triage",status="200"} '


@pytest.fixture
def copied(sample_settings: Settings, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    return copy_sample(sample_settings, home)


def answered(server: Server) -> float:
    """Return how many tickets the server counts."""
    metrics = server.ask("/metrics")
    assert metrics.status == 200, metrics.body
    found = [line for line in metrics.body.decode().splitlines() if line.startswith(_ANSWERED)]
    return sum(float(line.removeprefix(_ANSWERED)) for line in found)


@pytest.mark.parametrize("is_copy", [True, False], ids=["a copy of the live home", "the same home"])
def test_a_second_server_leaves_the_first_its_counts_and_its_processes(
    copied: Settings, tmp_path: Path, *, is_copy: bool
) -> None:
    with served(copied, tmp_path / "log", workers=2) as first:
        wait_until(lambda: loaded(first) == 2)
        assert [first.ask("/v1/triage", TICKET).status for _ in range(4)] == [200] * 4
        other = copied
        if is_copy:
            shutil.copytree(copied.home, tmp_path / "copy", symlinks=True)
            other = copied.model_copy(update={"home": tmp_path / "copy"})
        with served(other, tmp_path / "log-2", workers=2) as second:
            wait_until(lambda: loaded(second) == 2)
            assert second.ask("/v1/triage", TICKET).status == 200
            assert answered(second) == 1
            assert answered(first) == 4
        # The second has ended; a worker of the first that is replaced must find what it needs.
        master = psutil.Process(first.process.pid)
        killed = master.children()[0]
        os.kill(killed.pid, signal.SIGKILL)
        wait_until(
            lambda: len(master.children()) == 2 and killed.pid not in {c.pid for c in master.children()}
        )
        wait_until(lambda: first.ask("/v1/triage", TICKET).status == 200)
        assert first.process.poll() is None
        assert answered(first) >= 5
