"""Search responses: articles as JSON, rounded, the same in search files and over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from kb_index.search.knowledge_base import Hit, max_confidence
from triage.pipeline.responses import rounded


class MarkResponse(BaseModel):
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class ArticleResponse(BaseModel):
    """One article of an HTTP answer."""

    id: str
    title: str
    language: str
    url: str | None
    collection: str
    visibility: str
    score: float
    confidence: float = Field(ge=0, le=1, description="calibrated probability that it answers")
    snippet: str = Field(description="the passage that matches best")
    marks: list[MarkResponse] = Field(description="the matching words within `snippet`")
    foreign: bool = Field(description="in another language than the reader's")


class SearchResultResponse(BaseModel):
    article_id: str
    score: float
    confidence: float = Field(ge=0, le=1)
    language: str
    snippet: str


class SearchResponse(BaseModel):
    """One line of a search file."""

    id: str
    answerable: bool
    confidence: float = Field(ge=0, le=1)
    results: list[SearchResultResponse]


def article_responses(hits: Sequence[Hit]) -> list[ArticleResponse]:
    """Return found articles for HTTP."""
    return [
        ArticleResponse(
            id=hit.article.id,
            title=hit.article.title,
            language=hit.article.language,
            url=hit.article.url,
            collection=hit.article.collection,
            visibility=hit.article.visibility,
            score=rounded(hit.score),
            confidence=rounded(hit.confidence),
            snippet=hit.snippet.text,
            marks=[MarkResponse(start=start, end=end) for start, end in hit.snippet.highlights],
            foreign=hit.foreign,
        )
        for hit in hits
    ]


def search_response(query_id: str, hits: Sequence[Hit], threshold: float) -> SearchResponse:
    """Return a query's line of a search file; a portal shows articles from `threshold` on.

    A portal shows public articles only, while the results have all that was found.
    """
    confidence = rounded(max_confidence(hits))
    shown = [h for h in hits if h.article.visibility == "public" and h.article.collection == "article"]
    return SearchResponse(
        id=query_id,
        answerable=rounded(max_confidence(shown)) >= threshold,
        confidence=confidence,
        results=[
            SearchResultResponse(
                article_id=hit.article.id,
                score=rounded(hit.score),
                confidence=rounded(hit.confidence),
                language=hit.article.language,
                snippet=hit.snippet.text,
            )
            for hit in hits
        ],
    )
