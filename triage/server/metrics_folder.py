"""Folder in which the processes of one run leave their counts; each run has a folder of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # where it is there, every user may make folders of their own
_NAME = "triage-metrics-"
_BEGUN = ".triage-metrics-"
_LOCK = ".lock"


def is_in_memory_writable() -> bool:
    """Tell whether the system has a folder in memory that this process may write."""
    return os.access(IN_MEMORY, os.W_OK | os.X_OK)


class MetricsFolder:
    """An empty folder for the metrics of one run's processes, named to prometheus_client.

    Make it before prometheus_client is first imported. The counts are written through mapped memory. The
    system may let such a write wait for a busy disk, and Python's lock is held meanwhile, so that the whole
    process would stand still. So the files lie in memory where that is possible, else in the home.

    The run holds a lock in its folder for as long as one of its processes lives. What runs that were killed
    have left is nobody's, and is removed.
    """

    def __init__(self, home: Path) -> None:
        place = IN_MEMORY if is_in_memory_writable() else home
        place.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(place)
        begun = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=place))
        self._lock = os.open(begun / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # Only now has it a name under which others look at its lock.
        self.path = begun.rename(place / begun.name.replace(_BEGUN, _NAME, 1))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self.path)

    def ensure(self) -> None:
        """Make the folder again where somebody has removed it: no process could start without it."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def forget_process(self, pid: int) -> None:
        """Leave out the gauges of a process that has ended."""
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid, str(self.path))  # type: ignore[no-untyped-call]  # untyped there

    def remove(self) -> None:
        """Remove the folder at the end of the run."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _remove_abandoned(place: Path) -> None:
    """Remove the folders of runs of which no process is left."""
    for folder in place.glob(f"{_NAME}*"):
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue  # it is no folder of ours, or of another user
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass  # its run goes on
        finally:
            os.close(lock)
