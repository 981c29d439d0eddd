"""Footers and banners: what mail servers, list servers and meeting programs put around a message.

They go by their form where they have one: an address that one program alone uses, a rule above a meeting
number, a list's address. Legal notes and warnings go by their words, and only at the end or at the start.
"""

from __future__ import annotations

import re

from models.text.mails.banners import without_banner
from models.text.mails.phrases import any_of, is_other_marker
from models.text.unicode import has_words

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
# The parts of a legal note in any language: the mail, secrecy, the addressee, a mistake, and what to do then.
_PARTS = tuple(
    re.compile(any_of(words), re.I)
    for words in (
        """
        mail / message / nachricht / viesti / ziņojum / vēstul / melding / meddel / courriel /
        mensaje / mensagem / messaggio / bericht / wiadomoś / kiri / laišk / письм / сообщени /
        повідомл / лист / съобщ / имейл / zpráv / správ / levél / üzenet / mesaj / poruk /
        порук / sporočil / μήνυμα / e-?posta / ileti / thư / surel / pesan / رسالة / بريد /
        הודעה / דוא / 邮件 / 郵件 / メール / 메일 / อีเมล / پیام
        """,
        """
        confid / vertraul / luottamuk / konfid / fortrol / taushet / vertrouwel / riservat /
        poufn / privileg / повер / конф / důvěrn / dôvern / bizalm / povjerl / поверљ / zaupn /
        εμπιστ / gizli / rahasia / bảo mật / سري / חסוי / סודי / محرمانه / 机密 / 機密 / 保密 / 기밀 /
        비밀 / ความลับ / slapt
        """,
        """
        recipi / addressee / intended / empfänger / adressat / adressee / vastaanott / destin /
        adresāt / saņēmēj / mottaker / modtag / mottag / bestemd / ontvanger / odbiorc /
        adresat / příjem / adresát / prijímat / címzett / primatel / primaoc / naslovn /
        адресат / получат / одержувач / отримувач / gavėj / adresuot / saaja / παραλήπτ / alıcı /
        người nhận / penerima / المرسل إليه / مستلم / נמען / گیرنده / 收件人 / 列出的个人 / 受信者 / 宛先 /
        수신 / ผู้รับ
        """,
        """
        error / mistak / irrtüm / fehler / versehen / erehdy / kļūd / nejauši / feil / fejl /
        misstag / erreur / errore / vergiss / onterecht / omyłk / pomyłk / omyl / chyb / téved /
        grešk / pomot / грешк / ошиб / помилк / klaid / ekslik / λάθος / yanlış / hata / nhầm /
        keliru / salah / engano / eroare / خطأ / טעות / اشتباه / 错收 / 误收 / 錯收 / 誤って / 잘못 / ผิด
        """,
        """
        delet / destroy / lösch / vernicht / poista / tuho / izdz / dzēs / slett / slet /
        radera / ta bort / supprim / détrui / borr / elimin / cancell / apag / verwijder /
        vernietig / usun / zniszcz / smaž / vymaž / törö / semmis / izbriš / избриш / обриш /
        изтри / удал / уничтож / видал / знищ / ištrin / sunaikin / kustut / διαγρ / καταστρ /
        sil(?:in|me) / xóa / hapus / șterg / distrug / حذف / מחק / 删除 / 刪除 / 削除 / 삭제 / ลบ
        """,
    )
)  # fmt: skip
_FEWEST_PARTS = 4
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
_PRINT = re.compile(
    any_of(
    """
    print / druck / imprim / stampa / druk / vytisk / vytišt / vytla[čc] / nyomtat / tulost /
    drukā / spausdin / trük / skriv(?:er)? ut / udskriv / utskrift / yazdır / εκτυπ / печат /
    друку / tipăr / ispis / natis / 打印 / 列印 / 印刷 / 인쇄 / طباعة / הדפס / in email / cetak
    """
), re.I,
)  # fmt: skip
_ENVIRONMENT = re.compile(
    any_of(
    r"""
    environment / umwelt / environnement / ambiente / milieu / środowisk / prost[řr]ed /
    životní prostř / környezet / ympärist / apkārtējo / vidi / aplink / keskkon / miljø /
    miljö / medio / çevre / περιβάλλον / окруж / околн / довкіл / mediul / okoliš / okolj / 环境 /
    環境 / 환경 / البيئة / הסביבה / môi trường / lingkungan / trees?(?!\w) / bäume
    """
), re.I,
)  # fmt: skip
_PRIVACY_LINK = re.compile(r"https?://\S*(?:privacy|datenschutz|gdpr|dsgvo|rgpd|tietosuoja|privat)\S*$", re.I)
_MOST_WORDS_OF_A_LINK = 14
_TREES = re.compile(
    "before printing|bevor sie diese e-?mail (?:aus)?drucken|ennen kuin tulostat|"
    "pirms (?:izdrukāt|drukā)|før du (?:skriver ut|udskriver)|avant d['’]imprimer|antes de imprimir|"
    "prima di stampare|打印(?:此|本)邮件前|innan du skriver ut|przed wydrukowaniem|voordat u deze e-?mail"
)
_VIRUS = re.compile(
    r"virus|virenfrei|\bviren\b|viirus|vīrus|вирус|вірус|vír(?:us|y)|virüs|virov|viry\b|wirus|\bιο[ύί]|malware|"
    r"sophos|mailscanner|messagelabs|barracuda|proofpoint|trend micro|ウイルス|病毒|바이러스"
)
_SCANNED = re.compile(
    r"s[ck]ann?|スキャン|checked|geprüft|überprüft|tarkist|pārbaud|kontrol|analys|vérifi|analiz|"
    r"controll|gecontroleerd|sprawdz|skontrol|skenn|patikrint|verific|провер|перевір|zkontrol|ellenőriz|"
    r"provjer|taran(?:mış|dı)|检查|扫描|掃描|検査|チェック|검사|free|frei\b|\w+(?:\.com|\.org|\.net)\b"
)
_DISCLAIMER_TITLE = re.compile(
    r"\W{0,4}(?:legal )?(?:disclaimer|confidentiality(?: notice)?|haftungsausschluss|rechtlicher hinweis|"
    r"vastuuvapauslauseke|vertraulichkeitshinweis|avis de confidentialité|aviso legal|avvertenza|"
    r"juridische kennisgeving|免责声明|免責事項)\W{0,4}$",
    re.I,
)
# Addresses that only one program writes into its banner or footer.
_FOOTER_ADDRESS = re.compile(
    r"avast\.com|avg\.com|eset\.|kaspersky|bitdefender|mcafee|avira\.|sig-email|<#[0-9A-F]{8}-[0-9A-F-]{27}>|groups\.google\.com/d/(?:optout|msgid)|"
    r"\+unsubscribe@",
    re.I,
)
_ADDRESS_OR_LINK = re.compile(r"@|://|www\.|<#")
_MOST_WORDS_BESIDE_ADDRESS = 6
_LIST_WORD = re.compile(
    r"/listinfo|@lists?\.|mailing[ -]?list|mailingli|listserv|unsubscribe|postituslista|liste de diffusion|"
    r"lista de correo|sähköpostilist|рассылк|メーリングリスト|邮件列表",
    re.I,
)
_SUBSCRIBED = re.compile(
    r"this (?:e-?mail|message|notification) was (?:intended|sent) (?:for|to)|"
    r"you (?:are receiving|received|are getting) this (?:e-?mail|message|notification) because|"
    r"(?:sie erhalten|du erhältst) diese (?:e-?mail|nachricht),? weil|saat tämän (?:viestin|sähköpostin),?|"
    r"vous recevez ce (?:message|mail|courriel) (?:car|parce)|recibe este (?:mensaje|correo)|"
    r"du (?:får|mottar|modtager) (?:denne|detta|dette|det här) (?:e-?post\w*|mail\w*|mejl\w*|meddelande\w*)|"
    r"ricevi questa e-?mail perché|u ontvangt dit bericht|otrzymujesz tę wiadomość"
    r"|вы получили это (?:письмо|сообщение)",
    re.I,
)
_MEETING_NUMBER = re.compile(r"[:：]\s{0,2}\d{3,4}[ -]?\d{3,4}[ -]?\d{3,4}(?:[ -]?\d{2,4})?\W{0,2}$")
_MEETING_ADDRESS = re.compile(
    r"teams\.(?:microsoft|live)\.com/|zoom\.us/|meet\.google\.com/|webex\.com/|aka\.ms/JoinTeamsMeeting|"
    r"microsoft teams|google meet",
    re.I,
)
# A scan note speaks of the mail; a person with a virus speaks of other things.
_SPEAKS_OF_MAIL = re.compile(
    r"e-?mail|message|nachricht|viesti|sähköpost|e-pasts?|ziņojum|e-?post|mejl|melding|meddelelse|meddelande|"
    r"courriel|correo|mensaje|messaggio|mensagem|bericht|wiadomoś|kiri|laišk|письм|сообщени|лист|zpráv|správ|"
    r"levél|üzenet|mesaj|poruk|sporočil|μήνυμα|e-?posta|thư|邮件|郵件|メール|메일|\.(?:com|org|net|ru|de)\b"
)
_MEETING_LINK = re.compile(
    r"^\W?https?://(?:[\w.-]{1,40}\.)?(?:zoom\.us/j/|teams\.(?:microsoft|live)\.com/(?:l/)?meet|meet\.google\.com/\w|"
    r"webex\.com/)\S{0,400}$"
)
_INVITES = re.compile(r"(?:zoom|teams|meet|webex)\b.{0,40}[.:]$", re.I)
_LONG_RULE = re.compile(r"[_\-=*~–—\s.]{16,}$")
_ARMOR = re.compile(r"-----(BEGIN|END) (?:PGP ([A-Z ]{4,24})|PKCS7)-----$")
_HASH = re.compile(r"(?:Hash|Version|Comment|Charset): .{0,80}$")
_PARAGRAPH_END = re.compile(r"\n(?:[ \t]*\n)+")
_FOOTERS_IN_A_ROW = 2
_MOST_FOOTER_LINES = 25
_MOST_LIST_LINES = 8
_SHORTEST_LEGAL = 60
_LONGEST_NOTE = 800
_LONGEST_PLEA = 250


