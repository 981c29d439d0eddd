"""Header blocks: the lines "From: … Sent: … To: … Subject: …" above a quoted mail, as Outlook writes them.

A block is recognised by its labels in the languages below, and in any other by its form: short
`Label: value` lines right below one another, with mail addresses and a date among the values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.text.mails.attributions import ADDRESS, has_clock_time, has_email_address
from models.text.mails.pasted_logs import is_log_line, is_written_by_server
from models.text.mails.phrases import is_original_marker, is_other_marker, is_tight_marker
from models.text.mails.subject import has_listed_prefix, is_prefixed
from models.text.unicode import REPLY_HEADER
from models.word_lists import listed_phrases

# The labels of mail programs. "sent" is a word for the date that only mail programs put there.
_HEADER_LABELS = {
    "from": """
        from, von, absender, lähettäjä, no, sūtītājs, fra, avsender, afsender, de, expéditeur, remitente,
        från, avsändare, da, mittente, van, afzender, od, nadawca, saatja, kellelt, nuo, siuntėjas, от,
        от кого, отправитель, від, відправник, подател, изпращач, šalje, pošiljatelj, пошиљалац, шаље,
        odesílatel, odosielateľ, feladó, kitől, de la, expeditor, από, αποστολέας, kimden, gönderen,
        من, المرسل, מאת, از, فرستنده, จาก, ผู้ส่ง, từ, người gửi, dari, daripada, pengirim, frá, remetente,
        发件人, 寄件者, 寄件人, 发信人, 發件人, 差出人, 送信者, 보낸 사람, 보낸사람, 발신인, 발신, 보낸이
    """,
    "sent": """
        sent, gesendet, gesendet am, lähetetty, nosūtīts, sūtīts, sendt, envoyé, envoyé le, enviado,
        enviado el, skickat, verzonden, inviato, wysłano, wysłane, saadetud, saatmisaeg, išsiųsta,
        enviada em, enviado em, enviada, отправлено, надіслано, изпратено, poslano, послато, odesláno,
        odoslané, elküldve, küldve, trimis, στάλθηκε, εστάλη, gönderilme, gönderildi, gönderilme tarihi,
        تم الإرسال, الإرسال, נשלח, ارسال, ส่ง, ส่งเมื่อ, đã gửi, dikirim, dihantar, sent on, message du,
        发送时间, 发送日期, 寄件日期, 傳送時間, 發送時間, 送信日時, 보낸 날짜, 보낸날짜
    """,
    "date": """
        date, datum, päivämäärä, päiväys, datums, dato, fecha, data, kuupäev, дата, dátum, ημερομηνία,
        tarih, التاريخ, תאריך, تاریخ, วันที่, ngày, tanggal, tarikh, dagsetning, datums un laiks, 日期, 时间,
        日付, 日時, 날짜
    """,
    "to": """
        to, an, vastaanottaja, saaja, kam, uz, saņēmējs, til, à, destinataire, pour, para, destinatario,
        till, a, aan, do, adressaat, kellele, gavėjas, кому, получатель, до, за, prima, za, прима, komu,
        címzett, către, catre, προς, kime, alıcı, إلى, المستلم, אל, נמען, به, گیرنده, ถึง, tới, đến,
        kepada, ke, 收件人, 收件者, 宛先, 받는 사람, 받는사람, 수신인, 수신, 받는이
    """,
    "copy": """
        cc, bcc, reply-to, reply to, kopie, kopie an, kopio, kopija, kopi, kopia, copie, copie à, copia,
        cópia, dw, udw, do wiadomości, koopia, копия, копія, копие, kópia, másolatot kap, másolat, κοιν,
        κοινοποίηση, bilgi, kopya, نسخة, עותק, رونوشت, สำเนา, đồng kính gửi, tembusan, 抄送, 副本, 참조,
        antwort an, blindkopie, répondre à, responder a, svar til
    """,
    "subject": """
        subject, betreff, aihe, otsikko, temats, tēma, priekšmets, emne, objet, sujet, asunto, ämne,
        onderwerp, oggetto, temat, teema, tema, assunto, тема, относно, предмет, predmet, předmět, věc,
        zadeva, naslov, tárgy, subiect, θέμα, konu, الموضوع, موضوع, נושא, เรื่อง, หัวเรื่อง, chủ đề, tiêu đề,
        perihal, subjek, efni, 主题, 主旨, 標題, 件名, 제목
    """,
    "other": """
        importance, priority, attachments, attachment, organization, wichtigkeit, priorität, anlagen,
        anhänge, tärkeys, liitteet, viktighet, vedlegg, importancia, datos adjuntos, adjuntos,
        pièces jointes, bijlagen, urgentie, allegati, priorità, załączniki, ważność, bilagor, manused,
        priedai, вложения, важность, вкладення, přílohy, prílohy, mellékletek, anexos, ekler, συνημμένα,
        message-id, mailed-by, signed-by, user-agent, x-mailer, newsgroups, 附件, 重要性, 添付ファイル, 첨부
    """,
}
_ROLES = {label: role for role, labels in _HEADER_LABELS.items() for label in listed_phrases(labels)}
_RULE = re.compile(r"(?!-_{1,2}-$)[\s*_=~—–─━═-]{3,}$")
# What Lotus Notes puts above a block: "Ann Lee---03.05.2026 09:31:05---The lock jams."
_NOTES_LINE = re.compile(
    r"[^\n-]{2,60}-{3}\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?-{3}"
)
_LABEL = re.compile(
    r"[\s*_\"]{0,4}(?P<label>[^\W\d_][^:：\n]{0,24}?)[\s*_\"]{0,4}[:：](?!//)[\s*_]{0,4}(?P<value>.*)"
)
_INLINE_LABEL = re.compile(r"(?:^|[\s*>\"-])([^\W\d_]\w{0,15}(?: l?a)?)\*?\s?[:：](?=[\s*<\"])")
_ADDRESS_AFTER_BRACKET = re.compile(rf"[<(\[](?:mailto:)?{ADDRESS}")
# "E-mail:" in a form; no header has this label.
_MAIL_LABEL = re.compile(
    r"mail|e-?post|correo|courriel|sähköposti|e-?pasts|el\. ?paštas|pošt|почт|пошт|пошта|имейл|posta|"
    r"メール|邮箱|邮件|電郵|信箱|메일|بريد|אימייל|דוא|อีเมล"
)
_BARE_ADDRESS = re.compile(rf"<?{ADDRESS}>?$")
# What a program adds to a mail on its way, which only people paste who copy its source.
_RAW_HEADER = re.compile(
    r"(?:Received|Return-Path|Delivered-To|DKIM-\w+|ARC-[\w-]+|X-[\w-]+|MIME-Version|Message-ID):", re.I
)
# A row of a table: "| From | Ann |".
_ROW = re.compile(r"\|\s*\**(?P<label>[^\W\d_][^|:：]{0,24}?)[\s*:：]*\|[\s*]*(?P<value>[^|]*?)[\s*]*\|?$")
# The name of a weekday beside that of a month, as mail programs write dates.
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}\W.*[^\W\d_]{3,}|曜|요일|星期|周[一二三四五六日]")
_LOOK_AHEAD = 16
_ALL_ROLES = 4
_MOST_LABEL_WORDS = 2
_LONGEST_SQUEEZED = 1_500


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A header block that ends before line `end`.

    `certain`: an address, or a date as mail programs write it, says that it is no person's form. `addressed`:
    an address is among the values. `sender`: the value of the label for the sender, with name and address.
    """

    end: int
    subject: str
    certain: bool
    addressed: bool = True
    sender: str = ""

    @property
    def is_of_a_reply(self) -> bool:
        """Tell whether the subject has a prefix such as "Re:", in any language."""
        return is_prefixed(self.subject)


