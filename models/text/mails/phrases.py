"""Phrases of mail programs around a message, in the languages of their users.

They are the words of Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, QQ and NetEase. Every pattern is
applied to one line of at most a few hundred characters.
"""

from __future__ import annotations

import re


def any_of(alternatives: str) -> str:
    """Return a group of patterns that stand on several lines, parted by " / "."""
    return "(?:" + "|".join(re.split(r"\s+/\s+", alternatives.strip())) + ")"


# A client's line around a quoted or forwarded message: dashes, these words, dashes; or the words and a colon.
_DASHES = " >*_=~·—–-"
_ORIGINAL = re.compile(
    any_of(
    r"""
    (?:original|reply|previous) (?:message|mail|e-?mail) /
    (?:ursprüngliche|original)[ -]?(?:nachricht|e?-?mail) /
    antwort[ -]?nachricht / alkuperäinen viesti / sākotnēj(?:ais ziņojums|ā ziņa) /
    opp?rinnelig (?:melding|e-post) / message (?:d['’]origine|original|initial) /
    (?:(?:e-?)?mail|courriel|correo) (?:original|d['’]origine) / mensaje original /
    (?:ursprungligt |original)(?:meddelande|mejl) / oprindelig (?:meddelelse|besked|mail) /
    oorspronkelijk(?: bericht|e e-?mail) / messaggio original[ei] /
    (?:wiadomość (?:oryginalna|pierwotna)|(?:oryginalna|pierwotna) wiadomość) /
    alg(?:ne sõnum|ne kiri|sõnum) /
    (?:originalus laiškas|pradinis (?:pranešimas|laiškas)) / mensagem original / mensaxe orixinal /
    (?:исходное|оригинальное|первоначальное) (?:сообщение|письмо) / missatge original /
    (?:оригінальне|початкове|вихідне) повідомлення / (?:оригинално|първоначално) съобщение /
    (?:izvorna|originalna|prvobitna) poruka / (?:изворна|оригинална) порука / izvirno sporočilo /
    původní (?:zpráva|e-?mail) / pôvodn(?:á správa|ý e-?mail) / eredeti (?:üzenet|levél) /
    mesaj(?:ul)? (?:original|inițial) / αρχικό μήνυμα / (?:orijinal|özgün|asıl) (?:mesaj|ileti|e-?posta) /
    upphafleg skilaboð / (?:ال)?رسالة (?:ال)?أصلية / (?:ה?הודעה )?(?:ה?מקורית|ה?הודעה המקורית) / پیام اصلی /
    ข้อความต้นฉบับ / (?:tin nhắn|thư) gốc / pe(?:san|sanan) as(?:li|al) / 원본 (?:메시지|메일) /
    原始(?:邮件|郵件|信件) / 原(?:邮件|郵件) / 邮件原件 / 元のメ(?:ッセージ|ール)
    """
), re.I,
)  # fmt: skip
_FORWARDED = re.compile(
    any_of(
    r"""
    begin forwarded message / (?:begin )?forwarded (?:message|mail|e-?mail) / fwd\.? ?msg\.? /
    anfang der weitergeleiteten (?:nachricht|e-mail) / weitergeleitete (?:nachricht|e-?mail) /
    (?:edelleen)?lähetetty viesti(?: alkaa)? / (?:välitetty|edelleenlähetetty) viesti(?: alkaa)? /
    välitetty viesti / fwd\.msg / lähetetty edelleen /
    (?:sākas )?pārsūtīt(?:s|ais|ā|a) (?:ziņojums|ziņojuma|ziņa|vēstule) / pārsūtītā ziņojuma sākums /
    (?:start på )?videresendt (?:melding|e-post)(?: starter)? /
    (?:début du )?message (?:transféré|réexpédié|transmis) / (?:inicio del )?mensaje reenviado /
    (?:início da )?mensagem (?:re)?encaminhada / 转发的邮件 / 转发邮件信息 / 转发邮件 / 轉寄(?:郵件|的郵件) /
    开始转发的邮件 / (?:下面是|以下是)?被?转发的邮件 /
    (?:början på )?vidarebefordrat (?:meddelande|brev|mejl) /
    (?:start på )?videresendt (?:meddelelse|besked|mail) / (?:begin )?doorgestuurd bericht /
    (?:inizio )?messaggio inoltrato / (?:inizio del )?messaggio inoltrato /
    (?:początek |treść )?(?:przekazan|przesłan)(?:a|ej) (?:dalej )?(?:wiadomość|wiadomości)(?: dalej)? /
    (?:początek )?wiadomość przesłana(?: dalej)? / początek przekazywanej wiadomości /
    edastatud (?:kiri|sõnum)(?: algus)? / persiųst(?:as|o) (?:laiškas|laiško|pranešimas)(?: pradžia)? /
    (?:начало )?(?:переадресованно|пересылаемо)(?:го сообщения|е сообщение) / пересланное сообщение /
    перенаправленное сообщение / (?:початок )?(?:пересланого|переадресованого) повідомлення /
    (?:переслане|перенаправлене) повідомлення / початок листа, що пересилається /
    (?:начало на )?препратено(?:то)? съобщение / (?:začátek )?přeposlan(?:á|é) zpráv(?:a|y) /
    začátek přeposílané zprávy / (?:začiatok )?preposlan(?:á|ej) správ(?:a|y) /
    (?:započni )?proslijeđen(?:a|u) poruk(?:a|u) / прослеђена порука / prosleđena poruka /
    (?:začetek )?posredovano(?: |ga )sporočilo / posredovano sporočilo /
    továbbított (?:üzenet|levél)(?: kezdete)? / (?:începe )?mesaj(?:ul)? redirecționat /
    (?:αρχή )?προωθημένο(?:υ)? μ[ηή]ν[υύ]μα(?:τος)? / ileti(?:lmiş|len) (?:mesaj|ileti) /
    (?:yönlendirilen|iletilen) (?:mesaj|ileti|e-?posta) / i̇letil(?:en|miş) (?:i̇leti|mesaj) /
    ileti başlangıcı /
    i̇leti başlangıcı / (?:ה?הודעה )שהועברה / الرسالة المعاد توجيهها /
    رسالة (?:تمت إعادة توجيهها|معاد توجيهها) /
    ข้อความที่ส่งต่อ / (?:thư|tin nhắn) (?:được )?chuyển tiếp / pesan (?:yang )?diteruskan /
    전달된 (?:메시지|메일)(?: 시작)? /
    転送された?メ(?:ッセージ|ール) / 転送メッセージ / メ(?:ッセージ|ール)を転送
    """
), re.I,
)  # fmt: skip
_OTHER_MARKER = re.compile(
    r"(?:-{2,40}|[=_*~—–]{2,40})\s?(?P<words>[^\W\d_](?:[^\n]{0,98}\S)?)\s?(?:-{2,40}|[=_*~—–]{2,40}):?$"
)
_SECOND_LANGUAGE = re.compile(r"\s{0,3}(?:-{3,40}|/)\s{0,3}")
_TIGHT_MARKER = re.compile(r"-{5}[^\s-]")

