"""What schemathesis cannot read out of the document: what belongs together, and what is there.

An article's id in the body is that of the address; a delivery is signed with its connector's secret, tells
of the past, and asks for callbacks to the host that its connector knows. Where `KNOWN` names things that are
there, right requests are about them. Where `CALLS` names a file, it gets a line for each call.
"""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zlib import crc32

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.core.parameters import ParameterLocation

from tests.live import CALLBACK_ORIGIN, CONNECTOR, HOOK_SECRET
from triage.webhooks.signing import STANDARD, SigningKey

KNOWN = "TRIAGE_TEST_KNOWN"
"""Variable with JSON: `paths`, parts of addresses by operation; `bodies`, keys by operation that are never
left out; `ids`, what certain keys hold in every body that has them."""
CALLS = "TRIAGE_TEST_CALLS"
_WRITING = threading.Lock()


class Signed(AuthBase):
    """Signs a request just before it is sent, when its body is bytes."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        delivery_id = request.headers.get(STANDARD.id, uuid4().hex)
        signed = SigningKey.parse(HOOK_SECRET).headers(delivery_id, int(time.time()), raw)
        request.headers.update(signed)
        return request


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if case.operation.path.startswith("/v1/hooks/") and is_valid(case, ParameterLocation.PATH):
        case.path_parameters["connector"] = CONNECTOR
    if case.operation.path == "/v1/hooks/{connector}" and is_valid(case, ParameterLocation.HEADER):
        kwargs["auth"] = Signed()
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    known = json.loads(os.environ.get(KNOWN, "null"))
    if known:
        case.path_parameters |= known["paths"].get(case.operation.label, {})
    if known and isinstance(case.body, dict):
        case.body = known["bodies"].get(case.operation.label, {}) | case.body
        case.body |= {key: value for key, value in known["ids"].items() if case.body.get(key)}
    if case.operation.path == "/v1/hooks/{connector}" and isinstance(case.body, dict):
        case.body |= fitting_the_connector(case.body)
    in_address = (case.path_parameters or {}).get("article_id")
    if isinstance(case.body, dict) and "id" in case.body and isinstance(in_address, str):
        if "%" in in_address:  # percent-encoded already, or not: it cannot be told
            del case.body["id"]
        else:
            case.body["id"] = in_address


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    if CALLS not in os.environ:
        return
    body = case.body if isinstance(case.body, dict) else {}
    sent = [key for key, value in body.items() if value is not None]
    line = {"operation": case.operation.label, "status": response.status_code, "sent": sent}
    with _WRITING, Path(os.environ[CALLS]).open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(line) + "\n")


def fitting_the_connector(body: dict[str, Any]) -> dict[str, Any]:
    """Return a delivery's callback and moment, where it has them, as its connector takes them."""
    fitting: dict[str, Any] = {}
    if isinstance(url := body.get("callback_url"), str):
        fitting["callback_url"] = f"{CALLBACK_ORIGIN}/{quote(url, safe='')}"[:2000]
    if isinstance(moment := body.get("updated_at"), str):
        fitting["updated_at"] = datetime.fromtimestamp(crc32(moment.encode()) % time.time(), UTC).isoformat()
    return fitting


def is_valid(case: Any, part: ParameterLocation) -> bool:
    """Tell whether this part of a request is one that the document allows."""
    return (
        case.meta is not None and part in case.meta.components and case.meta.components[part].mode.is_positive
    )