@dataclass(frozen=True, slots=True)
class HistoryHeader:
    """Opening of a history: a marker, a header block or both, before line `end`."""

    end: int
    block: HeaderBlock | None
    of_forward: bool = False


def history_header(lines: Sequence[str], at: int) -> HistoryHeader | None:
    """Return the header of a history that starts at a line, or None when there is none."""
    line = lines[at]
    if line.startswith(REPLY_HEADER) or is_original_marker(line):
        start = next_line(lines, at + 1)
        block = header_block(lines, start)
        if block is None and _is_within_sentence(lines, at):
            return None
        block = replace(block, certain=True) if block else None
        return HistoryHeader(block.end if block else start, block)
    if line.startswith("--") and is_squeezed_block(line):
        return HistoryHeader(at + 1, HeaderBlock(at + 1, "", certain=True), not is_tight_marker(line))
    if _NOTES_LINE.match(line):
        block = header_block(lines, next_line(lines, at + 1))
        return HistoryHeader(block.end, replace(block, certain=True)) if block else None
    if is_other_marker(line):
        block = header_block(lines, next_line(lines, at + 1))
        return HistoryHeader(block.end, block, not is_tight_marker(line)) if block else None
    block = header_block(lines, at)
    return HistoryHeader(block.end, block) if block and not _is_part_of_form(lines, at, block) else None


