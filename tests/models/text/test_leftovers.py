"""Left-overs of broken exports: entities, pictures, Word's style sheets, encoded words, quoted-printable."""

from __future__ import annotations

import html

import pytest

from models.text import clean_body, clean_ticket, looks_like_html

OWN = "The lamp flickers since the last update."


@pytest.mark.parametrize("times", [1, 2])
def test_html_whose_tags_are_entities_is_read_as_html(times: int) -> None:
    markup = f"<p>Hello,</p>\n<p>{OWN}</p>\n<p>&nbsp;</p>\n<p>Kind regards<br />Ann</p>"
    for _ in range(times):
        markup = html.escape(markup)
    assert clean_body(markup) == f"Hello,\n\n{OWN}"


def test_one_paragraph_that_was_encoded_twice_is_read_as_html() -> None:
    assert clean_body("&lt;p&gt;Der Schrank ist zu gro&amp;szlig;.&lt;/p&gt;") == "Der Schrank ist zu groß."


def test_line_breaks_whose_tags_are_entities_break_lines() -> None:
    assert clean_body(f"Hello,&lt;br /&gt;{OWN}&lt;br /&gt;Bo") == f"Hello,\n{OWN}\nBo"


def test_html_within_html_is_read_as_html() -> None:
    inner = html.escape(f"<div>{OWN}</div><ul><li>front</li><li>Größe &gt; 5 &amp; more</li></ul>")
    assert clean_body(f"<div>{inner}</div>") == f"{OWN}\n\n- front\n- Größe > 5 & more"


@pytest.mark.parametrize(
    "body",
    [
        "The title shows &lt;br&gt; instead of a new line.",
        "<p>Your page shows &lt;div class='x'&gt; where the price should be.</p>",
        "&lt;3 your bikes, but 5 &lt; 6 &amp;&amp; 7 &gt; 6 is true",
        "Mail &lt;ann@example.org&gt; please",
    ],
)
def test_a_tag_that_is_talked_about_stays(body: str) -> None:
    expected = html.unescape(body.removeprefix("<p>").removesuffix("</p>") if looks_like_html(body) else body)
    assert clean_body(body) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Can&#39;t log in &amp; out", "Can't log in & out"),
        ("R&uuml;ckgabe &quot;Lampe&quot;", 'Rückgabe "Lampe"'),
        ("=?UTF-8?Q?R=C3=BCckgabe_der_Lampe?=", "Rückgabe der Lampe"),
        ("=?utf-8?B?0JvQsNC80L/QsA==?=", "Лампа"),
        ("Re: =?iso-8859-1?q?D=E9fectueux?= lampe", "Défectueux lampe"),
        ("=?UTF-8?B?44Op44Oz44OX44GM?= =?UTF-8?B?54K544GL44Gq44GE?=", "ランプが点かない"),
        ("=?UTF-8?B?44Op44Oz44OX44E=?=\n =?UTF-8?B?jA==?=", "ランプが"),
        ("=?utf-8?Q?AW:_[Ticket#42]_Lampe?=", "Lampe"),
        ("=?windows-1252?Q?It=92s_off?=", "It’s off"),
        ("=?nocharset?Q?x?= stays", "=?nocharset?Q?x?= stays"),
        ("=?UTF-8?Q?", "=?UTF-8?Q?"),
        ("a =? b ?= c", "a =? b ?= c"),
    ],
)
def test_subjects_are_decoded(subject: str, expected: str) -> None:
    assert clean_ticket(subject, "") == expected


PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 40


@pytest.mark.parametrize("length", [1, 100, 5_000])
def test_a_picture_of_any_length_leaves_only_the_text_around_it(length: int) -> None:
    picture = PICTURE + "AAAA" * 20 * length
    assert clean_body(f"See this\n\n{picture}\n{OWN}") == f"See this\n\n{OWN}"
    assert clean_body(f"See ![the lamp]({picture}) here. {OWN}") == f"See the lamp here. {OWN}"
    assert clean_body(f'<p>See <img src="{picture}">this</p><p>{OWN}</p>') == f"See this\n\n{OWN}"


def test_a_picture_that_is_broken_into_lines_goes() -> None:
    lines = "\n".join(["A" * 76] * 30 + ["Zm9vYmFy=="])
    assert clean_body(f"See\ndata:image/jpeg;base64,{'B' * 50}\n{lines}\n{OWN}") == f"See\n\n{OWN}"


