"""Words of the cleaned text are pointed to in the subject and the body as they were sent."""

from __future__ import annotations

import unicodedata
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import clean_ticket
from models.text.span_alignment import SourceSpan, SpanLocator
from models.text.tokenizer import word_spans
from models.text.unicode import clean_characters, without_markers

WORDS = [
    "lock", "Lock", "the", "jams", "again", "Größe", "Gr&ouml;&szlig;e", "cafe\u0301", "Vie\u0323\u0302t",
    "密码",
    "重置密码", "รหัสผ่าน", "ลืมรหัส", "비밀번호", "\u1107\u1175\u1106\u1175\u11af", "pass\u00adword", "a\u200bb",
    "😀", "👩‍👩‍👧‍👦", "\ud83d", "\ud835\udc9c", "ﬁn", "Å", "12", "e-bike", "&amp;", "&lt;b&gt;", "R&D",
    "pass<b>word</b>", "div", "class", "\ue000x",
]  # fmt: skip
MAIL_LINES = [
    "> the lock jams", "On Mon, 3 Mar 2025 at 09:12, Ann wrote:", "Best regards", "-- ", "Re: lock", "\r",
    "-----Original Message-----", "[cid:the lock]",
    "From: Ann <ann@example.com>\nSent: Monday\nSubject: lock",
]  # fmt: skip
TAGS = [
    "<p>", "</p>", "<br>", '<b class="lock">', "</b>", "<!-- the lock jams -->", '<a title="a > lock">',
    "</a>", "<style>lock { the: jams }</style>", "<script>the lock</script>", "<title>the lock jams</title>",
    "<!doctype lock>", "<div data-x='the lock jams'>", "</div>", "<li>", "<ol>", "</ol>",
    '<img alt="密码 Größe">',
]  # fmt: skip
lines = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
plain_bodies = st.lists(lines | st.sampled_from(MAIL_LINES), max_size=12).map("\n".join)
any_text = st.one_of(st.text(), st.text(alphabet="<>/=\"'pdivb r&;#-:@\n\u0301\u00ad"), lines, plain_bodies)
html_pieces = st.lists(st.tuples(st.just(False), lines) | st.tuples(st.just(True), st.sampled_from(TAGS)))


def decoded(piece: str) -> str:
    return clean_characters(without_markers(unescape(piece)))


def found_words(subject: str, body: str) -> list[tuple[str, SourceSpan | None]]:
    """Return each word of the cleaned text, lower-cased, with its origin."""
    cleaned = clean_ticket(subject, body)
    origins = SpanLocator(cleaned, subject, body)
    return [(cleaned[start:end].lower(), origins.locate(start, end)) for start, end in word_spans(cleaned)]


def sent(subject: str, body: str, word: str) -> list[str | None]:
    """Return what was sent of each occurrence of a word in the cleaned text."""
    return [
        None if origin is None else {"subject": subject, "body": body}[origin.part][origin.start : origin.end]
        for found, origin in found_words(subject, body)
        if found == word
    ]


def place(subject: str, body: str, word: str) -> SourceSpan | None:
    return next(origin for found, origin in found_words(subject, body) if found == word)


@given(any_text, any_text)
def test_what_is_pointed_to_reads_as_the_word(subject: str, body: str) -> None:
    for word, origin in found_words(subject, body):
        if origin is not None:
            source = {"subject": subject, "body": body}[origin.part]
            assert 0 <= origin.start < origin.end <= len(source)
            assert decoded(source[origin.start : origin.end]).lower() == word


@given(html_pieces)
def test_no_place_lies_in_a_tag_a_comment_or_an_unseen_element(pieces: list[tuple[bool, str]]) -> None:
    body = "<html>" + "".join(piece for _, piece in pieces)
    at = len("<html>")
    tags = [(0, at)]
    for is_tag, piece in pieces:
        if is_tag:
            tags.append((at, at + len(piece)))
        at += len(piece)
    for _, origin in found_words("", body):
        if origin is not None:
            assert not any(origin.start < end and start < origin.end for start, end in tags)


@given(
    st.lists(
        st.sampled_from(["lock", "jams", "Größe", "密码", "รหัส", "cafe\u0301", "since", "monday"]), min_size=1
    )
)
def test_each_word_of_a_plain_ticket_is_found_in_its_order(words: list[str]) -> None:
    found = [origin for _, origin in found_words("Hello", " ".join(words))]
    assert None not in found
    places = [origin for origin in found if origin is not None and origin.part == "body"]
    assert all(first.end <= second.start for first, second in pairwise(places))


def test_entities_of_an_html_mail_are_pointed_to_as_they_were_sent() -> None:
    body = '<p class="Größe">Die Gr&ouml;&szlig;e der R&auml;der <!-- Räder --> &amp; T&#252;ren falsch</p>'
    assert sent("", body, "größe") == ["Gr&ouml;&szlig;e"]
    assert sent("", body, "räder") == ["R&auml;der"]
    assert sent("", body, "türen") == ["T&#252;ren"]
    assert sent("", body, "falsch") == ["falsch"]


