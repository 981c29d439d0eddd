"""The known formats of exports, and which one a file is in."""

from __future__ import annotations

from collections.abc import Sequence

from training.exports.layout import ExportFormat
from training.exports.vendors import (
    django_helpdesk,
    freshdesk,
    glpi,
    jira,
    request_tracker,
    servicenow,
    zendesk,
    zoho,
)

FORMATS: dict[str, ExportFormat] = {
    module.FORMAT.name: module.FORMAT
    for module in (zendesk, freshdesk, jira, servicenow, glpi, zoho, django_helpdesk, request_tracker)
}


# A word or two of another language may stand in any table.
_FEWEST_TRANSLATED = 4


def recognise(names: Sequence[str], *, table: bool) -> ExportFormat | None:
    """Return the format whose marks a file has; of several, the one with most marks.

    The names of a table's columns are compared without regard to capitals, as people change them.
    """
    known = {name.casefold() for name in names} if table else set(names)
    best: ExportFormat | None = None
    most = 0
    for found in FORMATS.values():
        translated = {n: found.translations[n] for n in known if n in found.translations} if table else {}
        if len(translated) < _FEWEST_TRANSLATED:
            translated = {}
        all_known = known | {english.casefold() for english in translated.values()}
        for signs in found.signs:
            wanted = {sign.casefold() for sign in signs} if table else signs
            if wanted <= all_known and len(signs) > most:
                best, most = found, len(signs)
    return best


def signs_of(wanted: ExportFormat) -> str:
    """Return, for a message, the columns or keys by which a format is known."""
    return " or ".join(" + ".join(sorted(signs)) for signs in wanted.signs[:3])
