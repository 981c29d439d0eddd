"""Legal notes below a mail and warnings about outside senders above it."""

from __future__ import annotations

import re

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
