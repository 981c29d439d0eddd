"""Mails as programs send them: character sets, versions of a text, attached mails, and hostile ones."""

from __future__ import annotations

import base64

import pytest

from training.exports.mails import read_mail
from triage.ticket import Ticket


def mail(*headers: str, body: str = "", charset: str = "utf-8") -> bytes:
    return ("\n".join(headers) + "\n\n" + body).encode(charset)


def parts(kind: str, *listed: tuple[str, str]) -> bytes:
    """Return a mail with parts, each with its headers and its content."""
    body = "".join(f"--=b\n{headers}\n\n{content}\n" for headers, content in listed)
    return mail("Subject: Tap", f"Content-Type: multipart/{kind}; boundary==b", body=body + "--=b--\n")


def read(raw: bytes) -> str:
    """Return the text of a mail as the models read it, without its subject."""
    values = read_mail(raw)
    return Ticket("1", "", values["body"]).text()


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("gb2312", "gb18030", "镕基路的水管漏水"),
        ("GBK", "gbk", "水管漏水了，请修理"),
        ("windows-874", "cp874", "ก๊อกน้ำรั่ว"),
        ("tis-620", "cp874", "ก๊อกน้ำรั่ว"),
        ("ks_c_5601-1987", "cp949", "수도꼭지가 샙니다 똠"),
        ("euc-kr", "euc-kr", "수도꼭지가 샙니다"),
        ("shift_jis", "cp932", "蛇口から水が漏れます①"),
        ("iso-2022-jp", "iso-2022-jp", "蛇口から水が漏れます"),
        ("big5", "big5", "水龍頭漏水"),
        ("iso-8859-1", "cp1252", "Der Hahn – 5 € – tropft"),
        ("iso-8859-9", "cp1254", "Musluk damlıyor, şimdi"),
        ("iso-8859-8-i", "iso-8859-8", "הברז דולף"),
        ("koi8-r", "koi8-r", "Кран течёт"),
        ("x-windows-1251", "cp1251", "Кран течёт"),
        ("windows-1250", "cp1250", "Kran cieknie, proszę naprawić"),
        ("iso-8859-1", "utf-8", "Der Hahn läuft, größer"),
        ("us-ascii", "cp1252", "Der Hahn läuft über"),
        ("unknown-8bit", "cp1252", "Der Hahn läuft über"),
        ("x-unheard-of", "utf-8", "Der Hahn läuft über"),
        ("utf-8", "cp1252", "Der Hahn läuft über"),
        ("utf-16", "utf-8", "Der Hahn läuft über"),
        ("unicode_escape", "ascii", r"C:\new\x41"),
    ],
)
def test_the_character_set_is_the_one_that_is_meant(charset: str, codec: str, text: str) -> None:
    raw = f"Subject: a\nContent-Type: text/plain; charset={charset}\n\n".encode() + text.encode(codec)
    assert read_mail(raw)["body"] == text


