"""Throughput of the HTTP service, its latency at half of that, and the encoder's share of it.

    python benchmarks/load.py --home var/rullamo [--seconds 20] [--workers 1] [--threads 2]

Needs a home that `make sample` made, and wrk (`apt-get install wrk`). Serves a copy of it, and runs on the
same cores as the server: wrk posts tickets of 40 words for the requests per second that are sustained; then
requests are sent at half that rate, at moments fixed beforehand, so that a slow answer delays no later one,
and timed from those moments. Times of stages come from the server's own metrics, of the same requests.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from machine import describe
from server import Client, Running, server_on_copy
from serving import forty_words

from models.encoder import open_encoder

_CONNECTIONS = 8
_LUA = """
local bodies = {}
for line in io.lines(os.getenv("TRIAGE_BODIES")) do bodies[#bodies + 1] = line end
local next_body = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local token = os.getenv("TRIAGE_TOKEN")
if token and token ~= "" then wrk.headers["Authorization"] = "Bearer " .. token end
request = function()
  next_body = next_body % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[next_body])
end
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=Path("var/rullamo"))
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    print(describe(), flush=True)
    texts = forty_words(300)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with server_on_copy(
            arguments.home,
            place,
            workers=arguments.workers,
            threads=arguments.threads,
        ) as running:
            client = running.client()
            for text in texts[:40]:
                client.ask("POST", "/v1/triage", {"body": text})
            before = running.metrics()
            rate = sustained(running, texts, place, arguments.seconds)
            tell_stages(before, running.metrics())
            at_half(running, texts, rate / 2, arguments.seconds)
            deflection(running.client(), texts)
            nothing_encoded(running.client(), texts)
            encoder_alone(running, texts)


def sustained(running: Running, texts: list[str], place: Path, seconds: int) -> float:
    """Return the tickets a second that wrk gets answered; exit where one was not."""
    bodies, script = place / "bodies", place / "post.lua"
    bodies.write_text("".join(json.dumps({"body": text}) + "\n" for text in texts), "utf-8")
    script.write_text(_LUA, "utf-8")
    url = f"http://127.0.0.1:{running.settings.server.port}/v1/triage"
    wrk = [
        "wrk",
        "-t1",
        f"-c{_CONNECTIONS}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
        "--latency",
        "-s",
        script,
        url,
    ]
    ran = subprocess.run(
        [*map(str, wrk)],
        capture_output=True,
        text=True,
        check=True,
        env={"TRIAGE_BODIES": str(bodies), "TRIAGE_TOKEN": running.token},
    )
    if "Non-2xx" in ran.stdout or "Socket errors" in ran.stdout:
        sys.exit(f"not every request was answered:\n{ran.stdout}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", ran.stdout)[1])
    half, most = (re.search(rf"^ +{share}% +(\S+)$", ran.stdout, re.MULTILINE)[1] for share in (50, 99))
    print(
        f"/v1/triage, {_CONNECTIONS} connections without a pause: "
        f"{rate:.1f} requests/s, p50 {half}, p99 {most}"
    )
    return rate


def tell_stages(before: dict, after: dict) -> None:
    """Print a request's mean time by stage, and the share of its work that is not the encoder."""

    def grown(name: str, labels: str) -> float:
        return after.get((name, labels), 0.0) - before.get((name, labels), 0.0)

    count = grown("triage_request_seconds_count", 'route="/v1/triage"')
    whole = 1000 * grown("triage_request_seconds_sum", 'route="/v1/triage"') / count
    stages = {
        name: 1000 * grown("triage_stage_seconds_sum", f'stage="{name}"') / count
        for name in ("queue", "words", "encoder", "fields", "search", "store")
    }
    listed = ", ".join(f"{name} {ms:.1f}" for name, ms in stages.items())
    print(f"of these, mean ms by stage: {listed}; whole {whole:.1f} (words and encoder run side by side)")
    work = whole - stages["queue"]
    print(f"not the encoder, of the time without the queue: {1 - stages['encoder'] / work:.0%}", flush=True)


def at_half(running: Running, texts: list[str], rate: float, seconds: int) -> None:
    """Print the latency at a rate, counted from the moment at which a request was due."""
    before = running.metrics()
    clients, count = threading.local(), int(rate * seconds)
    start = time.perf_counter() + 0.2

    def send(number: int) -> float:
        if not hasattr(clients, "own"):
            clients.own = running.client()
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        answer = clients.own.ask("POST", "/v1/triage", {"body": texts[number % len(texts)]})
        if answer.status != 200:
            raise SystemExit(f"answered {answer.status}: {answer.body}")
        return time.perf_counter() - due

    with ThreadPoolExecutor(32) as pool:
        taken = sorted(1000 * s for s in pool.map(send, range(count)))
    p99 = taken[int(0.99 * (len(taken) - 1))]
    print(f"/v1/triage at {rate:.1f} requests/s: p50 {statistics.median(taken):.1f} ms, p99 {p99:.1f} ms")
    tell_stages(before, running.metrics())


def deflection(client: Client, texts: list[str]) -> None:
    """Print the latency of drafts of 12 words, each another one, so that nothing is remembered."""
    taken = []
    for text in texts[:200]:
        draft = " ".join(text.split()[:12])
        start = time.perf_counter()
        answer = client.ask("POST", "/v1/deflect", {"text": draft})
        taken.append(1000 * (time.perf_counter() - start))
        if answer.status != 200:
            raise SystemExit(f"answered {answer.status}: {answer.body}")
    taken.sort()
    print(
        f"/v1/deflect, 12 words, one client: median {statistics.median(taken):.1f} ms, p99 {taken[-3]:.1f} ms"
    )


def nothing_encoded(client: Client, texts: list[str]) -> None:
    """Print what requests take in which nothing is encoded: one that only answers, one that is kept."""
    taken: dict[str, list[float]] = {"GET /healthz": [], "POST /v1/feedback": []}
    for text in texts[:100]:
        said = client.ask("POST", "/v1/triage", {"body": text, "articles": 0}).body
        final = {name: field["value"] for name, field in said["fields"].items()}
        told = {"about": "decision", "decision_id": said["decision_id"], "final": final}
        for route, body in (("GET /healthz", None), ("POST /v1/feedback", told)):
            start = time.perf_counter()
            answer = client.ask(*route.split(), body)
            taken[route].append(1000 * (time.perf_counter() - start))
            if answer.status != 200:
                raise SystemExit(f"answered {answer.status}: {answer.body}")
    medians = ", ".join(f"{route} {statistics.median(ms):.1f} ms" for route, ms in taken.items())
    print(f"nothing encoded, one client, medians: {medians}")


def encoder_alone(running: Running, texts: list[str]) -> None:
    """Print what the encoder does with the same texts on the same cores, nothing else running."""
    settings = running.settings
    encoder = open_encoder(settings.encoder, settings.encoder_folder, threads=settings.threads)
    encoder.encode(texts[:20])
    start = time.perf_counter()
    encoder.encode(texts)
    many = len(texts) / (time.perf_counter() - start)
    one_by_one = []
    for text in texts[:100]:
        start = time.perf_counter()
        encoder.encode([text])
        one_by_one.append(1000 * (time.perf_counter() - start))
    print(
        f"the encoder alone: {many:.1f} texts/s; one at a time, median {statistics.median(one_by_one):.1f} ms"
    )


if __name__ == "__main__":
    main()
