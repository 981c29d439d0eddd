"""Footers and banners: what mail servers, list servers and meeting programs put around a message.

They go by their form where they have one: an address that one program alone uses, a rule above a meeting
number, a list's address. Legal notes and warnings go by their words, and only at the end or at the start.
"""

from __future__ import annotations

import re

from models.text.mails.phrases import any_of
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
# A warning about outside senders: a call for attention or a frame, and words for "outside" and for "mail".
_ALERT = re.compile(
    r"(?:[\[(<{*#!=⚠️🛑❗【「_~-]\W{0,6}|"
    r"\W{0,3}(?:caution|warning|attention|notice|achtung|vorsicht|warnung|hinweis|"
    r"huom\w*|varoitus|uzmanību|advarsel|forsiktig|obs|varning|atención|aviso|attenzione|avviso|let op|"
    r"waarschuwing|uwaga|ostrzeżenie|atenção|cuidado|tähelepanu|hoiatus|dėmesio|внимание|осторожно|увага|"
    r"upozornění|upozornenie|pozor|varování|figyelem|figyelmeztetés|atenție|oprez|pažnja|upozorenje|προσοχή|"
    r"dikkat|uyarı|cảnh báo|perhatian|تنبيه|תשומת לב|注意|警告|주의|경고)\W)",
    re.I,
)
_OUTSIDE = re.compile(
    r"extern|outside|außerhalb|ulkopuol|ulkoinen|ārpus|ārēj|utenfor|uden for|utanför|utifrån|utifra|ekstern|"
    r"extérieur|fuera|exterior|esterno|buiten|spoza|zewn|de fora|väljast|väline|išor|извне|внешн|вне |ззовні|"
    r"зовнішн|външ|mimo|vnějš|külső|kívül|afara|izvan|vanjsk|zunaj|zunanj|εξωτερικ|εκτός|dış|bên ngoài|luar|"
    r"خارج|חיצוני|外部|외부|ภายนอก",
    re.I,
)
_SENDER_OR_MAIL = re.compile(
    r"mail|e-?post|message|nachricht|absender|sender|viesti|lähettäjä|sähköposti|e-?past|ziņojum|sūtītāj|avsend|"
    r"afsender|avsändar|melding|mejl|meddel|courriel|expéditeur|correo|mensaje|remitente|messaggio|mittente|"
    r"bericht|afzender|wiadomoś|nadawc|mensagem|correio|remetente|kiri|saatja|laišk|siuntėj|письм|сообщени|"
    r"отправител|лист|повідомлення|відправник|имейл|подател|zpráv|odesílatel|správ|levél|üzenet|feladó|mesaj|"
    r"expeditor|poruk|pošiljatelj|sporočil|μήνυμα|αποστολέ|e-?posta|ileti|gönderen|thư|surel|pesan|بريد|רسالة|"
    r"דוא|הודע|邮件|郵件|メール|메일|อีเมล",
    re.I,
)
_TAG = re.compile(
    r"\W{0,6}externa?l?e?s?(?:[ -]?(?:e-?mail|sender|message|absender|nachricht))?\W{0,6}$", re.I
)
_FROM_OUTSIDE = re.compile(
    r"(?:this |the )?(?:e-?mail|message) (?:originated|came|comes|was sent|is) from (?:outside|an external)",
    re.I,
)
_NO_CLICKS = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:do not|don['’]t|never) (?:click|open|follow) / (?:klicken|öffnen) sie (?:nicht|keine) /
    keine (?:links|anhänge) / älä (?:avaa|klikkaa|napsauta) / ne(?:klikšķiniet|atveriet|spiediet) /
    (?:ikke (?:klikk|åpne|åbn|klik)|klik(?:k)? ikke|åpne ikke|åbn ikke) / (?:klicka|öppna) inte /
    ne (?:cliquez|pas cliquer)|n['’]ouvrez / no (?:haga clic|abra|pulse) /
    non (?:cliccare|aprire|fare clic) /
    (?:klik niet|open geen|klik geen) / nie (?:klikaj|otwieraj) / não (?:clique|abra) /
    ära (?:ava|klõpsa)|ärge (?:avage|klõpsake) / (?:nespauskite|neatidarykite|nespauskit) /
    не (?:переходите|открывайте|нажимайте|відкривайте|натискайте|отваряйте|кликайте) /
    (?:neklikejte|neotv[íi]rejte|neklikajte|neotvárajte) /
    ne (?:kattintson|nyissa|klikajte|klikćite|otvarajte) /
    nu (?:accesați|deschideți|faceți clic) / μην (?:κάνετε κλικ|ανοίγετε) / (?:tıklamayın|açmayın)
    """
) + "|(?:请|請)?勿(?:点击|點擊|打开|開啟)|クリックしない|開かないで|클릭하지|열지 마", re.I,
)  # fmt: skip

# Addresses that only one program writes into its banner or footer.
_BANNER_ADDRESS = re.compile(r"aka\.ms/LearnAboutSenderIdentification", re.I)
_FOOTER_ADDRESS = re.compile(
    r"avast\.com|avg\.com|sig-email|<#[0-9A-F]{8}-[0-9A-F-]{27}>|groups\.google\.com/d/(?:optout|msgid)|"
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
    r"you (?:are receiving|received|are getting) this (?:e-?mail|message|notification) because|"
    r"(?:sie erhalten|du erhältst) diese (?:e-?mail|nachricht),? weil|saat tämän (?:viestin|sähköpostin),?|"
    r"vous recevez ce (?:message|mail|courriel) (?:car|parce)|recibe este (?:mensaje|correo)|"
    r"du (?:får|mottar|modtager) (?:denne|detta|dette|det här) (?:e-?post\w*|mail\w*|mejl\w*|meddelande\w*)|"
    r"ricevi questa e-?mail perché|u ontvangt dit bericht|otrzymujesz tę wiadomość"
    r"|вы получили это (?:письмо|сообщение)",
    re.I,
)
_MEETING_NUMBER = re.compile(r"[:：]\s{0,2}\d{3}[ -]?\d{3,4}[ -]?\d{3,4}(?:[ -]?\d{2,4})?\W{0,2}$")
_MEETING_ADDRESS = re.compile(
    r"teams\.(?:microsoft|live)\.com/|zoom\.us/|meet\.google\.com/|webex\.com/|aka\.ms/JoinTeamsMeeting|"
    r"microsoft teams|google meet",
    re.I,
)
# A scan note speaks of the mail; a person with a virus speaks of other things.
_SPEAKS_OF_MAIL = re.compile(
    r"e-?mail|message|nachricht|viesti|sähköpost|e-pasts?|ziņojum|e-?post|mejl|melding|meddelelse|meddelande|"
    r"courriel|correo|mensaje|messaggio|mensagem|bericht|wiadomoś|kiri|laišk|письм|сообщени|лист|zpráv|správ|"
    r"levél|üzenet|mesaj|poruk|sporočil|μήνυμα|e-?posta|thư|邮件|郵件|メール|메일|\.com|\.org"
)
_MEETING_LINK = re.compile(
    r"^\W?https?://(?:[\w.-]{1,40}\.)?(?:zoom\.us/j/|teams\.(?:microsoft|live)\.com/(?:l/)?meet|meet\.google\.com/\w|"
    r"webex\.com/)\S{0,400}$"
)
_LONG_RULE = re.compile(r"[_\-=*~–—\s.]{16,}$")
_ARMOR = re.compile(r"-----(BEGIN|END) PGP ([A-Z ]{4,24})-----$")
_HASH = re.compile(r"(?:Hash|Version|Comment|Charset): .{0,80}$")
_PARAGRAPH_END = re.compile(r"\n(?:[ \t]*\n)+")
_FOOTERS_IN_A_ROW = 2
_MOST_FOOTER_LINES = 25
_MOST_LIST_LINES = 8
_SHORTEST_LEGAL = 60
_LONGEST_WARNING = 600
_ENDED = re.compile(r"[.!。！\])}*>】」]\W{0,3}$")
_LONGEST_NOTE = 800


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
    if not any(line.startswith("-----BEGIN PGP") for line in lines):
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
            kept.append(line.removeprefix("- ") if line.startswith("- -") else line)
            signed = signed and not line
    return kept


def _start_of_footer(lines: list[str]) -> int:
    """Return the line at which a footer starts that goes to the end; the number of lines if there is none."""
    first = max(0, len(lines) - _MOST_FOOTER_LINES)
    for at in range(first, len(lines)):
        if not _LONG_RULE.match(lines[at]):
            if _MEETING_LINK.search(lines[at]) and _is_meeting(lines[at:]) and not _asks(lines[at:]):
                return _start_of_paragraph(lines, at)
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


def _is_list_footer(lines: list[str]) -> bool:
    addresses = [line for line in lines if _ADDRESS_OR_LINK.search(line)]
    return len(addresses) >= 2 and 2 * len(addresses) >= len(lines) and any(map(_LIST_WORD.search, lines))


def _without_notes(paragraphs: list[str]) -> list[str]:
    """Return the lines of paragraphs without notes at the end, and a banner or a warning at the start."""
    while len(paragraphs) > 1 and _is_note(paragraphs[-1]):
        paragraphs = paragraphs[:-1]
    if paragraphs and (banner := _BANNER_ADDRESS.search(paragraphs[0][:1_000])):
        rest = paragraphs[0][banner.end() :].lstrip(" >])\n")
        paragraphs = [rest, *paragraphs[1:]] if rest else paragraphs[1:] or paragraphs
    return _without_warning("\n\n".join(paragraphs).split("\n"))


def _without_warning(lines: list[str]) -> list[str]:
    """Drop a warning about outside senders from the start: one whole line, or a wrapped paragraph."""
    blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    end = 0
    if _is_warning(lines[0]) and (_ENDED.search(lines[0]) or lines[0].isupper()):
        end = 1
        while end < blank and _NO_CLICKS.search(lines[end]):
            end += 1
    elif _is_warning("\n".join(lines[:blank])):
        end = blank
    return lines[end:] if any(map(has_words, lines[end:])) else lines


def _is_warning(text: str) -> bool:
    if len(text) > _LONGEST_WARNING:
        return False
    if _FROM_OUTSIDE.match(text):
        return True
    if _TAG.match(text):
        return not text[0].isalpha() or text.isupper()
    shouted = re.match(r"\W{0,4}([^\W\d_]{3,})\W", text)
    if not _ALERT.match(text) and not (shouted and shouted[1].isupper()):
        return False
    outside = _OUTSIDE.search(text) is not None and _SENDER_OR_MAIL.search(text) is not None
    return outside or _NO_CLICKS.search(text) is not None


def _is_note(paragraph: str) -> bool:
    """Tell whether a last paragraph is a legal note, a scan note or a list's footer."""
    lowered = paragraph[:3000].lower()
    if _DISCLAIMER_TITLE.match(paragraph) or _LONG_RULE.match(paragraph):
        return True
    if len(lowered) >= _SHORTEST_LEGAL and _CONFIDENTIAL.search(lowered) and _LEGAL.search(lowered):
        return True
    if len(lowered) > _LONGEST_NOTE:
        return False
    words = [word for word in lowered.split() if not _ADDRESS_OR_LINK.search(word)]
    if any("?" in word for word in words):
        return False
    if len(words) <= _MOST_WORDS_BESIDE_ADDRESS and _FOOTER_ADDRESS.search(paragraph):
        return True
    scanned = all(sign.search(lowered) for sign in (_VIRUS, _SCANNED, _SPEAKS_OF_MAIL))
    subscribed = _SUBSCRIBED.match(paragraph.lstrip("- \n"))
    return scanned or _TREES.search(lowered) is not None or subscribed is not None
