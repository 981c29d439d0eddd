"""Phrases that mail programs and people put around a message, in the languages of the users.

en de fi lv nb fr es zh, and the neighbours sv da nl it pl et lt pt ru ja. They are the words of Gmail,
Outlook, Apple Mail, Thunderbird, QQ and NetEase in these languages. Every pattern is applied to one line
of at most a few hundred characters.
"""

from __future__ import annotations

import re


def _any(alternatives: str) -> str:
    """Return a group of patterns that stand on several lines, parted by " / "."""
    return "(?:" + "|".join(re.split(r"\s+/\s+", alternatives.strip())) + ")"


# The labels of a header block, as Outlook and others put it above the message that is answered.
_HEADER_LABELS = {
    "from": """
        from, von, absender, lähettäjä, no, sūtītājs, fra, avsender, de, expéditeur, remitente,
        från, da, mittente, van, od, saatja, kellelt, nuo, siuntėjas, от, от кого, 发件人, 寄件者,
        寄件人, 发信人, 差出人, 送信者
    """,
    "date": """
        sent, date, gesendet, gesendet am, datum, lähetetty, päivämäärä, päiväys, nosūtīts, sūtīts,
        datums, sendt, dato, envoyé, envoyé le, enviado, enviado el, fecha, skickat, verzonden,
        inviato, data, wysłano, wysłane, saadetud, kuupäev, saatmisaeg, išsiųsta, enviada em,
        enviado em, отправлено, дата, 发送时间, 发送日期, 日期, 时间, 寄件日期, 送信日時, 日付,
        日時
    """,
    "to": """
        to, an, vastaanottaja, saaja, kam, uz, saņēmējs, til, à, destinataire, para, destinatario,
        till, a, aan, do, adressaat, kellele, gavėjas, кому, 收件人, 收件者, 宛先
    """,
    "copy": """
        cc, bcc, reply-to, kopie, kopio, kopija, kopi, kopia, copie, dw, koopia, копия, 抄送, 副本
    """,
    "subject": """
        subject, betreff, aihe, temats, tēma, priekšmets, emne, objet, sujet, asunto, ämne,
        onderwerp, oggetto, temat, teema, tema, assunto, тема, 主题, 主旨, 件名
    """,
    "other": """
        importance, priority, attachments, organization, wichtigkeit, priorität, anlagen, tärkeys,
        liitteet, viktighet, vedlegg, importancia, datos adjuntos, pièces jointes, 附件, 重要性
    """,
}
HEADER_ROLES = {label.strip(): role for role, labels in _HEADER_LABELS.items() for label in labels.split(",")}

# A client's line around a quoted or forwarded message: dashes, these words, dashes; or the words and a colon.
_DASHES = " >*_=~·—–-"
_ORIGINAL = _any(
    r"""
    original (?:message|mail|e-?mail) / (?:ursprüngliche|original)[ -]?nachricht / alkuperäinen viesti /
    sākotnēj(?:ais ziņojums|ā ziņa) / opp?rinnelig melding / message d['’]origine / message original /
    mensaje original / 原始邮件 / 原始郵件 / 邮件原件 / ursprungligt meddelande / oprindelig meddelelse /
    oorspronkelijk bericht / messaggio originale / (?:wiadomość oryginalna|oryginalna wiadomość) /
    alg(?:ne sõnum|ne kiri|sõnum) / (?:originalus laiškas|pradinis pranešimas) / mensagem original /
    исходное сообщение / 元のメッセージ
    """
)  # fmt: skip
_FORWARDED = _any(
    r"""
    begin forwarded message / forwarded (?:message|mail|e-?mail) /
    anfang der weitergeleiteten (?:nachricht|e-mail) / weitergeleitete (?:nachricht|e-?mail) /
    (?:edelleen)?lähetetty viesti(?: alkaa)? / välitetty viesti(?: alkaa)? / edelleenlähetetty viesti /
    lähetetty edelleen / (?:sākas )?pārsūtīt(?:s|ais|ā|a) (?:ziņojums|ziņojuma|ziņa|vēstule) /
    pārsūtītā ziņojuma sākums / (?:start på )?videresendt (?:melding|e-post) /
    videresendt melding starter / (?:début du )?message (?:transféré|réexpédié) /
    (?:inicio del )?mensaje reenviado / 转发的邮件 / 转发邮件信息 / 转发邮件 / 轉寄郵件 / 开始转发的邮件 /
    (?:下面是|以下是)?被?转发的邮件 / (?:början på )?vidarebefordrat (?:meddelande|brev|mejl) /
    (?:start på )?videresendt (?:meddelelse|besked|mail) / (?:begin )?doorgestuurd bericht /
    (?:inizio )?messaggio inoltrato / (?:początek )?przekazan(?:a|ej) (?:wiadomość|wiadomości) /
    początek przekazywanej wiadomości / edastatud (?:kiri|sõnum) / persiųstas (?:laiškas|pranešimas) /
    (?:início da )?mensagem (?:re)?encaminhada / (?:начало )?переадресованного сообщения /
    пересылаемое сообщение / пересланное сообщение / 転送された?メ(?:ッセージ|ール) / 転送メッセージ
    """
)  # fmt: skip
_ORIGINAL_LINE = re.compile(_ORIGINAL, re.I)
_FORWARD_LINE = re.compile(_FORWARDED, re.I)

