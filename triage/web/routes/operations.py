"""What the operator and his tools ask of the service itself."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from prometheus_client import CONTENT_TYPE_LATEST

from models.bundle import Bundle
from models.errors import NotReadyError, TriageError
from triage.pipeline.engine import Engine
from triage.pipeline.factory import model_registry
from triage.settings import Settings
from triage.web.middleware.admission import bypass_admission
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

operator = APIBlueprint("operator", __name__, tag="Operation")
_LONGEST_HISTORY = 50
_TEXT: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
    200: {"description": "Prometheus' text format", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@operator.get("/healthz")
@operator.output(HealthResponse)
@operator.doc(summary="The process is alive")
def healthz() -> HealthResponse:
    return HealthResponse(status="alive")


@operator.get("/readyz")
@operator.output(ReadyResponse)
@operator.doc(summary="Requests can be answered", responses=[503])
def readyz() -> ReadyResponse:
    service = current_service()
    missing, loaded = service.problems(), service.active()
    if {"bundle", "articles"} <= missing.keys():
        raise NotReadyError("; ".join(missing.values()), fields=missing)
    return ReadyResponse(
        status="ready",
        bundle=loaded.bundle_id,
        index=loaded.index_id,
        missing=missing,
        refused=loaded.load_error.message if loaded.load_error else None,
    )


@operator.get("/metrics")
@requires_scope("admin")
@operator.doc(
    summary="Counts and times, for Prometheus",
    responses=_TEXT,
)
def metrics() -> Response:
    return Response(current_service().metrics.text(), content_type=CONTENT_TYPE_LATEST)


@operator.get("/v1/models")
@requires_scope("admin")
@bypass_admission
@operator.output(ModelsResponse)
@operator.doc(summary="The bundle, the encoder and the index that answer", responses=[503])
def models() -> ModelsResponse:
    service = current_service()
    missing, loaded = service.problems(), service.active()
    engine = loaded.engine
    bundle = None if isinstance(engine.bundle, TriageError) else engine.bundle
    return ModelsResponse(
        encoder=engine.encoder.name,
        second_encoder=bundle.second.name if bundle and bundle.second else None,
        bundle=_bundle_answer(bundle) if bundle else None,
        refused=loaded.load_error.message if loaded.load_error else None,
        history=_history(service.settings),
        index=None if "articles" in missing else _index_answer(engine),
        missing=missing,
    )


def _bundle_answer(bundle: Bundle) -> BundleResponse:
    learnt = bundle.metadata
    return BundleResponse(
        id=bundle.id,
        tickets=learnt["tickets"],
        held_out=learnt["held_out"],
        first_ticket=learnt["first_ticket"],
        last_ticket=learnt["last_ticket"],
        languages=learnt["languages"],
        fields={name: _field_answer(bundle, name) for name in bundle.models},
        warnings=learnt.get("warnings", []),
    )


def _field_answer(bundle: Bundle, name: str) -> ModelFieldResponse:
    model, bars = bundle.models[name], bundle.thresholds[name]
    return ModelFieldResponse(
        kind=model.field.kind,
        parent=model.field.parent,
        values=[str(value) for value in model.classes_],
        bars=ThresholdResponse(apply=bars.apply, suggest=bars.suggest, reason=bars.reason),
        own_bars=[
            ValueThresholdResponse(kind=own.kind, values=list(own.values), apply=own.apply, reason=own.reason)
            for own in bars.by_value
        ],
        metrics=bundle.metadata["metrics"].get(name, {}),
    )


def _history(settings: Settings) -> list[PromotionResponse]:
    registry = model_registry(settings)
    latest_first = registry.history()[::-1][:_LONGEST_HISTORY]
    return [PromotionResponse(id=name, is_there=registry.path(name).is_dir()) for name in latest_first]


def _index_answer(engine: Engine) -> IndexResponse | None:
    if isinstance(engine.articles, TriageError) or engine.index_id is None:
        return None
    return IndexResponse(
        id=engine.index_id,
        articles=len(engine.articles.knowledge_base()),
        layout=str(engine.articles.index_type),
    )
