"""Solved tickets of exports as articles for agents: read as a training reads them, with their solutions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kb_index.articles.access.reading import Access
from kb_index.articles.loaders import LoadedArticles, load_solved_tickets
from kb_index.articles.solved_tickets import solved_ticket
from models.errors import DataFileError, InputError
from models.redaction.redact import Redactor
from training.exports.mapping import shown
from training.exports.messages import TicketDraft
from training.exports.reader import ExportFile, Options, read_export
from triage.settings.tickets import TicketColumns

_EXPECTED = (
    "expected the answer that solved the ticket under `solution` or `attributes.solution` (JSONL), or in a "
    "column such as Solution, Resolution or Close notes"
)


def read_solved_tickets(
    paths: Sequence[Path], columns: TicketColumns, redact: Redactor, *, skip_bad: bool = False
) -> LoadedArticles:
    """Read the solved tickets of files in our own form, or of any export that a training reads.

    Raises:
        DataFileError: a file cannot be read, or no ticket of it has a solution.
    """
    if all(path.name.lower().removesuffix(".gz").endswith(".jsonl") for path in paths):
        loaded = load_solved_tickets(paths, skip_bad=skip_bad, redact=redact)
        if all(loaded.sources.get(str(path.resolve())) for path in paths):
            return loaded
    found = LoadedArticles()
    seen: dict[str, str] = {}
    for path in paths:
        file = read_export(path, Options(columns, labelled=False, solutions=True))
        articles = found.sources.setdefault(str(path.resolve()), [])
        for draft in file.drafts:
            place = f"{path}, line {draft.line}"
            try:
                article = None if draft.left_out else solved_ticket(_record(draft), redact)
                if article is not None and article.id in seen:
                    raise InputError(f"the id {article.id!r} was used before, in {seen[article.id]}")
            except InputError as error:
                message = f"{place}: {error.message}"
                if not skip_bad:
                    raise DataFileError(f"{message}. Or skip such tickets with --skip-bad.") from error
                found.skipped.append(message)
                continue
            if article is not None:
                seen[article.id] = place
                articles.append(article)
                found.articles.append(article)
                found.summary.add(article, Access(), place)
        if file.drafts and not articles and not found.skipped:
            raise DataFileError(f"{path}: {_no_solution(file)}")
    return found


def _record(draft: TicketDraft) -> dict[str, Any]:
    """Return a ticket in the form of our own files.

    Raises:
        InputError: it could not be read.
    """
    if draft.problem:
        raise InputError(draft.problem)
    date = draft.moment.isoformat() if draft.moment else None
    return {**draft.values, "created_at": date}


def _no_solution(file: ExportFile) -> str:
    form = f" It was read as an export of {file.known.title}." if file.known else ""
    places = file.mapping.keys.get("solution")
    found = f"{places[0]!r} is empty in each" if places else f"found {shown(file.names)}"
    return f"no ticket has a solution: {_EXPECTED}, {found}.{form} Add the column to the export, or rename it"
