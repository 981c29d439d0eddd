"""Loaders of articles from files and folders, with a summary of what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb_index.articles.access.reading import Access, read_access
from kb_index.articles.article import Article, Visibility
from kb_index.articles.reading_summary import ReadingSummary
from kb_index.articles.record_fields import article_fields
from kb_index.articles.solved_tickets import solved_ticket
from kb_index.articles.sources.files import iter_items
from kb_index.articles.sources.item import Item
from models.errors import DataFileError, InputError
from models.redaction.redact import Redactor, redact_with_rules


@dataclass(frozen=True, slots=True)
class LoadedArticles:
    """Articles of some files in their order, and a sentence for each that was skipped.

    `sources` has the same articles by the file or folder they came from, as an absolute path.
    """

    articles: list[Article] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    sources: dict[str, list[Article]] = field(default_factory=dict)
    summary: ReadingSummary = field(default_factory=ReadingSummary)


def load_solved_tickets(
    paths: Sequence[Path], *, skip_bad: bool = False, redact: Redactor = redact_with_rules
) -> LoadedArticles:
    """Read the solved tickets of JSONL files as articles, as `solved_ticket` does.

    Tickets without a solution are skipped. Raises as `load_articles`.
    """
    for path in paths:
        if not path.name.lower().removesuffix(".gz").endswith(".jsonl"):
            raise DataFileError(f"{path} cannot be read: expected tickets as .jsonl or .jsonl.gz")

    def read(item: Item) -> tuple[Article | None, Access]:
        return solved_ticket(_record(item), redact), Access()

    return _load(paths, read, skip_bad=skip_bad)


def load_articles(
    paths: Sequence[Path], *, skip_bad: bool = False, default_visibility: Visibility = "public"
) -> LoadedArticles:
    """Read articles from files and folders.

    Articles that are not published are left out. With `skip_bad`, an article that cannot be read is skipped
    and named in `skipped`. A file that is missing or cannot be read as a whole is an error all the same.
    `default_visibility` is that of articles which say nothing of it; replies and tickets are then internal.

    Raises:
        DataFileError: something cannot be read; the message names the file and the line.
    """
    now = datetime.now(UTC)

    def read(item: Item) -> tuple[Article | None, Access]:
        record = _record(item)
        access = read_access(record, now)
        if access.withheld:
            return None, access
        fields = article_fields(record) | {"visibility": access.visibility}
        article = Article.from_record(
            fields, body_is_text=item.body_is_text, default_visibility=default_visibility
        )
        return article, access

    return _load(paths, read, skip_bad=skip_bad)


def _load(
    paths: Sequence[Path], read: Callable[[Item], tuple[Article | None, Access]], *, skip_bad: bool
) -> LoadedArticles:
    loading = _Loading(read)
    for path in paths:
        source: list[Article] = []
        translations: dict[str, list[int]] = {}
        for item in iter_items(path, paths):
            try:
                article = loading.article_of(item)
            except InputError as error:
                loading.found.skipped.append(_problem_of(item, error, skip_bad=skip_bad))
                continue
            if article is not None:
                if item.translation_key is not None:
                    translations.setdefault(item.translation_key, []).append(len(source))
                source.append(article)
        _link_translations(source, translations.values())
        loading.found.sources.setdefault(str(path.resolve()), []).extend(source)
        loading.found.articles.extend(source)
    return loading.found


def _problem_of(item: Item, error: InputError, *, skip_bad: bool) -> str:
    """Return the sentence for an article that is skipped.

    Raises:
        DataFileError: such articles are not to be skipped.
    """
    message = f"{item.place}: {error.message}"
    if not skip_bad:
        raise DataFileError(f"{message.rstrip('.')}. Or skip such articles with --skip-bad.") from error
    return message


@dataclass(slots=True)
class _Loading:
    """Loading of articles: what was found, and the places and languages of the ids used so far."""

    read: Callable[[Item], tuple[Article | None, Access]]
    found: LoadedArticles = field(default_factory=LoadedArticles)
    places: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)

    def article_of(self, item: Item) -> Article | None:
        """Return the article of an item, None where there is none or it is left out.

        Raises:
            InputError: it cannot be read, or its id was used before.
        """
        summary = self.found.summary
        if item.note:
            summary.notes[item.note] += 1
        if item.record is None and not item.problem:
            return None
        article, access = self.read(item)
        if article is None:
            if access.withheld:
                summary.leave_out(access.withheld, item.place)
            return None
        if article.id in self.places:
            article = _with_own_id(article, item, self.languages)
        if article.id in self.places:
            raise InputError(
                f"the id {article.id!r} was used before, in {self.places[article.id]}: give each its own"
            )
        self.places[article.id] = item.place
        self.languages[article.id] = article.language
        summary.add(article, access, item.place)
        return article


def _with_own_id(article: Article, item: Item, languages: Mapping[str, str]) -> Article:
    """Return an article whose id was used before with another id, where it is a translation or has one.

    Freshdesk and Zoho give the translations of an article its id.
    """
    other_id = item.other_id
    if other_id is None and article.language != languages[article.id]:
        other_id = f"{article.id}.{article.language}"
        article = replace(article, translation_of=article.translation_of or article.id)
    return article if other_id is None or other_id in languages else replace(article, id=other_id)


def _link_translations(articles: list[Article], groups: Iterable[Sequence[int]]) -> None:
    """Make the first article of each group the original of the others, where none of them names one."""
    for group in groups:
        members = [articles[number] for number in group]
        languages = {article.language for article in members}
        is_named = any(article.translation_of for article in members)
        if len(languages) == len(members) > 1 and not is_named:
            for number in group[1:]:
                articles[number] = replace(articles[number], translation_of=members[0].id)


def _record(item: Item) -> dict[str, Any]:
    if item.record is None:
        raise InputError(item.problem)
    return item.record
