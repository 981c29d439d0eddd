"""Mutated requests to every route of the OpenAPI document: no answer may be a 500 or have another shape.

    python benchmarks/fuzz.py --url http://127.0.0.1:8080 --token TOKEN [--count 20000] [--seed 0]

Makes requests that the document allows, spoils most of them (values, structure, bytes, headers, address),
sends them, and prints how often each status came. With `--hook NAME:SECRET`, deliveries go to the connector
NAME, and are signed. Ends with 1 when an answer was wrong, with the request. The service's articles and
decisions are changed: use a copy of a home.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import http.client
import json
import random
import re
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from triage.webhooks.signing import SigningKey

GOOD = (
    "The battery does not charge",
    "Akku ei lataudu pakkasessa",
    "电池无法充电",
    "Refund, please",
    "en",
    "de",
)
BAD = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "half \udfff of a pair",
    "\u202eright to left\u202c",
    "'; DROP TABLE decisions; --",
    '" OR 1=1 --',
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "{{7*7}}${7*7}%s%n",
    "../../../etc/passwd",
    "\r\nX-Injected: 1",
    "e\u0301" * 50,
    "\u0300" * 500,
    "🤯" * 200,
    "x" * 5_000,
    "2026-99-99T99:99:99Z",
    "9999-12-31T23:59:59+23:59",
    "0001-01-01T00:00:00-23:59",
    "NaN",
    "null",
    "١٢٣",
)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    -(2**64),
    10**400,
    1e308,
    5e-324,
    [],
    {},
    [[]],
    {"": {}},
    *BAD,
)
RAW = (b"", b"{", b"\xff\xfe", b"\x00", b"null", b'"text"', b"[" * 100_000, b'{"a":' * 5_000, b"1e999")


@dataclass
class Request:
    """A request as it goes over the wire."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def make_request(document: Mapping[str, Any], rng: random.Random) -> Request:
    """Make a request for a random route, spoilt in up to three ways."""
    path, method = rng.choice([(p, m) for p, methods in document["paths"].items() for m in methods])
    operation = document["paths"][path][method]
    headers: dict[str, str] = {}
    query = []
    for parameter in operation.get("parameters", []):
        value = rng.choice(BAD) if rng.random() < 0.3 else valid(parameter["schema"], document, rng)
        text = str(value).encode("utf-8", "surrogatepass")
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", quote(text or b"a", safe=""))
        elif rng.random() < 0.5 and parameter["in"] == "query":
            query.append(f"{quote(parameter['name'])}={quote(text, safe='')}")
        elif rng.random() < 0.3:
            headers[parameter["name"]] = quote(text[:100], safe='"*, /-')
    request = Request(method.upper(), path + ("?" + "&".join(query) if query else ""), headers)
    content = operation.get("requestBody", {}).get("content", {})
    if content:
        kind, described = next(iter(content.items()))
        body = valid(described["schema"], document, rng)
        for _ in range(rng.randrange(4)):
            body = spoil(body, rng)
        request.headers["Content-Type"] = kind
        request.body = json.dumps(body, ensure_ascii=rng.random() < 0.7).encode("utf-8", "surrogatepass")
        if rng.random() < 0.2:
            spoil_bytes(request, rng)
    return request


def to_connector(request: Request, connector: str, key: SigningKey) -> None:
    """Let a request to any connector go to this one, signed where it is a delivery."""
    request.target = re.sub(r"^/v1/hooks/[^/?]+", f"/v1/hooks/{connector}", request.target)
    if request.target == f"/v1/hooks/{connector}":
        now, body = int(time.time()), request.body or b""
        delivery_id = request.headers.get("Webhook-Id", f"{now}-{len(body)}")
        signed = key.headers(delivery_id, now, body)
        request.headers |= {name.title(): value for name, value in signed.items()}  # as OpenAPI names them