@pytest.mark.parametrize("codec", ["koi8-r", "cp1251"])
def test_russian_without_a_character_set_is_read(codec: str) -> None:
    text = "Кран течёт на кухне"
    assert read_mail(mail("Subject: a", body=text, charset=codec))["body"] == text


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_bytes_without_a_character_set_are_read_as_what_they_are(codec: str) -> None:
    values = read_mail(mail("Subject: Der Hahn läuft über", body="Größe fünf, bitte", charset=codec))
    assert (values["subject"], values["body"]) == ("Der Hahn läuft über", "Größe fünf, bitte")


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"=?gb2312?B?" + base64.b64encode("镕基路漏水".encode("gb18030")) + b"?=", "镕基路漏水"),
        (b"=?ks_c_5601-1987?B?" + base64.b64encode("누수 똠".encode("cp949")) + b"?=", "누수 똠"),
        (b"=?windows-874?B?" + base64.b64encode("รั่ว".encode("cp874")) + b"?=", "รั่ว"),
        (b"=?unknown-8bit?Q?l=E4uft?=", "läuft"),
        (b"=?utf-8?Q?L=C3=A4uft_=C3?=\n =?utf-8?Q?=BCber?= Tap", "Läuft über Tap"),
        (b"=?utf-8*de?B?TMOkdWZ0?=", "Läuft"),
        (b"=?utf-8?Q?Was ist los??=", "Was ist los?"),
        (b"=?utf-8?B?TMOkdWZ0IA", "=?utf-8?B?TMOkdWZ0IA"),
        (b"Tap\n drips\n\tagain", "Tap drips again"),
        ("Кран течёт".encode("koi8-r"), "Кран течёт"),
    ],
)
def test_subjects_are_read_however_they_are_written(raw: bytes, subject: str) -> None:
    found = read_mail(b"Subject: " + raw + b"\nContent-Type: text/plain; charset=koi8-r\n\nx")
    assert found["subject"] == subject


HTML = "<p>The tap in the kitchen drips day and night.</p>"


@pytest.mark.parametrize(
    "plain",
    ["", " \n\n", "Your mail program cannot show HTML. See https://example.com/view", "HTML-Ansicht nötig"],
)
def test_html_is_read_where_the_plain_version_says_nothing(plain: str) -> None:
    assert read(
        parts("alternative", ("Content-Type: text/plain", plain), ("Content-Type: text/html", HTML))
    ) == ("The tap in the kitchen drips day and night.")


def test_of_two_versions_the_plain_one_is_read_once() -> None:
    told = "The tap in the kitchen drips."
    raw = parts("alternative", ("Content-Type: text/plain", told), ("Content-Type: text/html", HTML))
    assert read(raw) == told


def test_text_around_pictures_is_read_whole() -> None:
    raw = parts(
        "mixed",
        ("Content-Type: text/html", "<p>The tap drips.</p>"),
        ("Content-Type: image/png; name=a.png", "AA"),
        ("Content-Type: text/html", "<p>The drain is blocked.</p>"),
        ("Content-Type: text/plain", "It is < 5 & cold."),
    )
    assert read(raw).split("\n\n") == ["The tap drips.", "The drain is blocked.", "It is < 5 & cold."]


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: text/plain\nContent-Disposition: attachment",
        "Content-Type: text/plain; name=log.txt",
        "Content-Type: text/plain\nContent-Disposition: inline; filename*=utf-8''log%20a.txt",
        "Content-Type: text/plain\nContent-Disposition: a;\n filename*0*=utf-8''%C3%B6;\n filename*1=.txt",
    ],
)
def test_attached_files_are_not_the_text(headers: str) -> None:
    raw = parts("mixed", ("Content-Type: text/plain", "The tap drips."), (headers, "ERROR 4711 in line 3"))
    assert read(raw) == "The tap drips."


INNER = "From: Ann <ann@example.com>\nSubject: Tap\nContent-Type: text/plain\n\nIt drips."


def test_an_attached_mail_is_read_as_a_forward() -> None:
    attached = ("Content-Type: message/rfc822", INNER)
    assert "It drips." in read(parts("mixed", attached))
    both = read(parts("mixed", ("Content-Type: text/plain", "Please take care."), attached))
    assert both.startswith("Please take care.") and both.endswith("It drips.")
    encoded = base64.b64encode(INNER.encode()).decode()
    packed = ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", encoded)
    assert "It drips." in read(parts("mixed", packed))


def test_a_mail_that_is_attached_to_an_answer_is_not_the_answer() -> None:
    raw = parts("mixed", ("Content-Type: text/plain", "Thank you."), ("Content-Type: message/rfc822", INNER))
    assert read(b"In-Reply-To: <a@example.com>\n" + raw) == "Thank you."


