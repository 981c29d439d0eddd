"""Requests without a token that come from the machine itself, as those of all customers do behind a proxy.

python -m benchmarks.attacks.proxy_rights
"""

from __future__ import annotations

import http.client
import stat
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from benchmarks.attacks.harness import Finding, run
from benchmarks.server import server_on_copy
from triage.first_token import first_token_file

PATHS = {"/v1/models": "GET", "/v1/statistics": "GET", "/metrics": "GET", "/v1/articles": "GET"} | {
    "/v1/triage": "POST",
    "/v1/triage/batch": "POST",
    "/v1/suggest": "POST",
    "/v1/articles/new": "PUT",
}
HEADERS = (
    {},
    {"Host": "localhost"},
    {"Host": "127.0.0.1"},
    {"Host": "[::1]"},
    {"Host": "help.example.com"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Real-IP": "127.0.0.1", "X-Forwarded-Host": "localhost"},
    {"Forwarded": "for=127.0.0.1;host=localhost", "Origin": "http://localhost"},
)


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    with server_on_copy(home, folder) as running:
        opened = []
        for (path, method), headers in product(PATHS.items(), HEADERS):
            connection = http.client.HTTPConnection("127.0.0.1", running.settings.server.port, timeout=30)
            sent = {"Content-Type": "application/json", **headers}
            connection.request(method, path, None if method == "GET" else b'{"body": "a"}', sent)
            if connection.getresponse().status != 401:
                opened.append(f"{method} {path} with {headers}")
            connection.close()
        mode = stat.S_IMODE(first_token_file(running.settings.home).stat().st_mode)
    yield Finding(
        "a proxy on the same machine passes on requests without a token",
        f"{len(PATHS)} routes with {len(HEADERS)} sorts of headers, before any token was made by hand",
        f"{len(opened)} opened" + "".join(f": {one}" for one in opened[:3]),
        "all: everybody is admin",
        holds=not opened and mode == 0o600,
    )


if __name__ == "__main__":
    run(attack)
