"""Engine: cleans a ticket, detects its language, encodes it once, predicts, decides, and finds articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from kb_index.search.filters import Filters
from kb_index.search.knowledge_base import Hit
from kb_index.search.query import LexicalMatches, Query
from kb_index.search.reranking import search_and_rerank
from kb_index.search.scoring import DisplayThresholds
from kb_index.storage.article_store import ArticleStore
from models.bundle import Bundle, EncodedBatch, Prediction, SimilarTicket
from models.checkpoints import checkpoint, stepwise
from models.classifiers.novelty import Novelty
from models.encoder import Encoder
from models.encoder.cross_encoder import CrossEncoder
from models.errors import TriageError
from models.language.detector import DetectedLanguage, LanguageDetector
from models.redaction.redact import Redactor
from models.text.span_alignment import SourceSpan, SpanLocator
from triage.decision import Decision, decide
from triage.pipeline.part import Part
from triage.rules.pipeline import RuleOutcome, RulePipeline
from triage.rules.sla import Deadlines
from triage.ticket import Ticket
from triage.timing import timed

_BATCH = 32


@dataclass(frozen=True, slots=True)
class _PreparedBatch:
    """All of (n,) tickets that does not need the first encoder."""

    languages: Sequence[DetectedLanguage]
    encoded: EncodedBatch
    locators: Sequence[SpanLocator]
    matches: Sequence[LexicalMatches | None]
    redacted: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class TicketResult:
    """Decisions about one ticket, with what led to them.

    `text` is the cleaned text that the models read; `origins` has, for the spans of it to which reasons
    point, where they stand in the ticket as it came in, as far as they are found there. `matches` are the
    lexical matches among the articles, and `redacted` the text without personal data, where these were asked
    for.
    """

    ticket_id: str
    text: str
    origins: Mapping[tuple[int, int], SourceSpan]
    embedding: NDArray[np.float32]
    language: DetectedLanguage
    fields: Mapping[str, Decision]
    novelty: Novelty
    similar: Sequence[SimilarTicket]
    rules: tuple[str, ...] = ()
    deadlines: Deadlines | None = None
    matches: LexicalMatches | None = None
    redacted: str | None = None

    @property
    def held_out_fields(self) -> frozenset[str]:
        """The fields of which nothing may be told; empty but for a holdout ticket."""
        return frozenset(name for name, decision in self.fields.items() if decision.is_held_out)


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that answer.

    Without the bundle the articles still serve, and the other way round. Without a rule pipeline, predictions
    are decided by thresholds alone, without guards. The threads of `executor` live as long as the engine:
    starting one for each ticket would hold back the encoder by some milliseconds.
    """

    encoder: Encoder
    detector: LanguageDetector
    bundle: Part[Bundle]
    articles: Part[ArticleStore]
    rule_pipeline: RulePipeline | None = None
    cross_encoder: CrossEncoder | None = None
    executor: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def predict(
        self,
        tickets: Sequence[Ticket],
        *,
        prefetch: Filters | None = None,
        redact: Redactor | None = None,
        progress: bool = False,
    ) -> Iterator[TicketResult]:
        """Yield a result for each ticket, in order.

        `prefetch` says which articles will be searched for it, `redact` how its text is redacted.

        Raises:
            NotReadyError: nothing has been trained yet.
            FolderError, MismatchError: the current bundle cannot be used.
        """
        bundle = self.bundle.get()
        progress_bar = tqdm(
            total=len(tickets), desc="predicting", unit="ticket", disable=not progress, delay=2
        )
        with progress_bar:
            for start in range(0, len(tickets), _BATCH):
                batch = tickets[start : start + _BATCH]
                texts = [ticket.text() for ticket in stepwise(batch)]
                # One core encodes a ticket, the other does all else that can be done in the meantime.
                prepare = partial(self._prepare, bundle, batch, texts, prefetch, redact)
                preparing = self.executor.submit(copy_context().run, prepare)
                embeddings = self.encoder.encode(texts)
                prepared = preparing.result()
                with timed("fields"):
                    predictions = bundle.predict(prepared.encoded, embeddings)
                for i, prediction in enumerate(stepwise(predictions)):
                    with timed("fields"):
                        result = self._result(bundle, batch[i], prepared, i, embeddings[i], prediction)
                    yield result
                progress_bar.update(len(batch))
                checkpoint()

    def _prepare(
        self,
        bundle: Bundle,
        tickets: Sequence[Ticket],
        texts: Sequence[str],
        prefetch: Filters | None,
        redact: Redactor | None,
    ) -> _PreparedBatch:
        with timed("words"):
            languages = [self.language(t.language, text) for t, text in zip(tickets, texts, strict=True)]
            documents = [
                ticket.document(text, language.code)
                for ticket, text, language in zip(tickets, texts, languages, strict=True)
            ]
            rows = range(len(texts))
            locators = [SpanLocator(texts[i], tickets[i].subject, tickets[i].body) for i in stepwise(rows)]
            matches = [self._lexical_matches(text, prefetch) for text in stepwise(texts)]
            redacted = [redact and redact(texts[i], languages[i].code) for i in stepwise(rows)]
            return _PreparedBatch(languages, bundle.encode(documents), locators, matches, redacted)

    def _lexical_matches(self, text: str, filters: Filters | None) -> LexicalMatches | None:
        if filters is None or self.articles.value is None:
            return None
        try:
            return self.articles.value.knowledge_base().prefetch_lexical(text, filters)
        except TriageError:  # the search itself will say so
            return None

    def search_text(
        self, text: str, given: str | None, filters: Filters, *, k: int
    ) -> tuple[DetectedLanguage, list[Hit]]:
        """Return a cleaned text's language, given or detected, and up to `k` articles; raises as `search`."""
        # One core encodes, the other looks the words up.
        reading = self.executor.submit(copy_context().run, self._read_query, text, given, filters)
        embedding = self.encoder.encode([text])[0]
        language, matches = reading.result()
        query = Query(
            text,
            embedding,
            k=k,
            language=language.code,
            filters=filters,
            matches=matches,
        )
        return language, self.search(query)

    def _read_query(
        self, text: str, given: str | None, filters: Filters
    ) -> tuple[DetectedLanguage, LexicalMatches | None]:
        with timed("words"):
            return self.language(given, text), self._lexical_matches(text, filters)

    def triage(self, ticket: Ticket) -> TicketResult:
        """Return the result for one ticket; raises as `predict`."""
        return next(self.predict([ticket]))

    def language(self, given: str | None, text: str) -> DetectedLanguage:
        """Return the language that the caller gave, else the detected one."""
        return DetectedLanguage(given, 1.0, {given: 1.0}) if given else self.detector.detect(text)

    @property
    def thresholds(self) -> DisplayThresholds:
        """The confidences from which articles are shown; raises as `search`."""
        return self.articles.get().thresholds

    def search(self, query: Query) -> list[Hit]:
        """Return the articles that answer, best first.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: the current index cannot be used.
        """
        with timed("search"):
            return search_and_rerank(self.articles.get().knowledge_base(), query, self.cross_encoder)

    @property
    def unavailable_parts(self) -> dict[str, str]:
        """The parts that are missing, and why; empty when everything is there."""
        knowledge_base = Part.load(lambda: self.articles.get().knowledge_base())
        errors = {"bundle": self.bundle.error, "articles": knowledge_base.error}
        return {name: error.message for name, error in errors.items() if error is not None}

    @property
    def bundle_id(self) -> str | None:
        """The bundle that answers, None where there is none."""
        return self.bundle.value.id if self.bundle.value is not None else None

    @property
    def index_id(self) -> str | None:
        """The index folder that is current; changes since are searched too."""
        articles = self.articles.value
        return None if articles is None else articles.registry.current_id()

    def _result(
        self,
        bundle: Bundle,
        ticket: Ticket,
        prepared: _PreparedBatch,
        i: int,
        embedding: NDArray[np.float32],
        prediction: Prediction,
    ) -> TicketResult:
        language, text = prepared.languages[i], prepared.encoded.documents[i].text
        phrases = bundle.explain(prediction)
        decisions = {
            name: decide(
                found,
                bundle.thresholds[name],
                prediction.novelty,
                phrases[name],
                prediction.similar,
                name,
                in_training_language=prediction.in_training_language,
                has_text=bool(text),
            )
            for name, found in prediction.fields.items()
        }
        is_novel, now = prediction.novelty.is_novel or not text, datetime.now(UTC)
        outcome = RuleOutcome(decisions)
        if self.rule_pipeline is not None:
            outcome = self.rule_pipeline.apply(ticket, language, decisions, is_novel=is_novel, now=now)
        return TicketResult(
            ticket_id=ticket.id,
            text=text,
            origins=_origins(prepared.locators[i], decisions.values()),
            embedding=embedding,
            language=language,
            fields=outcome.fields,
            novelty=prediction.novelty,
            similar=prediction.similar,
            rules=outcome.rules,
            deadlines=outcome.deadlines,
            matches=prepared.matches[i],
            redacted=prepared.redacted[i],
        )


def _origins(locator: SpanLocator, decisions: Iterable[Decision]) -> dict[tuple[int, int], SourceSpan]:
    """Return where the phrases of all reasons came from; the fields share most of them."""
    spans = {(p.start, p.end) for d in decisions for reason in d.reasons for p in reason.phrases}
    return {span: source for span in spans if (source := locator.locate(*span)) is not None}