def test_a_bounce_does_not_say_what_bounced() -> None:
    report = ("Content-Type: message/delivery-status", "Action: failed")
    raw = parts(
        "report",
        ("Content-Type: text/plain", "User unknown"),
        report,
        ("Content-Type: message/rfc822", INNER),
    )
    assert read(raw) == "User unknown"


def test_signed_mails_are_read_and_encrypted_ones_have_no_text() -> None:
    signature = ("Content-Type: application/pgp-signature", "AA")
    assert read(parts("signed", ("Content-Type: text/plain", "It drips."), signature)) == "It drips."
    sealed = ("Content-Type: application/octet-stream", "-----BEGIN PGP MESSAGE-----")
    values = read_mail(parts("encrypted", ("Content-Type: application/pgp-encrypted", "Version: 1"), sealed))
    assert (values["subject"], values["body"]) == ("Tap", "")
    data = bytes.fromhex("06092a864886f70d010701")
    inner = b"Content-Type: text/plain\n\nIt drips."
    for octets in (
        b"\xa0\x29\x04\x27" + inner,
        b"\xa0\x80\x24\x80\x04\x10" + inner[:16] + b"\x04\x14" + inner[16:] + b"\x00" * 4,
    ):
        signed = base64.b64encode(b"\x30\x80" + data + octets).decode()
        headers = (
            "Content-Type: application/pkcs7-mime; smime-type=signed-data",
            "Content-Transfer-Encoding: base64",
        )
        assert read(mail(*headers, body=signed)) == "It drips."
    enveloped = base64.b64encode(b"\x30\x80" + data + b"\x30\x14").decode()
    assert read_mail(mail(*headers, body=enveloped))["body"] == ""


def test_outlook_s_winmail_dat_is_passed_over() -> None:
    packed = ("Content-Type: application/ms-tnef; name=winmail.dat", "AA")
    assert read(parts("mixed", ("Content-Type: text/plain", "It drips."), packed)) == "It drips."
    assert read_mail(parts("mixed", packed))["body"] == ""
    whole = read_mail(mail("Subject: Tap", "Content-Type: application/ms-tnef", body="eJ8+Ig=="))
    assert (whole["subject"], whole["body"]) == ("Tap", "")
    assert "It drips." in read(parts("mixed", ("Content-Type: text/html", "<p>It drips.</p>"), packed))


def test_lines_that_a_program_broke_are_joined() -> None:
    body = "The tap in the \nkitchen drips.\n\n  indented\n> it \n> was dry\n-- \nAnn"
    flowed = read_mail(mail("Content-Type: text/plain; format=flowed", body=body))["body"]
    assert flowed == "The tap in the kitchen drips.\n\n indented\n> it was dry\n-- \nAnn"
    japanese = mail(
        'Content-Type: text/plain; format="flowed"; delsp=yes; charset=utf-8', body="水が \n漏れます"
    )
    assert read_mail(japanese)["body"] == "水が漏れます"


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        (("Date: Tue, 3 Mar 2026 10:20:11",), "2026-03-03T10:20:11+00:00"),
        (("Date: Tue, 3 Mar 2026 10:20:11 -0000",), "2026-03-03T10:20:11+00:00"),
        (("Date: Tue, 3 Mar 2026 10:20:11 +0100 (CET)",), "2026-03-03T10:20:11+01:00"),
        (("Date: Di, 3 März 2026 10:20:11 +0100",), "2026-03-03T10:20:11+01:00"),
        (("Date: 2026-03-03 10:20:11+01:00",), "2026-03-03T10:20:11+01:00"),
        (("Received: by mx; Tue, 3 Mar 2026 10:20:11 +0100", "Date: soon"), "2026-03-03T10:20:11+01:00"),
        (("Date: soon",), None),
    ],
)
def test_dates_are_read_with_and_without_a_zone(headers: tuple[str, ...], moment: str | None) -> None:
    assert read_mail(mail(*headers, body="x"))["created_at"] == moment