def valid(schema: Mapping[str, Any], document: Mapping[str, Any], rng: random.Random) -> Any:
    """Return a value that fits a JSON schema, or nearly so: patterns and formats are not looked at."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return valid(document["components"]["schemas"][name], document, rng)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else rng.choice(schema["enum"])
    if "properties" in schema:
        wanted = set(schema.get("required", ()))
        if "if" in schema:  # either these, or the last one
            wanted |= set(rng.choice((schema["if"]["properties"], schema["then"]["properties"])))
        return {
            name: valid(inner, document, rng)
            for name, inner in schema["properties"].items()
            if name in wanted or rng.random() < 0.4
        }
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return valid(rng.choice(schema[several]), document, rng)
    return _simple(schema, document, rng)


def _simple(schema: Mapping[str, Any], document: Mapping[str, Any], rng: random.Random) -> Any:
    match schema.get("type"):
        case "object":
            inner = schema.get("additionalProperties")
            if not isinstance(inner, dict):
                return {"id": rng.choice(GOOD), "title": rng.choice(GOOD)}
            return {rng.choice(GOOD): valid(inner, document, rng) for _ in range(rng.randrange(3))}
        case "array":
            length = rng.randint(schema.get("minItems", 0), 3)
            return [valid(schema.get("items", {}), document, rng) for _ in range(length)]
        case "integer" | "number":
            return rng.randint(schema.get("minimum", 0), schema.get("maximum", 50))
        case "boolean" | "null":
            return rng.choice((True, False)) if schema["type"] == "boolean" else None
    return "2026-03-31T12:00:00Z" if schema.get("format") else rng.choice(GOOD)


def spoil(value: Any, rng: random.Random) -> Any:
    """Return the value with one thing in it changed."""
    value = copy.deepcopy(value)
    place, key = {"": value}, ""
    holder: Any = place
    while rng.random() < 0.75 and isinstance(holder[key], dict | list) and holder[key]:
        holder = holder[key]
        key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    found = holder[key]
    change = rng.randrange(6)
    if change == 0 and isinstance(found, dict):
        found[rng.choice(BAD)] = rng.choice(ODD)
    elif change == 1 and isinstance(found, str):
        at = rng.randint(0, len(found))
        holder[key] = found[:at] + rng.choice(BAD) + found[at:]
    elif change == 2 and isinstance(found, list):
        holder[key] = found * 300
    elif change == 3 and isinstance(holder, dict) and key:
        del holder[key]
    elif change == 4:
        for _ in range(rng.choice((1, 10, 200))):
            found = [found] if rng.random() < 0.5 else {"a": found}
        holder[key] = found
    else:
        holder[key] = copy.deepcopy(rng.choice(ODD))
    return place[""]


def spoil_bytes(request: Request, rng: random.Random) -> None:
    """Change a request's body or its headers so that it may be no JSON at all."""
    body = request.body or b""
    at = rng.randint(0, len(body))
    match rng.randrange(8):
        case 0:
            request.body = rng.choice(RAW)
        case 1:
            request.body = body[:at]
        case 2:
            request.body = body[:at] + rng.randbytes(3) + body[at:]
        case 3:
            request.body = b'{"body": "a", ' + body[1:] if body[:1] == b"{" else body
        case 4:
            request.body = body.replace(b'"', b"1e999, ", 1) + b"9" * 5_000
        case 5:
            request.headers["Content-Type"] = rng.choice(
                ("text/plain", "", "application/json; charset=utf-16")
            )
        case 6:
            request.headers["Content-Encoding"] = rng.choice(("gzip", "br", "deflate"))
            request.body = gzip.compress(body * 100)
        case 7:
            request.headers |= {f"X-{number}": "y" * 50 for number in range(30)}


def problem_of(status: int, content: bytes) -> str | None:
    """Return what is wrong with an answer, or None."""
    if status == 500 or status in {501, 502, 504}:
        return f"{status}: {content[:500]!r}"
    if status < 400:
        return None
    try:
        answer = json.loads(content)
        json.dumps(answer, ensure_ascii=False).encode()
    except ValueError:
        return f"{status} is not JSON: {content[:200]!r}"
    shaped = set(answer) == {"error", "request_id"} and set(answer["error"]) == {"code", "message", "fields"}
    return None if shaped else f"{status} has another shape: {content[:200]!r}"


def send(url: str, request: Request) -> tuple[int, bytes]:
    """Send a request over a connection of its own, and return the status and the body of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    try:
        connection.request(request.method, request.target, request.body, request.headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--token", required=True, help="of the scope admin, as in HOME/first-token")
    parser.add_argument("--hook", default="", metavar="NAME:SECRET")
    arguments = parser.parse_args()
    with urllib.request.urlopen(arguments.url + "/openapi.json") as stream:
        document = json.load(stream)
    token = {"Authorization": f"Bearer {arguments.token}"}

    connector, _, key = arguments.hook.partition(":")

    def attempt(number: int) -> tuple[int, str | None]:
        request = make_request(document, random.Random(f"{arguments.seed}/{number}"))
        request.headers |= token
        if connector:
            to_connector(request, connector, SigningKey.parse(key))
        try:
            status, content = send(arguments.url, request)
        except OSError as error:
            return 0, f"{number}: no answer ({error}): {request}"
        found = problem_of(status, content)
        return status, f"{number}: {found}: {request}" if found else None

    statuses: Counter[int] = Counter()
    problems = []
    with ThreadPoolExecutor(4) as threads:
        for status, found in threads.map(attempt, range(arguments.count)):
            statuses[status] += 1
            problems += [found[:2_000]] if found else []
    print(f"{arguments.count:,} requests: " + ", ".join(f"{n:,} × {s}" for s, n in sorted(statuses.items())))
    print(f"{len(problems)} wrong answers", *problems[:10], sep="\n")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
