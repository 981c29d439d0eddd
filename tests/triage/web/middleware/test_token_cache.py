"""What one process knows of tokens, while the store comes and goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models.errors import StoreUnavailableError
from triage.settings import Settings
from triage.store import Store, open_store
from triage.store.access_tokens import AccessToken
from triage.web.middleware.token_cache import MAX_AGE_S, REFRESH_S, TokenCache


@dataclass
class Outages:
    """The tokens of a real store that can be away."""

    store: Store
    is_away: bool = False
    answers_after_s: float = 0.0
    reads: list[int] = field(default_factory=list)

    def list(self) -> list[AccessToken]:
        self.reads.append(1)
        time.sleep(self.answers_after_s)
        if self.is_away:
            raise StoreUnavailableError("away")
        return self.store.access_tokens.list()

    def touch(self, token_id: str) -> None:
        self.store.access_tokens.touch(token_id)


@pytest.fixture
def tokens(tmp_path: Path) -> Iterator[Outages]:
    store = open_store(Settings(home=tmp_path))
    yield Outages(store)
    store.database.close()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(tokens: Outages, clock: Clock) -> TokenCache:
    return TokenCache(tokens, clock)  # type: ignore[arg-type]


def test_after_an_outage_an_idle_process_asks_before_it_takes_a_token(
    known: TokenCache, tokens: Outages, clock: Clock
) -> None:
    made = tokens.store.access_tokens.create("t", ["kb"], actor="a")
    assert known.find(made.secret) is not None
    tokens.is_away = True
    clock.now += REFRESH_S
    assert known.find(made.secret) == made.token
    tokens.is_away = False
    tokens.store.access_tokens.revoke(made.token.id, actor="a")
    clock.now += MAX_AGE_S
    found = known.find(made.secret)
    assert found is not None
    assert found.revoked_at is not None


def test_a_store_that_hangs_holds_up_requests_once(known: TokenCache, tokens: Outages, clock: Clock) -> None:
    made = tokens.store.access_tokens.create("t", ["kb"], actor="a")
    assert known.find(made.secret) is not None
    tokens.is_away, tokens.answers_after_s = True, 0.2
    clock.now += MAX_AGE_S
    before = len(tokens.reads)
    found: list[AccessToken | None] = []
    threads = [threading.Thread(target=lambda: found.append(known.find(made.secret))) for _ in range(8)]
    for thread in threads:
        thread.start()
        clock.now += 0.001
    for thread in threads:
        thread.join()
    assert found == [made.token] * 8
    assert len(tokens.reads) - before == 1


def test_a_process_that_starts_in_an_outage_does_not_take_the_store_for_an_empty_one(
    known: TokenCache, tokens: Outages, clock: Clock
) -> None:
    tokens.is_away = True
    assert not known.is_empty
    tokens.is_away = False
    clock.now += MAX_AGE_S
    assert known.is_empty
    made = tokens.store.access_tokens.create("t", ["kb"], actor="a")
    clock.now += MAX_AGE_S
    assert not known.is_empty
    tokens.is_away = True
    fresh = TokenCache(tokens, clock)  # type: ignore[arg-type]
    with pytest.raises(StoreUnavailableError):
        fresh.find(made.secret)
