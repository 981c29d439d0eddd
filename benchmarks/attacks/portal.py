"""Parts of the attacks with a portal's token: the token, and the size of what lies on the disk."""

from __future__ import annotations

from typing import Any

from benchmarks.server import Client, Running
from triage.store import open_store

DRAFT = "the battery does not charge in the cold"


def portal_clients(running: Running, count: int) -> list[Client]:
    """Return clients with one portal's token, which may ask more often than one usually does."""
    with open_store(running.settings) as store:
        token = store.access_tokens.create("portal", ["portal"], actor="cli:attack", per_minute=1_000_000)
    return [Client(running.settings.server.port, token.secret) for _ in range(count)]


def portal_client(running: Running) -> Client:
    """Return a client with a portal's token of its own."""
    return portal_clients(running, 1)[0]


def stored_bytes(running: Running) -> int:
    """Return what the database takes on the disk, its log included."""
    return sum(file.stat().st_size for file in running.settings.home.glob("triage.db*"))


def deflection(running: Running) -> dict[str, Any]:
    """Return the figures of deflection, as the overview shows them."""
    found: dict[str, Any] = running.client().ask("GET", "/v1/statistics").body["deflection"]
    return found
