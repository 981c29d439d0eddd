"""A real django-helpdesk over SQLite, in a process of its own, installed by `make test`."""

from __future__ import annotations

import base64
import http.cookiejar
import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.live import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "helpdesk" / "bin" / "python"
REQUIRED = "TRIAGE_REQUIRE_HELPDESK"
SITE = Path(__file__).with_name("django_site")
USER, PASSWORD = "triage", "a password of the tests"
START_S = 120


def require_desk() -> None:
    """Skip a test where there is no django-helpdesk; fail it where there must be one."""
    if not PYTHON.exists():
        message = f"no django-helpdesk in {PYTHON.parents[1]}: `make helpdesk` installs it"
        pytest.fail(message) if REQUIRED in os.environ else pytest.skip(message)


@dataclass
class LiveDesk:
    """A django-helpdesk that may be stopped and started again at the same address."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log.txt").read_text("utf-8", "replace")

    def manage(self, *arguments: str) -> str:
        """Run a command of `manage.py` and return what it printed."""
        return self._run("-m", "django", *arguments)

    def fill(self, given: Mapping[str, Any]) -> None:
        """Put users, queues, fields, articles and tickets into its database."""
        self._run(str(SITE / "fill.py"), given=json.dumps(given))

    def start(self) -> None:
        command = [PYTHON, "-W", "ignore", "-m", "django", "runserver", "--noreload", str(self.port)]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)
        end = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < end and self.process.poll() is None, self.log
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def receive_mail(self, queue: str, subject: str, text: str, sender: str) -> None:
        """Take in a mail as the helpdesk does: from the queue's folder, by `get_email`."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, f"{queue}@desk.example.com", subject
        mail["Message-ID"] = f"<{time.time_ns()}@mail.example.com>"
        mail.set_content(text)
        box = self.folder / "mail" / queue
        box.mkdir(parents=True, exist_ok=True)
        (box / f"{time.time_ns()}.eml").write_bytes(mail.as_bytes())
        self.manage("get_email", "--quiet")
        assert not list(box.iterdir()), "the mail was not taken in"

    def submit_form(self, queue: int, title: str, body: str, email: str) -> None:
        """Fill in the public form, as a customer does."""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(cookies)
        form = browser.open(f"{self.url}/tickets/submit/", timeout=30).read().decode()
        [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form))
        sent = {"queue": queue, "title": title, "body": body, "submitter_email": email, "priority": 3}
        data = urllib.parse.urlencode(sent | {"csrfmiddlewaretoken": token}).encode()
        asked = urllib.request.Request(f"{self.url}/tickets/submit/", data, {"Referer": f"{self.url}/"})
        with browser.open(asked, timeout=30) as answered:
            assert "/view/" in answered.url, answered.read().decode()

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Use its REST interface as staff, and return the answer's JSON."""
        signed = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {signed}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(asked, timeout=60) as answered:
            return json.loads(answered.read() or b"null")

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {
            "DESK_FOLDER": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "desk_settings",
            "PYTHONPATH": str(SITE),
        }

    def _run(self, *arguments: str, given: str = "") -> str:
        done = subprocess.run(
            [PYTHON, "-W", "ignore", *arguments],
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/login/", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


@contextmanager
def live_desk(folder: Path) -> Iterator[LiveDesk]:
    """Set up a django-helpdesk in a folder, run it, and stop it in the end."""
    require_desk()
    folder.mkdir(parents=True, exist_ok=True)
    desk = LiveDesk(folder)
    desk.manage("migrate", "-v0")
    users = [{"name": USER, "password": PASSWORD, "is_staff": True}]
    desk.fill({"users": [*users, {"name": "guest", "password": PASSWORD, "is_staff": False}]})
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()
