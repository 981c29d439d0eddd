"""Banners, notes and footers that servers and programs put around a message."""

from __future__ import annotations

import pytest

from models.text import clean_body

OWN = "The lamp flickers since the last update, please send a new one."


@pytest.mark.parametrize(
    "banner",
    [
        "[Some people who received this message don't often get email from ann@example.org. Learn why this "
        "is important at https://aka.ms/LearnAboutSenderIdentification ]",
        "You don't often get email from ann@example.org. Learn why this is important"
        "<https://aka.ms/LearnAboutSenderIdentification>",
        "[Sie erhalten nicht häufig E-Mails von ann@example.org. Warum dies wichtig ist: "
        "https://aka.ms/LearnAboutSenderIdentification ]",
        "CAUTION: This email originated from outside of the organization. Do not click links.",
        "WARNUNG: Diese E-Mail kommt von extern. Klicken Sie nicht auf unbekannte Links.",
        "ATTENTION: Ce message vient de l'extérieur, ne cliquez pas sur les liens.",
        "OBS! EXTERNT: Klicka inte på länkar och öppna inte bilagor från okända avsändare.",
        "HUOM: Viesti on tullut organisaation ulkopuolelta. Älä avaa liitteitä.",
        "ВНИМАНИЕ: письмо пришло извне. Не переходите по ссылкам.",
        "[EXTERNAL]",
        "*** EXTERNAL EMAIL ***",
        "EXTERNAL EMAIL: Use caution with links and attachments.",
        "⚠ Externe E-Mail: Bitte Vorsicht bei Links und Anhängen.",
        "Advarsel: Denne e-posten kommer fra en ekstern avsender.",
        "Let op: deze e-mail komt van buiten de organisatie.",
        "Attenzione: questa e-mail proviene dall'esterno dell'organizzazione.",
        "UWAGA: Ta wiadomość pochodzi spoza organizacji.",
        "Uzmanību! Šis e-pasts ir saņemts no ārpuses.",
        "注意：此邮件来自外部，请勿点击链接。",
        "【外部メール】リンクや添付ファイルに注意してください。",
        "Tento e-mail pochází z vnější sítě. Neklikejte na odkazy a neotvírejte přílohy.",
        "Diese Nachricht kommt von einem externen Absender. Öffnen Sie keine Anhänge.",
        "Ce message provient de l'extérieur. Ne cliquez pas sur les liens.",
    ],
)
def test_a_banner_above_the_message_goes(banner: str) -> None:
    assert clean_body(f"{banner}\n\n{OWN}") == OWN
    link = "https://aka.ms/LearnAboutSenderIdentification"
    markup = banner.replace(f"<{link}>", f"<a href='{link}'>why</a>").replace(
        link + " ]", f"<a href='{link}'>why</a>]"
    )
    assert clean_body(f"<div>{markup}</div><div>{OWN}</div>") == OWN
    assert clean_body(f"{banner}\n\n\nHello\n\n{OWN}\n\nRegards\nAnn") == f"Hello\n\n{OWN}"


