"""The documents name files, folders and places that exist."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
from pathlib import Path

import pytest

from cli import main
from triage.settings import Settings

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


def messages() -> list[str]:
    """Return the constant parts of all texts in the code, and the lines of the Makefile."""
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    trees = [ast.parse(file.read_text("utf-8")) for file in files]
    texts = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    return [text for text in texts if isinstance(text, str)] + [(ROOT / "Makefile").read_text("utf-8")]


def test_troubleshooting_names_messages_that_the_program_gives() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    first_cells = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    shown = [span for cell in first_cells for span in re.findall(r"`([^`]+)`", cell) if " " in span]
    parts = [part.strip() for span in shown for part in span.split("…") if len(part.strip()) > 3]
    foreign = {
        "triage: command not found",
        "Address already in use",
        "Extra inputs are not permitted",
        '"stale": true',
    }
    known = messages()
    assert len(parts) > 15
    assert [p for p in parts if p not in foreign and not any(p in text for text in known)] == []


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "CHANGELOG.md"], ids=lambda page: page.name)
def test_the_documents_call_threshold_guarantee_and_holdout_by_one_word(page: Path) -> None:
    prose = without_code(page.read_text("utf-8")).split("## Old names")[0]
    former = r"\b(vouch\w*|promis\w*|blind\w*|bars?|step\w*[ -]down)\b"
    assert re.findall(former, re.sub(r"`[^`]*`", "", prose)) == []


def test_the_example_of_predict_in_the_readme_works_as_it_stands(
    sample_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    [line] = re.findall(r"(?m)^\.venv/bin/triage (predict .*)$", (ROOT / "README.md").read_text("utf-8"))
    home = tmp_path / "var" / "rullamo"
    home.mkdir(parents=True)
    for part in ("models", "kb", "cache"):
        (home / part).symlink_to(sample_settings.home / part)
    shutil.copy(ROOT / "examples" / "rullamo" / "triage.toml", home)
    few = tmp_path / "examples" / "rullamo" / "tickets.jsonl"
    few.parent.mkdir(parents=True)
    lines = (ROOT / "examples" / "rullamo" / "tickets.jsonl").read_text("utf-8").splitlines()[:3]
    few.write_text("\n".join(lines), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_ENCODER_DIR", str(sample_settings.encoder_folder))
    with pytest.raises(SystemExit) as done:
        main(shlex.split(line))
    assert not done.value.code
    assert len((tmp_path / "var" / "predictions.jsonl").read_text("utf-8").splitlines()) == 3
