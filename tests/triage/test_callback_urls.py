"""A callback reaches the hosts that an operator named, and inside the network none but those."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InputError
from triage.callback_urls import (
    AllowedHost,
    CallbackTarget,
    callback_target,
    is_public,
    parse_origin,
    resolve,
)

DESK = [AllowedHost(origin="https://desk.example.com")]
PRIVATE = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "2002::/16",
        "2001::/32",
    )
]


def inside(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> st.SearchStrategy[int]:
    return st.integers(int(network.network_address), int(network.broadcast_address))


private = st.sampled_from(PRIVATE).flatmap(
    lambda n: inside(n).map(ipaddress.IPv4Address if n.version == 4 else ipaddress.IPv6Address)
)
private_v4 = st.sampled_from([n for n in PRIVATE if n.version == 4]).flatmap(
    lambda n: inside(n).map(ipaddress.IPv4Address)
)


@given(private)
def test_no_address_of_a_private_network_is_public(address: ipaddress.IPv4Address) -> None:
    assert not is_public(str(address))


@given(private_v4, st.sampled_from(["::ffff:0:0", "64:ff9b::", "::", "2002::"]))
def test_none_becomes_public_by_being_wrapped_in_ipv6(address: ipaddress.IPv4Address, prefix: str) -> None:
    wrapped = int(ipaddress.IPv6Address(prefix)) | int(address) << (80 if prefix == "2002::" else 0)
    assert not is_public(str(ipaddress.IPv6Address(wrapped)))


@given(private_v4, st.sampled_from(["{:d}", "0x{:x}", "0{:o}"]))
def test_none_becomes_public_by_another_spelling(address: ipaddress.IPv4Address, spelling: str) -> None:
    host = spelling.format(int(address))
    assert not is_public(host)
    with pytest.raises(InputError):
        resolve(CallbackTarget("https", host, 443, "/", internal=False))


@given(st.text())
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert not is_public(text)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_inside_is_refused_unless_that_is_meant() -> None:
    with pytest.raises(InputError, match="internal = true"):
        resolve(CallbackTarget("https", "localhost", 443, "/", internal=False))
    assert not is_public(resolve(CallbackTarget("https", "localhost", 443, "/", internal=True)))


def test_one_internal_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(InputError, match="inside the network"):
        resolve(CallbackTarget("https", "desk.example.com", 443, "/", internal=False))


def test_a_listed_host_is_reached_at_any_path() -> None:
    target = callback_target("https://Desk.Example.com/a/b?c=d", DESK)
    assert (target.scheme, target.host, target.port) == ("https", "desk.example.com", 443)
    assert (target.path, target.host_header) == ("/a/b?c=d", "desk.example.com")


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example.com/",
        "https://desk.example.com:8443/",
        "https://desk.example.com.evil.example/",
        "https://evil.example/desk.example.com",
        "https://desk.example.com@evil.example/",
        "https://user:password@desk.example.com/",
        "https://desk.example.com#@evil.example/",
        "https://desk.example.com\\@evil.example/",
        "https://evil.example\\desk.example.com/",
        "https://desk.example.com./",
        "https://desk.example.com%00/",
        "https://desk.example.com/\r\nHost: evil.example",
        "https://desk.example.com/ x",
        "https://dësk.example.com/",
        "//desk.example.com/",
        "desk.example.com",
        "ftp://desk.example.com/",
        "file:///etc/passwd",
        "gopher://desk.example.com/",
        "https:///",
        "",
        "https://desk.example.com/" + "a" * 2000,
    ],
)
def test_every_other_url_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        callback_target(url, DESK)


@given(st.text(max_size=60))
def test_whatever_comes_before_a_slash_the_host_reached_is_the_listed_one(text: str) -> None:
    for url in (f"https://{text}/", f"https://desk.example.com{text}", text):
        try:
            target = callback_target(url, DESK)
        except InputError:
            continue
        assert (target.scheme, target.host, target.port) == ("https", "desk.example.com", 443)
        assert target.path.isprintable()
        assert target.path.isascii()


def test_an_origin_is_one_however_it_is_written() -> None:
    written = ["https://a.example", "HTTPS://A.Example:443", "https://a.example/"]
    assert {parse_origin(text) for text in written} == {"https://a.example:443"}
    assert parse_origin("http://[::1]:8080") == "http://[::1]:8080"
    with pytest.raises(InputError, match="without a path"):
        parse_origin("https://a.example/path")
