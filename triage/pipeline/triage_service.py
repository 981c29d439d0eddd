"""Triage service: decides a ticket, finds articles for it, holds back what must be, and records all of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit
from kb_index.search.query import Query
from models.errors import StoreUnavailableError, TriageError
from models.redaction.redact import Redactor, redact_with_rules
from triage.decision import Reason
from triage.guarantee.holdback import HoldbackPolicy
from triage.pipeline.engine import Engine, TicketResult
from triage.pipeline.responses import PredictionResponse, prediction_response
from triage.store import Store
from triage.store.decisions import DecisionRecord, FieldRecord
from triage.store.ids import new_id
from triage.ticket import Ticket

Source = Literal["triage", "batch", "hook", "helpdesk"]
"""Way by which a ticket came in."""

AGENTS_SEE = frozenset({"public", "internal"})
ALL_SEE = frozenset({"public"})
ARTICLES = frozenset({"article"})
_UNRECORDED = Reason("store", "not applied: the store cannot record the decision now (see `missing`)")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TriagedTicket:
    """A ticket with its decisions, its articles and its record.

    `response` says nothing of held-out fields, `result` what is recorded of them. `missing` says in words
    which parts could not answer; `bundle_id` and `index_id` are the bundle and the index that did.
    `decision_id` is None where the decision could not be recorded; then nothing is applied.
    """

    result: TicketResult
    response: PredictionResponse
    hits: Sequence[Hit]
    missing: Mapping[str, str]
    bundle_id: str | None
    index_id: str | None
    decision_id: str | None


@dataclass(frozen=True, slots=True)
class TriageService:
    """Triages tickets with the engine that answers now, and the store that records.

    `rules_id` tells apart the rules and settings of the fields that were in force. `on_decided` is called
    with each response. Without `holdback` nothing is held back. Articles of another visibility than those of
    `visibility` are not found.
    """

    engine: Engine
    store: Store
    bundle_id: str | None
    rules_id: str
    keeps_text: bool = True
    on_decided: Callable[[PredictionResponse], None] = lambda _response: None
    holdback: HoldbackPolicy | None = None
    redact: Redactor = redact_with_rules
    visibility: frozenset[str] = AGENTS_SEE

    def triage(
        self, ticket: Ticket, *, articles: int, source: Source, token_id: str | None = None
    ) -> TriagedTicket:
        """Decide a ticket, find up to `articles` articles for it, and record the decision.

        Raises:
            NotReadyError: nothing has been trained yet.
            FolderError, MismatchError: the current bundle cannot be used.
        """
        return self.triage_many([ticket], articles=[articles], source=source, token_id=token_id)[0]

    def triage_many(
        self,
        tickets: Sequence[Ticket],
        *,
        articles: Sequence[int],
        source: Source,
        token_id: str | None = None,
        only: Collection[str] | None = None,
        in_same_transaction: Callable[[Connection, Sequence[TriagedTicket]], None] | None = None,
    ) -> list[TriagedTicket]:
        """Decide tickets at once, with `articles[i]` articles for the i-th; record all of them or none.

        With `only`, answers have these fields alone.
        `in_same_transaction` may write more; an error that it raises undoes the decisions.
        Raises as `triage`.
        """
        triaged, records = [], []
        index_id = self.engine.index_id
        results = self._cautious_engine().predict(
            tickets,
            prefetch=self._filters if any(articles) else None,
            redact=self.redact if self.keeps_text else None,
        )
        for ticket, predicted, count in zip(tickets, results, articles, strict=True):
            missing: dict[str, str] = {}
            hits = self._articles(predicted, count, missing) if count else []
            wanted = predicted if only is None else _with_fields(predicted, only)
            result = self._held_back(ticket, wanted)
            recorded = prediction_response(result, tells_holdout=True)
            record = self._record(ticket, result, recorded, hits, index_id, source, token_id)
            response = prediction_response(result) if result.held_out_fields else recorded
            triaged.append(
                TriagedTicket(result, response, hits, missing, self.bundle_id, index_id, record.id)
            )
            records.append(record)
        try:
            self.store.decisions.record_many(
                records, in_same_transaction and (lambda c: in_same_transaction(c, triaged))
            )
        except StoreUnavailableError as error:
            _log.warning("decisions were not recorded: %s", error.message)
            triaged = [_without_record(ticket, error) for ticket in triaged]
        for one in triaged:
            self.on_decided(one.response)
        return triaged

    @property
    def _filters(self) -> Filters:
        return Filters(visibility=self.visibility, collections=ARTICLES)

    def _cautious_engine(self) -> Engine:
        """Return the engine, with rules that do not rely on a suspended field."""
        rule_pipeline = self.engine.rule_pipeline
        suspended = self.holdback.monitor.suspended(self.bundle_id) if self.holdback else {}
        if not suspended or rule_pipeline is None:
            return self.engine
        return replace(self.engine, rule_pipeline=replace(rule_pipeline, suspended=frozenset(suspended)))

    def _held_back(self, ticket: Ticket, result: TicketResult) -> TicketResult:
        if self.holdback is None:
            return result
        fields = self.holdback.apply(ticket.id or new_id(), result.fields, self.bundle_id)
        return replace(result, fields=fields)

    def _articles(self, result: TicketResult, k: int, missing: dict[str, str]) -> list[Hit]:
        query = Query(
            text=result.text,
            embedding=result.embedding,
            k=k,
            language=result.language.code,
            filters=self._filters,
            matches=result.matches,
        )
        try:
            return self.engine.search(query)
        except TriageError as error:
            missing["articles"] = error.message
            return []

    def _record(
        self,
        ticket: Ticket,
        result: TicketResult,
        recorded: PredictionResponse,
        hits: Sequence[Hit],
        index_id: str | None,
        source: Source,
        token_id: str | None,
    ) -> DecisionRecord:
        return DecisionRecord(
            id=new_id(),
            at=datetime.now(UTC),
            ticket_id=ticket.id,
            requester=self.store.pseudonyms.pseudonym_of(ticket.requester),
            token_id=token_id,
            source=source,
            language=result.language.code,
            text=result.redacted,
            novelty=result.novelty.score,
            is_novel=result.novelty.is_novel,
            is_holdout=bool(result.held_out_fields),
            bundle_id=self.bundle_id,
            index_id=index_id,
            rules_id=self.rules_id,
            rules=result.rules,
            sla=recorded.sla.model_dump(mode="json") if recorded.sla else None,
            articles=[{"id": hit.article.id, "confidence": round(hit.confidence, 4)} for hit in hits],
            fields=_field_records(result, recorded),
        )


def _with_fields(result: TicketResult, only: Collection[str]) -> TicketResult:
    return replace(result, fields={name: field for name, field in result.fields.items() if name in only})


def _field_records(result: TicketResult, recorded: PredictionResponse) -> list[FieldRecord]:
    """Return the fields for the record; of the reasons those that quote no word of the ticket."""
    return [
        FieldRecord(
            field=name,
            value=field.value,
            confidence=field.confidence,
            action=field.action,
            model_action=result.fields[name].model_action,
            threshold=field.threshold,
            alternatives=[dict(vars(alternative)) for alternative in field.alternatives],
            reasons=[
                {key: said for key, said in vars(reason).items() if key != "phrases" and said is not None}
                for reason in field.reasons
                if reason.kind != "words" and not reason.deprecated
            ],
        )
        for name, field in recorded.fields.items()
        if field.value is not None
    ]


def _without_record(triaged: TriagedTicket, error: StoreUnavailableError) -> TriagedTicket:
    """Return the same with nothing applied: what is not recorded cannot be answered for."""
    fields = {
        name: decision.hold_back("suggest", _UNRECORDED) if decision.applied else decision
        for name, decision in triaged.result.fields.items()
    }
    result = replace(triaged.result, fields=fields)
    missing = {**triaged.missing, "store": error.message}
    response = prediction_response(result)
    return replace(triaged, result=result, response=response, missing=missing, decision_id=None)
