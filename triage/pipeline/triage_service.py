"""One ticket over the desk: decided by the engine, given its articles, and remembered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit
from kb_index.search.query import Query
from models.errors import StoreUnavailableError, TriageError
from models.redaction.redact import Redactor, redact_with_rules
from triage.guarantee.holdback import HeldAnswer, HoldbackPolicy
from triage.pipeline.engine import Engine, TicketResult
from triage.pipeline.responses import PredictionResponse, prediction_response
from triage.store import Store
from triage.store.decisions import DecisionRecord, FieldRecord
from triage.store.ids import new_id
from triage.ticket import Ticket

Source = Literal["triage", "batch", "hook"]
"""By which way a ticket came."""

AGENTS_SEE = frozenset({"public", "internal"})
ARTICLES = frozenset({"article"})
_SEARCHED = Filters(visibility=AGENTS_SEE, collections=ARTICLES)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TriagedTicket:
    """What is answered about a ticket; `missing` says in words which parts could not answer.

    `bundle_id` and `index_id` are what it was said with. `decision_id` is None where the decision could not
    be kept; then nothing is applied. Of the fields `withheld` nothing may be told: the ticket is blind.
    """

    result: TicketResult
    answer: PredictionResponse
    hits: Sequence[Hit]
    missing: Mapping[str, str]
    bundle_id: str | None
    index_id: str | None
    decision_id: str | None
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TriageService:
    """The engine that answers now, with the store that remembers.

    `rules_id` tells apart the rules and settings of the fields that were in force; `on_decided` is told
    each answer. Without `holdback` nothing is held back.
    """

    engine: Engine
    store: Store
    bundle_id: str | None
    rules_id: str
    keeps_text: bool = True
    on_decided: Callable[[PredictionResponse], None] = lambda _answer: None
    holdback: HoldbackPolicy | None = None
    redact: Redactor = redact_with_rules

    def triage(
        self, ticket: Ticket, *, articles: int, source: Source, token_id: str | None = None
    ) -> TriagedTicket:
        """Decide a ticket, find up to `articles` articles for it, and remember the decision.

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
        beside: Callable[[Connection, Sequence[TriagedTicket]], None] | None = None,
    ) -> list[TriagedTicket]:
        """Decide tickets at once, with `articles[i]` articles for the i-th; remember all of it or nothing.

        What `beside` writes is kept in the same transaction; an error that it raises undoes the decisions.
        Raises as `triage`.
        """
        taken, records = [], []
        index_id = self.engine.index_id
        results = self._cautious().predict(
            tickets,
            hear=_SEARCHED if any(articles) else None,
            redact=self.redact if self.keeps_text else None,
        )
        for ticket, result, count in zip(tickets, results, articles, strict=True):
            missing: dict[str, str] = {}
            hits = self._articles(result, count, missing) if count else []
            held = self._hold(ticket, prediction_response(result))
            record = self._record(ticket, result, held, hits, index_id, source, token_id)
            taken.append(
                TriagedTicket(
                    result, held.shown, hits, missing, self.bundle_id, index_id, record.id, held.withheld
                )
            )
            records.append(record)
        try:
            self.store.decisions.record_many(records, beside and (lambda c: beside(c, taken)))
        except StoreUnavailableError as error:
            _log.warning("decisions were not kept: %s", error.message)
            taken = [_not_kept(triaged, error) for triaged in taken]
        for triaged in taken:
            self.on_decided(triaged.answer)
        return taken

    def _cautious(self) -> Engine:
        """Return the engine, with rules that do not rely on a field that stepped down."""
        rule_pipeline = self.engine.rule_pipeline
        down = self.holdback.monitor.suspended(self.bundle_id) if self.holdback else {}
        if not down or rule_pipeline is None:
            return self.engine
        return replace(self.engine, rule_pipeline=replace(rule_pipeline, suspended=frozenset(down)))

    def _hold(self, ticket: Ticket, answer: PredictionResponse) -> HeldAnswer:
        if self.holdback is None:
            return HeldAnswer(answer, answer, is_holdout=False)
        return self.holdback.hold(ticket.id or new_id(), answer, self.bundle_id)

    def _articles(self, result: TicketResult, k: int, missing: dict[str, str]) -> list[Hit]:
        query = Query(
            text=result.text,
            embedding=result.embedding,
            k=k,
            language=result.language.code,
            filters=_SEARCHED,
            matches=result.heard,
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
        held: HeldAnswer,
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
            is_holdout=held.is_holdout,
            bundle_id=self.bundle_id,
            index_id=index_id,
            rules_id=self.rules_id,
            rules=result.rules,
            sla=held.kept.sla.model_dump(mode="json") if held.kept.sla else None,
            articles=[{"id": hit.article.id, "confidence": round(hit.confidence, 4)} for hit in hits],
            fields=_field_records(result, held.kept),
        )


def _field_records(result: TicketResult, answer: PredictionResponse) -> list[FieldRecord]:
    """Return the fields as they are answered; of the reasons what names no word of the ticket."""
    return [
        FieldRecord(
            field=name,
            value=shown.value,
            confidence=shown.confidence,
            action=shown.action,
            model_action=result.fields[name].action,
            threshold=shown.threshold,
            alternatives=[dict(vars(alternative)) for alternative in shown.alternatives],
            reasons=[
                {name: said for name, said in vars(reason).items() if name != "phrases" and said is not None}
                for reason in shown.reasons
                if reason.kind != "words"
            ],
        )
        for name, shown in answer.fields.items()
        if shown.value is not None
    ]


def _not_kept(triaged: TriagedTicket, error: StoreUnavailableError) -> TriagedTicket:
    """Return the same with nothing applied: what leaves no trace cannot be answered for."""
    fields = {
        name: shown.model_copy(update={"action": "suggest"}) if shown.action == "apply" else shown
        for name, shown in triaged.answer.fields.items()
    }
    answer = triaged.answer.model_copy(update={"fields": fields})
    missing = {**triaged.missing, "store": error.message}
    return replace(triaged, answer=answer, missing=missing, decision_id=None)
