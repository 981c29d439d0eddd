"""URL converters: ids of articles in an address, whatever characters they have."""

from __future__ import annotations

from typing import Any, ClassVar

from werkzeug.routing import BaseConverter

from triage.web.schemas.types import VISIBLE

LONGEST_ID = 300
"""Characters; with four bytes each and percent signs they just fit into the request line of servers."""


class IdConverter(BaseConverter):
    """Id with slashes, spaces or any other characters, percent-encoded in the address."""

    regex = r"[\s\S]+"
    part_isolating = False
    weight = 300  # after all addresses that are spelt out
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_ID,
        "pattern": VISIBLE,
    }
    """Its schema in the OpenAPI document: it must have a visible character."""
