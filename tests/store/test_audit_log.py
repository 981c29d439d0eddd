"""The audit log keeps what was done, in order, and is read page by page."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from triage.commands.home import cli_actor
from triage.store import Store


def test_entries_are_read_back_the_newest_first_and_page_by_page(open_again: Callable[[], Store]) -> None:
    before = datetime.now(UTC)
    store = open_again()
    for number in range(5):
        store.audit_log.record("cli:ann", "bundle.promote", f"b{number}", {"n": number, "names": ["ä"]})
        time.sleep(0.002)  # ids sort by milliseconds
    again = open_again()
    first = again.audit_log.list(limit=3)
    assert [e.target for e in first] == ["b4", "b3", "b2"]
    rest = again.audit_log.list(after=first[-1].id, limit=3)
    assert [e.target for e in rest] == ["b1", "b0"]
    assert rest[-1].details == {"n": 0, "names": ["ä"]}
    assert before <= rest[-1].at <= datetime.now(UTC)


def test_an_entry_goes_with_the_change_it_tells_of(store: Store) -> None:
    with pytest.raises(RuntimeError), store.database.write() as connection:
        store.audit_log.record("cli:ann", "token.create", "t1", connection=connection)
        raise RuntimeError
    assert store.audit_log.list() == []


def test_what_is_done_on_the_command_line_is_done_by_a_named_user() -> None:
    assert cli_actor().startswith("cli:")
    assert len(cli_actor()) > len("cli:")


def test_the_trail_is_printed_one_line_an_entry_whatever_names_it_holds(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    store.audit_log.record(
        "token:t1", "article.put", "a\n2026-01-01T00:00:00  cli:root  nothing\x1b[2J\u202e", {"ü": "ä"}
    )
    (tmp_path / "triage.toml").write_text(f'[store]\nurl = "{store_url}"\n', encoding="utf-8")
    where = ["--home", str(tmp_path), "--settings", str(tmp_path / "triage.toml")]
    (line,) = CliRunner().invoke(app, ["audit", *where]).stdout.splitlines()
    assert r"article.put a\n2026-01-01T00:00:00  cli:root  nothing\x1b[2J\u202e" in line
    assert line.endswith('{"ü": "ä"}')
