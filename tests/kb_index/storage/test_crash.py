"""A process that is killed at any moment loses nothing that it had said was done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 200


@pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forked")
def test_writers_killed_200_times_lose_no_acknowledged_change_and_show_no_half_batch(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kb_index.storage.kb_writer", str(tmp_path / "kb"), str(KILLS), "7"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    within = {kind: n for kind, n in result["killed_in"].items() if kind not in ("opening", "between")}
    assert result["kills"] == KILLS
    assert result["done"] > KILLS / 4, "the writers came nowhere"
    assert sum(within.values()) > KILLS / 4, "few were killed within a step"
    assert len(within) >= 4, "few kinds of steps were interrupted"
