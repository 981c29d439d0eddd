"""Labels of header blocks: "From:", "Sent:", "Subject:", in the languages of mail programs."""

from __future__ import annotations

import re

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
ROLES = {label: role for role, labels in _HEADER_LABELS.items() for label in listed_phrases(labels)}
_LABEL = re.compile(
    r"[\s*_\"]{0,4}(?P<label>[^\W\d_][^:：\n]{0,24}?)[\s*_\"]{0,4}[:：](?!//)[\s*_]{0,4}(?P<value>.*)"
)
# A row of a table: "| From | Ann |".
_ROW = re.compile(r"\|\s*\**(?P<label>[^\W\d_][^|:：]{0,24}?)[\s*:：]*\|[\s*]*(?P<value>[^|]*?)[\s*]*\|?$")
INLINE_LABEL = re.compile(r"(?:^|[\s*>\"-])([^\W\d_]\w{0,15}(?: l?a)?)\*?\s?[:：](?=[\s*<\"])")


def labelled(line: str) -> re.Match[str] | None:
    """Return the match of a line `Label: value`, or of such a row of a table, with groups of these names."""
    match = _ROW.match(line[:600]) if line.startswith("|") else _LABEL.match(line[:600])
    return match if match and match["label"].lower() not in ("mailto", "http", "https") else None


def role_of(match: re.Match[str]) -> str | None:
    """Return what the label of a match stands for, such as "from"; None where it is not known."""
    label = match["label"].strip().lower()
    return ROLES.get(label) or ROLES.get(label.partition("(")[0].strip())
