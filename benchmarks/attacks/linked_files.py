"""Symbolic links in a folder of articles that lead to a file and to a folder outside it.

python -m benchmarks.attacks.linked_files
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, run
from benchmarks.server import copied, run_server

SECRET = "zorblatt"


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    settings = copied(home, folder)
    outside, articles = folder / "outside", folder / "articles"
    outside.mkdir()
    articles.mkdir()
    (outside / "passwords.md").write_text(f"# Passwords\nThe {SECRET} opens with 1-2-3.", "utf-8")
    (articles / "lamp.md").write_text("# Lamp\nOpen the cover and take the lamp out.", "utf-8")
    (articles / "page.md").symlink_to(outside / "passwords.md")
    (articles / "more").symlink_to(outside, target_is_directory=True)
    index = [
        sys.executable,
        "-m",
        "cli",
        "index",
        "--home",
        settings.home,
        "--settings",
        home / "triage.toml",
    ]
    refused = subprocess.run(
        [*map(str, index), "--articles", str(articles)], capture_output=True, text=True, check=False
    )
    is_named = "is a link" in refused.stderr and refused.returncode != 0
    with run_server(settings, folder / "log") as running:
        found = running.client().ask("POST", "/v1/suggest", {"text": SECRET}).body
    is_published = SECRET in str(found["articles"])
    yield Finding(
        "a link in the folder of articles leads to another file of the machine",
        "`triage index`, then a search for the words of that file",
        f"{'refused by name' if is_named else 'taken'}, {'found' if is_published else 'not found'}",
        "taken, found by portals",
        holds=is_named and not is_published,
    )


if __name__ == "__main__":
    run(attack)
