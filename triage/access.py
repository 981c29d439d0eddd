"""Access: the scopes of tokens, their rate limits, and the networks of clients."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Literal, get_args


def network_of(address: str | None) -> str:
    """Return the address, or the first 64 bits of an IPv6 one, which all belong to one customer.

    >>> network_of("2001:db8::1"), network_of("192.0.2.7"), network_of("a pipe")
    ('2001:db8::/64', '192.0.2.7', '')
    >>> network_of("::ffff:192.0.2.7")  # as a socket for both kinds names an IPv4 address
    '192.0.2.7'
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_network(peer: str | None, forwarded_for: Sequence[str], proxies: Sequence[Network]) -> str:
    """Return the network, as `network_of` gives it, from which a request comes.

    That is the peer's, or, where the peer is one of the trusted `proxies`, the last one that the values of
    its `X-Forwarded-For` headers name which is no such proxy. What stands before that, anybody may have
    written.

    >>> proxies = [ipaddress.ip_network("10.0.0.0/8")]
    >>> client_network("10.0.0.1", ["1.1.1.1, 192.0.2.7", "10.0.0.2"], proxies)
    '192.0.2.7'
    >>> client_network("192.0.2.7", ["1.1.1.1"], proxies)
    '192.0.2.7'
    """
    named = [name.strip() for value in forwarded_for for name in value.split(",")]
    for address in [peer or "", *reversed(named)]:
        if not _is_in(address, proxies):
            return network_of(address)
    return network_of(peer)


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)


Scope = Literal["triage", "agent", "portal", "kb", "metrics", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PER_MINUTE = 6_000
PORTAL_PER_MINUTE = 600
"""A portal's token stands in a page that everybody can read, so that everybody can use it up."""
