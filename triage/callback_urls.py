"""Callback URLs: only to allowed hosts, and inside the own network only where that is allowed."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, field_validator
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from models.errors import InputError

_LONGEST = 2000
_PORTS = {"https": 443, "http": 80}
_PRINTABLE = re.compile(r"[!-\[\]-~]+")  # ASCII without spaces and without the backslash
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Shared, reserved, or a way to wrap an IPv4 address; some Python versions call a part of them public.
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "64:ff9b:1::/48",
            "2001::/23",
            "2002::/16",
            "3fff::/20",
            "fec0::/10",
        ),
    )
)
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AllowedHost(BaseModel):
    """`[[hooks.NAME.callbacks]]`: a host that results may be posted to; `origin` always has its port."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str = Field(
        description="https://host, with :port where it is another than 443; http:// only where it must be"
    )
    internal: bool = Field(
        False, description="the host may have a private, loopback or link-local address of your own network"
    )

    @field_validator("origin")
    @classmethod
    def _is_origin(cls, origin: str) -> str:
        try:
            return parse_origin(origin)
        except InputError as error:
            raise ValueError(error.message) from error


@dataclass(frozen=True, slots=True)
class CallbackTarget:
    """Target of a post: `host` without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str
    internal: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse_origin(text: str, *, with_path: bool = False) -> str:
    """Return `scheme://host:port` in small letters, with the port always there.

    >>> parse_origin("https://Desk.example.com")
    'https://desk.example.com:443'

    Raises:
        InputError: it is no http or https URL, has a user, or more than an origin where `with_path` is off.
    """
    url = _parse(text)
    if not with_path and (url.path not in {None, "/"} or url.query is not None):
        raise InputError(f"{_shown(url)} is to be named without a path: write only the scheme and the host")
    return _origin(url)


def callback_target(text: str, allowed: Sequence[AllowedHost]) -> CallbackTarget:
    """Return the target of a callback URL.

    Raises:
        InputError: the URL cannot be used, or its scheme, host and port are not on the list.
    """
    url = _parse(text)
    entry = next((entry for entry in allowed if entry.origin == _origin(url)), None)
    if entry is None:
        raise InputError(
            f"{_shown(url)} is no host that results may be posted to: an operator can add it to "
            "`callbacks` of this connector"
        )
    return CallbackTarget(
        scheme=str(url.scheme),
        host=str(url.host).strip("[]"),
        port=url.port or _PORTS[str(url.scheme)],
        path=url.request_uri,
        internal=entry.internal,
    )


def resolve(target: CallbackTarget) -> str:
    """Return one address of the host, to connect to that and to no other.

    The name is looked up once; where any of its addresses lies inside the network, none is used.

    Raises:
        InputError: the name is unknown, or leads inside the network without being allowed to.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise InputError(f"the name {target.host} cannot be resolved: check the callback's host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not target.internal and not all(is_public(address) for address in addresses):
        raise InputError(
            f"{target.host} has an address inside the network: set `internal = true` for it in `callbacks` "
            "if that is meant"
        )
    return addresses[0]


def is_public(text: str) -> bool:
    """Tell whether an address belongs to the public internet.

    >>> [is_public(a) for a in ("93.184.216.34", "127.0.0.1", "::ffff:10.0.0.1", "100.64.0.1", "fe80::1%1")]
    [True, False, False, False, False]
    """
    try:
        address = _without_wrapping(ipaddress.ip_address(text))
    except ValueError:
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or "%" in text
        or any(address in network for network in _NEVER if network.version == address.version)
    )


def _without_wrapping(address: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _parse(text: str) -> Url:
    advice = "write a URL such as https://desk.example.com/triage"
    if len(text) > _LONGEST or not _PRINTABLE.fullmatch(text):
        raise InputError(f"the callback URL is empty, too long, or has characters that no URL has: {advice}")
    try:
        url = parse_url(text)
    except LocationParseError:
        raise InputError(f"the callback URL cannot be understood: {advice}") from None
    if url.scheme not in _PORTS or not url.host:
        raise InputError(f"the callback URL has no host, or is neither https nor http: {advice}")
    if url.auth is not None or url.fragment is not None:
        raise InputError(f"the callback URL has a user, a password or a fragment: {advice}")
    return url


def _origin(url: Url) -> str:
    return f"{url.scheme}://{url.host}:{url.port or _PORTS[str(url.scheme)]}"


def _shown(url: Url) -> str:
    """Return the URL without path and query, which may hold a secret."""
    return f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port else "")
