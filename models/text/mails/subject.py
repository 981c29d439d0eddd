"""Subject cleaning: removes the prefixes and ticket numbers of mail programs and helpdesks."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What mail programs put before a subject, in their users' languages; words that people also write there,
# such as "TL" and "FS", count only where the mail below shows it.
_REPLY = (
    r"re\d{0,2}|aw\d{0,2}|antw|antwort|sv|svar|ang|vast|ats|atb|atbilde|ha|odp|odpověď|odpoveď|odg|odgovor|rif|"
    r"ref|r|res|resp|rép|répondu|răsp|vá|válasz|ynt|yanıt|bls|balas|trả lời|απ|σχετ|ответ|отв|отг|відп|"
    r"відповідь|одг|השב|תגובה|رد|پاسخ|(?:回复|回覆)\d{0,2}|答复|答覆|返信|回|回信|회신|답장|답변|ตอบ|ตอบกลับ"
)
_FORWARD = (
    r"fw|fwd|frw|wg|wtr|weitergeleitet|vl|välitys|vb|vidarebefordrat|videresendt|pārs|pārsūtīts|tr|trs|tranf|transf|"
    r"rv|reenv|enc|encaminhada|i|inoltro|doorst|doorgestuurd|pd|edast|edasi|persiųsti|persiųsta|redir|tov|"
    r"továbbítás|[iı]lt|i̇lt|[iı]let|i̇let|πρθ|προώθ|přeposlat|přeposláno|přep|prepošl|preposlané|пересл|пересылка|пер|"
    r"препр|прослеђено|proslj|chuyển tiếp|הועבר|إعادة توجيه|転送|转发|轉寄|轉發|전달|ส่งต่อ|terusan"
)
# "VS" is a reply in Finnish and Estonian, and a forward in Norwegian.
_EITHER = "vs"
# "Re[2]:", "Re (3):", "Re²:", "Re^2:"
_NUMBER = r"(?:\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,2}|[²³⁴-⁹]))?"
_PREFIX = re.compile(rf"\s*(?:(?:{_REPLY}|{_FORWARD}|{_EITHER}){_NUMBER}\s?[:：])+\s*", re.I)
# A prefix of a language that is not listed, and the labels of the line in which the mail below has it.
_ANY_PREFIX = re.compile(rf"(?P<word>[^\W\d_]{{1,8}})\.?{_NUMBER}\s?[:：]\s{{0,3}}(?=\S)")
_LABELS = re.compile(
    r"[\s*_|>\"]{0,6}[^\W\d_][^:：\n]{0,24}[:：][\s*_]{0,4}(?P<prefix>[^:：\n]{1,20}[:：]\s{0,3})?"
)
_LONGEST_UNLISTED = 4
_MOST_TEXT = 50_000
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


def has_listed_prefix(subject: str) -> bool:
    """Tell whether a subject has a prefix that mail programs are known to write."""
    return _PREFIX.match(subject) is not None


def is_forwarding(subject: str) -> bool:
    """Tell whether the first prefix of a subject is one of a forward, such as "FW:"."""
    return _FORWARD_PREFIX.match(subject) is not None


def is_prefixed(subject: str) -> bool:
    """Tell whether a subject has a prefix such as "Re:", in any language.

    >>> is_prefixed("RE: Lamp"), is_prefixed("Odg.: Lamp"), is_prefixed("Lamp")
    (True, True, False)
    """
    return has_listed_prefix(subject) or _ANY_PREFIX.match(subject) is not None


@dataclass(frozen=True, slots=True)
class Thread:
    """Place of a mail in its thread, as its subject tells.

    `title` is the subject without prefixes. A reply gets a prefix: a mail without one (`is_first`) that has
    another below the text was sent on, or has it pasted. `is_reply` and `is_forward` are false where the
    prefix is of an unknown language and could be either.
    """

    title: str = ""
    is_first: bool = False
    is_reply: bool = False
    is_forward: bool = False

    def begins_with(self, subject: str) -> bool:
        """Tell whether a mail below the text has this mail's subject, and has no prefix."""
        return self.is_first and bool(self.title) and " ".join(subject.split()) == self.title

    def answers(self, subject: str) -> bool:
        """Tell whether this mail is a reply to the mail below the text, by the subjects of both."""
        return self.is_reply and bool(self.title) and strip_prefixes(subject) == self.title


def thread_of(subject: str, text: str) -> Thread:
    r"""Return what a subject says about the thread of the mail with `text`; the outermost prefix counts.

    >>> thread_of("WG: AW: Rechnung", "").is_forward, thread_of("AW: WG: Rechnung", "").is_forward
    (True, False)
    >>> thread_of("VS: Faktura", "Se under.\n\nFra: Ola").is_forward, thread_of("VS: Lasku", "").is_forward
    (True, False)
    >>> thread_of("Xyz: Lamp", "Still off.\n\nQw: Bo\nEr: Xyz: Lamp").is_reply
    True
    """
    title = strip_prefixes(subject)
    subject = " ".join(subject[:500].split())
    while match := _TAG.match(subject):
        subject = subject[match.end() :]
    if _EITHER_PREFIX.match(subject):
        is_forward = _NORWEGIAN_HEADER.search(text) is not None
        return Thread(title, is_forward=is_forward, is_reply=not is_forward)
    if _FORWARD_PREFIX.match(subject):
        return Thread(title, is_forward=True)
    if _PREFIX.match(subject):
        return Thread(title, is_reply=True)
    match = _ANY_PREFIX.match(subject)
    if match and (len(match["word"]) <= _LONGEST_UNLISTED or match["word"].isupper()):
        rest = subject[match.end() :]
        if labels := _labels_before(rest, text):
            return Thread(
                strip_prefixes(rest), is_first=not labels["prefix"], is_reply=bool(labels["prefix"])
            )
    return Thread(title, is_first=True)


def _labels_before(subject: str, text: str) -> re.Match[str] | None:
    """Return what stands before a subject in the first line of a header block that ends in it."""
    lines = text[:_MOST_TEXT].replace("*", "").split("\n") if subject in text else []
    for at, line in enumerate(lines):
        if not line.endswith(subject) or not (labels := _LABELS.fullmatch(line.removesuffix(subject))):
            continue
        beside = lines[max(0, at - 1) : at] + lines[at + 1 : at + 2]
        if any(map(_LABELS.match, beside)):
            return labels
    return None
