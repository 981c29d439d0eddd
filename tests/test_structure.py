"""The structure: layers import one way, no files in a circle, no crowded folder, every package complete."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ["models", "kb_index", "triage", "training"]
LAYERS = [*PACKAGES, "serve", "cli"]
MOST_MODULES = 18
LEARNING_LIBRARIES = {"sklearn", "scipy", "faiss", "onnxruntime", "sentence_transformers", "torch"}


def imported_names(file: Path) -> Iterator[str]:
    """Yield the modules that a file imports anywhere, also within functions; names out of them too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively: write the full name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_packages(file: Path) -> set[str]:
    """Return the top-level packages that a file imports anywhere."""
    return {name.split(".")[0] for name in imported_names(file)}


def files(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    return [single] if single.exists() else sorted((ROOT / layer).rglob("*.py"))


def module_name(file: Path, root: Path = ROOT) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(sources: list[Path], root: Path = ROOT) -> dict[str, set[str]]:
    """Return the modules among these files that each one imports by name."""
    named = {module_name(file, root): file for file in sources}
    return {name: {n for n in imported_names(file) if n in named} - {name} for name, file in named.items()}


def modules_in_circles(graph: dict[str, set[str]]) -> set[str]:
    """Return the modules that remain when those that import none of the others are taken away in turn."""
    remaining = {name: set(imported) for name, imported in graph.items()}
    while free := {name for name, imported in remaining.items() if not imported & set(remaining)}:
        for name in free:
            del remaining[name]
    return set(remaining)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_no_higher_layer(layer: str) -> None:
    higher = set(LAYERS[LAYERS.index(layer) + 1 :])
    found = files(layer)
    assert found
    for file in found:
        assert not imported_packages(file) & higher, file


def test_web_code_imports_no_learning_library() -> None:
    for file in [*files("triage/web"), *files("triage/server")]:
        assert not imported_packages(file) & LEARNING_LIBRARIES, file


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = import_graph([file for layer in LAYERS for file in files(layer)])
    assert sum(map(len, graph.values())) > 100
    assert modules_in_circles(graph) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_crowded(package: str) -> None:
    for folder in {file.parent for file in files(package)}:
        modules = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(modules) <= MOST_MODULES, folder


def test_every_package_is_whole_in_a_fresh_clone() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = ["git", "ls-files", "--", *(f"{package}/*.py" for package in PACKAGES)]
    tracked = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    for folder in {Path(file).parent for file in tracked}:
        assert str(folder / "__init__.py") in tracked, folder
    for package in PACKAGES:
        there = {str(file.relative_to(ROOT)) for file in files(package)}
        assert there == {file for file in tracked if file.startswith(f"{package}/")}


def test_every_package_is_installed() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    for package in PACKAGES:
        for folder in {file.parent for file in files(package)}:
            assert f'"{folder.relative_to(ROOT).as_posix().replace("/", ".")}"' in text, folder


def test_a_relative_or_upward_import_would_be_noticed(tmp_path: Path) -> None:
    file = tmp_path / "lower.py"
    file.write_text("def f():\n    from training.metrics import evaluate\n    return evaluate\n", "utf-8")
    assert imported_packages(file) == {"training"}


def test_a_circle_would_be_noticed(tmp_path: Path) -> None:
    for name, imported in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "os")):
        (tmp_path / f"{name}.py").write_text(f"import {imported}\n", "utf-8")
    graph = import_graph(sorted(tmp_path.glob("*.py")), tmp_path)
    assert modules_in_circles(graph) == {"a", "b", "c", "d"}
