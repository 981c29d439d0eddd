"""Many changes to articles in one request, each with its own result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import ValidationError

from kb_index.articles.article import Article, Visibility
from kb_index.storage.article_store import ArticleStore
from models.errors import ConflictError, InputError, NotFoundError
from models.text.unicode import without_surrogates
from models.wording import problem_text
from triage.web.errors import ErrorDetail, detail_of, error_detail
from triage.web.schemas.articles import (
    ArticleRequest,
    BatchResult,
    DeleteOperation,
    PutOperation,
    validated_id,
)

Operation = PutOperation | DeleteOperation


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Operations by article id with their index, and the results of those that cannot be made."""

    puts: dict[str, tuple[int, Article]] = field(default_factory=dict)
    deletes: dict[str, int] = field(default_factory=dict)
    refused: dict[int, BatchResult] = field(default_factory=dict)


def change(
    store: ArticleStore, operations: Sequence[Operation], *, default_visibility: Visibility = "public"
) -> list[BatchResult]:
    """Make the changes and return the result of each, in order.

    All articles are put in one transaction, and all are removed in a second one.

    Raises:
        StorageError: the disk is full or cannot be written.
    """
    found = _sort(operations, default_visibility)
    results = dict(found.refused)
    put = [article for _, article in found.puts.values()]
    added = set(store.put(put).added) if put else set()
    for article_id, (number, article) in found.puts.items():
        etag = article.etag
        status: Literal[200, 201] = 201 if article_id in added else 200
        results[number] = BatchResult(id=article_id, status=status, etag=etag, error=None)
    is_empty = store.registry.current_id() is None  # then there is nothing to remove, nor to create for it
    removed = set(store.remove(list(found.deletes)).removed) if found.deletes and not is_empty else set()
    for article_id, number in found.deletes.items():
        if article_id in removed:
            results[number] = BatchResult(id=article_id, status=204, etag=None, error=None)
        else:
            error = NotFoundError(f"there is no article {article_id!r}")
            results[number] = _refused(article_id, 404, error_detail(error))
    return [results[number] for number in range(len(operations))]


def _sort(operations: Sequence[Operation], default_visibility: Visibility) -> _Sorted:
    found = _Sorted()
    for number, operation in enumerate(operations):
        named = operation.delete if isinstance(operation, DeleteOperation) else operation.put.get("id")
        shown = without_surrogates(named) if isinstance(named, str) else None
        try:
            article = (
                None if isinstance(operation, DeleteOperation) else _article(operation, default_visibility)
            )
            article_id = article.id if article else validated_id(str(named))
        except ValidationError as error:
            fields = {".".join(map(str, e["loc"])) or "put": [problem_text(e["msg"])] for e in error.errors()}
            message = "the article does not have the form that was expected: see `fields`"
            detail = detail_of(InputError.code, message, fields)
            found.refused[number] = _refused(shown, 422, detail)
        except InputError as error:
            found.refused[number] = _refused(shown, 422, error_detail(error))
        else:
            if article_id in found.puts or article_id in found.deletes:
                twice = ConflictError("the batch names this article before: send the second change later")
                found.refused[number] = _refused(article_id, 409, error_detail(twice))
            elif article:
                found.puts[article_id] = number, article
            else:
                found.deletes[article_id] = number
    return found


def _article(operation: PutOperation, default_visibility: Visibility) -> Article:
    return ArticleRequest.model_validate(operation.put).article(default_visibility=default_visibility)


def _refused(article_id: str | None, status: Literal[404, 409, 422], error: ErrorDetail) -> BatchResult:
    return BatchResult(id=article_id, status=status, etag=None, error=error)
