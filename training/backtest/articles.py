"""Articles of a backtest: those that were there when a ticket came, and those that are known to solve it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kb_index.articles.article import Article
from kb_index.search.filters import Filters
from kb_index.search.query import Query
from kb_index.storage.article_store import ArticleStore
from training.backtest.outcomes import ArticleOutcome
from triage.pipeline.engine import Engine, TicketResult
from triage.pipeline.triage_service import AGENTS_SEE, ARTICLES
from triage.ticket import Ticket

SHOWN = 3
# Of so many results some may be too new for the ticket.
_SEARCHED = 10
_PAGE = 500


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """Articles by what a replay asks of them: `since` is the date of the last change of each, by its id.

    `groups` are the numbers of translation groups by id, `ids` the ids by URL. An article without a date
    counts as there from the beginning.
    """

    since: dict[str, datetime | None]
    groups: dict[str, int]
    ids: dict[str, str]

    @classmethod
    def of(cls, engine: Engine) -> ArticleHistory | None:
        """Return the history of the articles in the index, None where there are none."""
        store = engine.articles.value
        if store is None or "articles" in engine.unavailable_parts:
            return None
        articles = [article for article in _all(store) if article.collection in ARTICLES]
        if not articles:
            return None
        return cls(
            {article.id: _date(article.updated_at) for article in articles},
            store.knowledge_base().groups_by_id(),
            {article.url: article.id for article in articles if article.url},
        )

    @property
    def undated(self) -> int:
        """The number of articles without a date."""
        return sum(since is None for since in self.since.values())

    def outcome(self, engine: Engine, ticket: Ticket, result: TicketResult) -> ArticleOutcome:
        """Search as for a live ticket, among what was there, and compare with the articles that solved it."""
        found = engine.search(
            Query(
                text=result.text,
                embedding=result.embedding,
                k=_SEARCHED,
                language=result.language.code,
                filters=Filters(visibility=AGENTS_SEE, collections=ARTICLES),
                matches=result.matches,
            )
        )
        there = [hit for hit in found if self._was_there(hit.article.id, ticket.created_at)][:SHOWN]
        shown = {self.groups[h.article.id] for h in there if h.confidence >= engine.thresholds.agent}
        solving = self._groups_of(ticket.articles, ticket.created_at)
        return ArticleOutcome(bool(shown), bool(solving), bool(shown & solving))

    def _was_there(self, article_id: str, moment: datetime | None) -> bool:
        since = self.since.get(article_id)
        return since is None or moment is None or since <= moment

    def _groups_of(self, articles: Iterable[str], moment: datetime | None) -> set[int]:
        ids = (self.ids.get(name, name) for name in articles)
        return {self.groups[one] for one in ids if one in self.groups and self._was_there(one, moment)}


def _all(store: ArticleStore) -> Iterator[Article]:
    after = ""
    while page := store.articles(after=after, limit=_PAGE):
        yield from page
        after = page[-1].id


def _date(text: str | None) -> datetime | None:
    """Return the date of an article; without a zone it is UTC."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
