"""Signatures are those of Standard Webhooks, as its own library makes them, or of the former scheme."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from triage.errors import SignatureError
from triage.webhooks.signing import FORMER, STANDARD, SigningKey, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FORMER_SECRET = "0123456789abcdef"
BODY = b'{"id": "4711"}'
NOW = 1_700_000_000

SECRETS = st.binary(min_size=24, max_size=64).map(lambda key: "whsec_" + base64.b64encode(key).decode())
IDS = st.text("abcXYZ019._:~-", min_size=1, max_size=40)


@given(SECRETS, IDS, st.integers(0, 10**10), st.text(max_size=200))
def test_the_signature_is_that_of_the_library_of_standard_webhooks(
    secret: str, delivery_id: str, timestamp: int, body: str
) -> None:
    made = SigningKey.parse(secret).sign(delivery_id, timestamp, body.encode("utf-8", "replace"))
    moment = datetime.fromtimestamp(timestamp, UTC)
    body = body.encode("utf-8", "replace").decode()
    assert made == Webhook(secret).sign(msg_id=delivery_id, timestamp=moment, data=body)


def test_the_library_of_standard_webhooks_takes_our_headers() -> None:
    now = int(datetime.now(UTC).timestamp())
    headers = SigningKey.parse(SECRET).headers("d1", now, BODY)
    assert Webhook(SECRET).verify(BODY, headers) == {"id": "4711"}


def test_a_delivery_signed_by_the_library_of_standard_webhooks_is_verified() -> None:
    moment = datetime.fromtimestamp(NOW, UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(NOW),
        "webhook-signature": Webhook(SECRET).sign(msg_id="msg_1", timestamp=moment, data=BODY.decode()),
    }
    found = verify(headers, BODY, [SigningKey.parse(SECRET)], now=NOW, tolerance_s=300)
    assert (found.id, found.signed_at) == ("msg_1", moment)


def test_a_secret_tells_its_scheme_and_may_come_without_padding() -> None:
    assert SigningKey.parse(FORMER_SECRET) == SigningKey(FORMER, FORMER_SECRET.encode())
    key = bytes(range(32))
    padded = "whsec_" + base64.b64encode(key).decode()
    assert SigningKey.parse(padded) == SigningKey(STANDARD, key)
    assert SigningKey.parse(padded.rstrip("=")) == SigningKey(STANDARD, key)


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("", "fewer than 16 characters"),
        ("0123456789abcde", "fewer than 16 characters"),
        ("whsec_", "24 to 64 bytes in base64"),
        ("whsec_" + base64.b64encode(bytes(23)).decode(), "24 to 64 bytes in base64"),
        ("whsec_" + base64.b64encode(bytes(65)).decode(), "24 to 64 bytes in base64"),
        ("whsec_" + "ä" * 40, "24 to 64 bytes in base64"),
        ("whsec_" + "!" * 40, "24 to 64 bytes in base64"),
    ],
)
def test_a_secret_that_is_too_short_or_no_base64_is_refused(secret: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SigningKey.parse(secret)


@given(st.dictionaries(st.sampled_from(STANDARD.headers + FORMER.headers), st.text(max_size=60)))
def test_whatever_stands_in_the_headers_a_delivery_that_is_not_signed_is_refused(
    headers: dict[str, str],
) -> None:
    keys = [SigningKey.parse(SECRET), SigningKey.parse(FORMER_SECRET)]
    with pytest.raises(SignatureError):
        verify(headers, BODY, keys, now=NOW, tolerance_s=300)


@pytest.mark.parametrize("secret", [SECRET, FORMER_SECRET])
def test_a_key_signs_by_its_own_scheme_alone(secret: str) -> None:
    key = SigningKey.parse(secret)
    other = SigningKey({STANDARD: FORMER, FORMER: STANDARD}[key.scheme], key.key)
    headers = key.headers("d1", NOW, BODY)
    assert verify(headers, BODY, [key], now=NOW, tolerance_s=300).id == "d1"
    with pytest.raises(SignatureError, match="does not fit"):
        verify(headers, BODY, [other], now=NOW, tolerance_s=300)


@pytest.mark.parametrize("secret", [SECRET, FORMER_SECRET])
def test_a_signature_holds_for_its_time_and_its_body_alone(secret: str) -> None:
    key = SigningKey.parse(secret)
    headers = key.headers("d1", NOW, BODY)
    later = headers | {key.scheme.timestamp: str(NOW + 1)}
    for changed, body in ((later, BODY), (headers, b'{"id": "4712"}'), (headers, b"")):
        with pytest.raises(SignatureError, match="does not fit"):
            verify(changed, body, [key], now=NOW, tolerance_s=300)


@pytest.mark.parametrize(("age", "is_taken"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_delivery_may_be_as_old_as_the_tolerance(age: int, is_taken: bool) -> None:
    key = SigningKey.parse(SECRET)
    headers = key.headers("d1", NOW - age, BODY)
    if is_taken:
        assert verify(headers, BODY, [key], now=NOW, tolerance_s=300).signed_at.timestamp() == NOW - age
    else:
        with pytest.raises(SignatureError, match="more than 300 s"):
            verify(headers, BODY, [key], now=NOW, tolerance_s=300)


def test_the_fingerprint_is_the_same_for_a_delivery_that_is_sent_again() -> None:
    key = SigningKey.parse(SECRET)

    def fingerprint(delivery_id: str, at: int, body: bytes) -> str:
        headers = key.headers(delivery_id, at, body)
        return verify(headers, body, [key], now=at, tolerance_s=300).fingerprint

    first = fingerprint("d1", NOW, BODY)
    assert fingerprint("d1", NOW + 7, BODY) == first
    assert fingerprint("d2", NOW, BODY) != first
    assert fingerprint("d1", NOW, b"{}") != first


def test_the_former_scheme_signs_the_time_and_the_body() -> None:
    expected = hmac.new(FORMER_SECRET.encode(), b"%d." % NOW + BODY, hashlib.sha256).hexdigest()
    headers = SigningKey.parse(FORMER_SECRET).headers("d1", NOW, BODY)
    assert headers == {
        "X-Triage-Delivery": "d1",
        "X-Triage-Timestamp": str(NOW),
        "X-Triage-Signature": f"sha256={expected}",
    }
