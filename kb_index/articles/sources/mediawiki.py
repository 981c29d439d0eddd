"""MediaWiki's exports: the XML that a wiki's pages are exported as."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from kb_index.articles.access.values import notice_keys
from kb_index.articles.markup.wikitext import REDIRECT, wikitext_to_html
from models.errors import DataFileError
from models.storage.text_file import is_compressed

# Articles and help; pages of other namespaces that hold texts, such as a wiki's own, are internal.
OPEN_NAMESPACES = frozenset({"0", "12"})
# Templates, and categories in any language.
_MARKS = re.compile(r"\{\{([^{}|:\[\]]{2,60})(?:\||\}\})|\[\[\s*\w{3,20}:([^\[\]|]{2,60})(?:\||\]\])")
_READ_RESTRICTION = re.compile(r"(?:^|[:;,\s])read\b", re.IGNORECASE)
# Pages about people, files, templates, categories and the wiki itself; their discussions have odd numbers.
_OTHER_NAMESPACES = frozenset({"-2", "-1", "2", "6", "8", "10", "14", "828"})


def read_mediawiki(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place and the record of each page of an XML export, in its newest revision.

    Redirects, discussions, templates and the like are passed over.

    Raises:
        DataFileError: the file is no XML, cut off, or no export of a wiki.
    """
    opened: Any = gzip.open if is_compressed(path) else open
    try:
        with opened(path, "rb") as stream:
            yield from _pages(path, stream)
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise DataFileError(f"{path}, line {line}: is no XML ({error}): export it again, in full") from error
    except (OSError, EOFError) as error:
        raise DataFileError(f"{path} cannot be read ({error}): copy it again in full") from error


def _pages(path: Path, stream: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    language, base, root = "", "", None
    # Expat limits how far entities expand, and nothing outside the file is read.
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314  # see above
        name = _name(element)
        if root is None:
            root = element
            if name != "mediawiki":
                raise DataFileError(
                    f"{path} is an XML file of <{name[:60]}>, expected MediaWiki's <mediawiki>: export the "
                    "articles as JSON or HTML"
                )
            language = next((v for k, v in element.attrib.items() if k.endswith("}lang")), "")
        elif event == "end" and name == "base":
            base = (element.text or "").strip()
        elif event == "end" and name == "page":
            record = _record(element, base, language)
            if record is not None:
                yield f"{path}, page {record['title']!r}", record
            root.clear()


def _record(page: ElementTree.Element, base: str, language: str) -> dict[str, Any] | None:
    values = {_name(child): (child.text or "").strip() for child in page}
    revisions = [child for child in page if _name(child) == "revision"]
    namespace = values.get("ns", "0")
    if "redirect" in values or not revisions or namespace in _OTHER_NAMESPACES:
        return None
    newest = max(
        ({_name(c): c.text or "" for c in r} for r in revisions), key=lambda r: r.get("timestamp", "")
    )
    text, title = newest.get("text", ""), values.get("title", "")
    if REDIRECT.match(text) or (namespace.isdigit() and int(namespace) % 2) or newest.get("model") == "css":
        return None
    record: dict[str, Any] = {
        "id": values.get("id"),
        "title": title.split(":", 1)[1] if namespace != "0" and ":" in title else title,
    }
    if namespace not in OPEN_NAMESPACES or _READ_RESTRICTION.search(values.get("restrictions", "")):
        record["visibility"] = "internal"
    record |= notice_of(text)
    if language:
        record["language"] = language
    if "/" in base.removeprefix("https://"):
        record["url"] = f"{base.rsplit('/', 1)[0]}/{title.replace(' ', '_')}"
    return record | {"updated_at": newest.get("timestamp") or None, "body": wikitext_to_html(text)}


def notice_of(text: str) -> dict[str, str]:
    """Return what a page's templates and categories say of it: that it is a draft, archived or not for all.

    >>> notice_of("{{Entwurf}} Press."), notice_of("[[Category:Internal pages]]"), notice_of("{{Hint|x}}")
    ({'status': 'Entwurf'}, {'notice': 'Internal pages'}, {})
    """
    return notice_keys((match[1] or match[2]).strip() for match in _MARKS.finditer(text))


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
