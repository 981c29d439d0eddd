"""A bad byte in the counts of usage, and a bundle that is damaged and put back.

python -m benchmarks.attacks.damaged_files
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import TICKET, Finding, run
from benchmarks.server import copied, run_server
from triage.pipeline.factory import model_registry

SEARCH = {"text": TICKET["body"], "language": "en"}


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    settings = copied(home, folder)
    bundle = model_registry(settings).current()
    shutil.copytree(bundle, folder / "backup")
    weights = max(bundle.iterdir(), key=lambda file: file.stat().st_size)
    _flip(weights)
    (settings.kb_folder / "usage.json").write_bytes(b'{"days": {"x\xff')
    with run_server(settings, folder / "log") as running:
        client = running.client()
        searched = client.ask("POST", "/v1/suggest", SEARCH)
        refused = client.ask("POST", "/v1/triage", TICKET).status
        shutil.copytree(folder / "backup", bundle, dirs_exist_ok=True)
        start = time.monotonic()
        while (
            status := client.ask("POST", "/v1/triage", TICKET).status
        ) != 200 and time.monotonic() < start + 20:
            time.sleep(0.1)
        seconds = time.monotonic() - start
    found = len(searched.body["articles"]) if searched.status == 200 else 0
    yield Finding(
        "one bad byte in the file of usage counts",
        "a search for articles",
        f"{searched.status}, {found} articles",
        "503, all searches (/readyz too)",
        holds=found > 0,
    )
    yield Finding(
        "a bundle with one bad byte is put back",
        "a ticket before; seconds until tickets are answered",
        f"{refused}; {seconds:.1f} s" if status == 200 else f"{refused}; never",
        "503; never, without a restart",
        holds=refused == 503 and status == 200,
    )


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x80
    file.write_bytes(content)


if __name__ == "__main__":
    run(attack)
