"""Files of articles: files and folders of several formats, each read as records with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from kb_index.articles.access.keys import declares_visibility, key_kind
from kb_index.articles.access.values import audience_of, is_published_state
from kb_index.articles.record_fields import article_fields
from kb_index.articles.sources.cascade import Cascades
from kb_index.articles.sources.help_centers import line_records
from kb_index.articles.sources.item import Item
from kb_index.articles.sources.jekyll import JekyllSite
from kb_index.articles.sources.json_files import JsonFiles
from kb_index.articles.sources.mediawiki import read_mediawiki
from kb_index.articles.sources.page_tree import attached_files, files_of, page_tree
from kb_index.articles.sources.pages import PAGE_SUFFIXES, read_front_matter, read_page
from kb_index.articles.sources.salesforce import read_salesforce
from kb_index.articles.sources.table_ids import MADE, table_ids
from kb_index.articles.sources.translated_pages import TranslatedPages
from models.errors import DataFileError, InputError
from models.storage.csv_table import iter_rows
from models.storage.file_kinds import binary_kind_of
from models.storage.jsonl import iter_lines, parse_object
from models.word_lists import word_set
from models.wording import counted

_ACCEPTED = (
    "a folder with .md, .mdx, .html or .json files, one of these files, a .jsonl or .csv file (also .gz), or "
    "MediaWiki's .xml"
)
_LEADS_OUTSIDE = (
    "is a link that leads out of the folder, so it was not read: put the file or folder itself there, or "
    "name it beside the folder"
)
_MOST_NAMED = 5
# What pages are built with or show: no file of these can be an article.
_NO_TEXTS = word_set(
    """
    .png .jpg .jpeg .gif .svg .webp .avif .ico .bmp .tif .tiff .mp3 .mp4 .mov .webm .ogg .wav .css .scss
    .sass .less .js .mjs .cjs .jsx .ts .tsx .vue .map .woff .woff2 .ttf .otf .eot .yml .yaml .toml .lock .ini
    .cfg .sh .py .rb .go .vtt .srt .webmanifest .liquid .tpl .bak
    """
)
_NOTHING = "(empty)"
_ATTACHED = "files that are attached to pages (attachments/) are no articles, and were passed over"
_ARCHIVES = (".zip", ".tar", ".tgz", ".tar.gz", ".7z", ".rar", ".bz2", ".xz")


def iter_items(path: Path, together: Sequence[Path] = ()) -> Iterator[Item]:
    """Yield the records of a file or folder in their order.

    What JSON files of `together` say of folders of articles holds for the articles of all.

    Raises:
        DataFileError: it is missing, or cannot be read as a whole.
    """
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise DataFileError(f"there is no {path}: expected {_ACCEPTED}")
    if path.name.lower().endswith(_ARCHIVES):
        raise DataFileError(f"{path} is an archive: unpack it, and name the folder with its files")
    if (kind := binary_kind_of(path)) is not None:
        advice = kind.advice or "give the texts in it as one of these"
        raise DataFileError(f"{path} {kind.what}: expected {_ACCEPTED}; {advice}")
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".jsonl", ".ndjson")):
        return _jsonl(path)
    if name.endswith(".json"):
        return JsonFiles([path], together).items()
    if name.endswith(".csv"):
        return _csv(path)
    if name.endswith(".xml"):
        return (Item(place, record, body_is_text=False) for place, record in read_mediawiki(path))
    if path.suffix.lower() in PAGE_SUFFIXES:
        return _pages(path.parent, [path])
    raise DataFileError(f"{path} cannot be read: expected {_ACCEPTED}")


def _jsonl(path: Path) -> Iterator[Item]:
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
            record = parse_object(line)
            yield from (Item(place, part) for part in line_records(record))
        except ValueError as error:
            example = '{"id": "…", "title": "…"}'
            yield Item(place, problem=f"{error}, such as {example}")


def _csv(path: Path) -> Iterator[Item]:
    """Yield the rows of a CSV file with a header."""
    rows = iter_rows(path, _ACCEPTED, strict=True)
    names = [name.strip() for name in next(rows).cells]
    known = article_fields(dict.fromkeys(names, "-"))
    if "title" not in known:
        raise DataFileError(
            f"{path}, line 1: found the columns {', '.join(names) or 'none'}, expected id and title: "
            "add title"
        )
    below = list(rows)
    if not below:
        raise DataFileError(
            f"{path} has a header and no articles below it: export it again with its rows, or take articles "
            "out with `triage index --remove ID…`"
        )
    empty = _empty_cells(names, [row.cells for row in below])
    filled_rows = [row for row in below if any(cell.strip() for cell in row.cells)]
    has_ids = "id" in known
    ids, is_made = ([], False) if has_ids else table_ids(names, [row.cells for row in filled_rows])
    id_of = dict(zip((row.line for row in filled_rows), ids, strict=not has_ids))
    for row in below:
        place, cells = f"{path}, line {row.line}", row.cells
        if row.problem:
            yield Item(place, problem=f"is no row ({row.problem}): check its quotes")
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) != len(names):
            yield Item(
                place, problem=f"has {counted(len(cells), 'cell')}, expected {len(names)} as in the header"
            )
        else:
            filled = {name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()}
            own = {} if has_ids else {"id": id_of[row.line]}
            yield Item(place, read_salesforce(empty | filled) | own, note=MADE if is_made else "")


def _empty_cells(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the columns under which an empty cell says something, and how it is read.

    Nobody has declared public what has nothing under "Visibility", nor under "Status" or "Visible to" where
    these say of others that they are published or for all.
    """
    found: dict[str, str] = {}
    for number, name in enumerate(names):
        kind = key_kind(name)
        if declares_visibility(name):
            found[name] = ""
        elif kind in ("audience", "state"):
            says_public = is_published_state if kind == "state" else _is_for_all
            if any(says_public(cells[number]) for cells in rows if len(cells) == len(names)):
                found[name] = _NOTHING
    return found


