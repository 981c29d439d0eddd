"""One ticket's way through the service: clean, detect, encode once, predict, decide, search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

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
from models.classifiers.novelty import Novelty
from models.encoder import Encoder
from models.encoder.cross_encoder import CrossEncoder
from models.errors import TriageError
from models.language.detector import DetectedLanguage, LanguageDetector
from models.redaction.redact import Redactor
from models.text.span_alignment import SourceSpan, SpanLocator
from triage.decision import Decision, decide
from triage.rules.pipeline import RuleOutcome, RulePipeline
from triage.rules.sla import Deadlines
from triage.ticket import Ticket
from triage.timing import timed

_BATCH = 256
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class _Read:
    """What (n,) tickets say before they are encoded."""

    languages: Sequence[DetectedLanguage]
    reading: EncodedBatch
    origins: Sequence[SpanLocator]
    heard: Sequence[LexicalMatches | None]
    redacted: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class TicketResult:
    """All that is said about one ticket.

    `text` is what the models saw of it; `origins` has, for the places in it to which reasons point, where
    that stands in the ticket as it came in, as far as it can be found there. `heard` has what the words find
    among the articles, and `redacted` the text without what points to a person, where these were asked for.
    """

    ticket_id: str
    text: str
    origins: Mapping[tuple[int, int], SourceSpan]
    embedding: NDArray[np.float32]
    language: DetectedLanguage
    fields: dict[str, Decision]
    novelty: Novelty
    similar: Sequence[SimilarTicket]
    rules: tuple[str, ...] = ()
    due: Deadlines | None = None
    heard: LexicalMatches | None = None
    redacted: str | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that answer.

    Where the bundle cannot be had, the error stands in its place and is raised when it is asked for, so
    that the articles still serve; and the other way round. Without a rule_pipeline, what the models say is
    answered as it is, without guards. The threads of `beside` live as long as the engine: starting one for
    each ticket would hold back the encoder by some milliseconds.
    """

    encoder: Encoder
    detector: LanguageDetector
    bundle: Bundle | TriageError
    articles: ArticleStore | TriageError
    rule_pipeline: RulePipeline | None = None
    cross_encoder: CrossEncoder | None = None
    beside: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def predict(
        self,
        tickets: Sequence[Ticket],
        *,
        hear: Filters | None = None,
        redact: Redactor | None = None,
        progress: bool = False,
    ) -> Iterator[TicketResult]:
        """Yield a result for each ticket, in order.

        `hear` says which articles will be searched for it, `redact` how its text is redacted.

        Raises:
            NotReadyError: nothing has been trained yet.
            FolderError, MismatchError: the current bundle cannot be used.
        """
        bundle = available(self.bundle)
        bar = tqdm(total=len(tickets), desc="predicting", unit="ticket", disable=not progress, delay=2)
        with bar:
            for start in range(0, len(tickets), _BATCH):
                batch = tickets[start : start + _BATCH]
                texts = [ticket.text() for ticket in batch]
                # One core encodes a ticket, the other does all else that can be done in the meantime.
                reading = partial(self._read, bundle, batch, texts, hear, redact)
                beside = self.beside.submit(copy_context().run, reading)
                embeddings = self.encoder.encode(texts)
                read = beside.result()
                with timed("fields"):
                    predictions = bundle.predict(read.reading, embeddings)
                for i, prediction in enumerate(predictions):
                    with timed("fields"):
                        result = self._result(bundle, batch[i], read, i, embeddings[i], prediction)
                    yield result
                bar.update(len(batch))

    def _read(
        self,
        bundle: Bundle,
        tickets: Sequence[Ticket],
        texts: Sequence[str],
        hear: Filters | None,
        redact: Redactor | None,
    ) -> _Read:
        with timed("words"):
            languages = [self.language(t.language, text) for t, text in zip(tickets, texts, strict=True)]
            documents = [
                ticket.document(text, language.code)
                for ticket, text, language in zip(tickets, texts, languages, strict=True)
            ]
            origins = [SpanLocator(x, t.subject, t.body) for t, x in zip(tickets, texts, strict=True)]
            heard = [self._hear(text, hear) for text in texts]
            redacted = [redact and redact(x, found.code) for x, found in zip(texts, languages, strict=True)]
            return _Read(languages, bundle.encode(documents), origins, heard, redacted)

    def _hear(self, text: str, filters: Filters | None) -> LexicalMatches | None:
        if filters is None or isinstance(self.articles, TriageError):
            return None
        try:
            return self.articles.knowledge_base().prefetch_lexical(text, filters)
        except TriageError:  # the search itself will say so
            return None

    def find(
        self, text: str, given: str | None, filters: Filters, *, k: int
    ) -> tuple[DetectedLanguage, list[Hit]]:
        """Return a cleaned text's language, given or detected, and up to `k` articles; raises as `search`."""
        # One core encodes, the other looks the words up.
        beside = self.beside.submit(copy_context().run, self._listen, text, given, filters)
        embedding = self.encoder.encode([text])[0]
        language, heard = beside.result()
        query = Query(
            text,
            embedding,
            k=k,
            language=language.code,
            filters=filters,
            matches=heard,
        )
        return language, self.search(query)

    def _listen(
        self, text: str, given: str | None, filters: Filters
    ) -> tuple[DetectedLanguage, LexicalMatches | None]:
        with timed("words"):
            return self.language(given, text), self._hear(text, filters)

    def triage(self, ticket: Ticket) -> TicketResult:
        """Return the result for one ticket; raises as `predict`."""
        return next(self.predict([ticket]))

    def language(self, given: str | None, text: str) -> DetectedLanguage:
        """Return the language that the caller gave, else the detected one."""
        return DetectedLanguage(given, 1.0, {given: 1.0}) if given else self.detector.detect(text)

    @property
    def bars(self) -> DisplayThresholds:
        """The confidences from which articles are shown; raises as `search`."""
        return available(self.articles).thresholds

    def search(self, query: Query) -> list[Hit]:
        """Return the articles that answer, best first.

        Raises:
            NotReadyError: nothing has been indexed yet.
            FolderError, MismatchError: the current index cannot be used.
        """
        with timed("search"):
            return search_and_rerank(available(self.articles).knowledge_base(), query, self.cross_encoder)

    @property
    def problems(self) -> dict[str, str]:
        """What is missing, by part, in words; empty when everything is there."""
        articles = try_part(lambda: available(self.articles).knowledge_base())
        parts = {"bundle": self.bundle, "articles": articles}
        return {name: part.message for name, part in parts.items() if isinstance(part, TriageError)}

    @property
    def bundle_id(self) -> str | None:
        """The bundle that answers, None where there is none."""
        return None if isinstance(self.bundle, TriageError) else self.bundle.id

    @property
    def index_id(self) -> str | None:
        """The index folder that is current; changes since are searched too."""
        return None if isinstance(self.articles, TriageError) else self.articles.registry.current_id()

    def _result(
        self,
        bundle: Bundle,
        ticket: Ticket,
        read: _Read,
        i: int,
        embedding: NDArray[np.float32],
        prediction: Prediction,
    ) -> TicketResult:
        language, text = read.languages[i], read.reading.documents[i].text
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
        ruling = RuleOutcome(decisions)
        if self.rule_pipeline is not None:
            ruling = self.rule_pipeline.apply(ticket, language, decisions, is_novel=is_novel, now=now)
        return TicketResult(
            ticket_id=ticket.id,
            text=text,
            origins=_origins(read.origins[i], decisions.values()),
            embedding=embedding,
            language=language,
            fields=ruling.fields,
            novelty=prediction.novelty,
            similar=prediction.similar,
            rules=ruling.rules,
            due=ruling.due,
            heard=read.heard[i],
            redacted=read.redacted[i],
        )


def _origins(origins: SpanLocator, decisions: Iterable[Decision]) -> dict[tuple[int, int], SourceSpan]:
    """Return where the phrases of all reasons came from; the fields share most of them."""
    spans = {(p.start, p.end) for d in decisions for reason in d.reasons for p in reason.phrases}
    return {span: origin for span in spans if (origin := origins.locate(*span)) is not None}


def try_part(load: Callable[[], Part]) -> Part | TriageError:
    """Return what is loaded, or the error that prevented it."""
    try:
        return load()
    except TriageError as error:
        return error


def available(part: Part | TriageError) -> Part:
    if isinstance(part, TriageError):
        raise part
    return part
