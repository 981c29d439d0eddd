"""Latency, start and memory of the HTTP service on the sample helpdesk, one client.

    python benchmarks/serving.py --home var/rullamo [--requests 300] [--token TOKEN]

Needs a home that `make sample` made. Without a token the first one of that home is used. Starts the server,
waits until it is ready, sends tickets of about 40 words one after another, and prints the encoder's own time
for the same texts as the baseline.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
from machine import describe

from models.encoder import open_encoder
from training.data.dataset import read_tickets
from triage.first_token import first_token_file
from triage.settings import load_settings

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "rullamo" / "tickets.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("var/rullamo"))
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--token", default="")
    arguments = parser.parse_args()
    print(describe())
    bodies = forty_words(arguments.requests)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings_file = arguments.home / "triage.toml"
    command = [sys.executable, "-m", "cli", "serve", "--home", arguments.home, "--settings", settings_file]
    start = time.perf_counter()
    server = subprocess.Popen([*map(str, command), "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url)
        token = arguments.token or first_token_file(arguments.home).read_text("utf-8").strip()
        print(f"ready after {time.perf_counter() - start:.2f} s")
        for body in bodies[:20]:
            post(url, token, "/v1/triage", {"body": body})
        for route, key in (("/v1/triage", "body"), ("/v1/suggest", "text"), ("/v1/deflect", "text")):
            report(route, [post(url, token, route, {key: body}) for body in bodies])
        alone = [post(url, token, "/v1/triage", {"body": body, "articles": 0}) for body in bodies]
        report("/v1/triage, fields and reasons alone", alone)
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        sizes = [process.memory_full_info() for process in family]
        each = ", ".join(f"{size.rss / 1e6:.0f}" for size in sizes)
        shared_once = sum(size.pss for size in sizes) / 1e6
        print(f"resident memory: {shared_once:.0f} MB, shared pages counted once ({each} MB by process)")
    finally:
        server.terminate()
        server.wait(30)

    settings = load_settings(settings_file, home=arguments.home)
    encoder = open_encoder(settings.encoder, settings.encoder_folder, threads=settings.threads)
    encoder.encode(bodies[:5])
    report("the encoder alone", [timed(lambda body=body: encoder.encode([body])) for body in bodies])


def forty_words(count: int) -> list[str]:
    """Return texts of 40 words in the languages of the sample, cut from its longer tickets."""
    long_ones = [
        t.body.split()
        for t in read_tickets([SAMPLE]).tickets
        if len(t.body.split()) >= 40 and "<" not in t.body
    ]
    return [" ".join(long_ones[i % len(long_ones)][:40]) for i in range(count)]


def wait_until_ready(url: str) -> None:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not become ready within a minute")


def post(url: str, token: str, route: str, body: dict) -> float:
    """Send one request and return its time in seconds, from the call to the whole answer."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url + route, json.dumps(body).encode(), headers, method="POST")
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()
    return time.perf_counter() - start


def timed(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def report(name: str, seconds: list[float]) -> None:
    ms = sorted(1000 * s for s in seconds)
    p99 = ms[int(0.99 * (len(ms) - 1))]
    print(f"{name}: {len(ms)} requests, median {statistics.median(ms):.1f} ms, p99 {p99:.1f} ms")


if __name__ == "__main__":
    main()
