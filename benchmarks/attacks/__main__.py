"""All attacks, one after another, against a service over a copy of the sample; `make attacks` runs this.

    python -m benchmarks.attacks [--home var/rullamo] [--only NAME …]

Each module of this folder that has a function `attack` is one. They are bounded, and reach nothing but this
machine's loopback addresses. Prints a row for each figure: now, and at commit 13b3fa0, where it was found (in
brackets: as these scripts measured it there). Ends with 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from pathlib import Path

from benchmarks.attacks.harness import HEAD, HOME, Attack, Finding, findings
from benchmarks.machine import describe


def attacks() -> dict[str, Attack]:
    """Return the attacks of this folder by the names of their modules."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = {
        name: importlib.import_module(f"benchmarks.attacks.{name}") for name in names if name[0] != "_"
    }
    return {name: module.attack for name, module in modules.items() if hasattr(module, "attack")}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=HOME)
    found = attacks()
    parser.add_argument("--only", nargs="+", choices=list(found), metavar="NAME", help=", ".join(found))
    arguments = parser.parse_args()
    print(f"{describe()}\n\n{HEAD}", flush=True)
    start, failed = time.monotonic(), 0
    for name, attack in found.items():
        if arguments.only and name not in arguments.only:
            continue
        try:
            failed += sum(finding.holds is False for finding in findings(attack, arguments.home))
        except Exception as error:  # noqa: BLE001 - the others are made all the same
            failed += 1
            ended = Finding(name, "the attack itself", f"ended with {error!r}", "", holds=False)
            print(ended.line(), flush=True)
    print(f"\n{time.monotonic() - start:.0f} s")
    if failed:
        raise SystemExit(f"{failed} did not hold")


if __name__ == "__main__":
    main()