def test_the_sender_s_own_part_is_taken_and_not_the_quote_below() -> None:
    body = "The lock jams.\n\nOn Mon, 3 Mar 2025 at 09:12, Ann wrote:\n> Does the lock jam?\n> The lock jams."
    assert place("", body, "lock") == SourceSpan("body", 4, 8)


def test_the_sender_s_own_part_is_taken_below_a_quote_too() -> None:
    body = "On Mon, 3 Mar 2025 at 09:12, Ann wrote:\n> Does the lock jam?\n\nYes, the lock does jam now."
    assert place("", body, "lock") == SourceSpan("body", body.index("lock does"), body.index(" does jam now"))


def test_a_hidden_preheader_and_an_outside_warning_are_passed_over() -> None:
    html = '<div style="display:none">The lock jams</div><p>The lock jams since Monday</p>'
    assert place("", html, "lock") == SourceSpan("body", html.rindex("lock"), html.rindex("lock") + 4)
    warned = "CAUTION: This email came from outside. Do not open the lock.\n\nPlease open the lock of mine."
    assert place("", warned, "lock") == SourceSpan("body", warned.rindex("lock"), warned.rindex("lock") + 4)


def test_prefixes_of_the_subject_are_passed_over() -> None:
    assert place("Re: AW: [Ticket#7] Re Drucker", "Re Drucker", "re") == SourceSpan("subject", 19, 21)
    assert place("Re: AW:", "Re Drucker", "re") == SourceSpan("body", 0, 2)
    assert place("Re: AW: Drucker", "Drucker raucht", "drucker") == SourceSpan("subject", 8, 15)


def test_scripts_without_spaces_are_pointed_to_by_character() -> None:
    assert place("", "<p>你好</p><p>我<b>忘记</b>了密码。</p>", "密码") == SourceSpan("body", 23, 25)
    body = "ลืมรหัสผ่าน"
    assert [(o.start, o.end) for _, o in found_words("", body) if o] == word_spans(body)


def test_decomposed_letters_are_pointed_to_with_their_accents() -> None:
    body = unicodedata.normalize("NFD", "Le café du Việt Nam, 비밀번호")
    assert sent("", body, "café") == ["cafe\u0301"]
    assert sent("", body, "việt") == [unicodedata.normalize("NFD", "Việt")]
    assert sent("", body, "비밀") == [unicodedata.normalize("NFD", "비밀")]


def test_emoji_surrogates_and_invisible_characters_do_not_shift_what_follows() -> None:
    body = "👩‍👩‍👧‍👦 half \ud83d joined \ud83d\ude00 soft\u00adhyphen then\r\nlock"
    assert place("", body, "lock") == SourceSpan("body", len(body) - 4, len(body))
    assert sent("", body, "softhyphen") == ["soft\u00adhyphen"]


def test_a_word_that_was_not_sent_in_one_piece_has_no_place() -> None:
    assert sent("", "<p>my pass<b>word</b> is gone</p>", "password") == [None]
    assert sent("", "<p>my pass<b>word</b> is gone</p>", "gone") == ["gone"]
    assert sent("", "<ol><li>lock</li><li>brake</li></ol>", "2") == [None]
    assert sent("", "<ol><li>lock</li><li>brake</li></ol>", "brake") == ["brake"]


def test_a_span_outside_the_words_has_no_place() -> None:
    origins = SpanLocator("Lock\nIt jams", "Lock", "It jams")
    assert origins.locate(0, 4) == SourceSpan("subject", 0, 4)
    assert origins.locate(5, 12) == SourceSpan("body", 0, 7)
    assert [origins.locate(*span) for span in ((4, 5), (3, 3), (7, 6), (0, 12), (90, 99))] == [None] * 5


@pytest.mark.parametrize(
    "body",
    [
        "a " * 50_000,
        "".join("ab"[i * i % 7 % 2] + " " for i in range(50_000)),
        "<div>" * 20_000 + "hello",
        "<p>x</p>" + "<!--" * 25_000,
        "<p>x</p>" + "<script>" * 12_000,
        "<p>x</p>" + "<a \"'" * 20_000,
        "&auml;r " * 14_000,
        "a\u00ad" * 50_000,
        "重置密码后我无法登录" * 10_000,
        "Vie\u0323\u0302t " * 16_000,
        "<p>" + "pass</b>word x<i>y " * 5_000,
    ],
    ids=[
        "same",
        "two",
        "deep",
        "comments",
        "scripts",
        "quotes",
        "entities",
        "soft",
        "chinese",
        "marks",
        "split",
    ],
)
def test_hostile_bodies_do_not_hang(body: str) -> None:
    cleaned = clean_ticket("", body)
    SpanLocator(cleaned, "", body)


def test_a_flood_of_accents_costs_little_and_words_around_it_are_found() -> None:
    body = "The lock a" + "\u0301\u0323" * 100_000 + " jams"
    assert sent("", body, "jams") == ["jams"]
