"""A second server over the home of one that runs, and one over a copy of it.

python -m benchmarks.attacks.second_server
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, run, warm_up
from benchmarks.server import Running, run_server, server_on_copy
from triage.settings import Settings

ANSWERED = ("triage_requests_total", 'method="POST",route="/v1/triage",status="200"')


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with server_on_copy(home, folder, workers=2) as first:
        warm_up(first, 10)
        before = answered(first)
        shutil.copytree(first.settings.home, folder / "copy", symlinks=True)
        for what, place in (("over a copy of a live home", folder / "copy"), ("over the same home", None)):
            with run_server(_elsewhere(first.settings, place), folder / "second-log") as second:
                warm_up(second, 5)
                own = answered(second)
            worker = first.workers()[0]
            worker.kill()
            worker.wait(30)
            is_up = first.process.is_running() and bool(warm_up(first, 1).seconds)
            after = answered(first) - 1 if is_up else 0
            yield Finding(
                f"a second server starts {what} and ends; then a worker of the first dies",
                "the first one's count of answers (10 or more, each once); whether it still runs",
                f"{before:.0f}, then {after:.0f} ({own:.0f} of the second's 5); {'yes' if is_up else 'no'}",
                "its count breaks, its master ends",
                holds=is_up and own == 5 and after == before,
            )
            before = after + 1


def answered(running: Running) -> float:
    """Return how many tickets the server counts."""
    return running.metrics().get(ANSWERED, 0.0)


def _elsewhere(settings: Settings, home: Path | None) -> Settings:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = settings.server.model_copy(update={"port": port})
    return settings.model_copy(update={"server": server, "home": home or settings.home})


if __name__ == "__main__":
    run(attack)
