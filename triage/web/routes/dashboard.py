"""The operator's overview: a page, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from apiflask import APIBlueprint
from flask import render_template

from models.classifiers.fields import Field
from models.errors import TriageError
from models.language.codes import normalize_code
from triage.guarantee.monitor import GuaranteeStatus, largest_target_error
from triage.intervals import clopper_pearson
from triage.store.portal_sessions import DeflectionExperiment, GroupCounts
from triage.store.statistics import Counts, Selection, combine
from triage.store.weekly_counts import week_of
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.dashboard import (
    CountsResponse,
    DeflectionResponse,
    FieldCountsResponse,
    IntervalResponse,
    JudgedCounts,
    ObservedResponse,
    SessionsResponse,
    StatisticsQuery,
    StatisticsResponse,
    UnansweredSearchResponse,
)
from triage.web.service import Service, current_service

dashboard = APIBlueprint("dashboard", __name__, tag="Operation")


@dashboard.get("/dashboard")
@dashboard.doc(hide=True)
def page() -> str:
    # Without numbers: the page asks for them with the operator's token.
    return render_template("dashboard.html")


@dashboard.get("/v1/statistics")
@requires_scope("admin")
@dashboard.input(StatisticsQuery, location="query", arg_name="wanted")
@dashboard.output(StatisticsResponse)
@dashboard.doc(
    summary="Volumes, actions, the promise, deflection, and what is searched for in vain", responses=[503]
)
def statistics(wanted: StatisticsQuery) -> StatisticsResponse:
    service = current_service()
    asked, settings = service.store.statistics, service.settings
    since = week_of(datetime.now(UTC)) - timedelta(weeks=wanted.weeks - 1)
    language = normalize_code(wanted.language) if wanted.language else None
    selection = Selection(since, language, wanted.segment)
    specs = {spec.name: spec for spec in settings.field_specs()}
    bundle_id = _bundle_id(service)
    statuses = {} if bundle_id is None else {s.seen.field: s for s in service.guarantee.statuses(bundle_id)}
    weeks, deflected = asked.by_week(selection), asked.deflection(selection)
    return StatisticsResponse(
        since=since,
        weeks=wanted.weeks,
        segment_field=settings.dashboard.segment,
        bundle=bundle_id,
        total=CountsResponse(**_counts(combine(weeks))),
        by_week=[CountsResponse(**_counts(row)) for row in weeks],
        by_field=[
            _field(row, largest_target_error(specs.get(row.name, Field(row.name))), statuses.get(row.name))
            for row in asked.by_field(selection)
        ],
        by_language=[CountsResponse(**_counts(row)) for row in asked.by_language(selection)],
        by_segment=[CountsResponse(**_counts(row)) for row in asked.by_segment(selection)],
        deflection=_deflection("", _all_languages(deflected.values())),
        deflection_by_language=[_deflection(language, groups) for language, groups in deflected.items()],
        searches_in_vain=[
            UnansweredSearchResponse(
                text=one.text, language=one.language, count=one.count, last_at=one.last_at
            )
            for one in asked.unanswered_searches(selection)
        ],
    )


def _bundle_id(service: Service) -> str | None:
    try:
        return service.active().bundle_id
    except TriageError:  # the numbers of what was are there before anything answers
        return None


def _counts(row: Counts) -> dict[str, object]:
    return {
        "name": row.name,
        "tickets": row.tickets,
        "apply": row.apply,
        "suggest": row.suggest,
        "abstain": row.abstain,
        "applied": JudgedCounts(judged=row.applied_judged, right=row.applied_right),
        "suggested": JudgedCounts(judged=row.suggested_judged, right=row.suggested_right),
        "blind": JudgedCounts(judged=row.holdout_judged, right=row.holdout_right),
        "error": IntervalResponse.of(
            clopper_pearson(row.holdout_judged - row.holdout_right, row.holdout_judged)
        ),
    }


def _field(row: Counts, target: float, standing: GuaranteeStatus | None) -> FieldCountsResponse:
    if standing is None:
        return FieldCountsResponse(
            **_counts(row), target_error=target, promise="unknown", stepped_down=False, in_use=None
        )
    seen = standing.seen
    in_use = ObservedResponse(
        blind=JudgedCounts(judged=seen.holdout_judged, right=seen.holdout_judged - seen.holdout_wrong),
        error=IntervalResponse.of(standing.error),
        applied=seen.applied,
        corrected=seen.corrected,
    )
    return FieldCountsResponse(
        **_counts(row),
        target_error=target,
        promise=standing.state,
        stepped_down=standing.stepped_down is not None,
        in_use=in_use,
    )


def _all_languages(found: Iterable[DeflectionExperiment]) -> DeflectionExperiment:
    def sums(some: list[GroupCounts]) -> GroupCounts:
        return GroupCounts(sum(one.sessions for one in some), sum(one.submitted for one in some))

    found = list(found)
    return DeflectionExperiment(sums([one.control for one in found]), sums([one.treated for one in found]))


def _deflection(language: str, found: DeflectionExperiment) -> DeflectionResponse:
    return DeflectionResponse(
        language=language,
        shown=_sessions(found.treated),
        control=_sessions(found.control),
        deflected=IntervalResponse.of(found.deflection),
    )


def _sessions(group: GroupCounts) -> SessionsResponse:
    return SessionsResponse(sessions=group.sessions, submitted=group.submitted)
