"""The application over the sample helpdesk."""

from __future__ import annotations

import time

import pytest
from flask.testing import FlaskClient

from triage.settings import Settings
from triage.web.app import create_app


def wait_until_loaded(client: FlaskClient, timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < end, client.get("/readyz").get_data(as_text=True)
        time.sleep(0.05)


@pytest.fixture(scope="session")
def client(sample_settings: Settings) -> FlaskClient:
    app = create_app(sample_settings)
    app.testing = False  # errors are answered as in production
    client = app.test_client()
    wait_until_loaded(client)
    return client
