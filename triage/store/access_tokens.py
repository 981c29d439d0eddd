"""Access tokens: what each caller may ask of the service.

A secret is shown once and kept as its SHA-256. A slow, salted hash is for passwords, which people choose
and others guess; these secrets are 256 random bits, so there is nothing to guess, and a fast hash lets
each request be checked in microseconds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, RowMapping, insert, or_, select, text, update

from models.errors import ConflictError, InputError, NotFoundError
from triage.access import PER_MINUTE, PORTAL_PER_MINUTE, SCOPES
from triage.store.audit_log import AuditLog
from triage.store.database import Database
from triage.store.tables import tokens

TOUCH_INTERVAL = timedelta(minutes=1)
_SECRET = re.compile(r"trg_([0-9a-f]{12})_[0-9a-f]{64}")
_MOST_ORIGINS = 50


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Access token as it is kept; hashes are 64 hexadecimal digits, and `scopes` and `origins` are sorted."""

    id: str
    name: str
    hash: str
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    per_minute: int
    created_at: datetime
    previous_hash: str | None = None
    previous_until: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """Return `active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"

    def matches(self, secret: str, now: datetime) -> bool:
        """Tell whether a secret is this token's; both hashes are always compared, in constant time."""
        given = hash_secret(secret)
        is_this = hmac.compare_digest(given, self.hash)
        was_this = hmac.compare_digest(given, self.previous_hash or "")
        in_grace = self.previous_until is not None and now < self.previous_until
        return is_this or (was_this and in_grace)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """Access token with its secret, which cannot be read again later."""

    token: AccessToken
    secret: str = field(repr=False)


# Run every few seconds: to build the statement takes longer than to run it.
_ALL = select(tokens).order_by(tokens.c.created_at, tokens.c.id)


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """The access tokens of a database. Rows are never deleted: decisions name the token that was used."""

    database: Database

    def create(
        self,
        name: str,
        scopes: Collection[str],
        *,
        actor: str,
        origins: Sequence[str] = (),
        per_minute: int | None = None,
        expires_at: datetime | None = None,
    ) -> IssuedToken:
        """Make a token; `per_minute` is 6,000, or 600 for a portal, unless it is given.

        Raises:
            InputError: a scope or an origin is none, or they do not go together.
            StoreUnavailableError: it could not be kept.
        """
        if not name.strip():
            raise InputError("a token needs a name: say who or what will use it", fields={"name": "empty"})
        usual = PORTAL_PER_MINUTE if "portal" in scopes else PER_MINUTE
        token_id = secrets.token_hex(6)
        secret = _new_secret(token_id)
        now = datetime.now(UTC)
        if expires_at is not None and expires_at <= now:
            raise InputError(f"the token would have expired already, at {expires_at:%Y-%m-%d %H:%M %Z}")
        token = AccessToken(
            id=token_id,
            name=name.strip(),
            hash=hash_secret(secret),
            scopes=_checked_scopes(scopes),
            origins=_checked_origins(origins, scopes),
            per_minute=usual if per_minute is None else per_minute,
            created_at=now,
            expires_at=expires_at,
        )
        if token.per_minute < 1:
            raise InputError(f"expected a limit of at least 1 request a minute, found {per_minute}")
        with self.database.write() as connection:
            connection.execute(insert(tokens), [_columns(token)])
            self._note(connection, actor, "token.create", token)
        return IssuedToken(token, secret)

    def create_first(self, name: str, *, actor: str, keep: Callable[[str], None]) -> AccessToken | None:
        """Make a token of the scope admin where there has never been one, else return None.

        `keep` gets the secret before the token is good, so that there is never a token whose secret nobody
        has. An error that it raises leaves everything as it was.

        Raises:
            StoreUnavailableError: nothing was made.
        """
        token_id = secrets.token_hex(6)
        secret = _new_secret(token_id)
        token = AccessToken(
            id=token_id,
            name=name,
            hash=hash_secret(secret),
            scopes=("admin",),
            origins=(),
            per_minute=PER_MINUTE,
            created_at=datetime.now(UTC),
        )
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":  # there, two processes would both find none
                connection.execute(text("LOCK TABLE tokens IN SHARE ROW EXCLUSIVE MODE"))
            if connection.execute(select(tokens.c.id).limit(1)).first() is not None:
                return None
            connection.execute(insert(tokens), [_columns(token)])
            self._note(connection, actor, "token.create", token)
            keep(secret)
        return token

    def list(self) -> list[AccessToken]:
        """Return all tokens, the oldest first, with the expired and revoked ones.

        Raises:
            StoreUnavailableError: they cannot be read now.
        """
        with self.database.read() as connection:
            return [_token(row) for row in connection.execute(_ALL).mappings()]

    def rotate(self, token_id: str, *, actor: str, grace: timedelta = timedelta()) -> IssuedToken:
        """Give a token a new secret; the old one is good for the `grace` still.

        The secret before the old one, where its grace still ran, is good no longer.

        Raises:
            NotFoundError: there is no such token.
            ConflictError: it is revoked or has expired.
            StoreUnavailableError: nothing was changed.
        """
        now = datetime.now(UTC)
        secret = _new_secret(token_id)
        with self.database.write() as connection:
            token = _find(connection, token_id)
            if token.state(now) != "active":
                raise ConflictError(f"the token {token_id} is {token.state(now)}: create a new one instead")
            changes = {
                "hash": hash_secret(secret),
                "previous_hash": token.hash if grace else None,
                "previous_until": now + grace if grace else None,
            }
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(changes))
            rotated = _find(connection, token_id)
            self._note(connection, actor, "token.rotate", rotated, {"grace_s": int(grace.total_seconds())})
        return IssuedToken(rotated, secret)

    def revoke(self, token_id: str, *, actor: str) -> AccessToken:
        """End a token for good; one that is revoked already stays as it is.

        Raises:
            NotFoundError: there is no such token.
            StoreUnavailableError: nothing was changed.
        """
        with self.database.write() as connection:
            token = _find(connection, token_id)
            if token.revoked_at is not None:
                return token
            change = {"revoked_at": datetime.now(UTC)}
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(change))
            self._note(connection, actor, "token.revoke", token)
            return _find(connection, token_id)

    def touch(self, token_id: str) -> None:
        """Note that a token is used now, unless a use was noted less than a minute ago.

        Raises:
            StoreUnavailableError: it could not be noted.
        """
        now = datetime.now(UTC)
        long_ago = or_(tokens.c.last_used_at.is_(None), tokens.c.last_used_at <= now - TOUCH_INTERVAL)
        with self.database.write() as connection:
            connection.execute(
                update(tokens).where(tokens.c.id == token_id, long_ago).values(last_used_at=now)
            )

    def _note(
        self,
        connection: Connection,
        actor: str,
        action: str,
        token: AccessToken,
        details: dict[str, Any] | None = None,
    ) -> None:
        told = {"name": token.name, "scopes": list(token.scopes), **(details or {})}
        AuditLog(self.database).record(actor, action, token.id, told, connection=connection)


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a secret as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_id_of(secret: str) -> str | None:
    """Return the id within a secret, or None where it has not the form of one.

    >>> token_id_of("trg_0123456789ab_" + 64 * "0")
    '0123456789ab'
    """
    found = _SECRET.fullmatch(secret)
    return found[1] if found else None


