"""Imports go one way: models, kb_index, triage, training, then serve.py and cli.py."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ["models", "kb_index", "triage", "training", "serve", "cli"]
LEARNING_LIBRARIES = {"sklearn", "scipy", "faiss", "onnxruntime", "sentence_transformers", "torch"}


def imported_packages(file: Path) -> set[str]:
    """Return the top-level packages that a file imports anywhere, also within functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively: write the full name"
            names.add((node.module or "").split(".")[0])
    return names


def files(layer: str) -> list[Path]:
    single = ROOT / f"{layer}.py"
    return [single] if single.exists() else sorted((ROOT / layer).rglob("*.py"))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_no_higher_layer(layer: str) -> None:
    higher = set(LAYERS[LAYERS.index(layer) + 1 :])
    found = files(layer)
    assert found
    for file in found:
        assert not imported_packages(file) & higher, file


def test_web_code_imports_no_learning_library() -> None:
    for file in files("triage/web"):
        assert not imported_packages(file) & LEARNING_LIBRARIES, file


def test_a_relative_or_upward_import_would_be_noticed(tmp_path: Path) -> None:
    file = tmp_path / "lower.py"
    file.write_text("def f():\n    from training.fit import train\n    return train\n", encoding="utf-8")
    assert imported_packages(file) == {"training"}