# "Please reply above this line", which helpdesks put into what they send.
_REPLY_ABOVE = re.compile(
    _any(
    r"""
    (?:type|write|enter|add)?\s?your (?:reply|response|answer) above this line / reply above this line /
    (?:do not|don't) (?:write|reply|type) below this line /
    antwort(?:en sie)? (?:bitte )?(?:oberhalb|über) dieser (?:linie|zeile) /
    (?:oberhalb|über) dieser (?:linie|zeile) (?:antworten|eingeben) /
    (?:vastaa|kirjoita vastauksesi) (?:tämän )?(?:rivin|viivan) yläpuolelle / virs šīs (?:līnijas|rindas) /
    (?:over|ovenfor) denne lin(?:j|i)en / ovanför den här (?:linjen|raden) / au-dessus de cette ligne /
    (?:por )?encima de esta línea / 在此行(?:上方|以上)
    """
), re.I,
)  # fmt: skip

# "… wrote:", the words that end or stand in an attribution line.
_WROTE = re.compile(
    r"(?<!\w)" + _any(
    r"""
    wrote / writes / schrieb / kirjoitti / rakstīja / raksta / skrev / a écrit / escribió / ha scritto /
    schreef / napisał(?:\(a\)|a)? / pisze / kirjutas / rašė / escreveu / написал(?:\(а\)|а)? / пишет
    """
) + r"(?!\w)|写道|寫道|のメール|さんは書きました", re.I,
)  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>()@]{1,64}@[^\s<>()@]{1,255}")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.h]\s?\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2})(?!\d)")

# A text that only points at what it forwards.
_POINTS_BELOW = re.compile(
    r"(?<!\w)" + _any(
    r"""
    fyi\b / (?:see|as) (?:the )?(?:mail |message |e-?mail |thread )?below / forwarding / forwarded /
    siehe (?:bitte )?unten / s\. ?u\. / unten ?stehend / leite .{0,40}weiter / weitergeleitet /
    zur (?:kenntnis|info) / z\. ?k\. / (?:katso|ks\.?|ohessa|oheinen) alla / alla olev / välitän /
    välitetty / eteenpäin / skat(?:ī|i)t zemāk / skat\. zemāk / pārsūt / se (?:under|nedenfor|nedan) /
    videresend / vidarebefordr / (?:voir )?ci-dessous / je (?:vous )?transf / je (?:vous )?transmets /
    (?:ver|más) abajo / reenv[ií] / zie (?:hieronder|onder) / doorgestuurd / vedi sotto / inoltro /
    patrz poniżej / przesyłam / vaata allpool / edastan / žr / persiunčiu / ver abaixo / encaminho /
    см\.? ниже / пересылаю
    """
) + "|见下|如下|请看下|转发", re.I,
)  # fmt: skip

