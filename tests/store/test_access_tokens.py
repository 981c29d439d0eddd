"""Access tokens: shown once, kept as hashes, rotated and revoked, each change in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError

from models.errors import ConflictError, InputError, NotFoundError, StoreUnavailableError
from triage.store import Store
from triage.store.access_tokens import AccessToken, hash_secret, token_id_of
from triage.store.tables import tokens as table

NOW = datetime(2100, 1, 1, tzinfo=UTC)


def only(store: Store) -> AccessToken:
    (token,) = store.access_tokens.list()
    return token


def test_a_secret_opens_its_token_in_another_process_and_no_other_does(
    open_again: Callable[[], Store],
) -> None:
    made = open_again().access_tokens.create("helpdesk", ["triage", "agent"], actor="cli:ann")
    found = only(open_again())
    assert found == made.token
    assert (found.scopes, found.per_minute, token_id_of(made.secret)) == (
        ("agent", "triage"),
        6_000,
        found.id,
    )
    assert found.matches(made.secret, NOW)
    assert not found.matches(made.secret[:-1] + ("0" if made.secret[-1] != "0" else "1"), NOW)
    assert not found.matches("", NOW)


def test_the_database_holds_no_secret(store: Store) -> None:
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    rotated = store.access_tokens.rotate(made.token.id, actor="cli:ann", grace=timedelta(hours=1))
    with store.database.read() as connection:
        kept = [
            str(row)
            for name in ("tokens", "audit")
            for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]
    assert len(kept) == 3
    for secret in (made.secret, rotated.secret):
        assert not any(secret.rsplit("_", 1)[1] in row for row in kept)


def test_secrets_do_not_repeat_and_carry_256_random_bits(store: Store) -> None:
    made = [store.access_tokens.create("t", ["kb"], actor="a").secret for _ in range(20)]
    random = {secret.rsplit("_", 1)[1] for secret in made}
    assert len(random) == 20
    assert {len(bytes.fromhex(part)) * 8 for part in random} == {256}


def test_after_a_rotation_the_old_secret_is_good_for_its_grace_only(store: Store) -> None:
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    first = store.access_tokens.rotate(made.token.id, actor="cli:ann", grace=timedelta(hours=1))
    now = datetime.now(UTC)
    assert first.token.matches(first.secret, now)
    assert first.token.matches(made.secret, now)
    assert not first.token.matches(made.secret, now + timedelta(hours=2))
    second = store.access_tokens.rotate(made.token.id, actor="cli:ann")
    assert only(store).matches(second.secret, now)
    assert not only(store).matches(first.secret, now)
    assert not only(store).matches(made.secret, now)


def test_of_two_rotations_at_once_the_second_keeps_the_first_one_s_secret_for_its_grace(
    store: Store,
) -> None:
    token_id = store.access_tokens.create("desk", ["triage"], actor="cli:anna").token.id
    with ThreadPoolExecutor(8) as rotating:
        made = [
            rotating.submit(store.access_tokens.rotate, token_id, actor="cli:anna", grace=timedelta(hours=1))
            for _ in range(8)
        ]
    hashes = {hash_secret(one.result().secret) for one in made}
    assert {only(store).hash, only(store).previous_hash} < hashes


def test_a_new_secret_is_not_in_what_a_log_would_say_of_it(store: Store) -> None:
    made = store.access_tokens.create("desk", ["triage"], actor="cli:anna")
    assert made.secret not in repr(made)


def test_a_token_is_revoked_once_and_for_good(store: Store) -> None:
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    revoked = store.access_tokens.revoke(made.token.id, actor="cli:ann")
    assert revoked.state(NOW) == "revoked"
    assert store.access_tokens.revoke(made.token.id, actor="cli:bob") == revoked
    with pytest.raises(ConflictError, match="revoked"):
        store.access_tokens.rotate(made.token.id, actor="cli:ann")


def test_a_token_expires(store: Store) -> None:
    end = datetime.now(UTC) + timedelta(days=1)
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann", expires_at=end)
    assert only(store).state(end - timedelta(seconds=1)) == "active"
    assert only(store).state(end) == "expired"
    with store.database.write() as connection:
        past = datetime.now(UTC) - timedelta(days=1)
        connection.execute(update(table).values(expires_at=past))
    with pytest.raises(ConflictError, match="expired"):
        store.access_tokens.rotate(made.token.id, actor="cli:ann")


def test_an_unknown_id_is_said_to_be_unknown(store: Store) -> None:
    for change in (store.access_tokens.rotate, store.access_tokens.revoke):
        with pytest.raises(NotFoundError, match="triage token list"):
            change("0" * 12, actor="cli:ann")


def test_each_change_is_in_the_audit_log_with_who_made_it(store: Store) -> None:
    made = store.access_tokens.create("portal", ["portal"], actor="cli:ann", origins=["https://a.example"])
    store.access_tokens.rotate(made.token.id, actor="cli:bob", grace=timedelta(minutes=2))
    store.access_tokens.revoke(made.token.id, actor="cli:cid")
    found = [(e.actor, e.action, e.target) for e in store.audit_log.list()]
    token_id = made.token.id
    assert sorted(found) == [
        ("cli:ann", "token.create", token_id),
        ("cli:bob", "token.rotate", token_id),
        ("cli:cid", "token.revoke", token_id),
    ]
    (rotation,) = [e for e in store.audit_log.list() if e.action == "token.rotate"]
    assert rotation.details == {"name": "portal", "scopes": ["portal"], "grace_s": 120}


def test_a_change_that_cannot_be_audited_is_not_made(store: Store) -> None:
    store.database.ensure_migrated()
    with store.database.write() as connection:
        connection.execute(text("DROP TABLE audit"))
    with pytest.raises((StoreUnavailableError, ProgrammingError)):
        store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    assert store.access_tokens.list() == []


def test_the_last_use_is_written_at_most_once_a_minute(store: Store) -> None:
    made = store.access_tokens.create("helpdesk", ["triage"], actor="cli:ann")
    store.access_tokens.touch(made.token.id)
    first = only(store).last_used_at
    assert first is not None
    store.access_tokens.touch(made.token.id)
    assert only(store).last_used_at == first
    with store.database.write() as connection:
        connection.execute(update(table).values(last_used_at=first - timedelta(seconds=61)))
    store.access_tokens.touch(made.token.id)
    later = only(store).last_used_at
    assert later is not None
    assert later >= first


@pytest.mark.parametrize(
    ("scopes", "origins", "told"),
    [
        ([], [], "found no scope"),
        (["root"], [], "found the unknown scopes root"),
        (["portal", "agent"], [], "opens nothing but the portal"),
        (["agent"], ["https://a.example"], "origins are for tokens of the scope portal"),
        (["portal"], ["*"], "expected an origin such as"),
        (["portal"], ["null"], "expected an origin such as"),
        (["portal"], ["https://a.example/path"], "expected an origin such as"),
        (["portal"], ["https://user@a.example"], "expected an origin such as"),
        (["portal"], ["https://a.example:port"], "expected an origin such as"),
        (["portal"], ["https://" + "a" * 70 + ".example"], "expected an origin such as"),
        (["portal"], ["javascript:alert(1)"], "expected an origin such as"),
        (["portal"], ["https://a.example\r\nX: y"], "expected an origin such as"),
    ],
)
def test_scopes_and_origins_that_are_none_are_refused(
    store: Store, scopes: list[str], origins: list[str], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        store.access_tokens.create("t", scopes, actor="a", origins=origins)
    assert store.access_tokens.list() == []


def test_origins_are_kept_as_browsers_write_them(store: Store) -> None:
    given = [
        "HTTPS://Help.Example.com:443/",
        "http://localhost:3000",
        "https://bücher.example",
        "http://[::1]:80",
    ]
    store.access_tokens.create("t", ["portal"], actor="a", origins=given)
    assert set(only(store).origins) == {
        "https://help.example.com",
        "http://localhost:3000",
        "https://xn--bcher-kva.example",
        "http://[::1]",
    }
    assert only(store).per_minute == 600
