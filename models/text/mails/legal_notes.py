"""Legal notes: the paragraphs that say for whom a mail is, and what to do with one that went astray."""

from __future__ import annotations

import re

from models.text.mails.phrases import any_of

_CONFIDENTIAL = re.compile(
    "confiden|vertraulich|luottamuksel|konfiden|fortrolig|taushet|vertrouwelijk|riservat|poufn|"
    "konfidentsiaal|конфиденц|конфіденц|повер|důvěrn|dôvern|bizalmas|povjerljiv|zaupn|εμπιστευτικ|gizli|"
    "privileged|机密|機密|保密|기밀|attachments|anhäng|liittei|pielikum|vedlegg|vedhæft|bilag|bijlage|"
    "allegat|załącznik|pièces jointes|archivos adjuntos|anexos|附件|添付"
)
_LEGAL = re.compile(
    "intended (?:solely|only|for|recipient)|received (?:this|it) (?:e-?mail |message )?in error|"
    "unauthori[sz]ed|strictly prohibited|nicht der (?:richtige|beabsichtigte|vorgesehene)|"
    "irrtümlich (?:erhalten|zugesandt)|ausschließlich für (?:den|die)|unbefugt|"
    "tarkoitettu (?:vain|ainoastaan|yksinomaan)|oikea vastaanottaja|erehdyksessä|"
    "paredzēt[sai] (?:tikai|vienīgi)|kļūdas dēļ|nejauši saņ|kun (?:ment|beregnet) for|ved en feil|"
    "feilaktig mottatt|destinés? (?:exclusivement|uniquement)|par erreur|dirigido exclusivamente|"
    "por error|no es el destinatario|如果您不是|误收|错误地收到|endast avsedd|av misstag|udelukkende|"
    "ved en fejl|uitsluitend bestemd|per errore|uso esclusivo|omyłkowo|pomyłkowo|wyłącznie dla|ekslikult|"
    "klaidingai|por engano|ошибочно|помилково|omylem|určen. (?:pouze|výhradně)|tévedésből|kizárólag a|"
    "din eroare|exclusiv destinatarului|greškom|isključivo|pomotoma|κατά λάθος|yanlışlıkla|nhầm|誤って|잘못"
)
# The parts of a legal note in any language, the rarest first: secrecy, a mistake, the addressee, what to do
# then, the mail.
_PARTS = tuple(
    re.compile(any_of(words))
    for words in (
        """
        sulit / доверлив / confid / vertraul /
        luottamuk / konfid / fortrol / taushet / vertrouwel / riservat /
        poufn / privileg / повер / конф / důvěrn / dôvern / bizalm / povjerl / поверљ / zaupn /
        εμπιστ / gizli / rahasia / bảo mật / سري / חסוי / סודי / محرمانه / 机密 / 機密 / 保密 / 기밀 /
        비밀 / ความลับ / slapt
        """,
        """
        silap / error / mistak / irrtüm / fehler / versehen / erehdy / kļūd / nejauši / feil / fejl /
        misstag / erreur / errore / vergiss / onterecht / omyłk / pomyłk / omyl / chyb / téved /
        grešk / pomot / грешк / ошиб / помилк / klaid / ekslik / λάθος / yanlış / hata / nhầm /
        keliru / salah / engano / eroare / خطأ / טעות / اشتباه / 错收 / 误收 / 錯收 / 誤って / 잘못 / ผิด
        """,
        """
        примач / recipi / addressee / intended / empfänger / adressat / adressee / vastaanott / destin /
        adresāt / saņēmēj / mottaker / modtag / mottag / bestemd / ontvanger / odbiorc /
        adresat / příjem / adresát / prijímat / címzett / primatel / primaoc / naslovn /
        адресат / получат / одержувач / отримувач / gavėj / adresuot / saaja / παραλήπτ / alıcı /
        người nhận / penerima / المرسل إليه / مستلم / נמען / گیرنده / 收件人 / 列出的个人 / 受信者 / 宛先 /
        수신 / ผู้รับ
        """,
        """
        padam / delet / destroy / lösch / vernicht / poista / tuho / izdz / dzēs / slett / slet /
        radera / ta bort / supprim / détrui / borr / elimin / cancell / apag / verwijder /
        vernietig / usun / zniszcz / smaž / vymaž / törö / semmis / izbriš / избриш / обриш /
        изтри / удал / уничтож / видал / знищ / ištrin / sunaikin / kustut / διαγρ / καταστρ /
        prohibit / untersagt / verboten / interdit / prohibid / vietat / proibid / verboden / zabron /
        förbjud / forbud / kiellet / keelat / aizliegt / draudž / запрещ / zakáz / 禁止 / 금지 /
        sil(?:in|me) / xóa / hapus / șterg / distrug / حذف / מחק / 删除 / 刪除 / 削除 / 삭제 / ลบ
        """,
        """
        e-?mel / порак /
        mail / message / nachricht / viesti / ziņojum / vēstul / melding / meddel / courriel /
        mensaje / mensagem / messaggio / bericht / wiadomoś / kiri / laišk / письм / сообщени /
        повідомл / лист / съобщ / имейл / zpráv / správ / levél / üzenet / mesaj / poruk /
        порук / sporočil / μήνυμα / e-?posta / ileti / thư / surel / pesan / رسالة / بريد /
        הודעה / דוא / 邮件 / 郵件 / メール / 메일 / อีเมล / پیام
        """,
    )
)  # fmt: skip
_MOST_MISSING_PARTS = 1
_ASKED = re.compile(r"[?？؟](?:\s|$)")
_SHORTEST_FORMULA = 30
# The sender as the subject, which a legal note never has: own words about a mail that went astray.
_FIRST_PERSON = re.compile(
    r"(?<!\w)(?:(?-i:I)|i['’](?:ve|m|d)|ich|mein(?:e[mnrs]?)?|j['’]ai|je (?:suis|vous|ne|me|n['’]\w+)|yo|"
    r"recibí|ho (?:ricevut|avut|pres)\w+|mio|mia|ik|mijn|jag|jeg|eu|meu|minha|recebi|minä|minun|sain|я|мой|"
    r"мне|получила?|отримав|отримала|dosta[lł][ae]m|otrzyma[lł][ae]m|dostala? jsem|obdržela? jsem|kaptam|"
    r"saņēmu|gavau|am primit|dobi(?:o|la) sam|aldım|έλαβα)(?!\w)|私|저는|제가|我(?!们|們)",
    re.I,
)
_DISCLAIMER_TITLE = re.compile(
    r"\W{0,4}(?:legal )?(?:disclaimer|confidentiality(?: notice)?|haftungsausschluss|rechtlicher hinweis|"
    r"vastuuvapauslauseke|vertraulichkeitshinweis|avis de confidentialité|aviso legal|avvertenza|"
    r"juridische kennisgeving|免责声明|免責事項)\W{0,4}$",
    re.I,
)
_SHORTEST_LEGAL = 60


def is_legal_note(paragraph: str) -> bool:
    """Tell whether a paragraph says whom a mail is for and what to do with one that went astray."""
    if _DISCLAIMER_TITLE.match(paragraph):
        return True
    text = paragraph[:3000]
    lowered = text.lower()
    confidential = len(lowered) >= _SHORTEST_LEGAL and _CONFIDENTIAL.search(lowered) is not None
    if not (confidential and _LEGAL.search(lowered)) and not _has_parts_of_legal_note(lowered):
        return False
    return _ASKED.search(text) is None and not speaks_for_self(text)


def speaks_for_self(text: str) -> bool:
    """Tell whether a text speaks in the first person, in the languages in which a word shows it."""
    return _FIRST_PERSON.search(text) is not None


def _has_parts_of_legal_note(lowered: str) -> bool:
    if len(lowered) < _SHORTEST_FORMULA:
        return False
    missing = 0
    for part in _PARTS:
        missing += part.search(lowered) is None
        if missing > _MOST_MISSING_PARTS:
            return False
    return True
