"""Text cleaning: HTML, subjects, signatures, odd characters, and the cost of hostile texts."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from html import unescape

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.text import clean_body, clean_ticket, html_to_text, looks_like_html
from models.text.unicode import says_something
from tests.models.text.mails import LANGUAGES, Phrases

PIECES = [
    *(getattr(phrases, field.name) for phrases in LANGUAGES.values() for field in fields(Phrases)),
    "> quoted", ">> > deeper", "-- ", "--", "_" * 40, "-----", "PS: and the lock", "", "\t", "12345", "…",
    "<div>", "</div>", "<blockquote>", "<p>x</p>", "&nbsp;", "<br>", "##- reply above this line -##",
]  # fmt: skip
PLAIN_PIECES = [piece for piece in PIECES if not piece.startswith((">", "<", "&"))]
mails = st.lists(st.sampled_from(PIECES), max_size=12).map("\n".join)
any_text = st.one_of(st.text(), st.text(alphabet="<>/=\"'pdivbr &;#-:@\n "), mails)


def has_letter(text: str) -> bool:
    return any(char.isalnum() and char not in "\u115f\u1160\u3164\uffa0" for char in text)


@pytest.mark.parametrize(
    "text",
    [
        "The range is <20 km since the update.",
        "if a < b and c > d then E21",
        "Write to Ann <ann@example.com> or <https://example.com>.",
        "Our page shows <div class='x'> where the price should be",
        "<Event><System>7</System></Event> is in the log",
        "# Title\n\nSome **Markdown** text\n\nwith a break<br>\n\nand more lines\n\n- a\n- b",
        "",
    ],
)
def test_plain_text_that_holds_a_less_than_sign_is_not_html(text: str) -> None:
    assert not looks_like_html(text)
    assert " ".join(clean_body(text).split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "<p>Hello</p>",
        "Hello<br/>it broke",
        "\n<!DOCTYPE html>\n<html><body>Hello",
        '<div dir="ltr">Hello\n</div>',
        "Hello,<br>\n<br>\nit broke again<br>\nAnn",
    ],
)
def test_html_is_recognised(text: str) -> None:
    assert looks_like_html(text)
    assert "<" not in clean_body(text)


def test_what_a_reader_does_not_see_is_dropped() -> None:
    markup = """<html><head><title>no</title><style>p { color: red }</style></head><body>
        <!-- no --><script>var no = "<p>no</p>";</script><noscript>no</noscript>
        <div style="display:none; max-height: 0">no preheader&zwnj;&nbsp;&zwnj;</div>
        <span style="font-size:0px">no</span><p hidden>no</p><p style="mso-hide: all">no</p>
        <p>It stopped.</p></body></html>"""
    assert html_to_text(markup) == "It stopped."
    assert clean_body(markup) == "It stopped."


def test_a_mail_of_which_all_is_hidden_is_shown_anyway() -> None:
    assert clean_body('<div style="display:none">The lock jams.</div>') == "The lock jams."


def test_blocks_lists_and_tables_become_lines() -> None:
    markup = """<h1>Order</h1>
        <p>Please change&nbsp;this:<br>see <b>below</b>.</p>
        <ol start=1><li>first<li>second <ul><li>inner</ul></ol>
        <table><tr><th>Bike</th><th>Count</th></tr><tr><td>Box</td><td></td><td>7</td></tr></table>
        <pre>E21
  brake</pre><div>last</div>line"""
    assert html_to_text(markup).split("\n") == [
        "Order", "", "Please change this:", "see below.", "", "1. first", "2. second", "", "- inner", "",
        "Bike | Count", "Box | 7", "", "E21", "brake", "", "last", "line",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<ul><li><p>One</p></li><li><p>Two</p><p>more</p></li></ul>", "- One\n\n- Two\n\nmore"),
        ("<ol><li><div>One</div></li><li>Two</li></ol>", "1. One\n2. Two"),
        ("<ul><li></li><li>x</li></ul>", "-\n- x"),
        ("<ol start=3><li>three</li><li>four</li></ol>", "3. three\n4. four"),
        ("<ol class='a' start='0'><li>zero</li></ol>", "0. zero"),
        ("<ol start='none'><li>one</li></ol><ol start='99999999999'><li>one</li></ol>", "1. one\n\n1. one"),
    ],
)
def test_items_of_a_list_follow_their_bullet_and_their_number(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_an_articles_blockquote_is_content_but_a_mail_programs_is_history() -> None:
    markup = "<p>Note</p><blockquote>Keep it dry.</blockquote>"
    assert html_to_text(markup) == "Note\n\nKeep it dry."
    for quote in ("<blockquote>", "<blockquote type=cite>", '<blockquote style="border-left: 1px solid">'):
        assert clean_body(markup.replace("<blockquote>", quote)) == "Note"


def test_a_blockquote_that_the_sender_announces_or_goes_on_from_is_content() -> None:
    assert clean_body("<p>It says:</p><blockquote>Keep dry.</blockquote>") == "It says:\n\nKeep dry."
    markup = "<p>It shows</p><blockquote>Error E21</blockquote><p>What does it mean?</p>"
    assert clean_body(markup) == "It shows\n\nError E21\n\nWhat does it mean?"
    old = "<div>3.2.2026 11:14, Ann &lt;ann@example.com&gt;:</div><blockquote>Which lamp?</blockquote>"
    assert clean_body(f"{old}<p>The front one.</p>") == "The front one."


def test_gmails_indentation_is_no_quote() -> None:
    markup = '<div>Address:</div><blockquote style="margin:0 0 0 40px;border:none">Main street 1</blockquote>'
    assert clean_body(markup) == "Address:\n\nMain street 1"


@pytest.mark.parametrize(
    "container",
    [
        '<div class="yahoo_quoted">{}</div>',
        '<div class="x_gmail_attr">Nobody, 10:15</div><blockquote class="x_gmail_quote">{}</blockquote>',
        '<div class="moz-cite-prefix">Kdo ví kdy napsal:</div><blockquote type="cite">{}</blockquote>',
        '<div class="protonmail_quote">{}</div>',
        '<div id="OLK_SRC_BODY_SECTION">{}</div>',
        '<div id="mail-editor-reference-message-container"><div>{}</div></div>',
        '<hr><div id="x_divRplyFwdMsg">Ismeretlen: a@example.com</div><div>{}</div>',
    ],
)
def test_history_in_a_clients_container_goes_whatever_its_language(container: str) -> None:
    assert clean_body("<div>The lock jams.</div>" + container.format("<p>Old story.</p>")) == "The lock jams."


def test_a_reply_above_line_ends_what_was_written() -> None:
    body = "It works now.\n\n##- Please type your reply above this line -##\n\nYour request (42) was updated."
    assert clean_body(body) == "It works now."


def test_a_forward_that_only_points_below_keeps_the_mail() -> None:
    outlook = LANGUAGES["de"].outlook
    assert clean_body(f"zur Kenntnis\n\n{outlook}\n\nDer Motor steht.") == "zur Kenntnis\n\nDer Motor steht."


def test_a_forward_loses_the_history_of_the_forwarded_mail() -> None:
    body = f"{LANGUAGES['en'].forwarded}\n\nThe motor died.\n\n{LANGUAGES['en'].gmail}\n> old"
    assert clean_body(body) == "The motor died."


def test_a_single_unannounced_line_with_an_angle_is_kept() -> None:
    assert (
        clean_body("I typed\n> triage serve\nand nothing happened")
        == "I typed\n> triage serve\nand nothing happened"
    )


def test_a_delivery_form_is_no_mail_header() -> None:
    body = "Please collect:\nFrom: Riga\nTo: Berlin\nDate: 3 May 2026\nTwo bikes."
    assert clean_body(body) == body


def test_words_like_wrote_in_a_sentence_cut_nothing() -> None:
    body = "On 3 May 2026 your agent Ann wrote:\nyou get the money back in five days.\nIt never came!"
    assert clean_body(body) == body


@pytest.mark.parametrize(
    "body",
    [
        "Thanks for the quick answer.\nBut the lock still jams\nand the motor too",
        "thanks!\nthe printer on floor 3 jams\nsince monday",
        "Best regards to Ann, she fixed it last time.\nNow it is broken again, please send her.",
        "LG TV shows no picture\nsince the update",
        "Sent from my warehouse: two bikes.\nOne is missing.",
        "Outlook for Android shows no mails.\nWhat can I do",
        "Get the Android app to work, please.\nIt stops at once",
        "Sent the bike back via DHL yesterday, no answer.",
        "Lähetetty paketti ei tullut perille.",
        "Gracias por nada.\nLa bici sigue rota",
        "Danke für die Hilfe.\nDer Akku lädt aber immer noch nicht",
        "External e-mail does not reach us since Monday.\n\nPlease help.",
        "The confidential report was received by the wrong recipient.\n\nWhat now?",
    ],
)
def test_no_content_is_taken_for_a_signature(body: str) -> None:
    cleaned = clean_body(body)
    assert cleaned.split()[-3:] == body.rsplit(maxsplit=3)[1:]
    assert body.split("\n", 1)[0] in cleaned or body.startswith("thanks!")


def test_content_below_a_signature_stays() -> None:
    body = "The lock jams.\n\nBest regards\nAnn\n\nOne more thing: the motor smokes since yesterday evening."
    assert clean_body(body) == "The lock jams.\n\nOne more thing: the motor smokes since yesterday evening."
    body = "The lock jams.\n-- \nAnn\nPS: it is urgent"
    assert clean_body(body) == "The lock jams.\n\nPS: it is urgent"


@pytest.mark.parametrize(
    "note",
    [
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "Diese E-Mail ist vertraulich. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
        "Tämä viesti on luottamuksellinen. Jos et ole oikea vastaanottaja, poista viesti.",
        "Ce message est confidentiel. Si vous l'avez reçu par erreur, merci de le supprimer immédiatement.",
        "Este mensaje es confidencial y va dirigido exclusivamente a su destinatario.",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_legal_notes_go(note: str) -> None:
    assert clean_body(f"The lock jams.\n\nRegards\nAnn\n\n{note}") == "The lock jams."


def test_a_warning_about_outside_senders_goes() -> None:
    body = "CAUTION: This email originated from outside of the company. Click no links.\n\nThe lock jams."
    assert clean_body(body) == "The lock jams."


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: Fwd: AW: WG: Drucker", "Drucker"),
        ("VS: VL: SV: Lasku", "Lasku"),
        ("TR : RE : Imprimante", "Imprimante"),
        ("RV: Impresora", "Impresora"),
        ("回复：转发: 打印机", "打印机"),
        ("RE[2]: Re(3): x1", "x1"),
        ("[Ticket#2026123] Re: [#77] Battery", "Battery"),
        ("Battery [ABC-123]", "Battery"),
        ("[EXTERNAL] Re: Battery", "Battery"),
        ("[Urgent] Battery", "[Urgent] Battery"),
        ("Reifen: platt", "Reifen: platt"),
        ("Error: 404", "Error: 404"),
    ],
)
def test_subjects_lose_prefixes_and_ticket_numbers(subject: str, expected: str) -> None:
    assert clean_ticket(subject, "") == expected


def test_subject_and_body_stand_in_two_lines() -> None:
    assert clean_ticket("Re: Lock", "It jams.") == "Lock\nIt jams."
    assert clean_ticket("", "It jams.") == "It jams."
    assert clean_ticket("Lock", "") == "Lock"


def test_odd_characters_are_replaced_or_removed() -> None:
    body = "\ufeffa\x00b\u200bc\u202ed\u00ade\x1b\ud800f e\u0301\r\ng\u00a0h\u2028i\ue001\ue000"
    assert clean_body(body) == "abcde\ufffdf \u00e9\ng h\ni"
    assert clean_body("Tom &amp; Jerry &lt;3 &#8364; &bogus;") == "Tom & Jerry <3 € &bogus;"


def test_a_letter_under_very_many_accents_keeps_thirty_of_them_at_most() -> None:
    flood = "a" + "\u0301\u0323" * 50_000
    for text in (flood, flood.replace("\u0301", "\u200b\u0301\u034f"), "😀" * 40 + flood):
        cleaned = clean_ticket(text, f"x{text}\n\nIt broke.")
        assert longest_run_of_marks(unicodedata.normalize("NFD", cleaned)) <= 30
        assert cleaned.endswith("It broke.")


def longest_run_of_marks(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        longest = max(longest, run)
    return longest


def test_the_accents_of_real_words_all_stay() -> None:
    for text in ("Việt Nam", "שָׁלוֹם", "كِتَابٌ", "à̖̗̂̃", "👩‍🚀" * 40):
        visible = text.replace("\u200d", "")
        assert clean_ticket("", unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", visible)


def test_the_text_of_a_mail_with_nothing_but_history_is_kept() -> None:
    assert clean_body("> Please restart.\n> Thanks") == "Please restart.\nThanks"
    assert clean_body("Thanks!") == "Thanks!"
    assert clean_body("Best regards\nAnn") == "Best regards\nAnn"
    assert clean_body("<blockquote>Please restart.</blockquote>") == "Please restart."


def test_the_cap_cuts_between_words() -> None:
    assert clean_body("the printer smokes", max_chars=14) == "the printer"
    assert len(clean_body("x" * 500, max_chars=100)) == 100
    assert len(clean_ticket("s" * 90, "b " * 90, max_chars=100)) <= 100


@given(any_text)
def test_visible_text_is_never_lost_altogether(text: str) -> None:
    cleaned = clean_body(text)
    if not looks_like_html(text) and has_letter(unescape(text)):
        assert says_something(cleaned)


@given(st.text(max_size=30), any_text, st.integers(min_value=50, max_value=300))
def test_the_result_is_short_encodable_normal_and_without_controls(
    subject: str, body: str, limit: int
) -> None:
    for text in (clean_ticket(subject, body, max_chars=limit), clean_body(body, max_chars=limit)):
        assert len(text) <= limit
        assert text.encode("utf-8").decode("utf-8") == text
        assert unicodedata.is_normalized("NFC", text)
        assert text == text.strip()
        assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text if char != "\n")


@settings(max_examples=50)
@given(st.lists(st.sampled_from(PLAIN_PIECES), max_size=3))
def test_cleaning_a_plain_reply_twice_changes_nothing(pieces: list[str]) -> None:
    own = LANGUAGES["en"].own
    once = clean_body("\n\n".join([own, *pieces]))
    assert clean_body(once) == once


@given(any_text)
def test_any_markup_can_be_read(text: str) -> None:
    assert "\ue001" not in html_to_text(text)


SIZE = 1_000_000
HOSTILE = {
    "words": "the printer jams ",
    "one word": "x",
    "line feeds": "\n",
    "quote marks": ">",
    "quotes and lines": "> a\nb\n",
    "dashes": "-----\n\n",
    "long rules": "_" * 100 + "\n",
    "colons": ":\n",
    "attributions": "On 2 Feb 2026, at 10:15, A wrote:\n",
    "on a on a": "On a ",
    "header lines": "From: a\n",
    "header blocks": "From: a@b.c\nSent: x\nSubject: y\n",
    "forwards": "---------- Forwarded message ---------\n> a\n",
    "closings": "thanks\n",
    "closings in a line": "thanks and ",
    "less-than signs": "<",
    "open elements": "<div>",
    "open and shut": "<div><table></div></table>",
    "formatting": "<b><p>x",
    "attributes": "<div a=1 ",
    "comments in a page": "<p>x<!--",
    "quotes in tags": '<p a="',
    "scripts": "<script>",
    "quoted elements": "<blockquote>x</blockquote>y",
    "comments": "<!--",
    "entities": "&amp;",
    "addresses": "a@",
    "placeholders": "[cid:",
    "surrogates": "\ud800",
    "accents": "a\u0301",
    "prefixes": "Re: ",
    "lines between dashes": "--- a ---\nFrom: a\n",
    "labels": "Xx: a <a@b.c> 2026-02-03 11:14\n",
    "broken addresses": "On 3 Feb 2026 11:14 A <\n",
    "bars": "| a\n",
    "rules above addresses": "_" * 40 + "\na@b.c\n",
    "armor": "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "scan notes": "mail virus scan\n\n",
    "tags in entities": "&lt;div&gt;",
    "quoted-printable": "=C3=BC",
    "soft line ends": "x" * 60 + "=\n",
    "encoded words": "=?utf-8?q?a?= ",
    "broken encoded words": "=?utf-8?b?!?=",
    "pictures": "data:image/png;base64,AAAA\n",
    "pictures with names": "![a](data:x;base64,AA",
    "style sheets": "p.MsoNormal {",
    "conditional comments": "<!--[if ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_megabyte_does_not_hang(piece: str) -> None:
    text = piece * (SIZE // len(piece))
    clean_ticket(text, text)


@pytest.mark.parametrize("attribute", ["a{0} ", "a{0}=1 ", "a{0}='>' ", 'a{0}="<" ', 'a{0}=">{0}" '])
def test_very_many_attributes_do_not_hang(attribute: str) -> None:
    text = "<p>x</p><div " + "".join(attribute.format(number) for number in range(100_000)) + ">y</div>"
    assert clean_body(text).startswith("x")


def test_ten_megabytes_keep_what_is_said_around_a_picture() -> None:
    picture = '<img src="data:image/png;base64,' + "A" * 9_000_000 + '">'
    body = f"<p>It broke.</p>{picture}<p>See the picture.</p>" + "<p>more</p>" * 100_000
    cleaned = clean_body(body)
    assert cleaned.startswith("It broke.\n\nSee the picture.\n\nmore")


@settings(max_examples=15, phases=[Phase.generate])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(["", "\n"]))
def test_repeated_pieces_of_mails_do_not_hang(pieces: list[str], end: str) -> None:
    text = ("\n".join(pieces) + end) * 2_000
    clean_body(text)
