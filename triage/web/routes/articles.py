"""Articles: put, read, listed and deleted. The next search finds a change, and a crash loses none."""

from __future__ import annotations

import logging
from typing import Any

from apiflask import APIBlueprint
from apiflask.schemas import EmptySchema
from flask import Response, request

from kb_index.articles.article import Article, Visibility
from kb_index.storage.article_store import ArticleStore
from models.errors import InputError, NotFoundError, NotReadyError, StoreUnavailableError
from models.wording import counted
from triage.errors import PreconditionError
from triage.web.middleware.admission import long_work
from triage.web.middleware.authentication import current_principal
from triage.web.middleware.required_scopes import requires_scope
from triage.web.routes.article_batch import change
from triage.web.schemas.articles import (
    ArticleBatchRequest,
    ArticleBatchResponse,
    ArticleListQuery,
    ArticleListResponse,
    ArticleRequest,
    ConditionHeaders,
    ListedArticle,
    StoredArticle,
    validated_id,
)
from triage.web.service import current_service
from triage.web.url_converters import LONGEST_ID

articles = APIBlueprint("articles", __name__, tag="Articles")
_log = logging.getLogger(__name__)
_PAGE = 500
_MOST_PAGES = 10


@articles.url_value_preprocessor
def _allow_long_articles(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Flask's first step of a request: whoever reads the body later reads up to this.
    request.max_content_length = current_service().settings.articles.max_body_kb * 1024


@articles.get("/v1/articles/<id:article_id>", merge_slashes=False)
@requires_scope("kb", "agent")
@articles.input(ConditionHeaders, location="headers", arg_name="_conditions")
@articles.output(StoredArticle)
@articles.doc(summary="Read an article", responses={304: "The article is one of those in If-None-Match"})
def read_article(
    article_id: str, _conditions: ConditionHeaders
) -> tuple[StoredArticle, dict[str, str]] | Response:
    found = _found(_validated_id(article_id))
    if found is None:
        raise NotFoundError(f"there is no article {article_id!r}")
    headers = {"ETag": f'"{found.etag}"', "Cache-Control": "private, no-cache"}
    if request.if_none_match.contains_weak(found.etag):
        return Response(status=304, headers=headers)
    return StoredArticle.of(found), headers


@articles.put("/v1/articles/<id:article_id>", merge_slashes=False)
@requires_scope("kb")
@long_work
@articles.input(ConditionHeaders, location="headers", arg_name="_conditions")
@articles.input(ArticleRequest, arg_name="given")
@articles.output(StoredArticle)
@articles.doc(
    summary="Add an article, or replace it",
    responses={201: "The article was not there before", 412: "If-Match or If-None-Match does not hold"},
)
def put_article(
    article_id: str, _conditions: ConditionHeaders, given: ArticleRequest
) -> tuple[StoredArticle, int, dict[str, str]]:
    article = given.article(_validated_id(article_id), default_visibility=_default_visibility())
    synced = _store().put([article], check=_conditions_hold)
    _note("article.put", article.id)
    headers = {"ETag": f'"{article.etag}"'}
    return StoredArticle.of(article), 201 if synced.added else 200, headers


@articles.delete("/v1/articles/<id:article_id>", merge_slashes=False)
@requires_scope("kb")
@articles.input(ConditionHeaders, location="headers", arg_name="_conditions")
@articles.output(EmptySchema, status_code=204)
@articles.doc(summary="Take an article out", responses={412: "If-Match or If-None-Match does not hold"})
def delete_article(article_id: str, _conditions: ConditionHeaders) -> Response:
    kept = _validated_id(article_id)
    if _found(kept) is None or not _store().remove([kept], check=_conditions_hold).removed:
        _conditions_hold(kept, None)
        raise NotFoundError(f"there is no article {article_id!r}")
    _note("article.delete", kept)
    return Response(status=204)


@articles.get("/v1/articles")
@requires_scope("kb", "agent")
@articles.input(ArticleListQuery, location="query", arg_name="wanted")
@articles.output(ArticleListResponse)
@articles.doc(summary="List the articles, in the order of their ids")
def list_articles(wanted: ArticleListQuery) -> ArticleListResponse:
    store = _store()
    # Articles are read with their bodies, so no more of them than are wanted where all are.
    size = _PAGE if wanted.collection or wanted.visibility else wanted.limit + 1
    listed: list[ListedArticle] = []
    last = wanted.after
    for _ in range(_MOST_PAGES):
        page = _page(store, last, size)
        for article in page:
            if len(listed) == wanted.limit:
                return ArticleListResponse(articles=listed, next=last)
            last = article.id
            if wanted.matches(article):
                listed.append(ListedArticle.of(article))
        if len(page) < size:
            return ArticleListResponse(articles=listed, next=None)
    return ArticleListResponse(articles=listed, next=last)


@articles.post("/v1/articles/batch")
@requires_scope("kb")
@long_work
@articles.input(ArticleBatchRequest, arg_name="batch")
@articles.output(ArticleBatchResponse)
@articles.doc(summary="Change up to 256 articles; each operation has its own result")
def change_articles(batch: ArticleBatchRequest) -> ArticleBatchResponse:
    results = change(_store(), batch.operations, default_visibility=_default_visibility())
    changed = [result.id for result in results if result.status < 300]
    _note("article.batch", counted(len(changed), "article"), {"ids": changed})
    return ArticleBatchResponse(results=results)


def _note(action: str, target: str, details: dict[str, Any] | None = None) -> None:
    """Put a change into the audit log; it has happened already, so an outage of the store only warns."""
    try:
        current_service().store.audit_log.record(current_principal().actor, action, target, details)
    except StoreUnavailableError as error:
        _log.warning("%s %s is not in the audit log: %s", action, target, error.message)


def _default_visibility() -> Visibility:
    return current_service().settings.articles.default_visibility


def _store() -> ArticleStore:
    return current_service().engine().articles.get()


def _validated_id(article_id: str) -> str:
    if len(article_id) > LONGEST_ID:
        raise InputError(
            f"the id has {len(article_id):,} characters, in an address {LONGEST_ID} are the most: use "
            "POST /v1/articles/batch and GET /v1/articles",
            fields={"article_id": "is too long"},
        )
    return validated_id(article_id)


def _found(article_id: str) -> Article | None:
    try:
        return _store().get(article_id)
    except NotReadyError:  # nothing was indexed yet
        return None


def _page(store: ArticleStore, after: str, limit: int) -> list[Article]:
    try:
        return store.articles(after=after, limit=limit)
    except NotReadyError:
        return []


def _conditions_hold(article_id: str, now: Article | None) -> None:
    """Raise a PreconditionError unless If-Match and If-None-Match allow the change."""
    etag = None if now is None else now.etag
    wanted, unwanted = request.if_match, request.if_none_match
    if "If-Match" in request.headers and not (etag and wanted.contains(etag)):
        there = f'has the ETag "{etag}"' if etag else "is not there"
        raise PreconditionError(
            f"the article {article_id!r} {there}, which If-Match does not name: read it again, then change it"
        )
    if "If-None-Match" in request.headers and etag and unwanted.contains_weak(etag):
        raise PreconditionError(
            f"the article {article_id!r} is there already, with an ETag that If-None-Match names: "
            "leave that header out to replace it"
        )
