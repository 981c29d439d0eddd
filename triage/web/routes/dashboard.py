"""Dashboard of the operator: its page, and the statistics behind it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from apiflask import APIBlueprint
from flask import render_template

from models.classifiers.fields import Field
from models.errors import TriageError
from models.language.codes import normalize_code
from triage.guarantee.monitor import GuaranteeStatus, State, largest_target_error
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
    summary="Volumes, actions, the guarantee, deflection, and searches without an answer", responses=[503]
)
def statistics(wanted: StatisticsQuery) -> StatisticsResponse:
    service = current_service()
    statistics, settings = service.store.statistics, service.settings
    since = week_of(datetime.now(UTC)) - timedelta(weeks=wanted.weeks - 1)
    language = normalize_code(wanted.language) if wanted.language else None
    selection = Selection(since, language, wanted.segment)
    specs = {spec.name: spec for spec in settings.field_specs()}
    bundle_id = _bundle_id(service)
    statuses = {} if bundle_id is None else {s.counts.field: s for s in service.guarantee.statuses(bundle_id)}
    weeks, experiments = statistics.by_week(selection), statistics.deflection(selection)
    unanswered = [
        UnansweredSearchResponse(text=one.text, language=one.language, count=one.count, last_at=one.last_at)
        for one in statistics.unanswered_searches(selection)
    ]
    return StatisticsResponse(
        since=since,
        weeks=wanted.weeks,
        segment_field=settings.dashboard.segment,
        bundle=bundle_id,
        total=CountsResponse(**_counts(combine(weeks))),
        by_week=[CountsResponse(**_counts(row)) for row in weeks],
        by_field=[
            _field(row, largest_target_error(specs.get(row.name, Field(row.name))), statuses.get(row.name))
            for row in statistics.by_field(selection)
        ],
        by_language=[CountsResponse(**_counts(row)) for row in statistics.by_language(selection)],
        by_segment=[CountsResponse(**_counts(row)) for row in statistics.by_segment(selection)],
        deflection=_deflection("", _all_languages(experiments.values())),
        deflection_by_language=[_deflection(name, experiment) for name, experiment in experiments.items()],
        unanswered_searches=unanswered,
        searches_in_vain=unanswered,
    )


def _bundle_id(service: Service) -> str | None:
    try:
        return service.active().bundle_id
    except TriageError:  # statistics of the past are there before any bundle answers
        return None


def _counts(row: Counts) -> dict[str, object]:
    holdout = JudgedCounts(judged=row.holdout_judged, right=row.holdout_right)
    return {
        "name": row.name,
        "tickets": row.tickets,
        "apply": row.apply,
        "suggest": row.suggest,
        "abstain": row.abstain,
        "applied": JudgedCounts(judged=row.applied_judged, right=row.applied_right),
        "suggested": JudgedCounts(judged=row.suggested_judged, right=row.suggested_right),
        "holdout": holdout,
        "error": IntervalResponse.of(clopper_pearson(holdout.judged - holdout.right, holdout.judged)),
        "blind": holdout,
    }


def _field(row: Counts, target: float, status: GuaranteeStatus | None) -> FieldCountsResponse:
    state: State = "unknown" if status is None else status.state
    is_suspended = status is not None and status.suspension is not None
    return FieldCountsResponse(
        **_counts(row),
        target_error=target,
        guarantee=state,
        suspended=is_suspended,
        in_use=None if status is None else _observed(status),
        promise=state,
        stepped_down=is_suspended,
    )


def _observed(status: GuaranteeStatus) -> ObservedResponse:
    counts = status.counts
    holdout = JudgedCounts(judged=counts.holdout_judged, right=counts.holdout_judged - counts.holdout_wrong)
    return ObservedResponse(
        holdout=holdout,
        error=IntervalResponse.of(status.error),
        applied=counts.applied,
        corrected=counts.corrected,
        blind=holdout,
    )


def _all_languages(experiments: Collection[DeflectionExperiment]) -> DeflectionExperiment:
    def sums(some: list[GroupCounts]) -> GroupCounts:
        return GroupCounts(sum(one.sessions for one in some), sum(one.submitted for one in some))

    both = [(one.control, one.treated) for one in experiments]
    return DeflectionExperiment(
        sums([control for control, _ in both]),
        sums([treated for _, treated in both]),
        sum(one.discarded for one in experiments),
    )


def _deflection(language: str, found: DeflectionExperiment) -> DeflectionResponse:
    return DeflectionResponse(
        language=language,
        shown=_sessions(found.treated),
        control=_sessions(found.control),
        deflected=IntervalResponse.of(found.deflection),
        discarded=found.discarded,
    )


def _sessions(group: GroupCounts) -> SessionsResponse:
    return SessionsResponse(sessions=group.sessions, submitted=group.submitted)
