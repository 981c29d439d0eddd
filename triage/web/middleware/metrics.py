"""Metrics of the service, for Prometheus.

Each process counts for itself. Several processes leave their counts in a folder, and the one that is asked
adds them up. Gauges of a process that has ended are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from apiflask import APIFlask
from flask import Response, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from models.errors import TriageError
from triage.pipeline.responses import PredictionResponse
from triage.store.guarantee import Suspension
from triage.timing import stage_seconds
from triage.web.middleware.admission import RefusalReason
from triage.web.middleware.request_log import route_of_request, seconds_so_far

_METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}  # callers can make up any number
_REQUEST_S = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STAGE_S = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_CONFIDENCE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class CallbackGauge:
    """Gauge that is read when the metrics are requested: one number, or one for each value of `label`."""

    name: str
    help: str
    read: Callable[[], float | Mapping[str, float]]
    label: str = "kind"


class Metrics:
    """All metrics of one application; `shared` is the folder in which its processes leave their counts."""

    def __init__(self, shared: Path | None = None) -> None:
        self._shared = shared
        self._gauges: list[CallbackGauge] = []
        self._own = own = CollectorRegistry()
        self._requests = Histogram(
            "triage_request_seconds",
            "Time to a response.",
            ["route"],
            registry=own,
            buckets=_REQUEST_S,
        )
        self._responses = Counter(
            "triage_requests", "Responses.", ["route", "method", "status"], registry=own
        )
        self._stages = Histogram(
            "triage_stage_seconds",
            "A request's time in one stage; `words` and `encoder` run side by side.",
            ["stage"],
            registry=own,
            buckets=_STAGE_S,
        )
        self._actions = Counter("triage_actions", "Decisions on fields.", ["field", "action"], registry=own)
        self._confidences = Histogram(
            "triage_confidence",
            "Confidence of the found value.",
            ["field"],
            registry=own,
            buckets=_CONFIDENCE,
        )
        self._in_flight = _gauge("triage_in_flight", "Requests that compute now.", own)
        self._waiting = _gauge("triage_queue_waiting", "Requests that wait for their turn.", own)
        self._rejected = Counter("triage_rejected", "Requests refused by load.", ["reason"], registry=own)
        self._loads = Counter("triage_bundle_loads", "Bundles taken up or refused.", ["result"], registry=own)
        self._suspensions = Counter(
            "triage_suspensions", "Fields suspended from apply to suggest.", ["field"], registry=own
        )
        self._step_downs = Counter(
            "triage_step_downs", "Deprecated: read triage_suspensions.", ["field"], registry=own
        )
        for reason in get_args(RefusalReason):
            self._rejected.labels(reason)

    def add_gauge(self, gauge: CallbackGauge) -> None:
        """Export a gauge from now on; while it cannot be read, it is left out."""
        self._gauges.append(gauge)

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a response, and the stages of this context's timer."""
        self._responses.labels(route, method if method in _METHODS else "other", str(status)).inc()
        self._requests.labels(route).observe(seconds)
        for name, spent in stage_seconds().items():
            self._stages.labels(name).observe(spent)

    def count_decisions(self, response: PredictionResponse) -> None:
        """Count what was decided about one ticket."""
        for name, decided in response.fields.items():
            self._actions.labels(name, decided.action).inc()
            if decided.value is not None:  # a holdout ticket shows no value
                self._confidences.labels(name).observe(decided.confidence)

    def count_load(self, *, taken_up: bool) -> None:
        """Count a bundle that was loaded, or could not be."""
        self._loads.labels("taken_up" if taken_up else "refused").inc()

    def count_refusal(self, reason: RefusalReason) -> None:
        """Count a request that was refused because of load."""
        self._rejected.labels(reason).inc()

    def count_suspension(self, suspension: Suspension) -> None:
        """Count a field whose observed error violated its guarantee."""
        self._suspensions.labels(suspension.field).inc()
        self._step_downs.labels(suspension.field).inc()

    def show_load(self, in_flight: int, waiting: int) -> None:
        """Set how many requests compute and how many wait in this process."""
        self._in_flight.set(in_flight)
        self._waiting.set(waiting)

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        counted = self._own
        if self._shared is not None:
            counted = CollectorRegistry()
            MultiProcessCollector(counted, path=str(self._shared))  # type: ignore[no-untyped-call]
        now = CollectorRegistry()
        now.register(_CallbackCollector(self._gauges))
        return generate_latest(counted) + generate_latest(now)


def init_metrics(app: APIFlask, metrics: Metrics) -> None:
    """Count every response of the application."""

    @app.after_request
    def count(response: Response) -> Response:
        metrics.count_request(route_of_request(), request.method, response.status_code, seconds_so_far())
        return response


class _CallbackCollector(Collector):
    """Collector that reads callback gauges when the metrics are requested."""

    def __init__(self, gauges: Sequence[CallbackGauge]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        for gauge in self._gauges:
            try:
                found = gauge.read()
            except TriageError:
                continue
            if isinstance(found, Mapping):
                family = GaugeMetricFamily(gauge.name, gauge.help, labels=[gauge.label])
                for label, value in found.items():
                    family.add_metric([label], value)
            else:
                family = GaugeMetricFamily(gauge.name, gauge.help, value=found)
            yield family


def _gauge(name: str, text: str, registry: CollectorRegistry) -> Gauge:
    # Of several processes, those that live are added up.
    return Gauge(name, text, registry=registry, multiprocess_mode="livesum")
