"""Size and shape of the code, and the modules of it that one ticket's request runs through.

    python benchmarks/structure.py [--root FOLDER] [--home HOME]

Counts the modules (`__init__` files of one line left out), lines, folders and files of the four packages and
the two entry points below --root. With --home, a home of the sample helpdesk (`make sample` makes
var/rullamo), it posts one ticket to `/v1/triage` and counts the modules whose code runs before the answer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
READY_S = 60
SOURCES = ("models", "kb_index", "triage", "training", "serve.py", "cli.py")
TICKET = {
    "id": "1",
    "subject": "Refund",
    "body": "My card was charged twice for the same order, please refund.",
}


def modules(root: Path) -> dict[Path, int]:
    """Return the number of lines of each module; packages' files of a docstring alone are no modules."""
    files = [
        f for s in SOURCES for f in ([root / s] if s.endswith(".py") else sorted((root / s).rglob("*.py")))
    ]
    lines = {file: len(file.read_text("utf-8").splitlines()) for file in files}
    return {file: n for file, n in lines.items() if n > 1 or file.name != "__init__.py"}


def shape(lines: dict[Path, int], root: Path) -> dict[str, Any]:
    folders = Counter(file.parent for file in lines if file.name != "__init__.py")
    largest, most = folders.most_common(1)[0]
    longest = max(lines, key=lambda file: lines[file])
    return {
        "modules": len(lines),
        "folders": len(folders),
        "largest folder": f"{largest.relative_to(root)} ({most})",
        "median lines": round(statistics.median(lines.values())),
        "longest file": f"{longest.relative_to(root)} ({lines[longest]})",
        "lines": sum(lines.values()),
    }


def run_through(root: Path, home: Path) -> set[str]:
    """Return the modules below `root` of which a function runs while a ticket is answered, in any thread."""
    seen: set[str] | None = None

    def note(frame: FrameType, event: str, _: Any) -> None:
        if seen is not None and event == "call":
            seen.add(frame.f_code.co_filename)

    threading.setprofile(note)  # before the service starts its threads
    from triage.settings import load_settings  # noqa: PLC0415  # of the checkout that --root names
    from triage.web.app import create_app  # noqa: PLC0415  # the same

    client = create_app(load_settings(home / "triage.toml", home=home)).test_client()
    end = time.monotonic() + READY_S
    while client.get("/readyz").status_code != 200:
        if time.monotonic() > end:
            sys.exit(f"not ready after {READY_S} s: {client.get('/readyz').get_data(as_text=True)}")
        time.sleep(0.1)
    client.post("/v1/triage", json=TICKET)  # what is done once is done
    seen = set()
    sys.setprofile(note)
    answer = client.post("/v1/triage", json=TICKET | {"id": "2"})
    sys.setprofile(None)
    if answer.status_code != 200:
        sys.exit(f"the ticket was answered with {answer.status_code}: {answer.get_data(as_text=True)}")
    places = [Path(file) for file in seen]
    return {str(p.relative_to(root)) for p in places if p.is_relative_to(root) and ".venv" not in p.parts}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout that is measured")
    parser.add_argument("--home", type=Path, help="a home of the sample helpdesk, trained by that checkout")
    arguments = parser.parse_args()
    root = arguments.root.resolve()
    figures = shape(modules(root), root)
    if arguments.home:
        sys.path.insert(0, str(root))
        figures["modules that /v1/triage runs through"] = len(run_through(root, arguments.home.resolve()))
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")


if __name__ == "__main__":
    main()
