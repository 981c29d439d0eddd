"""Loaders of articles from files: JSONL, CSV, and folders of Markdown or HTML pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb_index.articles.article import Article
from kb_index.articles.pages import PAGE_SUFFIXES, page_languages, read_page
from kb_index.articles.solved_tickets import solved_ticket
from models.errors import DataFileError, InputError
from models.redaction.redact import Redactor, redact_with_rules
from models.storage.csv_table import iter_rows
from models.storage.jsonl import iter_lines, parse_object
from models.wording import counted

_SHOWN_CHARS = 80
_ACCEPTED = "a .jsonl or .csv file (also .gz), or a folder with .md or .html pages"


@dataclass(frozen=True, slots=True)
class LoadedArticles:
    """Articles of some files in their order, and a sentence for each that was skipped.

    `sources` has the same articles by the file or folder they came from, as an absolute path.
    """

    articles: list[Article]
    skipped: list[str]
    sources: dict[str, list[Article]]


@dataclass(frozen=True, slots=True)
class _Item:
    """An article as read from a file: its record, or the problem with it. `place` names file and line."""

    place: str
    record: dict[str, Any] | None = None
    problem: str = ""
    body_is_text: bool = False


def load_solved_tickets(
    paths: Sequence[Path], *, skip_bad: bool = False, redact: Redactor = redact_with_rules
) -> LoadedArticles:
    """Read the solved tickets of JSONL files as articles, as `solved_ticket` does.

    Tickets without a solution are skipped. Raises as `load_articles`.
    """
    for path in paths:
        if not path.name.lower().removesuffix(".gz").endswith(".jsonl"):
            raise DataFileError(f"{path} cannot be read: expected tickets as .jsonl or .jsonl.gz")
    return _load(paths, lambda item: solved_ticket(_record(item), redact), skip_bad=skip_bad)


def load_articles(paths: Sequence[Path], *, skip_bad: bool = False) -> LoadedArticles:
    """Read articles from files and folders.

    With `skip_bad`, an article that cannot be read is skipped and named in `skipped`. A file that is missing
    or cannot be read as a whole is an error all the same.

    Raises:
        DataFileError: something cannot be read; the message names the file and the line.
    """
    return _load(
        paths,
        lambda item: Article.from_record(_record(item), body_is_text=item.body_is_text),
        skip_bad=skip_bad,
    )


def _load(
    paths: Sequence[Path], read: Callable[[_Item], Article | None], *, skip_bad: bool
) -> LoadedArticles:
    articles: list[Article] = []
    skipped: list[str] = []
    places: dict[str, str] = {}
    sources: dict[str, list[Article]] = {}
    for path in paths:
        source = sources.setdefault(str(path.resolve()), [])
        for item in _items(path):
            try:
                article = read(item)
                if article is None:
                    continue
                if article.id in places:
                    raise InputError(
                        f"the id {article.id!r} was used before, in {places[article.id]}: give each its own"
                    )
            except InputError as error:
                message = f"{item.place}: {error.message}"
                if not skip_bad:
                    raise DataFileError(f"{message} Or skip such articles with --skip-bad.") from error
                skipped.append(message)
            else:
                places[article.id] = item.place
                articles.append(article)
                source.append(article)
    return LoadedArticles(articles, skipped, sources)


def _record(item: _Item) -> dict[str, Any]:
    if item.record is None:
        raise InputError(item.problem)
    return item.record


def _items(path: Path) -> Iterator[_Item]:
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise DataFileError(f"there is no {path}: expected {_ACCEPTED}")
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".jsonl"):
        return _jsonl(path)
    if name.endswith(".csv"):
        return _csv(path)
    if path.suffix.lower() in PAGE_SUFFIXES:
        return _pages(path.parent, [path])
    raise DataFileError(f"{path} cannot be read: expected {_ACCEPTED}")


def _jsonl(path: Path) -> Iterator[_Item]:
    """Yield the objects of a JSONL file.

    Raises:
        DataFileError: the file cannot be opened, is cut off, or is not UTF-8.
    """
    for number, line in iter_lines(path, _ACCEPTED):
        place = f"{path}, line {number}"
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise DataFileError(f"{place}: is not UTF-8 ({error.reason}): write the file as UTF-8") from error
        if not text:
            continue
        try:
            yield _Item(place, parse_object(line))
        except ValueError as error:
            example = '{"id": "…", "title": "…"}'
            yield _Item(place, problem=f"found {text[:_SHOWN_CHARS]!r}: {error}, such as {example}")


def _csv(path: Path) -> Iterator[_Item]:
    """Yield the rows of a CSV file with a header."""
    rows = iter_rows(path, _ACCEPTED, strict=True)
    names = [name.strip().lower() for name in next(rows).cells]
    missing = {"id", "title"} - set(names)
    if missing:
        raise DataFileError(
            f"{path}, line 1: found the columns {', '.join(names) or 'none'}, expected id and title: "
            f"add {' and '.join(sorted(missing))}"
        )
    for row in rows:
        place, cells = f"{path}, line {row.line}", row.cells
        if row.problem:
            yield _Item(place, problem=f"is no row ({row.problem}): check its quotes")
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) != len(names):
            yield _Item(
                place, problem=f"has {counted(len(cells), 'cell')}, expected {len(names)} as in the header"
            )
        else:
            yield _Item(place, {name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()})


def _folder(folder: Path) -> Iterator[_Item]:
    pages = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in PAGE_SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not pages:
        raise DataFileError(f"{folder} holds no pages ({', '.join(PAGE_SUFFIXES)}): expected {_ACCEPTED}")
    return _pages(folder, pages)


def _pages(folder: Path, pages: Sequence[Path]) -> Iterator[_Item]:
    languages = page_languages(folder, pages)
    for path in pages:
        try:
            yield _Item(str(path), read_page(path, folder, languages[path]), body_is_text=True)
        except InputError as error:
            yield _Item(str(path), problem=error.message)
