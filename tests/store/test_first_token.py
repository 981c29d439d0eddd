"""The first token of a home: made once, readable by the service's user alone, and never again."""

from __future__ import annotations

import logging
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import StorageError
from triage.first_token import ensure_first_token, first_token_file, start_first_token
from triage.store import Store


def secret_in(home: Path) -> str:
    return first_token_file(home).read_text("utf-8").strip()


def test_the_first_token_opens_everything_and_only_its_user_can_read_it(store: Store, tmp_path: Path) -> None:
    assert ensure_first_token(store.access_tokens, tmp_path)
    (token,) = store.access_tokens.list()
    assert token.matches(secret_in(tmp_path), token.created_at)
    assert token.scopes == ("admin",)
    assert stat.S_IMODE(first_token_file(tmp_path).stat().st_mode) == 0o600
    assert [(entry.actor, entry.action) for entry in store.audit_log.list()] == [("service", "token.create")]


def test_it_is_made_once_also_by_many_processes_that_start_at_once(
    open_again: Callable[[], Store], tmp_path: Path
) -> None:
    opened = [open_again() for _ in range(6)]
    opened[0].database.ensure_migrated()
    with ThreadPoolExecutor(6) as starting:
        made = list(starting.map(lambda one: ensure_first_token(one.access_tokens, tmp_path), opened))
    assert sum(made) == 1
    (token,) = opened[0].access_tokens.list()
    assert token.matches(secret_in(tmp_path), token.created_at)


def test_none_is_made_where_there_is_a_token_or_was_one(store: Store, tmp_path: Path) -> None:
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    store.access_tokens.revoke(made.token.id, actor="cli:ann")
    assert not ensure_first_token(store.access_tokens, tmp_path)
    assert not first_token_file(tmp_path).exists()


def test_none_is_made_where_the_database_that_knew_the_tokens_is_lost(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert ensure_first_token(store.access_tokens, tmp_path)
    lost = secret_in(tmp_path)
    with store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM tokens")
    assert not ensure_first_token(store.access_tokens, tmp_path)
    assert store.access_tokens.list() == []
    assert secret_in(tmp_path) == lost
    assert "triage token create NAME --scope admin" in caplog.text


def test_there_is_no_token_whose_secret_nobody_has(store: Store, tmp_path: Path) -> None:
    first_token_file(tmp_path).mkdir()  # a place where no file can be put
    with pytest.raises(StorageError):
        ensure_first_token(store.access_tokens, tmp_path)
    assert store.access_tokens.list() == []


def test_where_the_secret_cannot_be_kept_the_log_says_what_to_do(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first_token_file(tmp_path).mkdir()
    task = start_first_token(store.access_tokens, tmp_path)
    task.stop(30)
    assert "triage token create NAME --scope admin" in caplog.text


def test_the_secret_is_not_logged(store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    task = start_first_token(store.access_tokens, tmp_path)
    task.stop(30)
    assert str(first_token_file(tmp_path)) in caplog.text
    assert secret_in(tmp_path).rsplit("_", 1)[1] not in caplog.text
