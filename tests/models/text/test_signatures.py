"""Signatures, banners and notes in languages of any kind, and own words that look like them."""

from __future__ import annotations

import pytest

from models.text import clean_body, clean_ticket

OWN = "The lamp flickers since the last update."


@pytest.mark.parametrize(
    "below",
    [
        "The motor is loud and smells.",
        "Der Motor ist laut. Bitte beides tauschen.",
        "Le moteur fait du bruit. Merci de changer les deux.",
        "Moottori pitää ääntä, voitteko vaihtaa sen?",
        "Can I have a new one?",
        "the motor is loud too",
    ],
)
@pytest.mark.parametrize("rule", ["--", "__", "—", "-- "])
def test_what_goes_on_below_a_short_rule_stays(below: str, rule: str) -> None:
    assert below in clean_body(f"{OWN}\n{rule}\n{below}")
    assert below in clean_body(f"{OWN}\n\n{rule}\n\n{below}")


@pytest.mark.parametrize(
    "signature",
    [
        "Ann Lee",
        "Ann Lee\nHead of Sales\n+44 1632 960 000",
        "bob",
        "Müller GmbH\nHauptstr. 1\n12345 Berlin\nwww.example.com",
        "株式会社例\n山田太郎\nTEL 03-1234-5678",
        "Ann\nWe ride because the sun shines.",
    ],
)
@pytest.mark.parametrize("rule", ["--", "__", "—"])
def test_a_signature_below_a_short_rule_goes(signature: str, rule: str) -> None:
    assert clean_body(f"{OWN}\n\n{rule}\n{signature}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "Faults:\n--\nlamp flickers\nmotor loud\ndisplay dark, shows E21 since last evening",
        "Bonjour\nMerci\nLampe en panne depuis lundi",
        "Ik reis met\nMVG\nin München en de kaart werkt niet",
        "Der Bericht nennt als Ursache\n-Motor Defekt",
        "Die Datei liegt in\n/Users Max",
        "Gesendet habe ich das iPhone am Montag\nBitte erstatten.",
        "Hello\n\nYour mail is confidential and intended only for Bo. Why do I get it by mistake?",
        "Bonjour\n\nJ'ai reçu par erreur un mail confidentiel destiné à un autre, je l'ai supprimé.",
        "Hallo,\n\ndie vertrauliche Mail für einen anderen Empfänger kam irrtümlich an und ist weg.",
        "Buongiorno,\n\nmi avete inviato per errore un messaggio riservato di un altro destinatario.",
        "It asks me to pay.\n\nThe link is not working: https://example.com/unsubscribe",
        "Stool broken\n__\nOrder: 4711\nColour: red",
        "ACHTUNG: externe E-Mails kommen nicht an!\n\nBitte prüfen.",
        "DİKKAT: dışarıdan gelen e-postalar açılmıyor!\n\nLütfen bakın.",
        "[Urgent] External mails are blocked!\n\nPlease check the filter of our domain today.",
        "Warning: mails from outside do not arrive.\n\nWe have waited for an order since Monday.",
    ],
)
def test_own_words_that_look_like_a_signature_or_a_note_stay(text: str) -> None:
    assert clean_body(text) == text


@pytest.mark.parametrize(
    "closing",
    [
        "Saygılarımla,\nAyşe Yılmaz\nMüdür\nTel: 0532 123 45 67",
        "İyi çalışmalar\nAyşe Yılmaz",
        "Με εκτίμηση,\nΝίκος Παπάς\nΤηλ: 210 1234567",
        "Üdvözlettel,\nKiss Anna\nügyvezető",
        "S pozdravem,\nJan Novák\nTel: 601 234 567",
        "Cu stimă,\nIon Pop\n0721 234 567",
        "З повагою,\nІван Коваль",
        "Поздрави,\nИван Иванов\n0888 123 456",
        "Srdačan pozdrav,\nAna Horvat",
        "مع أطيب التحيات،\nأحمد",
        "בברכה,\nדוד כהן\n052-1234567",
        "Trân trọng,\nNguyễn An",
        "ขอแสดงความนับถือ\nสมชาย",
        "감사합니다.\n김민수 드림\n010-1234-5678",
        "Zdvořile zdraví,\nJan Novák",
        "Le gach dea-ghuí,\nSeán Ó Briain\nwww.example.ie",
    ],
)
def test_closings_with_a_name_go_in_any_language(closing: str) -> None:
    assert clean_body(f"{OWN}\n\n{closing}") == OWN


