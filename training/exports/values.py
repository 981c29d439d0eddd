"""Values of cells: marks of "no value", lists in a cell, numbers that a spreadsheet made fractions of."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from models.classifiers.fields import number_text

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Signs alone say nothing: ?, -, --, …, ***. Letters and digits, stars and emoji may be values.
_SIGNS_ONLY = re.compile(r"[\s?\-‐‑‒–—―_.…·•*/\\#()\[\]{}<>|,;:'\"`~]+")
_NO_VALUE = frozenset(
    [
        "null",
        "nil",
        "none",
        "nan",
        "n/a",
        "n.a.",
        "n.a",
        "na",
        "#n/a",
        "#na",
        "#value!",
        "#ref!",
        "#null!",
        "<na>",
        "<null>",
        "nat",
        "(empty)",
        "empty",
        "(blank)",
        "blank",
        "(none)",
        "(null)",
        "undefined",
    ]
)
_DASHES = "-‐‑‒–—―"
# The empty choice of a list, -- None --, in the languages of helpdesks.
_NONE = """
    none keine keiner ohne aucun aucune ninguno ninguna nenhum nenhuma nessuno nessuna geen brak ingen inget
    intet žádný žádná žádné нет なし 无 無 없음
"""
_NONE_IN_DASHES = frozenset(_NONE.split())
# What helpdesks show where nobody has chosen; they may also be meant, so that they are only warned of.
_DOUBTFUL = """
    unassigned, not assigned, unknown, unspecified, not specified, not
    set, no value, tbd, to be determined, to be defined, please select,
    select, select one, choose, default, uncategorized, uncategorised,
    missing, no category, no team, no group, no priority, no answer,
    other/unknown, not categorized, to be classified, nicht zugewiesen,
    nicht zugeordnet, unbekannt, keine angabe, nicht gesetzt, bitte
    wählen, ohne, non assigné, non attribué, non affecté, inconnu, non
    renseigné, non défini, aucun, aucune, à définir, sin asignar, no
    asignado, desconocido, sin definir, sin especificar, ninguno, ninguna,
    non assegnato, sconosciuto, non specificato, nessuno, nessuna, não
    atribuído, desconhecido, não definido, nenhum, nenhuma, niet
    toegewezen, onbekend, geen, nieprzypisane, nieprzypisany, nieznany,
    nieznane, brak, ej tilldelad, inte tilldelad, okänd, okänt, ingen,
    ikke tildelt, ikke tildelte, ukendt, ukjent, ei määritetty, ei
    valittu, tuntematon, määramata, teadmata, nav piešķirts, nav norādīts,
    nezināms, nepriskirta, nepriskirtas, nežinoma, nežinomas, не
    назначено, не назначен, неизвестно, не указано, нет, nepřiřazeno,
    neznámé, neuvedeno, 未割り当て, 未設定, 不明, なし, 未分配, 未指定, 未知, 无, 미지정, 미배정, 알 수
    없음, 없음
"""
_DOUBTFUL_TEXTS = frozenset(" ".join(text.split()) for text in _DOUBTFUL.split(","))
_WHOLE = re.compile(r"([+-]?\d{1,18})\.0+")
_MAX_LIST_CHARS = 100_000
_NAMES_OF_VALUES = ("name", "display_value", "value", "title", "label", "displayName", "Name", "id")


def is_no_value(text: str) -> bool:
    """Tell whether a text only marks that there is no value.

    >>> [is_no_value(t) for t in ("?", "NULL", "N/A", "-", "(empty)", " ", "-- None --", "C", "No", "0")]
    [True, True, True, True, True, True, True, False, False, False]
    """
    plain = text.strip()
    word = plain.casefold()
    if plain and plain[0] in _DASHES and plain[-1] in _DASHES:
        word = word.strip(f"{_DASHES} \t\u00a0")
        if word in _NONE_IN_DASHES:
            return True
    return not plain or word in _NO_VALUE or _SIGNS_ONLY.fullmatch(plain) is not None


def is_doubtful(text: str) -> bool:
    """Tell whether a value may mean that nobody has chosen one, such as Unassigned.

    >>> is_doubtful("-- Please select --"), is_doubtful("Unassigned"), is_doubtful("Hardware")
    (True, True, False)
    """
    return " ".join(text.strip(" \t-–—()[]<>*…._").casefold().split()) in _DOUBTFUL_TEXTS


def without_fraction(text: str) -> str:
    """Return a whole number without the fraction that a spreadsheet gave it; any other text as it is.

    >>> without_fraction("3.0"), without_fraction("2.5"), without_fraction("10.0.0.1")
    ('3', '2.5', '10.0.0.1')
    """
    match = _WHOLE.fullmatch(text)
    return match[1] if match else text


def scalar_text(value: Any) -> str | None:
    """Return a text, number or truth value as text, None for what is no single value.

    >>> scalar_text(3.0), scalar_text(True), scalar_text([1])
    ('3', 'true', None)
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (int, float)):
        return number_text(value)
    return "" if value is None else None


