"""schemathesis against the running service, all checks on: no request gets what the document does not say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

from tests.http.schemathesis_hooks import CALLS, KNOWN
from tests.live import CALLBACK_ORIGIN, CONNECTOR, HOOK_SECRET, ROOT, LiveServer
from triage.webhooks.signing import SigningKey

FEW = 10
EXAMPLES = int(os.environ.get("TRIAGE_MAX_EXAMPLES", FEW))
SHORT_RUN_S = 45
# Two that make requests up at once halt each other, on a busy machine until it hangs up; and ast.parse,
# by which Hypothesis describes functions, fails now and then in two threads of Python 3.11.
ONE_WORKER = "--workers=1"
SURE_TO_MEET_ALL = ("--mode=positive", "--phases=coverage,fuzzing", "--max-examples=5", ONE_WORKER)
DELIVER = "POST /v1/hooks/{connector}"
ARTICLE = "/v1/articles/{article_id}"
DELIVERIES = "/v1/hooks/{connector}/deliveries"
# A condition on an ETag that was made up does not hold, and a text that is too long may be refused as too
# large: both are right. No test may fail for the time that an answer takes. Deliveries have no part in the
# stateful phase: it would want texts of 200,001 spaces there, which Hypothesis cannot make.
CONFIG = """
[checks]
max_response_time = 600
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "409", "412", "413", "415", "422", "429"]
[[operations]]
include-name = "POST /v1/hooks/{connector}"
phases.stateful.enabled = false
"""


def run_schemathesis(
    live: LiveServer, folder: Path, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    (folder / "schemathesis.toml").write_text(CONFIG)
    with urllib.request.urlopen(f"{live.url}/openapi.json") as response:  # schemathesis waits for 10 s only
        (folder / "openapi.json").write_bytes(response.read())
    hooks = {"SCHEMATHESIS_HOOKS": "tests.http.schemathesis_hooks", "PYTHONPATH": str(ROOT)}
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml"),
        *("run", "openapi.json", f"--url={live.url}", "--checks=all", "--seed=1"),
        *("--generation-database=none", "--request-timeout=60"),
        *("--suppress-health-check=all", "--no-color", *options),
        *(part for name, value in live.headers.items() for part in ("-H", f"{name}: {value}")),
    ]
    env = os.environ | hooks | variables
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, env=env)


def test_schemathesis_finds_nothing_wrong_with_the_running_service(live: LiveServer, tmp_path: Path) -> None:
    limit = [f"--max-time={SHORT_RUN_S}"] if EXAMPLES == FEW else []
    if not limit and hasattr(signal, "alarm"):
        signal.alarm(0)  # a long run, asked for
    ran = run_schemathesis(live, tmp_path, ONE_WORKER, f"--max-examples={EXAMPLES}", *limit)
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]


def test_every_operation_of_the_document_succeeds_for_some_right_request(
    live: LiveServer, tmp_path: Path
) -> None:
    file, known = tmp_path / "calls.jsonl", json.dumps(what_is_there(live))
    ran = run_schemathesis(live, tmp_path, *SURE_TO_MEET_ALL, **{CALLS: str(file), KNOWN: known})
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]
    paths = json.loads((tmp_path / "openapi.json").read_text())["paths"].items()
    expected = {f"{method.upper()} {path}" for path, methods in paths for method in methods}
    calls = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    met = Counter((call["operation"], call["status"]) for call in calls)
    succeeded = {operation for operation, status in met if 200 <= status < 300}
    assert expected - succeeded == set(), met
    taken = [call["sent"] for call in calls if call["operation"] == DELIVER and call["status"] < 300]
    assert {"callback_url", "updated_at"} <= set(chain(*taken)), met


def what_is_there(live: LiveServer) -> dict[str, Any]:
    """Make something for each operation that needs it; `paths`, `bodies` and `ids` as the hooks take them."""
    article = {"title": "The bell", "body": "Press it with the thumb."}
    for name in ("to-read", "to-delete"):
        assert call(live, "PUT", f"/v1/articles/{name}", article)["id"] == name
    ticket = {"body": "The battery does not charge in the cold"}
    found = call(live, "POST", "/v1/deflect", {"text": "battery will not charge"})
    failed = {"delivery_id": "failed", "connector": CONNECTOR}
    deliver(live, {**ticket, "callback_url": f"{CALLBACK_ORIGIN}/nobody"}, failed["delivery_id"])
    return {
        "paths": {
            f"GET {ARTICLE}": {"article_id": "to-read"},
            f"DELETE {ARTICLE}": {"article_id": "to-delete"},
            f"GET {DELIVERIES}/{{delivery_id}}": failed,
            f"POST {DELIVERIES}/{{delivery_id}}/retry": failed,
        },
        "bodies": {DELIVER: {"callback_url": "a", "updated_at": "b"}},  # the hooks make them fit
        "ids": {
            "decision_id": call(live, "POST", "/v1/triage", ticket)["decision_id"],
            "search_id": found["search_id"],
            "session_id": found["session"],
        },
    }


def deliver(live: LiveServer, ticket: dict[str, Any], delivery_id: str) -> None:
    """Send a signed ticket, and wait until its callback has failed."""
    body = json.dumps(ticket).encode()
    headers = SigningKey.parse(HOOK_SECRET).headers(delivery_id, int(time.time()), body)
    call(live, "POST", f"/v1/hooks/{CONNECTOR}", body, headers)
    end = time.monotonic() + 60
    while call(live, "GET", f"/v1/hooks/{CONNECTOR}/deliveries/{delivery_id}")["state"] != "failed":
        assert time.monotonic() < end, live.log
        time.sleep(0.1)


def call(
    live: LiveServer, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> Any:
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **live.headers, **(headers or {})}
    request = urllib.request.Request(live.url + path, content, sent, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)
