"""Background work goes on after an error."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from models.errors import NotReadyError
from tests.http.serving import wait_until
from tests.http.toy_service import toy_service, toy_settings
from triage.pipeline.engine import Engine
from triage.settings import Settings, StoreSettings
from triage.store.retention import start_retention
from triage.web import service as service_module
from triage.web.service import Service, start_compaction

TEXT = "what a customer wrote"


class Failing:
    """Raises an unexpected error at each call, and counts the calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_arguments: object, **_options: object) -> Engine:
        self.calls += 1
        raise ValueError(TEXT)

    claim_pruning = __call__


def test_compaction_goes_on_after_an_unexpected_error(caplog: pytest.LogCaptureFixture) -> None:
    failing = Failing()
    task = start_compaction(failing, every_s=0.01)
    wait_until(lambda: failing.calls > 2)
    task.stop(30)
    assert "ValueError" in caplog.text
    assert TEXT not in caplog.text


def test_retention_goes_on_after_an_unexpected_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failing = Failing()
    task = start_retention(failing, StoreSettings(), every_s=0.01)  # type: ignore[arg-type]
    wait_until(lambda: failing.calls > 2)
    task.stop(30)
    assert "ValueError" in caplog.text
    assert TEXT not in caplog.text


def test_a_service_that_cannot_load_for_a_reason_nobody_expected_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(service_module, "open_engine", Failing())
    service = Service(Settings(home=tmp_path))
    with suppress(NotReadyError):  # it begins to load
        service.active()
    wait_until(lambda: service.is_load_finished)
    with pytest.raises(NotReadyError, match="ValueError"):
        service.active()
    assert TEXT not in caplog.text


def test_a_bundle_that_breaks_for_a_reason_nobody_expected_is_tried_once_and_the_earlier_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing()
    monkeypatch.setattr(service_module, "_LOAD_EVERY_S", 0.0)
    monkeypatch.setattr(service_module, "with_current_bundle", failing)
    service = toy_service(toy_settings(tmp_path))
    before = service.active().engine
    monkeypatch.setattr(service, "_current", lambda: "newer")  # of this service alone
    wait_until(lambda: service.active().load_error is not None)
    for _ in range(100):
        threading.Event().wait(0.001)
        assert service.active().engine is before
    assert failing.calls == 1
    assert "ValueError" in str(service.active().load_error)
