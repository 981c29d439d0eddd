"""Check of articles: whether files hold them, and what `triage index` would read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kb_index.articles.loaders import LoadedArticles, load_articles
from kb_index.articles.sources.pages import PAGE_SUFFIXES
from models.errors import TriageError
from training.exports.files import open_export
from training.exports.mapping import names_in
from triage.settings import Settings

_LINES = 10
_HEAD = 20
# Lists of a help centre, under which its files have their records.
_LISTS = frozenset({"articles", "solution_articles", "sections", "folders", "categories", "translations"})
# What articles have and tickets have not; two of them beside a title tell.
_MARKS = frozenset(
    [
        "html_url",
        "visibility",
        "draft",
        "section_id",
        "translation_of",
        "user_segment_id",
        "permission_group_id",
        "vote_sum",
        "outdated",
        "folder_id",
        "category_id",
        "categoryId",
        "seo_data",
        "collection",
        "promoted",
        "permalink",
        "permission",
        "answer",
        "summary",
        "thumbs_up",
        "hits",
        "locale",
        "source_locale",
        "url",
        "updated_at",
        "label_names",
        "space",
        "spaceId",
        "_links",
    ]
)


def hold_articles(path: Path) -> bool:
    """Tell whether a path holds articles rather than tickets: a folder, pages, or records like articles."""
    if path.is_dir() or path.suffix.lower() in (*PAGE_SUFFIXES, ".xml"):
        return True
    try:
        source = open_export(path, places=_LISTS)
        head = [record.values for record in islice(source.records, _HEAD)]
    except TriageError:
        return False
    names = set(source.columns) or {name for name in names_in(head) if "." not in name}
    if names & _LISTS and not {"title", "subject"} & names:
        return True
    return "title" in names and "subject" not in names and len(names & _MARKS) > 1


def read_articles(paths: Sequence[Path], settings: Settings) -> LoadedArticles:
    """Read articles as `triage index` would; what cannot be read is listed.

    Raises:
        DataFileError: a file cannot be read as a whole.
    """
    return load_articles(paths, skip_bad=True, default_visibility=settings.articles.default_visibility)


def articles_report(loaded: LoadedArticles) -> str:
    """Return what `triage check` prints of articles."""
    lines = loaded.summary.lines()
    if loaded.skipped:
        lines += ["", "Not read", *(f"  {message}" for message in loaded.skipped[:_LINES])]
        if len(loaded.skipped) > _LINES:
            lines.append(f"  and {len(loaded.skipped) - _LINES:,} more")
    return "\n".join(lines)


def articles_data(paths: Sequence[Path], loaded: LoadedArticles) -> Mapping[str, Any]:
    """Return the summary for programs."""
    summary = loaded.summary
    return {
        "kind": "articles",
        "files": [str(path) for path in paths],
        "articles": summary.articles,
        "languages": dict(summary.languages.most_common()),
        "visibility": dict(summary.visibility.most_common()),
        "collections": dict(summary.collections.most_common()),
        "left_out": dict(summary.withheld.most_common()),
        "internal_by": dict(summary.internal_by.most_common()),
        "not_understood": dict(summary.not_understood),
        "notes": dict(summary.notes.most_common()),
        "unreadable": loaded.skipped,
    }