RULE = "_" * 47
FOOTERS = {
    "mailman": f"{RULE}\nriders mailing list\nriders@lists.example.org\nhttps://example.org/riders",
    "google groups": "-- \nYou received this message because you are subscribed to the group riders.\n"
    "To unsubscribe from this group, send an email to riders+unsubscribe@googlegroups.com.",
    "teams": f"{RULE}{RULE}\nMicrosoft Teams-Besprechung\nNehmen Sie teil\nhttps://teams.microsoft.com/l/meetup-join/19\n"
    "Besprechungs-ID: 321 654 987 01\nKennung: Zy8xW7",
    "meet": f"{RULE}\nhttps://meet.google.com/abc-defg-hij\nJoin by phone\nPIN: 123 456 789",
    "mimecast": "Disclaimer\n\nThe information in this communication is confidential and intended solely for "
    "the recipient. If you are not the recipient, any use is strictly prohibited.\n\nThis email has been "
    "scanned for viruses and malware, and may have been automatically archived.",
    "avast en": "Virus-free. www.avast.com <https://www.avast.com/sig-email?utm_medium=email>",
    "avast fr": "Garanti sans virus. www.avast.com\n<#DAB4FAD8-2DD7-40BB-A1B8-4E2AA1F9FDF2>",
    "scan de": "Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.\nwww.avast.com",
    "scan es": "Este mensaje ha sido analizado en busca de virus por MailGuard y está limpio.",
    "scan fi": "Tämä viesti on tarkistettu virusten varalta.",
    "scan ru": "Это письмо проверено на вирусы антивирусом Avast.",
    "legal nl": "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
    "legal pl": "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
    "legal cs": "Tato zpráva je důvěrná. Pokud jste ji obdrželi omylem, smažte ji prosím.",
    "legal zh": "本邮件及其附件含有保密信息,仅限于发送给上面地址中列出的个人。禁止任何其他人以任何形式使用。",
    "scanner": "Scanned by MailScanner and believed to be clean.",
    "register": "Example GmbH, Sitz: Bonn, HRB 12345 Amtsgericht Bonn, Geschäftsführer: Eva Klein",
    "card": "Ann Other | Sales | Example Ltd | T: 0121 496 0000 | www.example.org",
    "card ja": "─────────────\n株式会社サンプル\n山田太郎\nTEL 03-1234-5678\n─────────────",
    "meet labelled": "Ann is inviting you to a meeting.\nGoogle Meet joining info\n"
    "Video call link: https://meet.google.com/abc-defg-hij\nOr dial: (US) +1 414-555-0123 PIN: 445 566 778#",
    "trees": "Please consider the environment before printing this e-mail.",
}


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
def test_a_footer_below_the_message_goes(footer: str) -> None:
    assert clean_body(f"{OWN}\n\n{footer}") == OWN
    assert clean_body(f"{OWN}\n\nRegards\nAnn\n\n{footer}") == OWN
    assert clean_body(f"{OWN}\n\n{footer}\n\n{FOOTERS['scan de']}") == OWN


@pytest.mark.parametrize(
    "own",
    [
        "Please put this on the invoice: Example GmbH, Bonn, VAT DE123456789",
        "red | sold out | since Monday | www.example.org",
        "Router | Model X | http://10.0.0.1 | offline",
        "Sent from my iPhone the photos don't upload, from the laptop they do.",
        "Gesendet vom iPhone kommen die Bilder seit Montag nicht mehr an, vom Rechner aus schon.",
        "This mail from outside never arrived. Why?",
    ],
)
def test_own_words_that_look_like_a_footer_stay(own: str) -> None:
    assert own in clean_body(f"{OWN}\n\n{own}")
    assert own in clean_body(f"Hi,\n\n{own}\n\nAnn")


def test_a_list_with_a_line_of_dashes_in_it_stays() -> None:
    body = "Missing are:\n- screws\n--\n- the manual\nPlease send them."
    assert clean_body(body) == body


def test_a_signed_mail_is_read_without_its_armor() -> None:
    body = (
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{OWN}\n\n- -- \nAnn\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n=abcd\n-----END PGP SIGNATURE-----"
    )
    assert clean_body(body) == OWN
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----"
    assert clean_body(f"{OWN}\n\n{key}") == OWN


@pytest.mark.parametrize(
    "sign_off", ["-Ann", "/Ann Lee", "-Ann van der Lee", "–Ann", "~Ann", "Kh\nAnn", "Mange hilsner\nAnn"]
)
def test_a_name_after_a_dash_goes(sign_off: str) -> None:
    assert clean_body(f"{OWN}\n\n{sign_off}") == OWN


@pytest.mark.parametrize(
    "body",
    [
        "EXTERNAL DISPLAY BLACK\nIt was fine yesterday.",
        "External e-mail does not reach us.\n\nPlease help.",
        "[Ticket from the shop]\n\nThe lamp is off.",
        "Warning: lamp is off\n\nI got this in the app.",
        "Your mails are refused here:\n\nThis email has been scanned for viruses, says who? Stop it!",
        "Please take me off the list\n\nriders@lists.example.org",
        "I want to unsubscribe:\n\nhttps://example.com/unsubscribe?id=42\n\nThe page says error 500.",
        "My virus scanner says no.\n\nIt finds Trojan.X in your app, version 4.2.",
        "I cannot join.\n\nMeeting ID: 123 456 789\n\nWhat now?",
        "WARNING lamp is on.\n\nThe motor stops after a minute.",
        "Needed:\n\n-Lamp\n-Motor\n-Lock",
        "Two things:\n\n- Ann has no key\n- Bo",
        "The contract is confidential, I got it by error.\n\nWhom do I send it to?",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nis refused by your server",
    ],
)
def test_no_content_is_taken_for_a_banner_or_footer(body: str) -> None:
    assert clean_body(body) == body
