"""Attack of strangers: what other users of the machine, readers of articles and strangers get to see.

python -m benchmarks.attacks.strangers
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, run, stranger
from benchmarks.server import copied, run_server
from models.storage.artifact import MANIFEST
from triage.pipeline.factory import model_registry

URLS = (
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.com/1",
)


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    settings = copied(home, folder)
    for path in (settings.home, *settings.home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    manifest = model_registry(settings).current() / MANIFEST
    manifest.write_text(manifest.read_text("utf-8").replace('"format_version"', '"version"'), "utf-8")
    with run_server(settings, folder / "log") as running:
        places = [settings.models_folder, settings.kb_folder, settings.home / "triage.db"]
        readable = [
            path
            for place in places
            for path in (place, *place.rglob("*"))
            if stat.S_IMODE(path.stat().st_mode) & 0o077
        ]
        client = running.client()
        statuses = []
        for number, url in enumerate(URLS):
            article = {"title": "Lamp", "body": "Open the cover.", "language": "en", "url": url}
            statuses.append(client.ask("PUT", f"/v1/articles/link{number}", article).status)
        told = stranger(running).ask("GET", "/readyz")
        shows_paths = str(settings.home) in str(told.body)
    yield Finding(
        "another user of the machine reads an older home after a start",
        "files and folders of bundles, index and store that others may read",
        str(len(readable)),
        "all (34)",
        holds=not readable,
    )
    taken = sum(status < 400 for status in statuses)
    yield Finding(
        "an article's URL runs a script or opens a file",
        f"{len(URLS)} such URLs that are taken",
        str(taken),
        "all",
        holds=taken == 0,
    )
    yield Finding(
        "a stranger asks /readyz while the bundle is damaged",
        "the home's path in the answer",
        f"{'shown' if shows_paths else 'not shown'} ({', '.join(told.body['missing'])} named)",
        "shown",
        holds=not shows_paths and "bundle" in told.body["missing"],
    )


if __name__ == "__main__":
    run(attack)