def without_footers(text: str) -> str:
    """Return `text` without what servers and programs put around it; all of it where nothing would remain."""
    lines = _without_armor(text.split("\n"))
    for _ in range(_FOOTERS_IN_A_ROW):
        start = _start_of_footer(lines)
        if any(map(has_words, lines[:start])):
            lines = lines[:start]
        lines = _without_notes(_PARAGRAPH_END.split("\n".join(lines).strip()))
    return "\n".join(lines)


def _without_armor(lines: list[str]) -> list[str]:
    """Leave out the frame of a signed mail, its signature, and public keys."""
    if not any(line.startswith(("-----BEGIN PGP", "-----BEGIN PKCS7")) for line in lines):
        return lines
    kept: list[str] = []
    inside = signed = False
    for line in lines:
        if match := _ARMOR.match(line):
            signed = match[2] == "SIGNED MESSAGE"
            inside = match[1] == "BEGIN" and not signed
        elif signed and _HASH.match(line):
            continue
        elif not inside:
            kept.append(line.removeprefix("- ") if line.startswith(("- -", "- From ")) else line)
            signed = signed and not line
    return kept


def _start_of_footer(lines: list[str]) -> int:
    """Return the line at which a footer starts that goes to the end; the number of lines if there is none."""
    first = max(0, len(lines) - _MOST_FOOTER_LINES)
    for at in range(first, len(lines)):
        if not _LONG_RULE.match(lines[at]):
            if _MEETING_LINK.search(lines[at]) and _is_meeting(lines[at:]) and not _asks(lines[at:]):
                return _start_of_invitation(lines, _start_of_paragraph(lines, at))
            continue
        below = [line for line in lines[at + 1 :] if has_words(line)]
        if _is_meeting(below):
            return at
        if len(below) <= _MOST_LIST_LINES and _is_list_footer(below):
            return at
    return len(lines)