def test_a_postscript_in_any_language_stays_below_a_closing() -> None:
    text = f"{OWN}\n\nSaygılarımla,\nAyşe\n\nNot: Pazartesi günü evde değilim."
    assert clean_body(text) == f"{OWN}\n\nNot: Pazartesi günü evde değilim."


@pytest.mark.parametrize(
    "line",
    [
        "Envoyé depuis l'application Mail Orange",
        "Inviata da Tiscali Mail",
        "Отправлено из мобильной Яндекс Почты",
        "Sent from Superhuman",
        "Sent using Zoho Mail",
        "Excuse typos, sent from mobile",
    ],
)
def test_lines_of_rarer_mail_programs_go(line: str) -> None:
    assert clean_body(f"{OWN}\n\n{line}") == OWN


@pytest.mark.parametrize(
    "note",
    [
        "Това съобщение е поверително и е само за адресата. Ако сте го получили погрешка, изтрийте го.",
        "このメールには機密情報が含まれます。誤って受信された場合は削除してください。受信者以外の利用を禁じます。",
        "本邮件含有保密信息，仅限于发送给收件人。如果您错收了本邮件，请立即删除！",
        "هذه الرسالة سرية ومخصصة للمرسل إليه فقط. إذا استلمتها بالخطأ يرجى حذفها.",
        "הודעה זו חסויה ומיועדת לנמען בלבד. אם קיבלת אותה בטעות, אנא מחק אותה.",
        "Email này chứa thông tin bảo mật, chỉ dành cho người nhận. Nếu nhận nhầm, vui lòng xóa.",
        "Bu e-posta gizlidir ve yalnızca alıcısına yöneliktir. Yanlışlıkla aldıysanız lütfen silin.",
        "Kérjük, gondoljon a környezetre, mielőtt kinyomtatja ezt az e-mailt.",
        "Lütfen bu e-postayı yazdırmadan önce çevreyi düşünün.",
        "Σκεφτείτε το περιβάλλον πριν εκτυπώσετε αυτό το μήνυμα.",
        "Information on how we treat your data: https://example.com/privacy",
        "__________ Information from ESET Antivirus, version of the virus database 5555 __________",
        "-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----",
        "To unsubscribe from this list click here: https://example.com/unsubscribe?u=5",
        "© 2026 ACME Ltd. All rights reserved. www.example.com",
        "This email was intended for Ann. Learn why we included this.",
        "Ann is inviting you to a Zoom meeting.\n\nJoin\nhttps://zoom.us/j/81234567890\n\nID: 812 3456 7890",
    ],
)
def test_notes_below_the_message_go_in_any_language(note: str) -> None:
    assert clean_body(f"{OWN}\n\n{note}") == OWN


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERN] Diese Nachricht stammt von einem externen Absender",
        "【注意】このメールは社外から送信されました。",
        "УПОЗОРЕЊЕ: Ова порука је стигла од спољног пошиљаоца.",
        "[EXT]",
        "คำเตือน: อีเมลนี้มาจากภายนอกองค์กร.",
        "تنبيه: هذه الرسالة من خارج المؤسسة.",
        "*** External sender – be careful with links ***",
        "FIGYELEM! Ez az e-mail külső feladótól érkezett.",
        "[주의] 외부에서 발송된 메일입니다.",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_banners_above_the_message_go_in_any_language(banner: str, gap: str) -> None:
    assert clean_ticket("", f"{banner}{gap}{OWN}") == OWN


@pytest.mark.parametrize(
    "mark", ['class="gmail_signature"', 'id="Signature"', 'id="x_Signature"', 'class="moz-signature"']
)
def test_a_signature_that_the_mail_program_marks_goes(mark: str) -> None:
    signature = f"<div {mark}>Ann Lee<br>Head of Sales<br>ACME</div>"
    assert clean_body(f"<div>{OWN}</div><br>{signature}") == OWN
    typed = f"<div>{OWN}</div><div {mark}>The motor is loud as well.</div>"
    assert "The motor is loud as well." in clean_body(typed)


