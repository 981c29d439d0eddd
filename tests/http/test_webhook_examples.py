"""The examples of docs/hooks.md do what they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError
from werkzeug.serving import make_server

from tests.http.test_webhooks import SECRET, StillLoading, make_client
from triage.settings import Settings
from triage.webhooks.signing import SigningKey

DOC = (Path(__file__).resolve().parents[2] / "docs" / "hooks.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", DOC, re.DOTALL | re.MULTILINE)


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """URL and SECRET of a service that is listening."""
    client = make_client(Settings(home=tmp_path), StillLoading)
    server = make_server("127.0.0.1", 0, client.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield os.environ | {"URL": f"http://127.0.0.1:{server.server_port}", "SECRET": SECRET}
    server.shutdown()
    thread.join()
    server.server_close()
    client.application.extensions["triage.webhooks.worker"].stop()


def test_the_curl_example_delivers(environment: dict[str, str]) -> None:
    if not shutil.which("curl") or not shutil.which("openssl"):
        pytest.skip("curl or openssl is not installed")
    (script,) = examples("sh")
    ran = subprocess.run(["bash", "-euc", script], env=environment, capture_output=True, check=True)
    answer = json.loads(ran.stdout)
    assert (answer["id"], answer["state"], answer["ticket_id"]) == ("delivery-1", "received", "4711")


def test_the_python_example_delivers(environment: dict[str, str]) -> None:
    script = next(example for example in examples("python") if "deliver" in example)
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert b"'id': 'delivery-2', 'state': 'received'" in ran.stdout


def function_of_example(name: str) -> Callable[..., Any]:
    names: dict[str, Any] = {}
    exec(next(example for example in examples("python") if f"def {name}" in example), names)
    function: Callable[..., Any] = names[name]
    return function


def test_the_receiving_examples_tell_genuine_results_from_others() -> None:
    is_genuine, verified = function_of_example("is_genuine"), function_of_example("verified")
    now, key = int(time.time()), SigningKey.parse(SECRET)
    headers = key.headers("d1", now, b"{}")
    assert is_genuine(SECRET, headers, b"{}")
    assert verified(SECRET, headers, b"{}") == {}
    old = key.headers("d1", now - 1000, b"{}")
    for wrong, body in ((headers, b"[]"), (old, b"{}"), (headers | {"webhook-id": "d2"}, b"{}")):
        assert not is_genuine(SECRET, wrong, body)
        with pytest.raises(WebhookVerificationError):
            verified(SECRET, wrong, body)


def test_the_settings_of_the_examples_are_valid() -> None:
    merged = "\n".join(examples("toml")).replace("whsec_…", SECRET)
    settings = Settings(**tomllib.loads(merged))
    origins = {allowed.origin: allowed.internal for allowed in settings.hooks["desk"].allowed()}
    assert origins == {
        "https://desk.example.com:443": False,
        "https://desk.example.com:8443": False,
        "http://helpdesk.internal:3000": True,
    }
