"""Footers and banners: what mail servers, list servers and meeting programs put around a message.

They go by their form where they have one: an address that one program alone uses, a rule above a meeting
number, a list's address. Legal notes and warnings go by their words, and only at the end or at the start.
"""

from __future__ import annotations

import re

from models.text.mails.banners import is_own_complaint, without_banner
from models.text.mails.covering_notes import only_thanks
from models.text.mails.legal_notes import is_legal_note
from models.text.mails.phrases import any_of, is_other_marker
from models.text.unicode import has_words

_PRINT = re.compile(
    any_of(
    """
    print / druck / imprim / stampa / druk / vytisk / vytišt / vytla[čc] / nyomtat / tulost /
    drukā / spausdin / trük / skriv(?:er)? ut / udskriv / utskrift / yazdır / εκτυπ / печат /
    друку / tipăr / ispis / natis / 打印 / 列印 / 印刷 / 인쇄 / طباعة / הדפס / in email / cetak
    """
)
)  # fmt: skip
_ENVIRONMENT = re.compile(
    any_of(
    r"""
    environment / umwelt / environnement / ambiente / milieu / środowisk / prost[řr]ed /
    životní prostř / környezet / ympärist / apkārtējo / vidi / aplink / keskkon / miljø /
    miljö / medio / çevre / περιβάλλον / окруж / околн / довкіл / mediul / okoliš / okolj / 环境 /
    環境 / 환경 / البيئة / הסביבה / môi trường / lingkungan / trees?(?!\w) / bäume
    """
)
)  # fmt: skip
_PRIVACY_LINK = re.compile(r"https?://\S*(?:privacy|datenschutz|gdpr|dsgvo|rgpd|tietosuoja|privat)\S*$", re.I)
_UNSUBSCRIBE_LINK = re.compile(
    r"\w[^\n]*[:：] ?https?://\S*(?:unsub|opt-?out|abmeld|desabon|afmeld)\S*$", re.I
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)) ?(?:19|20)\d\d\b.{0,160}$", re.I)
_REGISTER = re.compile(
    r"\bHRB? ?\d|amtsgericht|registergericht|handelsregister|registered (?:in|office|no|number)|company no|"
    r"\bRCS\b|\bKvK\b|\bKRS\b|org\.? ?nr|\bCVR\b|y-tunnus|reg\. ?nr",
    re.I,
)
_DIRECTORS = re.compile(
    r"geschäftsführ|vorstand|aufsichtsrat|directors?\b|gérant|président|administrador|amministratore|bestuurder|"
    r"zarząd|toimitusjohtaja|direktør|daglig leder|valdes|juhatus",
    re.I,
)
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
    r"e-?mail|mailscanner|message|nachricht|viesti|sähköpost|e-pasts?|ziņojum|e-?post|mejl|melding|meddelelse|meddelande|"
    r"courriel|correo|mensaje|messaggio|mensagem|bericht|wiadomoś|kiri|laišk|письм|сообщени|лист|zpráv|správ|"
    r"levél|üzenet|mesaj|poruk|sporočil|μήνυμα|e-?posta|thư|邮件|郵件|メール|메일|\.(?:com|org|net|ru|de)\b"
)
_MEETING_LINK = re.compile(
    r"^(?:\W?|[^:：\n]{2,40}[:：] ?)https?://(?:[\w.-]{1,40}\.)?(?:zoom\.us/j/|teams\.(?:microsoft|live)\.com/(?:l/)?meet|meet\.google\.com/\w|"
    r"webex\.com/)\S{0,400}$"
)
_INVITES = re.compile(
    r"(?:zoom|teams|meet(?:ing)?|webex|besprechung|réunion|reunión|riunione|spotkanie)\b.{0,40}[.:]$", re.I
)
_LONG_RULE = re.compile(r"[_\-=*~–—\s.]{16,}$")
_ARMOR = re.compile(r"-----(BEGIN|END) (?:PGP ([A-Z ]{4,24})|PKCS7)-----$")
_HASH = re.compile(r"(?:Hash|Version|Comment|Charset): .{0,80}$")
_PARAGRAPH_END = re.compile(r"\n(?:[ \t]*\n)+")
_FOOTERS_IN_A_ROW = 2
_MOST_FOOTER_LINES = 25
_MOST_LIST_LINES = 8
_MOST_WORDS_OF_A_GREETING = 3
_ENDS_SENTENCE = re.compile(r"[.?。？]$")
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
        if is_other_marker(lines[at]) and _is_meeting(lines[at + 1 :]) and not _asks(lines[at:]):
            return at
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
    while at and lines[at - 1].strip():
        above = lines[at - 1]
        if len(above.split()) > _MOST_WORDS_BESIDE_ADDRESS and not _INVITES.search(above[:200]):
            break
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
    while len(paragraphs) > 1 and _is_note(paragraphs[-1]) and not _only_greets(paragraphs[:-1]):
        paragraphs = paragraphs[:-1]
    return without_banner(paragraphs)


def _only_greets(paragraphs: list[str]) -> bool:
    """Tell whether all that stands above a last paragraph is a greeting, so that it is the message."""
    above = paragraphs[-1].strip()
    if len(paragraphs) > 1 or "\n" in above or len(above.split()) > _MOST_WORDS_OF_A_GREETING:
        return False
    return _ENDS_SENTENCE.search(above) is None and not only_thanks(above)


def _is_note(paragraph: str) -> bool:
    """Tell whether a last paragraph is a legal note, a scan note or a list's footer."""
    if _LONG_RULE.match(paragraph) or is_legal_note(paragraph):
        return True
    if len(paragraph) > _LONGEST_NOTE:
        return False
    lowered = paragraph.lower()
    words = [word for word in lowered.split() if not _ADDRESS_OR_LINK.search(word)]
    if any("?" in word for word in words):
        return False
    if len(words) <= _MOST_WORDS_BESIDE_ADDRESS and _FOOTER_ADDRESS.search(paragraph):
        return True
    if "\n" not in paragraph and len(words) <= _MOST_WORDS_OF_A_LINK and _is_line_of_a_company(paragraph):
        return True
    subscribed = _SUBSCRIBED.match(paragraph.lstrip("- \n")) is not None
    return subscribed or _is_plea(lowered) or _is_scan_note(lowered)


def _is_line_of_a_company(line: str) -> bool:
    """Tell whether a line holds a copyright, or a link to a privacy notice or out of a list."""
    if _COPYRIGHT.match(line) or _PRIVACY_LINK.search(line):
        return True
    if _REGISTER.search(line) and _DIRECTORS.search(line) and not is_own_complaint(line):
        return True
    return _UNSUBSCRIBE_LINK.search(line) is not None and not is_own_complaint(line)


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
