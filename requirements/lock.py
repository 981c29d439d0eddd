"""Lock files of this folder, written by `make lock`.

A version that they have stays where pyproject.toml allows it. `make lock UPGRADE=--upgrade` takes the newest
versions, `make lock UPGRADE='--upgrade-package flask'` that of one package.

serve.txt has what the package itself needs. Each other file has what the extra of its name adds, and begins
with the files that it builds on. So each package is there once or with the same version, with all its hashes,
for every system and Python from 3.11 on. oldest.txt has the oldest versions that pyproject.toml allows; the
tests pass with them too (`.ci/run full`).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BUILDS_ON = {
    "serve": [],
    "postgresql": ["serve"],
    "presidio": ["serve"],
    "xlsx": ["serve"],
    "train": ["serve"],
    "english": ["train"],
    "finetune": ["train"],
    "onnx-export": ["train"],
    "dev": ["english", "onnx-export", "postgresql", "xlsx"],
}
HEAD = "# Written by `make lock`.\n"
PINNED = re.compile(r"^([a-z0-9-]+)==.*\n(?:[ \t].*\n)*", re.MULTILINE)
"""One package in a lock file: its version, its hashes, and the packages that need it."""


def main(upgrade: Sequence[str]) -> None:
    """Write all files; `upgrade` has options of uv."""
    project, torch = "pyproject.toml", ("--constraint", "requirements/torch.txt")
    locked = ("--universal", "--generate-hashes", *upgrade)
    everything = resolve(project, *locked, *torch, "--all-extras", keep=present(*BUILDS_ON))
    versions = "".join(everything.values())
    written: dict[str, set[str]] = {}
    for name, bases in BUILDS_ON.items():
        extra = () if name == "serve" else ("--extra", name)
        needed = resolve(project, "--universal", *torch, *extra, keep=versions)
        written[name] = set(needed).difference(*(written[base] for base in below(name)))
        write(name, {package: everything[package] for package in sorted(written[name])}, bases)
    for alone in ("generator", "helpdesk"):
        write(alone, resolve(f"requirements/{alone}.in", *locked, keep=present(alone)))
    write(
        "oldest", resolve(project, *torch, "--all-extras", "--resolution", "lowest-direct", "--no-annotate")
    )


def resolve(source: str, *options: str, keep: str = "") -> dict[str, str]:
    """Return the lines of each package that a file of requirements asks for, by name, without torch.

    `keep` has lines whose versions are taken where they fit.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.txt"
        out.write_text(keep, "utf-8")
        fixed = ("--quiet", "--no-header", "--python-version", "3.11", "--no-emit-package", "torch")
        command = [sys.executable, "-m", "uv", "pip", "compile", source, *fixed, *options, "-o", str(out)]
        subprocess.run(command, check=True, cwd=FOLDER.parent, stdout=subprocess.DEVNULL)
        return {found[1]: found[0] for found in PINNED.finditer(out.read_text("utf-8"))}


def below(name: str) -> set[str]:
    """Return the lock files that one builds on, and those that they build on."""
    return {each for base in BUILDS_ON[name] for each in (base, *below(base))}


def present(*names: str) -> str:
    """Return the packages that lock files have now."""
    paths = [path for name in names if (path := FOLDER / f"{name}.txt").exists()]
    return "".join(found[0] for path in paths for found in PINNED.finditer(path.read_text("utf-8")))


def write(name: str, packages: Mapping[str, str], bases: Sequence[str] = ()) -> None:
    """Write a lock file that begins with others."""
    begin = "".join(f"-r {base}.txt\n" for base in bases)
    (FOLDER / f"{name}.txt").write_text(HEAD + begin + "".join(packages.values()), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
