"""Who loses a connection where there are too many: the client that takes most."""

from __future__ import annotations

from dataclasses import dataclass

from triage.server.making_room import of_busiest_client


@dataclass(frozen=True)
class Sender:
    name: str
    network: str
    sent: int = 0


def test_the_oldest_connection_of_the_client_with_the_most_makes_room() -> None:
    alone, first, second = Sender("alone", "192.0.2.1"), Sender("first", "::"), Sender("second", "::")
    assert of_busiest_client([alone, first, second]) == first


def test_the_largest_request_of_the_client_that_sends_most_makes_room() -> None:
    alone = Sender("alone", "192.0.2.1", 50)
    small, large = Sender("small", "192.0.2.2", 20), Sender("large", "192.0.2.2", 40)
    assert of_busiest_client([alone, small, large], lambda sender: sender.sent) == large


def test_where_there_is_nothing_nothing_makes_room() -> None:
    assert of_busiest_client(list[Sender]()) is None
