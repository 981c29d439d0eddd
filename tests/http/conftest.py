"""The application over the sample helpdesk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import SAMPLE
from tests.http.toy_service import signed_in, toy_app, toy_settings
from tests.live import CALLBACK_ORIGIN, CONNECTOR, HOOK_SECRET, LiveServer, live_server
from tests.sample_home import copy_sample
from triage.settings import Settings
from triage.store import Store, open_store
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
    client = signed_in(app)
    wait_until_loaded(client)
    return client


@pytest.fixture
def toy_store(tmp_path: Path) -> Iterator[Store]:
    """The store of `toy_client` as another process opens it, such as `triage token`."""
    store = open_store(toy_settings(tmp_path))
    yield store
    store.database.close()


@pytest.fixture
def toy_client(tmp_path: Path) -> Iterator[FlaskClient]:
    """A service with one article and no bundle, which is there at once; no token is sent."""
    app = toy_app(toy_settings(tmp_path))
    yield app.test_client()
    app.extensions["triage"].store.database.close()


@pytest.fixture
def signed_client(toy_client: FlaskClient) -> FlaskClient:
    """The client of `toy_client` with a token of the scope admin."""
    return signed_in(toy_client.application)


@pytest.fixture(scope="session")
def live(sample_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The running service over a copy of the sample helpdesk, which tests may change.

    It answers nobody without a token, and takes deliveries of the connector `CONNECTOR`.
    """
    home = tmp_path_factory.mktemp("live-home")
    settings = copy_sample(sample_settings, home)
    hook = (
        f'[hooks.{CONNECTOR}]\nsecrets = ["{HOOK_SECRET}"]\nmax_attempts = 1\n'
        f'[[hooks.{CONNECTOR}.callbacks]]\norigin = "{CALLBACK_ORIGIN}"\ninternal = true\n'
    )
    (home / "triage.toml").write_text((SAMPLE / "triage.toml").read_text("utf-8") + "\n" + hook, "utf-8")
    store = open_store(settings)
    token = store.access_tokens.create("tests", ["admin"], actor="cli:test", per_minute=1_000_000).secret
    store.database.close()
    log = tmp_path_factory.mktemp("live-log") / "log"
    with live_server(home, sample_settings.encoder_folder, log, token=token) as server:
        yield server
