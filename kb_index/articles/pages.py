"""Pages: the Markdown and HTML files of a folder, each read as a record of an article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from selectolax.lexbor import LexborHTMLParser

from kb_index.articles.markdown import markdown_to_text
from models.errors import InputError
from models.text import html_to_text

PAGE_SUFFIXES = (".md", ".markdown", ".html", ".htm")

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:\n|^)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIRST_HEADING = re.compile(r"#[ \t]+(\S.*)")
_CODE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3})){0,2}", re.IGNORECASE)
_LANGUAGE_CODES = (
    "aa af am ar as az be bg bn bo br bs ca cs cy da de el en eo es et eu fa fi fo fr ga gd gl gu he hi hr "
    "hu hy id is it ja ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my nb ne nl nn no oc or pa "
    "pl ps pt ro ru rw sd se si sk sl so sq sr sv sw ta te tg th tk tl tr tt ug uk ur uz vi xh yi yo zh "
    "zu"
)


def read_page(path: Path, folder: Path, language: str | None) -> dict[str, Any]:
    """Return a page as a record for `Article.from_record`; its front matter comes before its text.

    The id is the path within `folder`, the title the first heading of the first level, unless the front
    matter has them.

    Raises:
        InputError: the page is not UTF-8, or its front matter cannot be read.
    """
    try:
        source = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 ({error.reason} at byte {error.start}): write it as UTF-8") from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}") from error
    record: dict[str, Any] = {"id": path.relative_to(folder).as_posix()}
    if language:
        record["language"] = language
    if path.suffix.lower() in (".html", ".htm"):
        return record | _html_page(source)
    given, source = _front_matter(source)
    title, body = _title_and_body(markdown_to_text(source))
    if "title" in given and title and str(given["title"]).strip() != title:
        body = f"# {title}\n{body}"
    return record | {"title": title or path.stem} | given | {"body": body}


def page_languages(folder: Path, pages: Sequence[Path]) -> dict[Path, str | None]:
    """Return the language that the folders of each page name, None where none does.

    A folder named by a code counts only where all folders beside it are: `de`, `en`, `zh-CN` are languages,
    `it` and `hr` beside `finance` are departments.
    """
    names: dict[Path, set[str]] = defaultdict(set)
    for page in pages:
        parts = page.relative_to(folder).parts[:-1]
        for depth, name in enumerate(parts):
            names[folder.joinpath(*parts[:depth])].add(name)
    by_language = {parent for parent, found in names.items() if all(_language_code(name) for name in found)}
    languages: dict[Path, str | None] = {}
    for page in pages:
        parts = page.relative_to(folder).parts[:-1]
        named = [
            _language_code(name)
            for depth, name in enumerate(parts)
            if folder.joinpath(*parts[:depth]) in by_language
        ]
        languages[page] = named[-1] if named else None
    if len(pages) and not any(languages.values()) and (own := _language_code(folder.name)):
        return dict.fromkeys(pages, own)
    return languages


def _language_code(name: str) -> str | None:
    match = _CODE.fullmatch(name)
    return match[1].lower() if match and match[1].lower() in _LANGUAGE_CODES.split() else None


def _front_matter(source: str) -> tuple[dict[str, Any], str]:
    if not source.startswith("---\n"):
        return {}, source
    match = _FRONT_MATTER.match(source)
    if match is None:
        raise InputError("line 1: the front matter is not closed: end it with a line ---")
    try:
        found = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        reason = getattr(error, "problem", None) or type(error).__name__
        raise InputError(f"line {line}: the front matter is no YAML ({reason}): correct it") from error
    if found is None:
        found = {}
    if not isinstance(found, dict):
        raise InputError(
            f"line 2: the front matter is a {type(found).__name__}, expected lines such as title: …"
        )
    known = {str(key).lower(): value for key, value in found.items() if value is not None}
    known.pop("body", None)
    return known, source[match.end() :]


def _title_and_body(text: str) -> tuple[str, str]:
    for line_start in (match.start() for match in re.finditer(r"(?m)^", text)):
        match = _FIRST_HEADING.match(text, line_start)
        if match:
            return match[1].strip(), (text[: match.start()] + text[match.end() :]).strip()
    return "", text


def _html_page(source: str) -> dict[str, Any]:
    tree = LexborHTMLParser(source)
    title, body = _title_and_body(html_to_text(source, mark_headings=True))
    named = tree.css_first("title") if "</title" in source.lower() else None  # else it is all that follows
    record: dict[str, Any] = {"title": title or (named.text(strip=True) if named else ""), "body": body}
    language = (tree.root.attributes.get("lang") if tree.root else None) or ""
    return record | ({"language": language} if _language_code(language) else {})
