"""Summary of articles: how many, in which languages, who may read them, and what was skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kb_index.articles.loaders import LoadedArticles, load_articles
from kb_index.articles.pages import PAGE_SUFFIXES
from models.errors import TriageError
from models.wording import counted
from training.exports.files import open_export
from training.exports.mapping import names_in

_LINES = 10
_HEAD = 20
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
        "seo_data",
        "collection",
        "promoted",
        "permalink",
        "summary",
        "thumbs_up",
        "hits",
        "locale",
        "source_locale",
        "url",
        "updated_at",
        "label_names",
    ]
)


def hold_articles(path: Path) -> bool:
    """Tell whether a path holds articles rather than tickets: a folder, pages, or records like articles."""
    if path.is_dir() or path.suffix.lower() in PAGE_SUFFIXES:
        return True
    try:
        source = open_export(path)
        head = [record.values for _, record in zip(range(_HEAD), source.records, strict=False)]
    except TriageError:
        return False
    names = set(source.columns) or {name for name in names_in(head) if "." not in name}
    return "title" in names and "subject" not in names and len(names & _MARKS) > 1


def summarise_articles(paths: Sequence[Path]) -> LoadedArticles:
    """Read articles as `triage index` would; what cannot be read is listed.

    Raises:
        DataFileError: a file cannot be read as a whole.
    """
    return load_articles(paths, skip_bad=True)


def articles_report(paths: Sequence[Path], loaded: LoadedArticles) -> str:
    """Return what `triage check` prints of articles."""
    data = articles_data(paths, loaded)
    lines = [f"{counted(data['articles'], 'article')} read from {', '.join(data['files'])}"]
    for title in ("languages", "visibility", "collections"):
        shares = ", ".join(f"{name} {count:,}" for name, count in data[title].items())
        lines += ["", title.capitalize(), f"  {shares or 'none'}"]
    if loaded.skipped:
        lines += ["", "Not read", *(f"  {message}" for message in loaded.skipped[:_LINES])]
        if len(loaded.skipped) > _LINES:
            lines.append(f"  and {len(loaded.skipped) - _LINES:,} more")
    return "\n".join(lines)


def articles_data(paths: Sequence[Path], loaded: LoadedArticles) -> Mapping[str, Any]:
    """Return the summary for programs."""
    found = loaded.articles
    return {
        "kind": "articles",
        "files": [str(path) for path in paths],
        "articles": len(found),
        "languages": dict(Counter(article.language for article in found).most_common()),
        "visibility": dict(Counter(article.visibility for article in found).most_common()),
        "collections": dict(Counter(article.collection for article in found).most_common()),
        "unreadable": loaded.skipped,
    }