def _is_meeting(lines: list[str]) -> bool:
    return any(map(_MEETING_NUMBER.search, lines)) and any(map(_MEETING_ADDRESS.search, lines))


def _asks(lines: list[str]) -> bool:
    return any(line.endswith(("?", "？")) for line in lines)


def _start_of_paragraph(lines: list[str], at: int) -> int:
    while at and lines[at - 1].strip() and len(lines[at - 1].split()) <= _MOST_WORDS_BESIDE_ADDRESS:
        at -= 1
    return at


def _start_of_invitation(lines: list[str], at: int) -> int:
    """Take in the line above a meeting's paragraph that says who invites, or that the text is a machine's."""
    above = at - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    invites = above >= 0 and (is_other_marker(lines[above]) or _INVITES.search(lines[above][:200]))
    return above if invites else at


def _is_list_footer(lines: list[str]) -> bool:
    addresses = [line for line in lines if _ADDRESS_OR_LINK.search(line)]
    return len(addresses) >= 2 and 2 * len(addresses) >= len(lines) and any(map(_LIST_WORD.search, lines))


def _without_notes(paragraphs: list[str]) -> list[str]:
    """Return the lines of paragraphs without notes at the end, and a banner or a warning at the start."""
    while len(paragraphs) > 1 and _is_note(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    return without_banner(paragraphs)


def _is_legal(paragraph: str) -> bool:
    """Tell whether a paragraph says whom a mail is for and what to do with one that went astray."""
    text = paragraph[:3000]
    if _ASKED.search(text) or _FIRST_PERSON.search(text):
        return False
    lowered = text.lower()
    if len(lowered) >= _SHORTEST_LEGAL and _CONFIDENTIAL.search(lowered) and _LEGAL.search(lowered):
        return True
    return (
        len(text) >= _SHORTEST_FORMULA
        and sum(part.search(text) is not None for part in _PARTS) >= _FEWEST_PARTS
    )


def _is_note(paragraph: str) -> bool:
    """Tell whether a last paragraph is a legal note, a scan note or a list's footer."""
    if _DISCLAIMER_TITLE.match(paragraph) or _LONG_RULE.match(paragraph) or _is_legal(paragraph):
        return True
    if len(paragraph) > _LONGEST_NOTE:
        return False
    lowered = paragraph.lower()
    words = [word for word in lowered.split() if not _ADDRESS_OR_LINK.search(word)]
    if any("?" in word for word in words):
        return False
    if len(words) <= _MOST_WORDS_BESIDE_ADDRESS and _FOOTER_ADDRESS.search(paragraph):
        return True
    if len(words) <= _MOST_WORDS_OF_A_LINK and "\n" not in paragraph and _PRIVACY_LINK.search(paragraph):
        return True
    return (
        _is_plea(lowered) or _is_scan_note(lowered) or _SUBSCRIBED.match(paragraph.lstrip("- \n")) is not None
    )


def _is_plea(lowered: str) -> bool:
    """Tell whether a paragraph asks not to print the mail."""
    short = len(lowered) <= _LONGEST_PLEA
    return _TREES.search(lowered) is not None or (
        short and _PRINT.search(lowered) is not None and _ENVIRONMENT.search(lowered) is not None
    )


def _is_scan_note(lowered: str) -> bool:
    """Tell whether a paragraph says that a program has looked for viruses."""
    if not _VIRUS.search(lowered):
        return False
    framed = is_other_marker(lowered)
    return framed or (_SCANNED.search(lowered) is not None and _SPEAKS_OF_MAIL.search(lowered) is not None)
