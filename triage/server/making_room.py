"""Choice of the connection that makes room where there are too many, or where too much is arriving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar


class HasNetwork(Protocol):
    """Connection from a network, which stands for one client."""

    @property
    def network(self) -> str: ...


C = TypeVar("C", bound=HasNetwork)


def of_busiest_client(connections: Iterable[C], size: Callable[[C], int] = lambda _connection: 1) -> C | None:
    """Return the largest connection of the client whose connections are the largest together.

    Of equal ones the first: give the oldest first. None where there is no connection. So whoever opens or
    sends the most loses a connection, and no other client does.
    """
    candidates = list(connections)
    totals: Counter[str] = Counter()
    for connection in candidates:
        totals[connection.network] += size(connection)
    if not candidates:
        return None
    busiest = max(totals, key=totals.__getitem__)
    return max((c for c in candidates if c.network == busiest), key=size)
