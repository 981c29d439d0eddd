"""Feedback on decisions, articles and sessions."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from apiflask import APIBlueprint

from kb_index.usage.events import EventKind
from models.classifiers.fields import label_values
from models.errors import InputError, NotFoundError, StoreUnavailableError, TriageError
from triage.store.article_events import ArticleEvent
from triage.store.feedback import FinalValue
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
    given = {name: value for name, value in part.final.items() if name in found.right}
    return FeedbackResponse(
        recorded=found.is_new,
        right=dict(found.right),
        unknown=list(found.unknown),
        new_values=_new_values(service, given),
    )


def _new_values(service: Service, final: Mapping[str, FinalValue]) -> dict[str, list[str]]:
    """Return, by field, the values that neither the bundle that answers nor the settings know."""
    try:
        models = service.active().engine.bundle.get().models
    except TriageError:  # the feedback is kept; what is new cannot be told now
        return {}
    of_settings = service.settings.known_values()
    new = {}
    for name, value in final.items():
        if value is None or name not in models:
            continue  # what a matrix or a rule gives has no list of values
        known = {one.casefold() for one in (*models[name].classes, *of_settings.get(name, ()))}
        values = [one for one in label_values(value) if one.strip().casefold() not in known]
        if values:
            new[name] = values
    return new


def _articles(service: Service, part: ArticleFeedback) -> FeedbackResponse:
    events: list[ArticleEvent] = []
    unknown: dict[str, None] = {}
    answers = _answers(service, part)
    for told in part.events:
        answer = next((one for one in answers if told.article_id in one.listed), None)
        if answer is None:
            unknown[told.article_id] = None
        else:
            events.append(answer.event(told.kind, told.article_id))
    principal, new = current_principal(), 0
    if principal.is_portal and service.store.portal_sessions.is_discarded(part.session_id or ""):
        events = []
    if events:
        new = service.store.article_events.record(
            events, token_id=principal.id, is_portal=principal.is_portal
        )
    if new and service.usage_learner is not None:
        service.usage_learner.schedule()
    return FeedbackResponse(recorded=new > 0, right={}, unknown=list(unknown))


@dataclass(frozen=True, slots=True)
class _Answer:
    """Answer that listed articles, with the ids that name it."""

    listed: Collection[str]
    decision_id: str | None = None
    search_id: str | None = None
    session_id: str | None = None

    def event(self, kind: EventKind, article_id: str) -> ArticleEvent:
        return ArticleEvent(kind, article_id, self.decision_id, self.search_id, self.session_id)


def _answers(service: Service, part: ArticleFeedback) -> list[_Answer]:
    """Return the answers of which the feedback may speak; of a session the newest first.

    Raises:
        InputError: a portal's token names no session.
        NotFoundError: an id is not known, or the search is of another session.
    """
    principal, deflection = current_principal(), service.deflection
    decided = None
    if part.decision_id is not None:
        _check(part.decision_id, "decision", is_open=principal.has_scope("triage", "agent"))
        decided = service.store.decisions.get(part.decision_id)
        if decided is None:
            raise _unknown(part.decision_id, "decision")
    if part.session_id is not None:
        _check(part.session_id, "session", is_open=deflection.is_session(part.session_id))
    elif principal.is_portal:
        raise InputError(
            "feedback with a portal's token names the customer's session: send `session_id`, the `session` "
            "of the answer of /v1/deflect that listed the articles, beside its `search_id`",
            fields={"session_id": "missing"},
        )
    if part.search_id is not None:
        search = deflection.find_search(part.search_id, part.session_id)
        if search is None:
            raise _unknown(part.search_id, "search")
        return [_Answer(deflection.shown_articles(search), part.decision_id, search.id, search.session_id)]
    if decided is not None:
        listed = [str(article["id"]) for article in decided.articles]
        return [_Answer(listed, part.decision_id, None, part.session_id)]
    return [
        _Answer(deflection.shown_articles(search), None, search.id, search.session_id)
        for search in deflection.answered_searches(part.session_id or "")
    ]


def _session(service: Service, part: SessionFeedback) -> FeedbackResponse:
    is_open = current_principal().has_scope("portal", "agent") and service.deflection.is_session(
        part.session_id
    )
    _check(part.session_id, "session", is_open=is_open)
    principal = current_principal()
    new = service.deflection.end_session(
        part.session_id, part.outcome, token_id=principal.id, only_known=principal.is_portal
    )
    return FeedbackResponse(recorded=new, right={}, unknown=[])


_GIVEN_BY = {
    "decision": "`decision_id` of an answer of /v1/triage",
    "search": "`search_id` of an answer, and of a portal the `session` of the same answer",
    "session": "`session` of /v1/deflect",
}


def _check(name: str, kind: str, *, is_open: bool) -> None:
    if not is_open:
        raise _unknown(name, kind)


def _unknown(name: str, kind: str) -> NotFoundError:
    return NotFoundError(
        f"there is no {kind} {name} of which this caller may speak: send the {_GIVEN_BY[kind]}; it may "
        "have been erased, or be older than it is kept",
        fields={f"{kind}_id": "unknown"},
    )
