"""A lock lets one process at a time into a section."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models.errors import StorageError
from models.storage.filelock import exclusive_lock


def test_a_lock_is_held_by_one_process_at_a_time_and_freed_by_its_death(tmp_path: Path) -> None:
    path = tmp_path / "new" / ".lock"
    script = (
        "import sys, time; from pathlib import Path; from models.storage.filelock import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout and other.stdout.readline() == "held\n"
    held = threading.Event()

    def hold() -> None:
        with exclusive_lock(path):
            held.set()

    waiting = threading.Thread(target=hold)
    waiting.start()
    time.sleep(0.3)
    assert not held.is_set()
    other.kill()
    other.communicate()
    assert held.wait(5)
    waiting.join()


def test_a_lock_in_a_place_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError), exclusive_lock(tmp_path / "file" / ".lock"):
        pass
