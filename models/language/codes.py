"""Language codes as helpdesks write them, as one code each."""

from __future__ import annotations

import re

UNKNOWN_LANGUAGE = "und"

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "cmn": "zh"}
# ISO 639-2 for: undetermined, several, none, and without a code.
_NO_LANGUAGE = frozenset({UNKNOWN_LANGUAGE, "mul", "zxx", "mis"})


def normal_language(code: str) -> str:
    """Return the language without its region, the same for each way of writing it.

    Norwegian is one language here (`nb`): its two written forms serve the same readers.

    Raises:
        ValueError: `code` is no language code.

    >>> normal_language("zh-CN"), normal_language("NO"), normal_language("")
    ('zh', 'nb', 'und')
    """
    if not code:
        return UNKNOWN_LANGUAGE
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise ValueError(code)
    base = match.group(1).lower()
    return _ALIASES.get(base, base)


def given_language(value: object) -> str | None:
    """Return the language that a record names, None where it names none and the text has to tell.

    >>> given_language("pt_BR"), given_language("und"), given_language("Portuguese"), given_language(None)
    ('pt', None, None, None)
    """
    try:
        code = normal_language(value) if isinstance(value, str) else UNKNOWN_LANGUAGE
    except ValueError:
        return None
    return None if code in _NO_LANGUAGE else code