def _is_for_all(cell: str) -> bool:
    return audience_of(cell) == "public"


def _folder(folder: Path) -> Iterator[Item]:
    """Yield the records of a folder's pages, else of its JSON files; each link out of it is a problem."""
    inside, outside = files_of(folder)
    pages = [path for path in inside if path.suffix.lower() in PAGE_SUFFIXES]
    documents = [path for path in inside if path.suffix == ".json"]
    would_be_read = PAGE_SUFFIXES if pages else (*PAGE_SUFFIXES, ".json")
    refused = [
        Item(str(path), problem=_LEADS_OUTSIDE)
        for path in outside
        if path.is_dir() or path.suffix.lower() in would_be_read
    ]
    if pages:
        attached = attached_files(folder, pages)
        notes = [Item(str(path), note=_ATTACHED) for path in attached]
        notes += _unread(folder, inside, pages, PAGE_SUFFIXES)
        return chain(refused, notes, _pages(folder, [path for path in pages if path not in attached]))
    if documents:
        notes = _unread(folder, inside, documents, (".json",))
        return chain(refused, notes, JsonFiles(documents).items())
    if refused:
        return iter(refused)
    raise DataFileError(f"{folder} holds no pages ({', '.join(PAGE_SUFFIXES)}): expected {_ACCEPTED}")


def _unread(
    folder: Path, inside: Sequence[Path], read: Sequence[Path], suffixes: Sequence[str]
) -> list[Item]:
    """Return a note for each file of a folder that may hold texts and is not among those that are read.

    Attached files are none of them; a folder is read for one kind of files alone.
    """
    is_passed = {*read, *(path for path in inside if path.suffix.lower() in {*_NO_TEXTS, ""})}
    others = [path.relative_to(folder) for path in inside if path not in is_passed]
    others = [path for path in others if "attachments" not in map(str.lower, path.parts[:-1])]
    named = ", ".join(path.as_posix() for path in others[:_MOST_NAMED])
    more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
    note = (
        f"not read in {folder}, of which only {', '.join(suffixes)} are: {named}{more}. Name a file of "
        "articles in the command, after the folder"
    )
    return [Item(str(folder / path), note=note) for path in others]


def _pages(folder: Path, pages: Sequence[Path]) -> Iterator[Item]:
    tree = page_tree(folder, pages)
    cascades = Cascades(folder)
    for page in tree:
        if page.path.name.lower().startswith("_index."):
            try:
                cascades.add(page, read_front_matter(page.path))
            except InputError:  # said where the page itself is read
                cascades.add(page, {"cascade": {"visibility": f"unknown: {page.path.name} cannot be read"}})
    site, translated = JekyllSite(folder), TranslatedPages(tree)
    for page in tree:
        place = str(page.path)
        try:
            inherited = translated.keys_for(page) | site.keys_for(page.path) | cascades.keys_for(page)
            record = read_page(page.path, folder, page.language, inherited)
        except InputError as error:
            yield Item(place, problem=error.message)
            continue
        if record is None:
            yield Item(place, note="lists of pages that a wiki's export begins with were passed over")
        else:
            yield Item(
                place,
                record,
                body_is_text=True,
                translation_key=page.translation_key,
                # Docusaurus' ids are those of a folder alone.
                other_id=page.path.relative_to(folder).as_posix(),
            )
