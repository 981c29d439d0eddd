"""Signature removal: cuts signatures, legal notes and warnings from a message."""

from __future__ import annotations

import re

from models.text.closing_phrases import is_closing, may_be_closing
from models.text.mail_phrases import is_sent_from
from models.text.scripts import CHINESE_AND_JAPANESE
from models.text.unicode import has_words

_CONFIDENTIAL = re.compile(
    "confiden|vertraulich|luottamuksel|konfiden|fortrolig|taushet|vertrouwelijk|riservat|poufn|"
    "konfidentsiaal|конфиденц|privileged|机密|保密|attachments|anhäng|liittei|pielikum|vedlegg|"
    "pièces jointes|archivos adjuntos|附件"
)
_LEGAL = re.compile(
    "intended (?:solely|only|for)|intended recipient|received (?:this|it) (?:e-?mail |message )?in error|"
    "unauthori[sz]ed|strictly prohibited|nicht der (?:richtige|beabsichtigte|vorgesehene)|"
    "irrtümlich (?:erhalten|zugesandt)|ausschließlich für (?:den|die)|unbefugt|"
    "tarkoitettu (?:vain|ainoastaan|yksinomaan)|oikea vastaanottaja|erehdyksessä|"
    "paredzēt[sai] (?:tikai|vienīgi)|kļūdas dēļ|nejauši saņ|kun (?:ment|beregnet) for|ved en feil|"
    "feilaktig mottatt|destinés? (?:exclusivement|uniquement)|par erreur|dirigido exclusivamente|"
    "por error|no es el destinatario|如果您不是|误收|错误地收到|endast avsedd|av misstag|udelukkende|"
    "ved en fejl|uitsluitend bestemd|per errore|omyłkowo|pomyłkowo|ekslikult|klaidingai|por engano|"
    "ошибочно"
)
_TREES = re.compile(
    "before printing|bevor sie diese e-?mail (?:aus)?drucken|ennen kuin tulostat|"
    "pirms (?:izdrukāt|drukā)|før du skriver ut|avant d['’]imprimer|antes de imprimir|"
    "打印(?:此|本)邮件前|innan du skriver ut"
)
_OUTSIDE = re.compile(
    r"\W{0,4}(?:(?:caution|warning|achtung|vorsicht|huom|varoitus|uzmanību|advarsel|attention|atención|"
    r"varning|external)\b.{0,40}(?:from outside|external (?:sender|e-?mail)|"
    r"externe[rn]? (?:absender|e-?mail)|von (?:außerhalb|extern)|organisaation ulkopuolelta|"
    r"no ārpuses|utenfor organisasjonen|"
    r"(?:expéditeur|message) externe|remitente externo|extern avsändare)|"
    r"(?:this |the )?(?:e-?mail|message) (?:originated|came|was sent) from (?:outside|an external))",
    re.I,
)


def without_disclaimers(paragraphs: list[str]) -> list[str]:
    """Drop legal paragraphs at the end and a warning about outside senders at the start."""
    while len(paragraphs) > 1 and _is_disclaimer(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    if len(paragraphs) > 1 and len(paragraphs[0]) <= 500 and _OUTSIDE.match(paragraphs[0]):
        paragraphs = paragraphs[1:]
    return paragraphs


def _is_disclaimer(paragraph: str) -> bool:
    paragraph = paragraph[:3000].lower()
    if len(paragraph) < 300 and _TREES.search(paragraph):
        return True
    return len(paragraph) >= 60 and bool(_CONFIDENTIAL.search(paragraph) and _LEGAL.search(paragraph))


_DELIMITER = re.compile(r"(?:--|—|__)$")
_POSTSCRIPT = re.compile(r"(?:p\.? ?s\b|ps[:.]|n\.?b\b|edit\b|update\b|lisäys\b|附[:：]|又[:：])", re.I)
_SENTENCE_END = re.compile(r"(?:\w{3}|[\"'”»)])[.!?。！？][\"'”»)]?$")
_CONTACT = re.compile(
    r"@|www\.|https?:|\+\d|\d{4,}[\s/-]?\d{2,}|(?:tel|mob|fax|gsm|phone|puh|tlf|电话|手机)\b", re.I
)
_HALF_WORD = re.compile(f"[{CHINESE_AND_JAPANESE}]")
_SIGNATURE_LINES = 15
_SIGNATURE_CHARS = 900


def without_signature(text: str, *, keep_words: bool = True) -> str:
    r"""Return `text` up to its signature; postscripts and other content below the signature stay.

    With `keep_words` nothing is cut that would leave no words.

    >>> without_signature("The lock jams.\n\nBest regards,\nAnn Other\n+44 1632 960 000\nPS: since Monday")
    'The lock jams.\n\nPS: since Monday'
    """
    paragraphs = without_disclaimers(re.split(r"\n(?:[ \t]*\n)+", text.strip()))
    lines = [line for line in "\n\n".join(paragraphs).split("\n") if not is_sent_from(line)]
    kept = "\n".join(_without_signature_block(lines, first=1 if keep_words else 0)).strip()
    return kept if has_words(kept) or not keep_words else text.strip()


def _without_signature_block(lines: list[str], *, first: int) -> list[str]:
    """Leave out each closing or delimiter near the end, down to where content starts again."""
    numbered = [number for number, line in enumerate(lines) if line.strip()][first:]
    kept, done = [], 0
    for start in numbered[-_SIGNATURE_LINES:]:
        if start < done:
            continue
        end = _end_of_signature(lines, start)
        if end > start and sum(map(len, lines[start:end])) <= _SIGNATURE_CHARS:
            kept += lines[done:start]
            kept += [""] if kept and kept[-1] else []
            done = end
    return kept + lines[done:]


def _end_of_signature(lines: list[str], start: int) -> int:
    """Return the line at which content starts again below the closing at `start`; `start` if it is none."""
    closing = lines[start].strip()
    if _DELIMITER.match(closing):
        most_words = None
    elif is_closing(closing) or (may_be_closing(closing) and closing.endswith((",", "，"))):
        most_words = 13
    elif may_be_closing(closing):
        most_words = 4
    else:
        return start
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if _POSTSCRIPT.match(line) or (most_words is not None and _is_content(line, most_words)):
            return at
    return len(lines)


def _is_content(line: str, most_words: int) -> bool:
    """Tell a sentence from a name, a title, an address or a number."""
    if not line or is_closing(line) or may_be_closing(line):
        return False
    if _CONTACT.search(line) and not line.endswith(("?", "？")):
        return False
    words = len(line.split()) + len(_HALF_WORD.findall(line[:200])) // 2
    ended = _SENTENCE_END.search(line) is not None
    return words > most_words or (ended and words > min(4, most_words)) or line.endswith(("?", "？"))