def _is_within_sentence(lines: Sequence[str], at: int) -> bool:
    """Tell whether line `at` stands right between two lines of which the second goes on in small letters."""
    return 0 < at < len(lines) - 1 and lines[at - 1] != "" and lines[at + 1][:1].islower()


def _is_part_of_form(lines: Sequence[str], start: int, block: HeaderBlock) -> bool:
    """Tell whether what looks like a header block is a part of a form or of a log that the sender pasted.

    Mail programs leave a line free on one side of their block at least, and put no other fields around it.
    """
    inside = lines[start : block.end]
    above = lines[start - 1] if start else ""
    below = lines[block.end] if block.end < len(lines) else ""
    if _RAW_HEADER.match(above) or is_log_line(above) or is_log_line(below):
        return True
    first = start
    while first and _is_field(lines[first - 1]):
        first -= 1
    goes_on = next_line(lines, block.end) < len(lines)
    if goes_on and not block.subject and is_written_by_server(lines[first : block.end]):
        return True
    if block.is_of_a_reply or any(map(_ADDRESS_AFTER_BRACKET.search, inside)):
        return False
    if _is_field(above) or _is_field(below):
        return True
    return bool(above and below) and not is_rule(above) and not any(map(has_clock_time, inside))


def _is_field(line: str) -> bool:
    match = _labelled(line)
    return match is not None and bool(match["value"]) and len(match["label"].split()) <= _MOST_LABEL_WORDS


def next_line(lines: Sequence[str], at: int) -> int:
    """Return the number of the first line from `at` on that is neither empty nor a rule."""
    while at < len(lines) and (not lines[at] or is_rule(lines[at])):
        at += 1
    return at


def is_rule(line: str) -> bool:
    """Tell whether a line consists of dashes, underscores or the like."""
    return _RULE.match(line) is not None