def cell_list(text: str) -> list[Any] | None:
    """Return the values of a cell that holds a list as JSON or Python write it; None for any other cell.

    >>> cell_list('["winter", "b2b"]'), cell_list("['a']"), cell_list("[]"), cell_list("[EXT] a")
    (['winter', 'b2b'], ['a'], [], None)
    """
    plain = text.strip()
    if not (plain.startswith("[") and plain.endswith("]")) or len(plain) > _MAX_LIST_CHARS:
        return None
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError):
        try:
            found = ast.literal_eval(plain) if plain.count("[") < 10 else None
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            return None
    return found if isinstance(found, list) else None


def named_value(value: Any) -> Any:
    """Return what a reference of an interface is called: the name of {"id": 5, "name": "Network"}."""
    if not isinstance(value, Mapping):
        return value
    return next((value[key] for key in _NAMES_OF_VALUES if value.get(key) not in (None, "")), value)


def several_values(value: Any, separator: str) -> Iterator[Any]:
    """Yield the values of a field of tags: of lists, of lists in a cell, and of texts with a separator.

    An object around one list is that list, as in Intercom.

    >>> list(several_values({"type": "tag.list", "tags": [{"id": "1", "name": "export"}]}, ","))
    ['export']
    """
    value = _listed_in(value)
    if isinstance(value, list):
        for entry in value:
            yield from several_values(entry, separator)
    elif isinstance(value, str):
        listed = cell_list(value)
        yield from (_flat(listed) if listed is not None else value.split(separator or None))
    elif value is not None:
        yield named_value(value)


def _listed_in(value: Any) -> Any:
    """Return the only list of objects within an object that has no name of its own; else the value."""
    if not isinstance(value, Mapping) or any(value.get(key) not in (None, "") for key in _NAMES_OF_VALUES):
        return value
    lists = [inner for inner in value.values() if isinstance(inner, list)]
    return lists[0] if len(lists) == 1 else value


def _flat(listed: list[Any], deepest: int = 3) -> Iterator[Any]:
    for entry in map(named_value, listed):
        if not isinstance(entry, list):
            yield entry
        elif deepest:
            yield from _flat(entry, deepest - 1)


def one_value(value: Any) -> Any:
    """Return the value of a field with one: of several columns the first that is filled.

    A list of several values stays a list, which is no value of such a field.
    """
    if isinstance(value, list):
        filled = [entry for entry in map(one_value, value) if entry not in (None, "", [])]
        if not filled:
            return None
        is_columns = all(isinstance(entry, str) for entry in value)
        return filled[0] if is_columns or len(filled) == 1 else filled
    if isinstance(value, str):
        listed = cell_list(value)
        return value if listed is None else one_value([named_value(entry) for entry in listed] or None)
    return named_value(value)


def word_count(text: str) -> float:
    """Return the number of words; of writing without spaces, two signs count as one."""
    return len(text.split()) + len(_WIDE.findall(text)) / 2


def mean_words(texts: Collection[str]) -> float:
    """Return the average number of words of texts, 0 of none."""
    return sum(map(word_count, texts)) / max(1, len(texts))


def are_sentences(texts: Collection[str]) -> bool:
    """Tell whether a third of a column's filled cells are sentences; Done and Fixed are none."""
    return bool(texts) and 3 * sum(word_count(text) >= 3 for text in texts) >= len(texts)


def is_text(texts: Collection[str]) -> bool:
    """Tell whether a column holds sentences, and not few different ones."""
    return are_sentences(texts) and 2 * len(set(texts)) > len(texts)
