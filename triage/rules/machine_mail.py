"""Machine mail: what shows that a program sent a ticket, such as an absence note, a bounce or a newsletter.

The headers are those of RFC 3834 and of the mail servers, responders and helpdesks that Discourse, FreeScout,
iTop, osTicket, Request Tracker, Zammad and Znuny look for or write. Some of what they look for is on people's
mails too, and is no sign alone: `X-Auto-Response-Suppress`, which Exchange puts there, and what a mailing
list adds to the posts of its members (`List-Id`, `Precedence: list`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from triage.rules.machine_senders import is_machine_sender, is_mail_system, wants_no_reply
from triage.ticket import Ticket, sender_address

_PRECEDENCES = frozenset({"bulk", "junk", "auto_reply", "auto-reply", "autoreply"})
_NOTHING = frozenset({"", "no", "none", "false", "0"})
_COMMENT = re.compile(r"\([^()]{0,200}\)")
# By their form, as programs agree on words and not on names.
_NAMES_OF_PROGRAMS = re.compile(
    r"x-(?:\w+-)?auto-?(?:reply|respond(?:er)?|response|answer|generated|submitted|notification)(?:-from|-type)?"
    r"|x-(?:\w+-)?machine-?generated|x-(?:vacation|holiday)(?:-?reply)?|x-\w+-loop(?:-prevention)?"
    r"|x-ms-exchange-generated-message-source|x-failed-recipients"
    r"|x-(?:github|gitlab|jira|bitbucket|bugzilla|redmine|phabricator|sentry|pagerduty)-[\w-]{2,40}"
    r"|x-(?:[\w-]{0,20}-)?campaign(?:-?id)?|x-mc-user|x-csa-complaints"
)
# There even without a value.
_PRESENT = frozenset({"x-ms-exchange-message-is-ndr", "x-ms-journal-report", "x-cron-env"})
_OF_LISTS = frozenset({"list-id", "list-help", "list-archive", "list-owner", "mailing-list"})
_REPORT = re.compile(
    r"(?:multipart/report|message/(?:delivery-status|disposition-notification|feedback-report|tracking-status))"
    r"(?![\w.-])|.{0,500}report-type\s?=\s?\"?(?:delivery-status|disposition-notification|feedback-report)"
)


def machine_sign(ticket: Ticket) -> str | None:
    """Return what shows that a machine sent the ticket, in words, or None.

    >>> machine_sign(Ticket("1", "", "x", headers={"Auto-Submitted": "auto-replied"}))
    'the header Auto-Submitted: auto-replied'
    """
    if ticket.is_machine is not None:
        return "the helpdesk says so" if ticket.is_machine else None
    headers = {name.strip().lower(): value.strip().lower() for name, value in ticket.headers.items()}
    for name, value in ticket.headers.items():
        if _tells(name.strip().lower(), value.strip().lower()):
            return f"the header {name.strip()}: {value.strip()[:60]}"
    if "x-ms-exchange-inbox-rules-loop" in headers and headers.get("x-auto-response-suppress") == "all":
        return "the header X-MS-Exchange-Inbox-Rules-Loop"  # Outlook's absence notes have both
    returned_to, sender = sender_address(headers.get("return-path")), sender_address(headers.get("from"))
    if sender and returned_to != sender and returned_to.startswith(("bounce@", "bounces@")):
        return f"the header Return-Path: <{returned_to[:60]}>"
    if _is_newsletter(headers):
        return f"the header List-Unsubscribe: {headers['list-unsubscribe'][:60]}"
    address = sender_address(ticket.requester)
    return f"the sender {address.partition('@')[0][:60]}@…" if is_machine_sender(address) else None


def _tells(name: str, value: str) -> bool:
    """Tell whether a header with its value, both in small letters, stands in machines' mails only."""
    if name in _PRESENT:
        return value not in _NOTHING or not value
    tells = _MACHINE_HEADERS.get(name)
    if tells is not None:
        return tells(value)
    return value not in _NOTHING and _NAMES_OF_PROGRAMS.fullmatch(name) is not None


def _is_newsletter(headers: Mapping[str, str]) -> bool:
    """Tell whether readers can unsubscribe from what nobody can post to, other than to a mailing list."""
    if headers.get("list-unsubscribe", "") in _NOTHING or headers.get("list-post", "no") != "no":
        return False
    is_bulk = "feedback-id" in headers or "list-unsubscribe-post" in headers or "list-post" in headers
    return is_bulk or not _OF_LISTS & headers.keys()


def _first_word(value: str) -> str:
    """Return a value without comments and parameters."""
    return re.split(r"[;,\s]", _COMMENT.sub(" ", value).strip(), maxsplit=1)[0]


def _is_return_path_of_machine(value: str) -> bool:
    """Tell whether a return path is empty, or one that nobody but a program reads."""
    return re.fullmatch(r"<\s*>", value) is not None or is_mail_system(value)


# What each header says in a machine's mail; its value comes in small letters.
_MACHINE_HEADERS: Mapping[str, Callable[[str], bool]] = {
    "auto-submitted": lambda value: _first_word(value) not in {"", "no"},  # RFC 3834
    **dict.fromkeys(
        ("precedence", "x-precedence", "preference"), lambda value: _first_word(value) in _PRECEDENCES
    ),
    "x-loop": lambda value: value in {"yes", "true"},
    "x-post-messageclass": lambda value: "autoresponder" in value,
    "x-freescout-mail-type": lambda value: value == "auto.reply",
    "x-mailer": lambda value: "mailchimp" in value,
    "delivered-to": lambda value: value.startswith("autoresponder"),
    "from": is_machine_sender,
    "sender": is_mail_system,  # a form's is the web server, of which the words are not
    "reply-to": wants_no_reply,
    "return-path": _is_return_path_of_machine,
    "content-type": lambda value: _REPORT.match(value) is not None,
}