@pytest.mark.parametrize(
    ("encoding", "body", "text"),
    [
        ("base64", "RGVyIEhhaG4gdHJvcGZ0", "Der Hahn tropft"),
        ("BASE64", "RGVyIEhhaG4gdHJvcGZ0I", "Der Hahn tropft"),
        ("base64", "The tap: it drips, still!", "The tap: it drips, still!"),
        ("quoted-printable", "Der Hahn l=C3=A4uft =\nweiter", "Der Hahn läuft weiter"),
        ("8bit", "Der Hahn läuft", "Der Hahn läuft"),
    ],
)
def test_transfer_encodings_are_undone_where_they_are_true(encoding: str, body: str, text: str) -> None:
    raw = mail("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", body=body)
    assert read_mail(raw)["body"].strip() == text


def test_parts_are_found_where_the_header_does_not_say_how_they_are_divided() -> None:
    raw = parts("alternative", ("Content-Type: text/plain", ""), ("Content-Type: text/html", HTML))
    assert read(raw.replace(b"; boundary==b", b"")) == "The tap in the kitchen drips day and night."


def test_html_names_its_character_set_where_the_mail_does_not() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-7">'
    raw = mail("Content-Type: text/html", body=f"{head}<p>Η βρύση στάζει</p>", charset="iso-8859-7")
    assert read(raw) == "Η βρύση στάζει"


def test_an_encrypted_block_is_passed_over() -> None:
    block = "-----BEGIN PGP MESSAGE-----\n\nhQEMA5-4/a=\n-----END PGP MESSAGE-----"
    assert read(mail("Subject: Tap", body=f"See below.\n{block}\n")) == "See below."


MANY = 100_000


@pytest.mark.parametrize(
    "raw",
    [
        b'From: "' + b'"' * MANY + b"\nSubject: Tap\n\nIt drips.",
        b"From: " + b"(<" * MANY + b"\nSubject: Tap\n\nIt drips.",
        b"Subject: Tap\nContent-Type: text/plain; " + b'a*0="b; ' * MANY + b"\n\nIt drips.",
        b"Subject: Tap\nContent-Disposition: inline; " + b"a=b; " * MANY + b"\n\nIt drips.",
        b"X-A: "
        + b"=?utf-8?q?a?= " * MANY
        + b"\nX-B: "
        + b"=?utf-8?q?" * MANY
        + b"\nSubject: Tap\n\nIt drips.",
        b"X-A: b\n" * MANY + b"Subject: Tap\n\nIt drips.",
        b"Subject: Tap\nX-A: " + b"\n b" * MANY + b"\n\nIt drips.",
        b"Subject: Tap\nContent-Type: text/plain; charset=punycode\n\nIt drips." + b"a-" * MANY,
    ],
)
def test_endless_headers_hide_nothing(raw: bytes) -> None:
    values = read_mail(raw)
    assert values["subject"] == "Tap" and values["body"].startswith("It drips.")
    assert all(len(value) <= 20_000 for value in values["headers"].values())


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=b%d\n\n--b%d", "message/rfc822; a=%d%d\n"])
def test_endless_nesting_and_parts_are_read_as_far_as_makes_sense(kind: str) -> None:
    nested = "".join(f"Content-Type: {kind % (i, i)}\n" for i in range(5000))
    assert read_mail(f"Subject: Tap\n{nested}\nIt drips.".encode())["subject"] == "Tap"
    first = "--b\n\nIt drips.\n"
    raw = f"Subject: Tap\nContent-Type: multipart/mixed; boundary=b\n\n{first}" + "--b\n" * MANY
    assert read_mail(raw.encode())["body"].startswith("It drips.")


def test_a_mail_saved_as_utf_16_is_read() -> None:
    assert read_mail("Subject: Tap\n\nDer Hahn läuft".encode("utf-16"))["body"] == "Der Hahn läuft"