WORD = [
    "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->",
    "@font-face\n\t{font-family:Calibri;\n\tpanose-1:2 15 5 2 2;}",
    "p.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{margin:0cm;\n\tmso-fareast-language:EN-US;}",
    "v\\:* {behavior:url(#default#VML);}",
    "Normal 0 21 false false false DE X-NONE X-NONE MicrosoftInternetExplorer4",
    '/* Style Definitions */ table.MsoNormalTable {mso-style-name:"Table Normal"; mso-padding-alt:0cm;}',
    "P {margin-top:0;margin-bottom:0;}",
    '<?xml:namespace prefix = o ns = "urn:schemas-microsoft-com:office:office" />',
    "Normal 0 21 false false false FR X-NONE X-NONE /* Style Definitions */ "
    'table.MsoNormalTable {mso-style-name:"Tableau Normal"; mso-padding-alt:0cm;}',
    "<o:p></o:p>",
    "<![if !supportLists]><![endif]>",
]


@pytest.mark.parametrize("remains", WORD)
def test_what_word_leaves_in_plain_text_goes(remains: str) -> None:
    assert clean_body(f"{remains}\n{OWN}") == OWN
    assert clean_body(f"Hello\n\n{remains}\n\n{OWN}") == f"Hello\n\n{OWN}"


def test_what_word_leaves_in_html_goes() -> None:
    assert clean_body(f"<html><body><p class=MsoNormal>{OWN}<o:p></o:p></p></body></html>") == OWN


def test_short_lines_of_quoted_printable_are_joined() -> None:
    body = "Der Griff=20\nfehlt seit =\ngestern, =C3=BCbrigens."
    assert clean_body(body) == "Der Griff\nfehlt seit gestern, übrigens."


def test_a_style_sheet_of_the_sender_stays() -> None:
    body = "My shop ignores this rule:\np { margin: 0; color: red; }\nWhy?"
    assert clean_body(body) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Der Schl=C3=BCssel klemmt.=20\nBitte um R=C3=BCckruf.", "Der Schlüssel klemmt.\nBitte um Rückruf."),
        ("Le v=E9lo est cass=E9 et la lumi=E8re aussi.", "Le vélo est cassé et la lumière aussi."),
        ("Das Rad f=FCr meine T=F6chter f=E4hrt nicht.", "Das Rad für meine Töchter fährt nicht."),
        (
            "The lamp flickers since the last update, so please send a new one to my a=\nddress. Thank you. "
            "It is the lamp at the front of the bike that I got from you in M=\nay.",
            "The lamp flickers since the last update, so please send a new one to my address. Thank you. "
            "It is the lamp at the front of the bike that I got from you in May.",
        ),
        (
            "<html><body><p class=3DMsoNormal>The lamp flickers since =\nthe last update.</p></body></html>",
            "The lamp flickers since the last update.",
        ),
        ("電池=E3=81=8C切れました", "電池が切れました"),
        ("x=20, y=3D and https://example.com/?a=20&b=C3", "x=20, y=3D and https://example.com/?a=20&b=C3"),
        ("speed=20\nrange=40", "speed=20\nrange=40"),
        (
            f"{'log ' * 20}========\n{'log ' * 20}========\nend",
            f"{('log ' * 20 + '========' + chr(10)) * 2}end",
        ),
        ("E=MC2 and if (a==B0) then b=FF", "E=MC2 and if (a==B0) then b=FF"),
    ],
)
def test_quoted_printable_is_decoded_where_it_is_certain(body: str, expected: str) -> None:
    assert clean_body(body) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("<p>Re: The lock <b>jams</b> &amp; squeaks</p>", "The lock jams & squeaks"),
        ('<div dir="auto">The lock</div>\n', "The lock"),
        ("&lt;span&gt;The lock&lt;/span&gt;", "The lock"),
        ("How do I close <b> in a <p>?", "How do I close <b> in a <p>?"),
        ("<p> is shown in the title", "<p> is shown in the title"),
    ],
)
def test_a_subject_that_is_an_html_element_is_read_as_its_text(subject: str, expected: str) -> None:
    assert clean_ticket(subject, "") == expected
