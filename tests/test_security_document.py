"""The threat model names a test for each threat, and each of these tests exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "security.md").read_text("utf-8")
MODEL = DOCUMENT.split("## Threat model")[1]
LINES = [line for line in MODEL.splitlines() if line.startswith("|")][2:]


def test_there_is_a_threat_model() -> None:
    assert len(LINES) > 20


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("|")[1].strip())
def test_each_line_names_a_test_that_exists(line: str) -> None:
    named = re.search(r"`(tests/[\w/]+\.py)::(test_\w+)` \|$", line)
    assert named, line
    file, function = named.groups()
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert function in tests