def test_words_style_sheet_within_a_comment_goes() -> None:
    sheet = "<!-- /* Font Definitions */ @font-face {font-family:x; panose-1:2;} p.MsoNormal {margin:0;} -->"
    assert clean_body(f"{sheet}\n{OWN}") == OWN
    assert clean_body(f"<!-- a remark of mine -->\n{OWN}") == f"<!-- a remark of mine -->\n{OWN}"


def test_an_attribution_with_a_bare_address_goes_with_its_quote() -> None:
    quote = '<blockquote class="tutanota_quote">Which lamp?</blockquote>'
    assert clean_body(f"<div>{OWN}</div><div>3 Mar 2026, 10:20 by b@example.com:<br></div>{quote}") == OWN


SENTENCES_ABOUT_CLOSINGS = [
    "Kind regards\nis cut off on page two.\nPlease repair the template.",
    "The letter is wrong.\nMit freundlichen Grüßen\nwird zweimal gedruckt.\nBitte prüfen.",
    "Beste Grüße werden doppelt gedruckt.\nBitte prüfen.",
    "Gracias\nsale dos veces en la carta.\nAdemás falta el logo.",
    "The font is wrong.\nMails sent from my iPad are blue.\nSent from my iPhone they are red.\nWhy is that?",
]


@pytest.mark.parametrize("text", SENTENCES_ABOUT_CLOSINGS)
def test_a_sentence_that_begins_as_a_closing_or_an_advertisement_stays(text: str) -> None:
    assert clean_body(text) == text


@pytest.mark.parametrize("item", ["2. turn it off", "2) turn it off", "- turn it off", "* turn it off"])
def test_steps_between_short_rules_stay(item: str) -> None:
    text = f"1. turn it on\n--\n{item}\n--\n3. it smells"
    assert clean_body(text) == text


@pytest.mark.parametrize(
    "last", ["De beugel is ook los.", "The hotel key is lost too, and the fax.", "O ja, de beitel mist."]
)
def test_a_last_sentence_below_a_name_stays_though_it_names_a_telephone_in_part(last: str) -> None:
    assert last in clean_body(f"{OWN}\n\nKind regards,\nAnn\n\n{last}")


RARE_SENDERS = {
    "da": "Du får ikke ofte mails fra ann@example.com. Få mere at vide om, hvorfor dette er vigtigt",
    "de": "Sie erhalten nicht häufig E-Mails von ann@example.com. Erfahren Sie, warum dies wichtig ist",
    "en": "You don't often get email from ann@example.com. Learn why this is important",
    "es": "No suele recibir correo electrónico de ann@example.com. Por qué es esto importante",
    "fi": "Et saa usein sähköpostia osoitteesta ann@example.com. Lue, miksi tämä on tärkeää",
    "fr": "Vous n’obtenez pas souvent d’e-mail à partir de ann@example.com. Pourquoi c’est important",
    "ja": "ann@example.com からメールを受け取ることはあまりありません。これが重要な理由の詳細",
    "lv": "Jūs bieži nesaņemat e-pastu no ann@example.com. Uzziniet, kāpēc tas ir svarīgi",
    "pl": "Nie otrzymujesz często wiadomości e-mail z ann@example.com. Dowiedz się, dlaczego jest to ważne",
    "ru": "Вы не часто получаете письма от ann@example.com. Узнайте, почему это важно",
    "sv": "Du får inte ofta e-post från ann@example.com. Läs om varför det här är viktigt",
    "zh": "你通常不会收到来自 ann@example.com 的电子邮件。了解这一点为什么很重要",
}


@pytest.mark.parametrize("note", RARE_SENDERS.values(), ids=RARE_SENDERS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_note_that_a_sender_is_rare_goes_in_every_language(note: str, gap: str) -> None:
    assert clean_body(f"{note}{gap}{OWN}") == OWN


def test_a_person_who_says_why_an_address_matters_is_read() -> None:
    text = "I get no mails at ann@example.com, that is why a new address is important to me."
    assert text in clean_body(f"{text}\n\n{OWN}")


def test_a_meeting_below_a_line_in_dashes_goes() -> None:
    meeting = (
        "-- Do not delete or change any of the following text. --\n\nJoin meeting\n"
        "https://example.webex.com/example/j.php?MTID=m1\n\nMeeting number (access code): 2345 678 9012"
    )
    assert clean_body(f"{OWN}\n\n{meeting}") == OWN
