"""Ids that sort by time, some of them signed, and pseudonyms for people."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from models.errors import StorageError
from models.storage.artifact import flush, storage_errors
from models.wording import counted

_KEY_BYTES = 32
_TIME, _SIGNED, _SIGNATURE = 12, 22, 10


def new_id() -> str:
    """Return 32 hexadecimal characters: 48 bits of Unix milliseconds, then 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Keyed hashes of people's addresses. Equal addresses stay equal, and none can be read back."""

    key: bytes

    def pseudonym_of(self, person: str | None) -> str | None:
        """Return the pseudonym of a person, 64 hexadecimal characters; None where nobody is named.

        Case, spaces around the address and the Unicode form of accents make no difference.
        """
        folded = unicodedata.normalize("NFKC", person or "").strip().casefold()
        if not folded:
            return None
        return hmac.new(self.key, folded.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def keyed_fraction(self, name: str, purpose: str) -> float:
        """Return a number in [0, 1), the same for a name and purpose each time, that nobody can foresee."""
        return int(self.keyed_name(name, purpose)[:16], 16) / 2**64

    def keyed_name(self, name: str, purpose: str) -> str:
        """Return 32 hexadecimal characters, the same for a name and purpose each time; none is read back."""
        named = f"{purpose}\0{name}".encode("utf-8", "replace")
        return hmac.new(self.key, named, hashlib.sha256).hexdigest()[:32]


def new_signed_id(pseudonyms: Pseudonyms, purpose: str) -> str:
    """Return 32 hexadecimal characters: 22 as `new_id`, and 10 of a keyed hash of these and the purpose."""
    name = new_id()[:_SIGNED]
    return name + _signature(pseudonyms, name, purpose)


def is_signed_id(pseudonyms: Pseudonyms, given: str, purpose: str) -> bool:
    """Tell whether the id was given out, for this purpose, by a service with the same secret."""
    name, signature = given[:_SIGNED], given[_SIGNED:]
    expected = _signature(pseudonyms, name, purpose)
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def age_s(given: str) -> float:
    """Return the seconds since an id of ours was given out."""
    return time.time() - int(given[:_TIME], 16) / 1000


def _signature(pseudonyms: Pseudonyms, name: str, purpose: str) -> str:
    return f"{int(pseudonyms.keyed_fraction(name, purpose) * 16**_SIGNATURE):0{_SIGNATURE}x}"


def open_pseudonyms(secret: str, path: Path) -> Pseudonyms:
    """Return the pseudonyms of the secret, or, where that is empty, of the key file, made when missing.

    Raises:
        StorageError: the key file cannot be written or read, or is not whole.
    """
    if secret:
        return Pseudonyms(hashlib.sha256(secret.encode()).digest())
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_bytes(secrets.token_bytes(_KEY_BYTES))
            flush(fresh)  # a key that a crash leaves empty would make other pseudonyms of the same people
            try:
                path.hardlink_to(fresh)  # whoever comes first wins; the others read what they find
                flush(path.parent)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise StorageError(
            f"the key of the pseudonyms {path} holds {counted(len(key), 'byte')}, expected {_KEY_BYTES}: "
            "restore it from a backup; or delete it, and nobody who is in the store is found by address "
            "any more"
        )
    return Pseudonyms(key)
