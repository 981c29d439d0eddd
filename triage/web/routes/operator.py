"""What the operator and his tools ask of the service itself."""

from __future__ import annotations

from apiflask import APIBlueprint

from models.errors import NotReadyError
from triage.web.schemas.operator import HealthAnswer, ReadyAnswer
from triage.web.service import current_service

operator = APIBlueprint("operator", __name__, tag="Operation")


@operator.get("/healthz")
@operator.output(HealthAnswer)
@operator.doc(summary="The process is alive")
def healthz() -> HealthAnswer:
    return HealthAnswer(status="alive")


@operator.get("/readyz")
@operator.output(ReadyAnswer)
@operator.doc(summary="Requests can be answered", responses=[503])
def readyz() -> ReadyAnswer:
    loaded = current_service().loaded()
    problems = loaded.engine.problems
    if len(problems) == 2:
        raise NotReadyError("; ".join(problems.values()))
    return ReadyAnswer(status="ready", bundle=loaded.bundle_id, index=loaded.index_id, missing=problems)
