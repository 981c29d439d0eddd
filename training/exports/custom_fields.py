"""Custom fields: those that a helpdesk's owner added, as exports name and list them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Lists of custom fields are called custom_fields, customFields, CustomFields, DynamicField or fields.
_LIST = re.compile(r"(?:.*(?:custom|dynamic)_?(?:fields?|attributes?)(?:_values)?|fields|attributes)", re.I)
_IDS = ("id", "field_id", "Id", "ID")
_TITLES = ("title", "raw_title", "name", "Name", "label", "Label")
_VALUES = ("text", "display_value", "value", "Value", "values", "Values")
# Jira's Custom field (Device), in its languages.
_IN_BRACKETS = re.compile(
    r"[^()]*(?:field|feld|champ|campo|veld|pole|fält|felt|kenttä|поле|字段|フィールド|필드)[^()]*\((.+)\)",
    re.I,
)
_BEFORE = re.compile(
    r"^(?:.*\.)?(?:custom_?fields?|custom_attributes|dynamic_?fields?|ticket_attributes)\.(?:cf_)?|^(?:u_|cf_)"
    r"|^CF\.(?=\{)|^(?:.*\.)?(?=customfield_\d)",
    re.I,
)
_VALUE = re.compile(r"\.(?:value|name)$|(?<=^)\{|\}$")


def by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose lists of custom fields are objects: each value by the field's title and its id.

    >>> by_name({"custom_fields": [{"id": 7, "value": "a"}, {"id": 8, "name": "Area", "value": "b"}]})
    {'custom_fields': {'7': 'a', 'Area': 'b', '8': 'b'}}
    """
    lists = [key for key, value in values.items() if isinstance(value, list) and _LIST.fullmatch(str(key))]
    return {**values, **{key: _named(values[key]) for key in lists}} if lists else dict(values)


def _named(entries: list[Any]) -> Any:
    found: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or not any(key in entry for key in _VALUES):
            return entries
        value = next((entry[key] for key in _VALUES if entry.get(key) not in (None, "")), None)
        names = [entry[key] for key in (*_TITLES, *_IDS) if entry.get(key) not in (None, "")]
        if not names:
            return entries
        found.update({str(name): value for name in names})
    return found or entries


def titles_in(around: Mapping[str, Any]) -> dict[str, str]:
    """Return the titles of custom fields by their ids, where an export has them beside its tickets.

    >>> titles_in({"ticket_fields": [{"id": 7, "title": "Area"}], "users": [{"id": 1, "name": "Ann"}]})
    {'7': 'Area'}
    """
    lists = [
        value for key, value in around.items() if str(key).endswith("fields") and isinstance(value, list)
    ]
    return {
        str(entry["id"]): str(title)
        for entries in lists
        for entry in entries
        if isinstance(entry, Mapping)
        and entry.get("id") not in (None, "")
        and (title := next((entry[key] for key in _TITLES if entry.get(key)), None))
    }


def own_name(column: str) -> str:
    """Return what people call a custom field: its name without what its helpdesk puts around it.

    >>> own_name("Custom field (Device)"), own_name("custom_fields.cf_device"), own_name("u_device")
    ('Device', 'device', 'device')
    >>> own_name("CF.{Device}"), own_name("fields.customfield_10050.value"), own_name("Device")
    ('Device', 'customfield_10050', 'Device')
    """
    match = _IN_BRACKETS.fullmatch(column)
    return match[1] if match else _VALUE.sub("", _VALUE.sub("", _BEFORE.sub("", column)))


def is_custom(column: str) -> bool:
    """Tell whether a column or key is a field that the helpdesk's owner added.

    >>> [is_custom(n) for n in ("custom_fields.7", "u_area", "Champs personnalisés (Zone)", "Area")]
    [True, True, True, False]
    """
    return _IN_BRACKETS.fullmatch(column) is not None or _BEFORE.match(column) is not None
