"""Whom a request comes from: the peer, or whoever a trusted proxy names, and nobody else's word."""

from __future__ import annotations

import ipaddress

import pytest

from triage.access import client_network

PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]
CLIENT, FORGED = "192.0.2.7", "198.51.100.1"


@pytest.mark.parametrize("forwarded", [[FORGED], [f"{FORGED}, 10.0.0.2"], ["10.0.0.2"], ["nonsense"], []])
def test_what_a_client_says_of_itself_counts_for_nothing(forwarded: list[str]) -> None:
    assert client_network(CLIENT, forwarded, PROXIES) == CLIENT
    assert client_network(CLIENT, forwarded, []) == CLIENT


@pytest.mark.parametrize("peer", ["10.0.0.1", "::ffff:10.0.0.1", "fd00::1"])
@pytest.mark.parametrize(
    "forwarded",
    [
        [CLIENT],
        [f"{FORGED}, {CLIENT}"],
        [FORGED, CLIENT],
        [f"{FORGED}, {CLIENT}, 10.9.9.9"],
        [CLIENT, "10.9.9.9"],
    ],
    ids=["one", "forged before it", "in two headers", "by two proxies", "by two proxies in two headers"],
)
def test_of_a_trusted_proxy_the_last_address_counts_that_is_none_of_a_proxy(
    peer: str, forwarded: list[str]
) -> None:
    assert client_network(peer, forwarded, PROXIES) == CLIENT


def test_a_proxy_that_names_nobody_is_itself_the_client() -> None:
    assert client_network("10.0.0.1", [], PROXIES) == "10.0.0.1"
