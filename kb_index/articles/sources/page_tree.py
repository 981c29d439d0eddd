"""Page tree: what the folders and names of pages say of their languages, translations and drafts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_index.articles.sources.page_languages import are_in_language
from models.language.codes import code_in_name

_SUFFIX = re.compile(r"(.+)[._-]([a-z]{2}(?:[-_][a-z]{2})?)", re.IGNORECASE)
# Docusaurus keeps the translations of docs/ there.
_DOCUSAURUS = re.compile(r"(?:^|/)i18n/docusaurus-plugin-content-(docs|pages|blog)/(?:current/)?")
_FOLDERS_OF_LANGUAGES = frozenset({"i18n", "l10n", "locale", "locales", "lang", "languages", "translations"})
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


def attached_files(folder: Path, pages: Sequence[Path]) -> set[Path]:
    """Return those of the pages that are files which people attached to pages, as wikis export them.

    Confluence keeps those of a page in `attachments/ID`. In a folder `attachments` beside HTML pages they
    stand without the id; a section of a site there has an index of its own.
    """
    beside = {path.parent for path in pages if path.suffix.lower() not in (".md", ".markdown", ".mdx")}
    return {path for path in pages if _is_attached(path.relative_to(folder).parts, folder, beside)}


def _is_attached(parts: Sequence[str], folder: Path, beside: Collection[Path]) -> bool:
    for depth, name in enumerate(parts[:-1]):
        if name.lower() == "attachments":
            where, below = folder.joinpath(*parts[:depth]), parts[depth + 1 :]
            is_section = (where / name / "index.html").exists()
            if (len(below) > 1 and below[0].isdecimal()) or (where in beside and not is_section):
                return True
    return False


def page_tree(folder: Path, paths: Sequence[Path]) -> list[Page]:
    """Return the pages of a folder with their languages and what their translations share.

    A folder named by a code counts where all folders beside it are: `de`, `en`, `zh-CN` are languages, `it`
    and `hr` beside `finance` are departments. One alone, and `IT` beside `HR`, count if their texts agree. A
    folder counts too where half of its pages stand once more beside it, in the first language.
    `battery.fr.md` beside `battery.md` is French. Pages at the same place in several languages are
    translations of each other.
    """
    by_language = _language_folders(folder, paths)
    stems: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for path in paths:
        base, _, code = path.stem.rpartition(".")
        stems[path.parent, base if base and code_in_name(code) else path.stem].add(path.stem)
    pages = [_page(path, folder, by_language, stems) for path in paths]
    own = code_in_name(folder.name)
    if own and pages and not any(page.language for page in pages) and are_in_language(paths, own):
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
            if code_in_name(name):
                beside = parent.joinpath(*parts[depth + 1 :]).with_suffix("")
                pages[parent / name].append(beside in without_suffix)
    alone: set[Path] = set()
    for parent, found in names.items():
        # IT and HR are departments, and a folder alone is named by chance, unless their texts say otherwise.
        is_beside_others = len(found) > 1 and not all(name.isupper() for name in found)
        is_sure = is_beside_others or parent.name.lower() in _FOLDERS_OF_LANGUAGES
        if all(map(code_in_name, found)):
            alone |= {
                parent / name
                for name in found
                if is_sure or _has_texts_in(parent / name, code_in_name(name), paths)
            }
    twice = {where for where, found in pages.items() if sum(found) >= max(2, len(found) / 2)}
    return alone | twice


def _has_texts_in(folder: Path, code: str | None, paths: Sequence[Path]) -> bool:
    return code is not None and are_in_language([path for path in paths if folder in path.parents], code)


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
        elif len(beside) > 1 and all(map(code_in_name, beside)):
            languages[path] = code_in_name(path.parent.name)
        else:
            languages[path] = None
    return languages


def _split_suffix(stem: str) -> tuple[str, str | None]:
    match = _SUFFIX.fullmatch(stem)
    code = code_in_name(match[2]) if match else None
    return (match[1], code) if match and code else (stem, None)


def _page(path: Path, folder: Path, by_language: set[Path], stems: dict[tuple[Path, str], set[str]]) -> Page:
    parts = path.relative_to(folder).parts[:-1]
    language, kept = None, []
    for depth, name in enumerate(parts):
        if folder.joinpath(*parts[: depth + 1]) in by_language:
            language = code_in_name(name)
        else:
            kept.append(name)
    stem = path.stem
    base, _, code = stem.rpartition(".")
    if base and code_in_name(code) and len(stems[path.parent, base]) > 1:
        language, stem = code_in_name(code), base
    key = _DOCUSAURUS.sub(r"\1/", "/".join((*kept, stem)))
    return Page(path, language, key)
