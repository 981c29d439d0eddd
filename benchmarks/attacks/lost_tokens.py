"""The database of a home that had tokens is deleted, and the service started again.

python -m benchmarks.attacks.lost_tokens
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, run, stranger
from benchmarks.server import Client, copied, run_server


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    settings = copied(home, folder)
    with run_server(settings, folder / "log") as running:
        token = running.token
    for file in settings.home.glob("triage.db*"):
        file.unlink()
    with run_server(settings, folder / "log") as running:
        port = settings.server.port
        nobody = stranger(running).ask("POST", "/v1/triage", TICKET).status
        former = Client(port, token).ask("POST", "/v1/triage", TICKET).status
        create = [sys.executable, "-m", "cli", "token", "create", "ann", "--scope", "admin"]
        made = subprocess.run(
            [*create, "--home", str(settings.home)], capture_output=True, text=True, check=True
        ).stdout.strip()
        opened = Client(port, made).ask("POST", "/v1/triage", TICKET).status
    yield Finding(
        "triage.db is lost, and the service started again",
        "status without a token, with the first token, with one made on the machine",
        f"{nobody}, {former}, {opened}",
        "200 for everybody, as admin",
        holds=(nobody, former, opened) == (401, 401, 200),
    )


if __name__ == "__main__":
    run(attack)
