"""Page tree: what the folders and names of pages say of their languages, translations and drafts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CODE = re.compile(r"([a-z]{2})(?:[-_](?:[a-z]{2}|[a-z]{4}|\d{3})){0,2}", re.IGNORECASE)
_LANGUAGE_CODES = frozenset(
    re.findall(
        r"[\w-]+",
        """
        aa af am ar as az be bg bn bo br bs ca cs cy da de el en eo es et eu fa fi fo fr ga gd gl gu
        he hi hr hu hy id is it ja ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my nb ne
        nl nn no oc or pa pl ps pt ro ru rw sd se si sk sl so sq sr sv sw ta te tg th tk tl tr tt ug
        uk ur uz vi xh yi yo zh zu
        """,
    )
)
_SUFFIX = re.compile(r"(.+)[._-]([a-z]{2}(?:[-_][a-z]{2})?)", re.IGNORECASE)
# Docusaurus keeps the translations of docs/ there.
_DOCUSAURUS = re.compile(r"(?:^|/)i18n/docusaurus-plugin-content-(docs|pages|blog)/(?:current/)?")
_UNREAD_FOLDERS = frozenset({"node_modules", "_partials", "_includes", "_layouts", "_templates"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page's file, the language that folders or its name say, and what its translations share."""

    path: Path
    language: str | None
    translation_key: str | None


def is_read(path: Path, folder: Path) -> bool:
    """Tell whether a file in a folder of pages may be a page: not hidden, and no part of other pages.

    Page generators leave out files and folders whose names begin with an underscore; `_index.md` is a page of
    Hugo's.
    """
    *parts, name = path.relative_to(folder).parts
    is_hidden = any(part.startswith(".") for part in (*parts, name))
    is_partial = name.startswith("_") and not name.lower().startswith("_index")
    return not (is_hidden or is_partial or _UNREAD_FOLDERS & {part.lower() for part in parts})


def files_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder that may be read, and the links in it that lead out of it, both sorted.

    `folder` may be a link itself. Links to what is within it are files like others; linked folders are not
    entered, since what they lead to is read at its own place or not at all. Whoever may put a link into the
    folder would else publish any file that the indexing user can read.
    """
    root = folder.resolve()
    inside, outside = [], []
    for path in sorted(folder.rglob("*")):
        if not is_read(path, folder) or not path.exists():
            continue
        if not path.resolve().is_relative_to(root):
            outside.append(path)
        elif path.is_file():
            inside.append(path)
    return inside, outside


def page_tree(folder: Path, paths: Sequence[Path]) -> list[Page]:
    """Return the pages of a folder with their languages and what their translations share.

    A folder named by a code counts where all folders beside it are: `de`, `en`, `zh-CN` are languages, `it`
    and `hr` beside `finance` are departments. It counts too where half of its pages stand once more beside
    it, in the first language. `battery.fr.md` beside `battery.md` is French. Pages at the same place in
    several languages are translations of each other.
    """
    by_language = _language_folders(folder, paths)
    stems: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for path in paths:
        base, _, code = path.stem.rpartition(".")
        stems[path.parent, base if base and language_code(code) else path.stem].add(path.stem)
    pages = [_page(path, folder, by_language, stems) for path in paths]
    if pages and not any(page.language for page in pages) and (own := language_code(folder.name)):
        return [Page(page.path, own, page.translation_key) for page in pages]
    return pages


def _language_folders(folder: Path, paths: Sequence[Path]) -> set[Path]:
    names: dict[Path, set[str]] = defaultdict(set)
    pages: dict[Path, list[bool]] = defaultdict(list)
    without_suffix = {path.with_suffix("") for path in paths}
    for path in paths:
        parts = path.relative_to(folder).parts
        for depth, name in enumerate(parts[:-1]):
            parent = folder.joinpath(*parts[:depth])
            names[parent].add(name)
            if language_code(name):
                beside = parent.joinpath(*parts[depth + 1 :]).with_suffix("")
                pages[parent / name].append(beside in without_suffix)
    alone = {
        parent / name for parent, found in names.items() if all(map(language_code, found)) for name in found
    }
    twice = {where for where, found in pages.items() if sum(found) >= max(2, len(found) / 2)}
    return alone | twice


def file_languages(paths: Sequence[Path]) -> dict[Path, str | None]:
    """Return the language in the name of each file or its folder, None where there is none.

    `articles_fr.json` and `articles.fr.json` are French beside `articles.json`, and so is `fr/articles.json`
    beside `en/articles.json`. A file alone says nothing: `faq_it.json` may be about computers.
    """
    by_stem: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for folder in {path.parent for path in paths}:
        for path in folder.glob("*"):
            by_stem[folder, _split_suffix(path.stem)[0]].add(path.stem)
    languages: dict[Path, str | None] = {}
    for path in paths:
        base, code = _split_suffix(path.stem)
        beside = {other.parent.name for other in paths if other.parent.parent == path.parent.parent}
        if code and len(by_stem[path.parent, base]) > 1:
            languages[path] = code
        elif len(beside) > 1 and all(map(language_code, beside)):
            languages[path] = language_code(path.parent.name)
        else:
            languages[path] = None
    return languages


def _split_suffix(stem: str) -> tuple[str, str | None]:
    match = _SUFFIX.fullmatch(stem)
    code = language_code(match[2]) if match else None
    return (match[1], code) if match and code else (stem, None)


def _page(path: Path, folder: Path, by_language: set[Path], stems: dict[tuple[Path, str], set[str]]) -> Page:
    parts = path.relative_to(folder).parts[:-1]
    language, kept = None, []
    for depth, name in enumerate(parts):
        if folder.joinpath(*parts[: depth + 1]) in by_language:
            language = language_code(name)
        else:
            kept.append(name)
    stem = path.stem
    base, _, code = stem.rpartition(".")
    if base and language_code(code) and len(stems[path.parent, base]) > 1:
        language, stem = language_code(code), base
    key = _DOCUSAURUS.sub(r"\1/", "/".join((*kept, stem)))
    return Page(path, language, key)


def language_code(name: str) -> str | None:
    """Return the code of a name that is one, as `zh-CN` and `pt_BR` are, without its region; else None."""
    match = _CODE.fullmatch(name)
    return match[1].lower() if match and match[1].lower() in _LANGUAGE_CODES else None
