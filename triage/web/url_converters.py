"""What may stand in an address: the ids of articles, whatever they are made of."""

from __future__ import annotations

from typing import Any, ClassVar

from werkzeug.routing import BaseConverter

from triage.web.schemas.types import VISIBLE

LONGEST_ID = 300
"""Characters; with four bytes each and percent signs they just fit into the request line of servers."""


class IdConverter(BaseConverter):
    """An id with slashes, spaces or any other characters, percent-encoded in the address."""

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 300  # after all addresses that are spelt out
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_ID,
        "pattern": VISIBLE,
    }
    """What the OpenAPI document says of it: it holds something visible."""