def header_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Return the header block that begins at `start`, or None when there is none.

    In a known language a block names the sender and two more parts, and the subject, a mail address or
    when it was sent: a form that asks "From: … To: … Date: …" for a delivery is none. Long values may go on
    in the next line.
    """
    start = _after_rule(lines, start)
    if start >= len(lines) or not (match := _labelled(lines[start])):
        return None
    if _role(match) in ("from", "sent", "date", "subject", "to"):
        if is_squeezed_block(lines[start]):
            return HeaderBlock(start + 1, "", certain=True)
        return _known_block(lines, start) or _block_by_form(lines, start)
    return _block_by_form(lines, start)


def inline_block(line: str) -> int:
    """Return where a whole header block begins within a line, behind the end of a sentence; else 0."""
    if "@" not in line:
        return 0
    for match in _INLINE_LABEL.finditer(line[:_LONGEST_SQUEEZED]):
        start = match.start(1)
        if _ROLES.get(match[1].lower()) == "from" and start and line[:start].rstrip()[-1:] in ".!?。！？":
            return start if is_squeezed_block(line[start:]) else 0
    return 0


def is_squeezed_block(line: str) -> bool:
    """Tell whether a whole header block stands in one line."""
    line = line[:_LONGEST_SQUEEZED]
    roles = {_ROLES.get(label.lower()) for label in _INLINE_LABEL.findall(line)} - {None, "other"}
    if not {"from"} <= roles or len(roles) < 2:
        return False
    if len(roles) >= 3 and ("subject" in roles or has_email_address(line)):
        return True
    return bool(roles & {"sent", "date"}) and has_email_address(line) and has_clock_time(line)


def _known_block(lines: Sequence[str], start: int) -> HeaderBlock | None:
    roles: dict[str, str] = {}
    last, wrapped, blank, address = start, 0, 0, False
    unknown: list[re.Match[str]] = []
    for at in range(start, min(start + _LOOK_AHEAD, len(lines))):
        match = _labelled(lines[at])
        role = _role(match) if match else None
        if role in roles and role != "other":
            break
        if match and role is not None:
            if any(_BARE_ADDRESS.match(other["value"].strip()) for other in unknown):
                return None  # a form, which asks for more than a header has
            roles[role] = match["value"].strip()
            last, wrapped, blank = at, 0, 0
        elif lines[at]:
            wrapped += 1
            unknown += [match] if match else []
        else:
            blank += 1
        if wrapped > 2 or blank > 1:
            break
        address = address or (role is not None and has_email_address(lines[at]))
    roles.pop("other", None)
    date = roles.get("sent", "") + " " + roles.get("date", "")
    dated = has_clock_time(date)
    sent = "sent" in roles and dated
    full = "from" in roles and len(roles) >= 3 and ("subject" in roles or address or sent)
    short = len(roles) >= 2 and address and dated and bool(roles.keys() & {"from", "to"})
    if not full and not short:
        return None
    written = dated and _TWO_WORDS.search(date) is not None
    certain = address or (sent and "subject" not in roles) or (written and (sent or len(roles) >= _ALL_ROLES))
    return HeaderBlock(
        last + 1, roles.get("subject", ""), certain=certain, addressed=address, sender=roles.get("from", "")
    )


def _block_by_form(lines: Sequence[str], start: int) -> HeaderBlock | None:
    """Return a block in a language whose labels are not known."""
    values: list[str] = []
    at = start
    while at < min(start + _LOOK_AHEAD, len(lines)) and len(values) < 8:
        match = _labelled(lines[at])
        if match and match["value"]:
            if _MAIL_LABEL.search(match["label"].lower()) and _BARE_ADDRESS.match(match["value"].strip()):
                return None
            values.append(match["value"])
        elif not (values and lines[at] and values[-1].rstrip().endswith((",", ";"))):
            break
        at += 1
    in_brackets = sum(_ADDRESS_AFTER_BRACKET.search(value) is not None for value in values)
    addresses = sum(map(has_email_address, values))
    dates = [value for value in values if has_clock_time(value) and not has_email_address(value)]
    if len(values) < 3 or not dates or any(len(value) > 500 for value in values):
        return None
    if (not in_brackets or (addresses < 2 and len(values) < 4)) and not any(map(has_listed_prefix, values)):
        return None
    others = [value for value in values if not has_email_address(value) and not has_clock_time(value)]
    subjects = [value for value in values if is_prefixed(value)] or others[::-1]
    sender = next((value for value in values if has_email_address(value)), "")
    return HeaderBlock(at, subjects[0] if subjects else "", certain=True, sender=sender)


def _labelled(line: str) -> re.Match[str] | None:
    match = _ROW.match(line[:600]) if line.startswith("|") else _LABEL.match(line[:600])
    return match if match and match["label"].lower() not in ("mailto", "http", "https") else None


def _role(match: re.Match[str]) -> str | None:
    label = match["label"].strip().lower()
    return _ROLES.get(label) or _ROLES.get(label.partition("(")[0].strip())


def _after_rule(lines: Sequence[str], start: int) -> int:
    """Skip the long underscores that Outlook puts above a block."""
    if start < len(lines) and len(lines[start]) >= 5 and is_rule(lines[start]):
        start += 1
        while start < len(lines) and not lines[start]:
            start += 1
    return start