def _new_secret(token_id: str) -> str:
    return f"trg_{token_id}_{secrets.token_hex(32)}"


def _find(connection: Connection, token_id: str) -> AccessToken:
    """Return a token to change it: until this transaction ends, no other one does."""
    wanted = select(tokens).where(tokens.c.id == token_id).with_for_update()
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise NotFoundError(f"there is no token {token_id!r}: `triage token list` shows the ids")
    return _token(row)


def _token(row: RowMapping) -> AccessToken:
    return AccessToken(**{**row, "scopes": tuple(row["scopes"]), "origins": tuple(row["origins"])})


def _columns(token: AccessToken) -> dict[str, Any]:
    columns = {name: getattr(token, name) for name in tokens.c.keys()}  # noqa: SIM118 - not a dict
    return columns | {"scopes": list(token.scopes), "origins": list(token.origins)}


def _checked_scopes(scopes: Collection[str]) -> tuple[str, ...]:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        found = f"the unknown scopes {', '.join(unknown)}" if unknown else "no scope"
        raise InputError(f"found {found}, expected one or more of {', '.join(SCOPES)}")
    if "portal" in scopes and len(set(scopes)) > 1:
        raise InputError(
            "a portal's token stands in a page that everybody can read, so it opens nothing but the portal: "
            "create a second token for the other scopes"
        )
    return tuple(sorted(set(scopes)))


def _checked_origins(origins: Sequence[str], scopes: Collection[str]) -> tuple[str, ...]:
    if origins and set(scopes) != {"portal"}:
        raise InputError("origins are for tokens of the scope portal: web pages may use no others")
    if len(origins) > _MOST_ORIGINS:
        raise InputError(f"expected at most {_MOST_ORIGINS} origins, found {len(origins)}")
    return tuple(sorted({_checked_origin(origin) for origin in origins}))


def _checked_origin(origin: str) -> str:
    """Return an origin as browsers write it.

    >>> _checked_origin("HTTPS://Help.Example.com:443")
    'https://help.example.com'
    """
    try:
        parts = urlsplit(origin.strip())
        port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    except ValueError:  # a port that is none, a bracket left open, a label that is too long
        parts, port, host = urlsplit(""), None, ""
    is_more = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in {"http", "https"} or is_more or not re.fullmatch(r"[a-z0-9.:_-]+", host):
        raise InputError(f"expected an origin such as https://help.example.com, found {origin!r}")
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in {None, usual} else f":{port}")