# Words for answering and for remarks.
ANSWERS = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:my )?(?:answer|repl(?:y|ies|ied)|response|comment|note)s? / (?:be|ge)?antwort / kommentar /
    anmerkung / répon[sd] / commentaire / remarque / respuesta / respond / contest /
    comentario / rispo[sn] / comment / (?:ge|be)?antwoord / opmerking / reacties? / reageer /
    odpowi[ae]d / odpisa / komentarz / svar / vasta[ius] / kommen / atbild / komentār / vastus / atsak /
    pastab / respost / comentário / ответ / отвеч / коммент / відпов / комент / отговор / odpov / komentář /
    koment / válasz / megjegyz / răspun / odgovor / απάντη / απαντ / σχόλι / yanıt / cevap /
    trả lời / jawab / balas / (?:ال)?إجاب / (?:ال)?ردود / رد(?:ي|ّ) / ה?תשוב / ה?תגוב / پاسخ
    """
) + "|回答|回复|回覆|批注|答复|答覆|返信|コメント|답변|답장|회신|คำตอบ|ตอบ", re.I,
)  # fmt: skip
# "Please reply above this line", which helpdesks put into what they send, mostly between signs.
_REPLY_ABOVE = re.compile(
    any_of(
    r"""
    (?:type|write|enter|add)?\s?your (?:reply|response|answer) above this line / reply above this line /
    (?:do not|don't) (?:write|reply|type) below this line /
    antwort(?:en sie)? (?:bitte )?(?:oberhalb|über) dieser (?:linie|zeile) /
    (?:oberhalb|über) dieser (?:linie|zeile) (?:antworten|eingeben) /
    (?:vastaa|kirjoita vastauksesi) (?:tämän )?(?:rivin|viivan) yläpuolelle / virs šīs (?:līnijas|rindas) /
    (?:over|ovenfor) denne lin(?:j|i)en / ovanför den här (?:linjen|raden) / au-dessus de cette ligne /
    (?:por )?encima de esta línea / sopra questa (?:linea|riga) / boven deze (?:lijn|regel) /
    powyżej tej linii / acima desta linha / 在此行(?:上方|以上)
    """
)
)  # fmt: skip
_IN_HASHES = re.compile(r"#{2,}\W{0,3}\w.*\w\W{0,3}#{2,}$")
# One of them is in each of the phrases above.
_WORDS_FOR_LINE = (
    "line", "zeile", "linie", "linii", "linj", "lini", "rivi", "viiva", "līnij", "rind", "raden", "ligne",
    "línea", "linea", "riga", "lijn", "regel", "linha", "此行",
)  # fmt: skip
_SIGNS = "-#=*_~<>|+—–"
_IN_SIGNS = re.compile(r"[-#=*_~<>|+—–]{2,}\W{0,3}\w.*\w\W{0,4}[-#=*_~<>|+—–]{2,}$")
_LINE = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    line / zeile / linie / linje / linij / rad(?:en)?\b / rivi / viiva / rind / līnij / ligne / l[ií]nea /
    riga / regel / lijn / linha / rea(?:st)?\b / joon / eilut / строк / черт / лини / рядк / ліні / řád /
    riad / čár / sor(?:a|t)?\b / vonal / rând / lini[aei] / red(?:a|u|ak|om)?\b / ред / crt / vrstic / črt /
    γραμμ / satır / çizgi / dòng / baris / garis /
    السطر / الخط / שורה / קו / سطر / خط
    """
) + r"|行|线|線|줄|선(?= )|บรรทัด|เส้น", re.I,
)  # fmt: skip
_ABOVE = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    above / ober / über / over / oven / ovan / yläpuol / yli / virs / augš / au-dessus / encima / arriba /
    sopra / boven / powyż / nad / acima / ülal / kohal / peal / virš / aukščiau / выше / над / вище / föl /
    fel / deasupra / peste / iznad / изнад / πάνω / üst / trên / (?:di )?atas / فوق / أعلى / מעל / بالا
    """
) + "|上|위|เหนือ|ด้านบน", re.I,
)  # fmt: skip
_MOST_CHARS_BESIDE = 30
_QUOTATION = "\"'“”„«»‘’‚「」『』"
_LONGEST_MARKER = 200


def is_original_marker(line: str) -> bool:
    """Tell whether a line is "-----Original Message-----" or its like."""
    return _is_marker(line, _ORIGINAL)


def is_forward_marker(line: str) -> bool:
    """Tell whether a line starts a forwarded mail.

    >>> is_forward_marker("---------- Weitergeleitete Nachricht ---------")
    True
    >>> is_forward_marker("Forwarded message"), is_forward_marker("Begin forwarded message:")
    (False, True)
    """
    return _is_marker(line, _FORWARDED)


def is_other_marker(line: str) -> bool:
    """Tell whether a line stands between dashes: right above a header block it is no sender's word.

    >>> is_other_marker("--- Imported from the old mailbox ---"), is_other_marker("- first - second")
    (True, False)
    """
    return len(line) <= 160 and _OTHER_MARKER.match(line) is not None


def is_tight_marker(line: str) -> bool:
    """Tell whether five dashes stand right at the words, as Outlook marks what is answered.

    >>> is_tight_marker("-----Původní zpráva-----"), is_tight_marker("---------- Přeposlaná ---------")
    (True, False)
    """
    return _TIGHT_MARKER.match(line) is not None


def _is_marker(line: str, words: re.Pattern[str]) -> bool:
    if len(line) > 120:
        return False
    core = line.strip(_DASHES)
    before = line[: len(line) - len(line.lstrip(_DASHES))]
    if not core.endswith((":", "：")) and before.strip(" >*·") == "":
        return False
    core = _SECOND_LANGUAGE.split(core.rstrip(":： "))[0]
    return words.fullmatch(core.lower()) is not None


def is_reply_above_marker(line: str) -> bool:
    """Tell whether a line asks to reply above it; a sentence that quotes such a line does not.

    >>> is_reply_above_marker("##- Lütfen yanıtınızı bu satırın üzerine yazın -##")
    True
    >>> is_reply_above_marker('The text "reply above this line" is printed twice.')
    False
    """
    if len(line) > _LONGEST_MARKER:
        return False
    framed = line[0] in _SIGNS
    if framed and _IN_HASHES.match(line):
        return True
    if framed and _IN_SIGNS.match(line) and all(words.search(line) for words in (ANSWERS, _LINE, _ABOVE)):
        return True
    lowered = line.lower()
    match = _REPLY_ABOVE.search(lowered) if any(word in lowered for word in _WORDS_FOR_LINE) else None
    if match is None:
        return False
    beside = line[: match.start()] + line[match.end() :]
    return len(beside) <= _MOST_CHARS_BESIDE and not any(sign in beside for sign in _QUOTATION)
