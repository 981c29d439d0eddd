"""Access: the scopes of tokens, their rate limits, and the networks of clients."""

from __future__ import annotations

import ipaddress
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


Scope = Literal["triage", "agent", "portal", "kb", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PER_MINUTE = 6_000
PORTAL_PER_MINUTE = 600
"""A portal's token stands in a page that everybody can read, so that everybody can use it up."""
