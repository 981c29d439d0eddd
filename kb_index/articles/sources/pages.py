"""Pages: the Markdown and HTML files of a folder, each read as a record of an article."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb_index.articles.access.keys import declares_visibility, key_kind
from kb_index.articles.access.notices import edge_notice
from kb_index.articles.access.places import PAGE_FOLDERS
from kb_index.articles.access.values import notice_keys
from kb_index.articles.markdown import markdown_to_text
from kb_index.articles.markup.confluence import is_storage_format, storage_to_html
from kb_index.articles.markup.html_page import read_html_page
from kb_index.articles.markup.site_markdown import plain_markdown
from kb_index.articles.record_fields import article_fields, field_name
from kb_index.articles.sources.front_matter import split_front_matter
from models.errors import InputError
from models.language.codes import code_in_name
from models.storage.file_kinds import binary_kind

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx")
PAGE_SUFFIXES = (*MARKDOWN_SUFFIXES, ".html", ".htm", ".xhtml")
MAX_PAGE_BYTES = 20_000_000

_HEAD_BYTES = 4_000
_CHARSET = re.compile(rb"<meta\b[^<>]{0,200}?\bcharset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_FIRST_HEADING = re.compile(r"^#[ \t]+(\S.*)", re.MULTILINE)


def read_front_matter(path: Path) -> dict[str, Any]:
    """Return the keys of a page's front matter.

    Raises:
        InputError: the page is too large or not UTF-8, or its front matter cannot be read.
    """
    return split_front_matter(_source(path))[0]


def read_page(
    path: Path, folder: Path, language: str | None, inherited: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return a page as a record; its front matter comes before its text. None for a wiki's list of pages.

    `inherited` are the keys that hold where the page does not have them itself.

    The id is the path within `folder`, the title the first heading of the first level, unless the front
    matter has them.

    Raises:
        InputError: the page is too large or not UTF-8, or its front matter cannot be read.
    """
    own, text = split_front_matter(_source(path))
    given = {**own, **{key: value for key, value in inherited.items() if own.get(key) in (None, "")}}
    if "params" in inherited and isinstance(own.get("params"), Mapping):
        given["params"] = {**inherited["params"], **own["params"]}
    # "visibility:" with nothing behind it declares nobody a reader.
    given |= {
        key: ""
        for key, value in given.items()
        if value is None and key_kind(key) == "audience" and declares_visibility(key)
    }
    fields = article_fields(given)
    record: dict[str, Any] = {"id": given.get("id", path.relative_to(folder).as_posix())}
    if language:
        record["language"] = language
    if path.suffix.lower() in MARKDOWN_SUFFIXES:
        title, body = _title_and_body(markdown_to_text(plain_markdown(text)))
        notice = edge_notice(body)
        if "title" in fields and title and str(fields["title"]).strip() != title:
            body = f"# {title}\n{body}"
    else:
        page = read_html_page(storage_to_html(text) if is_storage_format(text) else text)
        if page is None:
            return None
        title, body = page.title, page.body
        notice = edge_notice(body, page.footers)
        if code_in_name(page.language):
            record["language"] = page.language
        record |= {
            key: value
            for key, value in page.metadata.items()
            if key_kind(key) is not None or key.lower() == "robots"
        }
        if page.labels:
            record["labels"] = page.labels
        record |= notice_keys(page.lozenges)
    if notice:
        record.setdefault("notice", notice)
    folders = [folder.name, *path.relative_to(folder).parts[:-1]]
    record[PAGE_FOLDERS] = folders
    if any(part.lower() == "_drafts" for part in folders[1:]):
        record["draft"] = True
    known = {
        **record,
        "title": title or path.stem,
        **{k: v for k, v in fields.items() if k != "id"},
        "body": body,
    }
    return known | {key: value for key, value in given.items() if field_name(key) not in known}


def _source(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_PAGE_BYTES:
            raise InputError(
                f"has {size:,} bytes, the most is {MAX_PAGE_BYTES:,}: cut it into an article for each subject"
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}") from error
    kind = binary_kind(data)
    if kind is not None and kind.is_known:
        raise InputError(f"{kind.what}, and no page: {kind.advice or 'write it as Markdown or HTML'}")
    try:
        return data.decode(_encoding(data)).replace("\r\n", "\n")
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 ({error.reason} at byte {error.start}): write it as UTF-8") from error


def _encoding(data: bytes) -> str:
    """Return the encoding that a page begins with or that its HTML names, UTF-8 where it names none."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    match = _CHARSET.search(data[:_HEAD_BYTES])
    return match[1].decode("ascii") if match and match[1].lower() != b"utf-8" else "utf-8-sig"


def _title_and_body(text: str) -> tuple[str, str]:
    match = _FIRST_HEADING.search(text)
    if match is None:
        return "", text
    return match[1].strip(), (text[: match.start()] + text[match.end() :]).strip()
