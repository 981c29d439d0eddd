"""The documents name files, folders and places that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PACKAGES = ["models", "kb_index", "triage", "training"]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_documents_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(linked), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_source_file_that_a_document_names_is_there(page: Path) -> None:
    for name in re.findall(r"`((?:\w+/)+\w+\.py)\b", page.read_text("utf-8")):
        assert (ROOT / name).exists(), f"{page.name}: {name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_architecture_describes_every_room_and_no_other(package: str) -> None:
    section = ARCHITECTURE.split(f"### `{package}/`")[1].split("\n#")[0]
    described = set(re.findall(r"^\| `([\w/]+)/` \|", section, re.MULTILINE))
    rooms = {
        folder.parent.relative_to(ROOT / package).as_posix()
        for folder in (ROOT / package).rglob("__init__.py")
    } - {".", "store/migrations/versions"}
    described |= {f"web/{name}" for name in ("routes", "schemas", "middleware") if f"`{name}/`" in section}
    assert described == rooms
