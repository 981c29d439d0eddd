"""JSON files: articles as the interfaces and exports of help centres give them, in any number of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kb_index.articles.record_fields import article_fields
from kb_index.articles.sources.django_helpdesk import read_django_helpdesk
from kb_index.articles.sources.help_centers import HelpCenterReader
from kb_index.articles.sources.item import Item
from kb_index.articles.sources.page_tree import file_languages
from models.errors import DataFileError
from models.storage.json_values import read_json_values

_MAX_BYTES = 500_000_000
_NO_FOLDER = (
    "Freshdesk's folders say who may read their articles, and the folders of some are missing: these have "
    "the default visibility. Give the JSON of /api/v2/solutions/categories/ID/folders too"
)


class JsonFiles:
    """Articles of JSON files. What any of them says of folders of articles holds for the articles of all.

    `together` are further files, whose folders count, but not their articles.
    """

    def __init__(self, paths: Sequence[Path], together: Sequence[Path] = ()) -> None:
        self._paths = paths
        self._others = [path for path in together if path not in paths and path.suffix.lower() == ".json"]
        self._languages = file_languages([*paths, *self._others])

    def items(self) -> Iterator[Item]:
        """Yield the articles of the files in their order.

        Raises:
            DataFileError: a file is too large, cut off or no JSON, or there is nothing in them.
        """
        reader = HelpCenterReader()
        for path in self._others:
            reader.add_parents(read_document(path))
        documents: list[Any] = [read_document(path) for path in self._paths]
        for document in documents:
            reader.add_parents(document)
        count = 0
        for path in self._paths:
            document = documents.pop(0)  # each is let go of as soon as its articles are taken
            for record in reader.records(document):
                count += 1
                fields = article_fields(record)
                if self._languages[path] and "language" not in fields:
                    record["language"] = self._languages[path]
                if "id" not in fields and ("url" in fields or isinstance(document, dict)):
                    record["id"] = fields.get("url", path.stem)
                note = _NO_FOLDER if reader.lacks_folder(record) else ""
                yield Item(f"{path}, article {count}", record, note=note)
        if not count and not reader.has_parents:
            raise DataFileError(
                f"{self._paths[0]}: found no articles: expected objects with title and body, or a list of "
                'them, as in {"articles": [{"id": "…", "title": "…", "body": "…"}]}'
            )


def read_document(path: Path) -> Any:
    """Return the value in a JSON file; several values, one behind the other, as a list.

    Of a dump of django-helpdesk, its articles.

    Raises:
        DataFileError: the file is too large, cut off or no JSON.
    """
    values = read_json_values(path, "articles as JSON", _MAX_BYTES)
    return read_django_helpdesk(values[0] if len(values) == 1 else values)
