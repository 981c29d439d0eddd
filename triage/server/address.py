"""Check of the address that the server is to listen on, before anything is loaded."""

from __future__ import annotations

import errno
import socket

from models.errors import SettingsError


def check_address(host: str, port: int) -> None:
    """Check that the server can listen on a host and port; port 0 takes any that is free.

    Raises:
        SettingsError: the port is in use, or the address cannot be listened on.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"port {port} of {host} is in use: stop the program that listens there, or choose another "
                f"port with `--port {_another(port)}` (`make run PORT={_another(port)}`) or with `port` in "
                "[server]"
            ) from error
        raise SettingsError(
            f"port {port} of {host} cannot be listened on ({error.strerror or error}): choose another with "
            "`--port` and `--host`, or with `port` and `host` in [server]"
        ) from error


def _another(port: int) -> int:
    return port + 1 if port < 65_535 else 8080
