"""Metrics: what is counted, what is asked for at the moment, and what callers cannot inflate."""

from __future__ import annotations

from models.errors import StoreUnavailableError
from triage.web.middleware.admission import AdmissionGate
from triage.web.middleware.metrics import CallbackGauge, Metrics


def lines(metrics: Metrics) -> set[str]:
    return set(metrics.text().decode().splitlines())


def test_a_watched_number_is_read_when_the_metrics_are_asked_for() -> None:
    metrics, waiting = Metrics(), [3.0]
    metrics.add_gauge(
        CallbackGauge("triage_deliveries_pending", "Deliveries to be made.", lambda: waiting[0])
    )
    metrics.add_gauge(
        CallbackGauge("triage_part_ready", "Ready.", lambda: {"bundle": 1.0, "store": 0.0}, label="part")
    )
    assert "triage_deliveries_pending 3.0" in lines(metrics)
    waiting[0] = 4.0
    assert "triage_deliveries_pending 4.0" in lines(metrics)
    assert 'triage_part_ready{part="store"} 0.0' in lines(metrics)


def test_a_number_that_cannot_be_read_now_is_left_out_and_the_others_are_there() -> None:
    def away() -> float:
        raise StoreUnavailableError("away")

    metrics = Metrics()
    metrics.add_gauge(CallbackGauge("triage_lost", "Lost.", away))
    metrics.add_gauge(CallbackGauge("triage_kept", "Kept.", lambda: 1.0))
    assert "triage_kept 1.0" in lines(metrics)
    assert not any(line.startswith("triage_lost") for line in lines(metrics))


def test_made_up_methods_are_one_label() -> None:
    metrics = Metrics()
    for number in range(5):
        metrics.count_request("/v1/triage", f"MADEUP{number}", 405, 0.001)
    assert 'triage_requests_total{method="other",route="/v1/triage",status="405"} 5.0' in lines(metrics)


def test_the_gate_shows_who_computes_and_who_was_refused() -> None:
    metrics = Metrics()
    gate = AdmissionGate(2, 0, 1.0, on_change=metrics.show_load, on_refused=metrics.count_refusal)
    assert 'triage_rejected_total{reason="late"} 0.0' in lines(metrics)
    with gate.slot():
        assert "triage_in_flight 1.0" in lines(metrics)
    assert "triage_in_flight 0.0" in lines(metrics)
    assert "triage_queue_waiting 0.0" in lines(metrics)
