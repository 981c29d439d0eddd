"""Feedback on decisions, articles and sessions."""

from __future__ import annotations

import logging

from apiflask import APIBlueprint

from models.errors import NotFoundError, StoreUnavailableError
from triage.web.middleware.authentication import current_principal
from triage.web.middleware.required_scopes import requires_scope
from triage.web.schemas.feedback import (
    ArticleFeedback,
    DecisionFeedback,
    FeedbackRequest,
    FeedbackResponse,
    SessionFeedback,
)
from triage.web.service import Service, current_service

feedback = APIBlueprint("feedback", __name__, tag="Feedback")
_log = logging.getLogger(__name__)


@feedback.post("/v1/feedback")
@requires_scope("triage", "agent", "portal")
@feedback.input(FeedbackRequest, arg_name="given")
@feedback.output(FeedbackResponse)
@feedback.doc(
    summary="Give feedback on a decision, on articles, or on a customer's session",
    responses=[404, 409, 503],
)
def give_feedback(given: FeedbackRequest) -> FeedbackResponse:
    service, part = current_service(), given.root
    if isinstance(part, DecisionFeedback):
        return _decision(service, part)
    if isinstance(part, ArticleFeedback):
        return _articles(service, part)
    return _session(service, part)


def _decision(service: Service, part: DecisionFeedback) -> FeedbackResponse:
    _check(part.decision_id, "decision", is_open=current_principal().has_scope("triage", "agent"))
    found = service.store.feedback.record(
        part.decision_id, part.final, id=part.id, token_id=current_principal().id
    )
    if found.bundle_id is not None:
        for name in (name for name, is_right in found.right.items() if not is_right):
            try:
                service.guarantee.check(name, found.bundle_id)
            except StoreUnavailableError as error:
                # The feedback is kept; the next wrong outcome asks again.
                _log.warning("the guarantee of %s was not checked: %s", name, error.message)
    return FeedbackResponse(recorded=found.is_new, right=dict(found.right), unknown=list(found.unknown))


def _articles(service: Service, part: ArticleFeedback) -> FeedbackResponse:
    if part.decision_id is not None:
        _check(part.decision_id, "decision", is_open=current_principal().has_scope("triage", "agent"))
        if service.store.decisions.get(part.decision_id) is None:
            _check(part.decision_id, "decision", is_open=False)
    if part.session_id is not None:
        _check(part.session_id, "session", is_open=service.deflection.is_session(part.session_id))
    new = service.store.article_events.record(part.article_events(), token_id=current_principal().id)
    if new and service.usage_learner is not None:
        service.usage_learner.schedule()
    return FeedbackResponse(recorded=new > 0, right={}, unknown=[])


def _session(service: Service, part: SessionFeedback) -> FeedbackResponse:
    is_open = current_principal().has_scope("portal", "agent") and service.deflection.is_session(
        part.session_id
    )
    _check(part.session_id, "session", is_open=is_open)
    new = service.deflection.end_session(part.session_id, part.outcome, token_id=current_principal().id)
    return FeedbackResponse(recorded=new, right={}, unknown=[])


_GIVEN_BY = {"decision": "`decision_id` of an answer of /v1/triage", "session": "`session` of /v1/deflect"}


def _check(name: str, kind: str, *, is_open: bool) -> None:
    if not is_open:
        raise NotFoundError(
            f"there is no {kind} {name} of which this caller may speak: send the {_GIVEN_BY[kind]}; it may "
            "have been erased, or be older than it is kept",
            fields={f"{kind}_id": "unknown"},
        )
