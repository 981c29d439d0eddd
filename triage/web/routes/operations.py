"""Operation of the service: health, readiness, metrics and what answers."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from models.bundle import Bundle
from models.errors import NotReadyError
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry
from triage.settings import Settings
from triage.web.errors import shown_to_caller
from triage.web.middleware.admission import bypass_admission
from triage.web.middleware.authentication import identify_caller
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.operations import (
    BundleResponse,
    HealthResponse,
    IndexResponse,
    ModelFieldResponse,
    ModelsResponse,
    PromotionResponse,
    ReadyResponse,
    ThresholdResponse,
    ValueThresholdResponse,
)
from triage.web.service import current_service

operations = APIBlueprint("operator", __name__, tag="Operation")
_LONGEST_HISTORY = 50
_TEXT: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "Prometheus' text format", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@operations.get("/healthz")
@operations.output(HealthResponse)
@operations.doc(summary="The process is alive")
def healthz() -> HealthResponse:
    return HealthResponse(status="alive")


@operations.get("/readyz")
@operations.output(ReadyResponse)
@operations.doc(summary="Requests can be answered", responses=[503])
def readyz() -> ReadyResponse:
    identify_caller()
    service = current_service()
    missing, active = service.problems(), service.active()
    if {"bundle", "articles"} <= missing.keys():
        raise NotReadyError("; ".join(missing.values()), fields=missing)
    return ReadyResponse(
        status="ready",
        bundle=active.bundle_id,
        index=active.index_id,
        missing={part: shown_to_caller(problem) for part, problem in missing.items()},
        refused=shown_to_caller(active.load_error.message) if active.load_error else None,
    )


@operations.get("/metrics")
@requires_scope("metrics")
@operations.doc(
    summary="Counts and times, for Prometheus",
    responses=_TEXT,
)
def metrics() -> Response:
    return Response(current_service().metrics.text(), content_type=CONTENT_TYPE_LATEST)


@operations.get("/v1/models")
@requires_scope("admin")
@bypass_admission
@operations.output(ModelsResponse)
@operations.doc(summary="The bundle, the encoder and the index that answer", responses=[503])
def models() -> ModelsResponse:
    service = current_service()
    missing, active = service.problems(), service.active()
    engine = active.engine
    bundle = engine.bundle.value
    return ModelsResponse(
        encoder=engine.encoder.name,
        second_encoder=bundle.second.name if bundle and bundle.second else None,
        bundle=_bundle_response(bundle) if bundle else None,
        refused=active.load_error.message if active.load_error else None,
        history=_history(service.settings),
        index=None if "articles" in missing else _index_response(engine),
        missing=missing,
    )


def _bundle_response(bundle: Bundle) -> BundleResponse:
    metadata = bundle.metadata
    return BundleResponse(
        id=bundle.id,
        tickets=metadata["tickets"],
        held_out=metadata["held_out"],
        first_ticket=metadata["first_ticket"],
        last_ticket=metadata["last_ticket"],
        languages=metadata["languages"],
        fields={name: _field_response(bundle, name) for name in bundle.models},
        warnings=metadata.get("warnings", []),
    )


def _field_response(bundle: Bundle, name: str) -> ModelFieldResponse:
    model, thresholds = bundle.models[name], bundle.thresholds[name]
    field_thresholds = ThresholdResponse(
        apply=thresholds.apply, suggest=thresholds.suggest, reason=thresholds.reason
    )
    value_thresholds = [
        ValueThresholdResponse(kind=one.kind, values=list(one.values), apply=one.apply, reason=one.reason)
        for one in thresholds.by_value
    ]
    return ModelFieldResponse(
        kind=model.field.kind,
        parent=model.field.parent,
        values=[str(value) for value in model.classes],
        thresholds=field_thresholds,
        value_thresholds=value_thresholds,
        bars=field_thresholds,
        own_bars=value_thresholds,
        metrics=bundle.metadata["metrics"].get(name, {}),
    )


def _history(settings: Settings) -> list[PromotionResponse]:
    registry = model_registry(settings)
    latest_first = registry.history()[::-1][:_LONGEST_HISTORY]
    return [PromotionResponse(id=name, is_there=registry.path(name).is_dir()) for name in latest_first]


def _index_response(engine: Engine) -> IndexResponse | None:
    articles = engine.articles.value
    if articles is None or engine.index_id is None:
        return None
    return IndexResponse(
        id=engine.index_id,
        articles=len(articles.knowledge_base()),
        layout=str(articles.index_type),
    )
