"""Jira Service Management: the CSV of an issue search, where columns repeat, and JSON of its interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from training.exports.layout import ExportFormat, InterpretedRecord, differ
from training.exports.vendors.translations import JIRA

_BLOCKS = frozenset({"paragraph", "heading", "listItem", "blockquote", "codeBlock", "tableRow"})
_DEEPEST = 50


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = dict(given)
    fields = values.get("fields")
    reporter, creator = values.get("Reporter"), values.get("Creator")
    if isinstance(fields, Mapping):
        fields = dict(fields)
        if isinstance(fields.get("description"), Mapping):
            fields["description"] = document_text(fields["description"])
        values["fields"] = fields
        reporter, creator = _person(fields.get("reporter")), _person(fields.get("creator"))
    return InterpretedRecord(values, by_agent=differ(reporter, creator))


def _person(value: Any) -> Any:
    return (value.get("accountId") or value.get("name")) if isinstance(value, Mapping) else value


def document_text(document: Mapping[str, Any]) -> str:
    """Return the text of a document in Atlassian's format, a line for each block.

    >>> document_text({"content": [{"type": "paragraph", "content": [{"type": "text", "text": "No VPN"}]}]})
    'No VPN'
    """
    return "".join(_pieces(document, _DEEPEST)).strip()


def _pieces(node: Mapping[str, Any], deepest: int) -> Iterator[str]:
    if isinstance(node.get("text"), str):
        yield node["text"]
    kind = node.get("type")
    if kind == "hardBreak":
        yield "\n"
    attributes = node.get("attrs")
    if kind in ("mention", "emoji", "inlineCard") and isinstance(attributes, Mapping):
        yield str(attributes.get("text") or attributes.get("url") or "")
    for child in (node.get("content") or ()) if deepest else ():
        if isinstance(child, Mapping):
            yield from _pieces(child, deepest - 1)
    if kind in _BLOCKS:
        yield "\n"


FORMAT = ExportFormat(
    name="jira",
    title="Jira",
    signs=(
        frozenset({"Issue key", "Summary"}),
        frozenset({"key", "fields.summary"}),
    ),
    keys={
        "id": ("Issue key", "key", "Issue id", "id"),
        "subject": ("Summary", "fields.summary"),
        "body": ("Description", "fields.description"),
        "created_at": ("Created", "fields.created"),
        "closed_at": ("Resolved", "fields.resolutiondate"),
        "language": ("Custom field (Request language)",),
        "channel": ("Custom field (Request channel type)", "Custom field (Channel)"),
        "requester": ("Reporter", "fields.reporter.emailAddress", "fields.reporter.displayName"),
        "thread": ("Parent key", "fields.parent.key"),
    },
    labels={
        "type": ("Custom field (Request Type)", "Issue Type", "fields.issuetype.name"),
        "priority": ("Priority", "fields.priority.name"),
        "component": ("Component/s", "Components", "fields.components.name"),
        "team": ("Custom field (Team)", "Custom field (Assignment group)", "Team Name"),
        "tags": ("Labels", "fields.labels"),
    },
    interpret=_interpret,
    agents_open=True,
    translations=JIRA,
)
