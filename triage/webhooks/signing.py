"""Signatures of webhooks and callbacks: Standard Webhooks, and this service's former scheme.

Standard Webhooks (https://www.standardwebhooks.com) sign id, time and raw body with HMAC-SHA256. A secret
tells its scheme: those of Standard Webhooks begin with `whsec_`. Its Python package is not used here, since
that fixes how old a delivery may be, and ends in a ValueError on a header of another form; the tests compare
with it.

The former scheme signs time and body, and is deprecated.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from triage.errors import SignatureError

AS_OF = "X-Triage-As-Of"
PREFIX = "whsec_"
_UNIX_SECONDS = re.compile(r"[0-9]{1,11}")
_KEY_BYTES = range(24, 65)
_SHORTEST_FORMER = 16
_HOW = "docs/hooks.md shows how to sign"


@dataclass(frozen=True, slots=True)
class Scheme:
    """Names of the headers in which a scheme has id, time and signature of a delivery."""

    id: str
    timestamp: str
    signature: str

    @property
    def headers(self) -> tuple[str, str, str]:
        return self.timestamp, self.signature, self.id


STANDARD = Scheme("webhook-id", "webhook-timestamp", "webhook-signature")
FORMER = Scheme("X-Triage-Delivery", "X-Triage-Timestamp", "X-Triage-Signature")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret that both sides know, and the scheme that it signs by."""

    scheme: Scheme
    key: bytes

    @classmethod
    def parse(cls, secret: str) -> SigningKey:
        """Read a secret of either scheme.

        Raises:
            ValueError: it is too short, or is no base64 where it begins with `whsec_`.
        """
        if not secret.startswith(PREFIX):
            if len(secret) < _SHORTEST_FORMER:
                raise ValueError(
                    f"a secret has fewer than {_SHORTEST_FORMER} characters: make one with "
                    '`echo "whsec_$(openssl rand -base64 32)"`'
                )
            return cls(FORMER, secret.encode())
        encoded = secret.removeprefix(PREFIX)
        try:
            key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) not in _KEY_BYTES:
            raise ValueError(
                "a secret begins with whsec_, expected 24 to 64 bytes in base64 after that: make one with "
                '`echo "whsec_$(openssl rand -base64 32)"`'
            )
        return cls(STANDARD, key)

    def sign(self, delivery_id: str, timestamp: int, body: bytes) -> str:
        """Return the value of the signature's header; `timestamp` is in Unix seconds.

        >>> SigningKey.parse("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3").sign("d1", 1700000000, b"{}")[:20]
        'v1,SWJISR7el4cG/x5kl'
        >>> SigningKey.parse("0123456789abcdef").sign("d1", 1700000000, b"{}")[:20]
        'sha256=e4f8e2ecae229'
        """
        signed = b"%d." % timestamp + body
        if self.scheme is STANDARD:
            digest = hmac.new(self.key, _raw(delivery_id) + b"." + signed, hashlib.sha256).digest()
            return "v1," + base64.b64encode(digest).decode()
        return "sha256=" + hmac.new(self.key, signed, hashlib.sha256).hexdigest()

    def headers(self, delivery_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """Return the headers of a signed delivery."""
        return {
            self.scheme.id: delivery_id,
            self.scheme.timestamp: str(timestamp),
            self.scheme.signature: self.sign(delivery_id, timestamp, body),
        }


@dataclass(frozen=True, slots=True)
class VerifiedDelivery:
    """Signed parts of a delivery that was verified.

    `fingerprint` is the SHA-256, in hexadecimal, of what is signed beside the time: the same where a delivery
    is sent again.
    """

    id: str
    signed_at: datetime
    fingerprint: str


def verify(
    headers: Mapping[str, str], body: bytes, keys: Sequence[SigningKey], *, now: float, tolerance_s: int
) -> VerifiedDelivery:
    """Verify that one of the keys signed the raw body, at most `tolerance_s` seconds from `now`.

    How long that takes tells nothing of keys or signatures.

    Raises:
        SignatureError: a header is missing, the time is none or too far off, or the signature does not fit.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    scheme = _scheme(sent, keys)
    missing = [name for name in scheme.headers if name.lower() not in sent]
    if missing:
        raise SignatureError(f"these headers are missing: {', '.join(missing)}. {_HOW}")
    given, delivery_id, signature = (
        sent[name.lower()] for name in (scheme.timestamp, scheme.id, scheme.signature)
    )
    if not _UNIX_SECONDS.fullmatch(given):
        raise SignatureError(f"{scheme.timestamp} is not in Unix seconds, such as 1767225600: {_HOW}")
    timestamp = int(given)
    if abs(now - timestamp) > tolerance_s:
        raise SignatureError(
            f"{scheme.timestamp} is more than {tolerance_s} s from this machine's time: sign each sending "
            "anew, and check the clocks"
        )
    # Of Standard Webhooks several signatures may come, by several secrets, with a space between.
    signatures = signature.split(" ") if scheme is STANDARD else [signature]
    expected = [key.sign(delivery_id, timestamp, body).encode() for key in keys if key.scheme is scheme]
    found = [one.encode("utf-8", "replace") for one in signatures]
    matches = [hmac.compare_digest(one, other) for one in expected for other in found]
    if not any(matches):
        raise SignatureError(f"{scheme.signature} does not fit the time and the body that arrived: {_HOW}")
    signed = _raw(delivery_id) + b"." + body if scheme is STANDARD else body
    fingerprint = hashlib.sha256(signed).hexdigest()
    return VerifiedDelivery(delivery_id, datetime.fromtimestamp(timestamp, UTC), fingerprint)


def _raw(delivery_id: str) -> bytes:
    return delivery_id.encode("latin-1", "replace")  # as WSGI decodes headers


def _scheme(sent: Mapping[str, str], keys: Sequence[SigningKey]) -> Scheme:
    """Return the scheme of which a header was sent, else that of the first key."""
    for scheme in (STANDARD, FORMER):
        if any(name.lower() in sent for name in scheme.headers):
            return scheme
    return keys[0].scheme