# "Sent from my iPhone" and the like: a word of sending at the start of a line, and a device or program in it.
_SENT = re.compile(
    r"\W{0,3}" + _any(
    r"""
    (?:sent|posted) / gesendet / von (?:meinem|meiner|unterwegs) / lähetetty /
    (?:nosūtīts|sūtīts|izsūtīts) / sendt / envoyé / enviado /
    (?:发自|发送自|从我的|來自我的|来自我的|傳送自) / skickat / ver(?:zonden|stuurd) / inviato /
    wysłan[eoy] / saadetud / išsiųsta / отправлено / \S{1,20}から送信
    """
), re.I,
)  # fmt: skip
_DEVICE = re.compile(
    r"i(?:phone|pad|pod|os)|android|samsung|galaxy|huawei|xiaomi|redmi|oneplus|nokia|pixel|xperia|motorola|"
    r"fairphone|blackberry|outlook|windows|yahoo|gmail|gmx|web\.de|aol|proton|mail (?:for|app|für|pour|para)|"
    r"(?:from|via) (?:my )?(?:phone|mobile|cell|tablet|smartphone)|handy|smartphone|mobiltelefon|mobilen?\b|"
    r"puhelime|laitteesta|tālruņa|telefona|téléphone|(?:mon|mi) (?:portable|móvil|teléfono)|手机|telefoon|"
    r"telefonu|telefonist|телефон",
    re.I,
)
_GET_PROGRAM = re.compile(
    r"\W{0,3}(?:get|download|hanki|iegūt|iegūstiet|lejupielādēt|få|hent|last ned|skaff deg|télécharge[rz]|"
    r"obten(?:ir|ez|er)|obtén|descargar?|获取|下载|hämta|scarica|pobierz|hankige|gauti|obter|скачать|"
    r"holen sie sich)(?: .{0,30}?)? ?(?:for |für |pour |para |för |til |per |na |do |до |для )?"
    r"(?:ios|android|outlook)|\W{0,3}outlook (?:for|für|voor) \S+ (?:beziehen|herunterladen|downloaden)",
    re.I,
)


def is_original_marker(line: str) -> bool:
    """Tell whether a line is "-----Original Message-----" or its like."""
    return _is_marker(line, _ORIGINAL_LINE)


def is_forward_marker(line: str) -> bool:
    """Tell whether a line starts a forwarded mail.

    >>> is_forward_marker("---------- Weitergeleitete Nachricht ---------")
    True
    >>> is_forward_marker("Forwarded message"), is_forward_marker("Begin forwarded message:")
    (False, True)
    """
    return _is_marker(line, _FORWARD_LINE)


def _is_marker(line: str, words: re.Pattern[str]) -> bool:
    if len(line) > 120:
        return False
    core = line.strip(_DASHES)
    before = line[: len(line) - len(line.lstrip(_DASHES))]
    announced = core.endswith((":", "：")) or before.strip(" >*·") != ""
    return announced and words.fullmatch(core.rstrip(":： ")) is not None


def is_reply_above_marker(line: str) -> bool:
    """Tell whether a line asks to reply above it."""
    return len(line) <= 200 and _REPLY_ABOVE.search(line) is not None


def is_attribution(line: str) -> bool:
    """Tell whether a line says who wrote what follows, and when.

    >>> is_attribution("Am Di., 12. Mai 2026 um 09:31 Uhr schrieb Ann <ann@example.com>:")
    True
    >>> is_attribution("Here is what the display says:")
    False
    """
    if len(line) > 500 or not line.rstrip(" *>").endswith((":", "：")):
        return False
    dated = has_date(line)
    return dated and (_WROTE.search(line) is not None or _ADDRESS.search(line) is not None)


def has_clock_time(line: str) -> bool:
    """Tell whether a line holds a time of day, as mail programs write it and people seldom do."""
    return _TIME.search(line) is not None


def has_date(line: str) -> bool:
    """Tell whether a line holds a year, a date or a time of day."""
    return _YEAR.search(line) is not None or _TIME.search(line) is not None


def has_email_address(line: str) -> bool:
    """Tell whether a line holds a mail address."""
    return _ADDRESS.search(line[:500]) is not None


def refers_to_quote(text: str) -> bool:
    """Tell whether a short text only points at the mail below it."""
    return len(text.split()) <= 20 and _POINTS_BELOW.search(text) is not None


def is_sent_from(line: str) -> bool:
    """Tell whether a line is the advertisement of a mail program.

    >>> is_sent_from("Lähetetty iPhonesta"), is_sent_from("Sent from my flat")
    (True, False)
    """
    if len(line) > 100 or re.search(r"[.!?。] ?\S{2,} \S", line):
        return False
    return bool((_SENT.match(line) and _DEVICE.search(line)) or _GET_PROGRAM.match(line))
