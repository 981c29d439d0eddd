"""What schemathesis cannot read out of the document: how two parts of a request belong together.

An article's id in the body is that of the address; a delivery is signed with its connector's secret, tells
of the past, and asks for no callback to a host that its connector does not know.
"""

from __future__ import annotations

import time
from typing import Any

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.core.parameters import ParameterLocation

from tests.live import CONNECTOR, HOOK_SECRET
from triage.hook_signature import SIGNATURE, TIMESTAMP, sign


class Signed(AuthBase):
    """Signs a request just before it is sent, when its body is bytes."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        now = int(time.time())
        signature = sign(HOOK_SECRET.encode(), now, body.encode() if isinstance(body, str) else body)
        request.headers.update({TIMESTAMP: str(now), SIGNATURE: signature})
        return request


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if case.operation.path.startswith("/v1/hooks/") and is_valid(case, ParameterLocation.PATH):
        case.path_parameters["connector"] = CONNECTOR
    if case.operation.path == "/v1/hooks/{connector}" and is_valid(case, ParameterLocation.HEADER):
        kwargs["auth"] = Signed()
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if case.operation.path == "/v1/hooks/{connector}" and isinstance(case.body, dict):
        case.body |= {"updated_at": None, "callback_url": None}
    in_address = (case.path_parameters or {}).get("article_id")
    if isinstance(case.body, dict) and "id" in case.body and isinstance(in_address, str):
        if "%" in in_address:  # percent-encoded already, or not: it cannot be told
            del case.body["id"]
        else:
            case.body["id"] = in_address


def is_valid(case: Any, part: ParameterLocation) -> bool:
    """Tell whether this part of a request is one that the document allows."""
    return (
        case.meta is not None and part in case.meta.components and case.meta.components[part].mode.is_positive
    )
