"""Subject cleaning: removes the prefixes and ticket numbers of mail programs and helpdesks."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPLY = (
    "re|aw|antw|antwort|sv|ang|vast|ats|atb|atbilde|ha|odp|rif|ref|r|res|rép|回复|答复|回覆|返信|ответ|回"
)
_FORWARD = (
    "fw|fwd|wg|wtr|weitergeleitet|vl|välitys|vb|pārs|pārsūtīts|tr|rv|enc|i|doorst|pd|edast|"
    "转发|轉寄|転送|пересл"
)
# "VS" is a reply in Finnish and Estonian, and a forward in Norwegian.
_EITHER = "vs"
_PREFIX = re.compile(
    rf"\s*(?:(?:{_REPLY}|{_FORWARD}|{_EITHER})\s?(?:\[\d{{1,3}}\]|\(\d{{1,3}}\))?\s?[:：])+\s*", re.I
)
_FORWARD_PREFIX = re.compile(rf"\s*(?:{_FORWARD})\s?[:：]", re.I)
_EITHER_PREFIX = re.compile(rf"\s*(?:{_EITHER})\s?[:：]", re.I)
_NORWEGIAN_HEADER = re.compile(r"^[\s*>]{0,4}Fra\b[\s*]{0,3}:", re.M)
_TAG = re.compile(
    r"\s*\[(?:[^\[\]]{0,30}#\s?[\w-]{1,30}[^\[\]]{0,10}|[A-Z][A-Z0-9]{1,9}-\d{1,10}|(?:ticket|case|request|vorgang|anfrage|"
    r"sak|ärende|tiketti|pieteikums|demande|solicitud|工单)[^\[\]]{0,30}|ext(?:ern(?:al|e)?)?)\]\s*[:：-]?\s*",
    re.I,
)
_MAX_PREFIXES = 30


def strip_prefixes(subject: str) -> str:
    """Return a subject in one line, without reply and forward prefixes and ticket numbers in brackets.

    >>> strip_prefixes("Re: [Ticket#2024] WG: Drucker raucht [ABC-7]")
    'Drucker raucht'
    >>> strip_prefixes("Re: "), strip_prefixes("[Urgent] E21")
    ('', '[Urgent] E21')
    """
    subject = " ".join(subject.split())
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(subject) or _TAG.match(subject)
        if not match:
            break
        subject = subject[match.end() :]
    return _TAG.sub(" ", subject[:500]).strip() + subject[500:]


@dataclass(frozen=True, slots=True)
class Thread:
    """Place of a mail in its thread, as its subject tells.

    `first_subject` is the subject where it has no prefix. A reply gets one: a mail without it that has a mail
    of the same subject below the text was sent on, or pasted. `answered_subject` is the subject of a reply,
    without its prefixes.
    """

    is_forward: bool = False
    first_subject: str = ""
    answered_subject: str = ""

    def begins_with(self, subject: str) -> bool:
        """Tell whether a mail below the text has this mail's subject, neither of them with a prefix."""
        return bool(self.first_subject) and " ".join(subject.split()) == self.first_subject

    def answers(self, subject: str) -> bool:
        """Tell whether this mail is a reply to the mail below the text, by the subjects of both."""
        return bool(self.answered_subject) and strip_prefixes(subject) == self.answered_subject


def thread_of(subject: str, text: str) -> Thread:
    r"""Return what a subject says about the thread of the mail with `text`; the outermost prefix counts.

    >>> thread_of("WG: AW: Rechnung", "").is_forward, thread_of("AW: WG: Rechnung", "").is_forward
    (True, False)
    >>> thread_of("VS: Faktura", "Se under.\n\nFra: Ola").is_forward, thread_of("VS: Lasku", "").is_forward
    (True, False)
    """
    subject = " ".join(subject[:500].split())
    while match := _TAG.match(subject):
        subject = subject[match.end() :]
    if _EITHER_PREFIX.match(subject):
        return Thread(is_forward=_NORWEGIAN_HEADER.search(text) is not None)
    if _FORWARD_PREFIX.match(subject):
        return Thread(is_forward=True)
    if _PREFIX.match(subject):
        return Thread(answered_subject=strip_prefixes(subject))
    return Thread(first_subject=subject)
