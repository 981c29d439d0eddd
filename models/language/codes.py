"""Language codes: each way of writing a code becomes one code; "und" is the unknown language."""

from __future__ import annotations

import re

UNKNOWN = "und"
"""The code of an undetermined language in ISO 639-2."""

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "cmn": "zh"}
# ISO 639-2 for: undetermined, several, none, and without a code.
_NO_LANGUAGE = frozenset({UNKNOWN, "mul", "zxx", "mis"})


def normalize_code(code: str) -> str:
    """Return the code without its region, the same for each way of writing it.

    Norwegian is one language here (`nb`): its two written forms serve the same readers.

    Raises:
        ValueError: `code` is no language code.

    >>> normalize_code("zh-CN"), normalize_code("NO"), normalize_code("")
    ('zh', 'nb', 'und')
    """
    if not code:
        return UNKNOWN
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise ValueError(code)
    base = match.group(1).lower()
    return _ALIASES.get(base, base)


def parse_code(value: object) -> str | None:
    """Return the language code in a record's field, None where it names no language.

    >>> parse_code("pt_BR"), parse_code("und"), parse_code("Portuguese"), parse_code(None)
    ('pt', None, None, None)
    """
    try:
        code = normalize_code(value) if isinstance(value, str) else UNKNOWN
    except ValueError:
        return None
    return None if code in _NO_LANGUAGE else code
