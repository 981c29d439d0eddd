"""Articles, one, a list or a batch: requests and responses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from kb_index.articles.article import MAX_LINE_CHARS, MAX_MARKUP_CHARS, Article, Collection, Visibility
from models.errors import InputError
from triage.web.errors import ErrorDetail
from triage.web.schemas.types import VISIBLE, LanguageCode, Name, Request, Text, holds_text

MOST_OPERATIONS = 256
_PAGE = 100
_LONGEST_PAGE = 500

Line = Annotated[Text, Field(max_length=MAX_LINE_CHARS)]
Id = Annotated[Line, Field(json_schema_extra={"pattern": VISIBLE})]
_Moment = Annotated[
    Line, WithJsonSchema({"anyOf": [{"type": "string", "format": f} for f in ("date", "date-time")]})
]


class ArticleRequest(Request):
    """Article, as a line of a JSONL file has it. Title or body must hold text."""

    model_config = ConfigDict(json_schema_extra=holds_text("title", "body"))

    id: Id | None = Field(None, description="may be left out; otherwise the same as in the address")
    title: Line = ""
    body: Text = Field(
        "",
        max_length=MAX_MARKUP_CHARS,
        description="plain text, in which lines that begin with # are headings, Markdown or HTML; its text "
        "may have 1,000,000 characters",
    )
    language: LanguageCode | None = None
    translation_of: Line | None = Field(None, description="the id of the article that this one translates")
    visibility: Visibility | None = Field(
        None,
        description="by default an article has that of `[articles] default_visibility`, public unless set; "
        "a reply or a ticket is internal",
    )
    url: Line | None = None
    updated_at: _Moment | None = Field(None, description="a date, or a moment in ISO 8601")
    labels: list[Name] = Field([], max_length=100)
    collection: Collection = "article"

    def article(self, article_id: str | None = None, *, default_visibility: Visibility = "public") -> Article:
        """Return the article as it is stored, with the id of the address where there is one.

        Raises:
            InputError: the ids differ, or the article holds no text, too much of it, or no date where one
                should be.
        """
        record = self.model_dump()
        if article_id is not None:
            if self.id is not None and validated_id(self.id) != article_id:
                raise InputError(
                    f"the address names the article {article_id!r}, the body {self.id!r}: leave `id` out of "
                    "the body, or send both the same",
                    fields={"id": "is another one than in the address"},
                )
            record["id"] = article_id
        return Article.from_record(record, default_visibility=default_visibility)


class StoredArticle(BaseModel):
    """Article as it is stored and searched: its markup turned into text, spaces around lines removed."""

    id: str
    title: str
    body: str
    language: str = Field(description="ISO 639-1, or `und` where it is not known")
    translation_of: str | None
    visibility: Visibility
    url: str | None
    updated_at: str | None
    labels: list[str]
    collection: Collection

    @classmethod
    def of(cls, article: Article) -> StoredArticle:
        return cls(**article.to_record() | {"labels": list(article.labels)})


class ArticleListQuery(Request):
    """Filters and page of a list of articles."""

    after: str = Field("", description="`next` of the page before")
    limit: int = Field(_PAGE, ge=1, le=_LONGEST_PAGE, description="how many articles at most")
    collection: Collection | None = Field(None, description="only this collection")
    visibility: Visibility | None = Field(None, description="only these")

    def matches(self, article: Article) -> bool:
        return self.collection in {None, article.collection} and self.visibility in {None, article.visibility}


class ListedArticle(BaseModel):
    """Article without its body."""

    id: str
    title: str
    language: str
    translation_of: str | None
    visibility: Visibility
    url: str | None
    updated_at: str | None
    labels: list[str]
    collection: Collection
    chars: int = Field(ge=0, description="length of the body, in Unicode characters")
    etag: str = Field(description="to send as If-Match, in double quotes")

    @classmethod
    def of(cls, article: Article) -> ListedArticle:
        stored = StoredArticle.of(article)
        return cls(**stored.model_dump(exclude={"body"}), chars=len(stored.body), etag=article.etag)


class ArticleListResponse(BaseModel):
    """Articles in the order of their ids, by code points."""

    articles: list[ListedArticle]
    next: str | None = Field(
        description="send it as `after` for more; null at the end. Pages before it may be short, even empty"
    )


class PutOperation(Request):
    put: dict[str, Any] = Field(description="an article with its id, as in `PUT /v1/articles/{article_id}`")


class DeleteOperation(Request):
    delete: Line = Field(description="the id of an article to remove")


class ArticleBatchRequest(Request):
    """Changes to articles. A wrong one has its error in its result, and the others are made."""

    operations: list[PutOperation | DeleteOperation] = Field(min_length=1, max_length=MOST_OPERATIONS)


class BatchResult(BaseModel):
    """Result of one operation, with the status that the same change alone would have had."""

    id: str | None = Field(description="null where the operation names no id")
    status: Literal[200, 201, 204, 404, 409, 422]
    etag: str | None = Field(description="of the article as it is now; null where there is none")
    error: ErrorDetail | None


class ArticleBatchResponse(BaseModel):
    results: list[BatchResult] = Field(description="in the order of the operations")


class ConditionHeaders(BaseModel):
    """Conditions on the stored article."""

    if_match: str | None = Field(
        None, description="ETags, or *: change it only if it is still one of these; otherwise 412"
    )
    if_none_match: str | None = Field(
        None, description="* to create and never replace; ETags when reading: 304 if it is one of these"
    )


def validated_id(given: str) -> str:
    """Return an article's id as it is stored: in normal form, without spaces around it.

    Raises:
        InputError: nothing is left of it, or it is too long.
    """
    return Article.from_record({"id": given, "title": "-"}).id
