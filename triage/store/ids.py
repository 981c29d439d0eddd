"""Ids that sort by time, and names for people that do not tell who they are."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from models.errors import StorageError
from models.folder import storage_errors

_KEY_BYTES = 32


def new_id() -> str:
    """Return 32 hexadecimal characters: 48 bits of Unix milliseconds, then 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Replaces a person's address by a keyed hash: equal addresses stay equal, none can be read back."""

    key: bytes

    def of(self, person: str | None) -> str | None:
        """Return 64 hexadecimal characters; None where nobody is named. Case and spaces do not count."""
        folded = (person or "").strip().casefold()
        if not folded:
            return None
        return hmac.new(self.key, folded.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def share(self, name: str, purpose: str) -> float:
        """Return a number in [0, 1), the same for a name and purpose each time, that nobody can foresee."""
        digest = hmac.new(self.key, f"{purpose}\0{name}".encode("utf-8", "replace"), hashlib.sha256).digest()
        return int.from_bytes(digest[:8], "big") / 2**64


def open_pseudonyms(secret: str, path: Path) -> Pseudonyms:
    """Return the pseudonyms of the secret, or, where that is empty, of the key file, made when missing.

    Raises:
        StorageError: the key file cannot be written or read, or was cut off.
    """
    if secret:
        return Pseudonyms(hashlib.sha256(secret.encode()).digest())
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            with fresh.open("wb") as stream:
                stream.write(secrets.token_bytes(_KEY_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
            try:
                path.hardlink_to(fresh)  # whoever comes first wins; the others read what they find
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = path.read_bytes()
    if len(key) < _KEY_BYTES:  # with an empty key, everybody could find out whom a pseudonym names
        raise StorageError(
            f"{path} holds {len(key)} bytes where a key has {_KEY_BYTES}: restore it from a backup, or "
            "remove it, after which requesters get new pseudonyms"
        )
    return Pseudonyms(key)
