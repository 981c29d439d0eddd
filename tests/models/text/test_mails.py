"""Replies and forwards as Gmail, Outlook, Apple Mail and phones write them, language by language."""

from __future__ import annotations

import html

import pytest

from models.text import clean_body, clean_ticket
from tests.models.text.mails import LANGUAGES, Phrases

LONG_RULE = "_" * 32
every_language = pytest.mark.parametrize("phrases", LANGUAGES.values(), ids=LANGUAGES)


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def wrapped(line: str) -> str:
    """Break a line before its last word, as a plain-text mail does at 78 characters."""
    return "\n".join(line.rsplit(" ", 1))


def paragraphs(text: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


@every_language
def test_the_history_below_a_gmail_reply_goes(phrases: Phrases) -> None:
    body = f"{phrases.own}\n\n{phrases.closing}\n\n{wrapped(phrases.gmail)}\n\n{quoted(phrases.history)}\n"
    assert clean_body(body) == phrases.own


@every_language
def test_the_history_below_an_apple_mail_reply_goes(phrases: Phrases) -> None:
    body = f"{phrases.own}\n\n{phrases.sent_from}\n\n> {phrases.apple}\n> \n{quoted(phrases.history)}"
    assert clean_body(body) == phrases.own
    body = f"{phrases.own}\n\n{phrases.sent_from}\n\n{phrases.apple}\n\n{quoted(phrases.history)}"
    assert clean_body(body) == phrases.own


@every_language
def test_an_attribution_cuts_a_history_that_is_not_marked(phrases: Phrases) -> None:
    assert clean_body(f"{phrases.own}\n\n{phrases.gmail}\n\n{phrases.history}") == phrases.own


@every_language
@pytest.mark.parametrize("rule", ["", LONG_RULE + "\n"])
def test_the_history_below_an_outlook_reply_goes(phrases: Phrases, rule: str) -> None:
    body = f"{phrases.own}\r\n\r\n{phrases.closing}\r\n\r\n{rule}{phrases.outlook}\n\n{phrases.history}"
    assert clean_body(body) == phrases.own


@every_language
def test_an_original_message_line_starts_the_history(phrases: Phrases) -> None:
    body = f"{phrases.own}\n\n{phrases.closing}\n\n{phrases.original}\n{phrases.outlook}\n\n{phrases.history}"
    assert clean_body(body) == phrases.own


@every_language
def test_answers_between_and_below_quotes_stay(phrases: Phrases) -> None:
    first, second = phrases.own.split("\n\n")
    history = quoted(phrases.history)
    body = f"{phrases.gmail}\n{history}\n\n{first}\n\n{history}\n\n{second}\n\n{phrases.closing}"
    assert clean_body(body) == phrases.own


@every_language
def test_a_forwarded_mail_stays_without_its_header(phrases: Phrases) -> None:
    body = (
        f"{phrases.history}\n\n{phrases.closing}\n\n{phrases.forwarded}\n\n{phrases.own}\n\n{phrases.closing}"
    )
    assert clean_body(body) == f"{phrases.history}\n\n{phrases.own}"


@every_language
def test_a_forwarded_mail_stays_when_its_lines_are_quoted(phrases: Phrases) -> None:
    marker, _, header = phrases.forwarded.partition("\n")
    body = f"{phrases.history}\n\n{marker}\n\n{quoted(header.strip())}\n>\n{quoted(phrases.own)}"
    assert clean_body(body) == f"{phrases.history}\n\n{phrases.own}"


@every_language
def test_outlooks_forward_stays_because_the_subject_says_so(phrases: Phrases) -> None:
    body = f"{phrases.history}\n\n{phrases.closing}\n\n{phrases.outlook}\n\n{phrases.own}"
    assert clean_ticket(f"{phrases.forward_prefix} X1", body) == f"X1\n{phrases.history}\n\n{phrases.own}"
    assert clean_ticket("RE: X1", body) == f"X1\n{phrases.history}"


@every_language
def test_a_forward_with_only_a_signature_above_stays(phrases: Phrases) -> None:
    body = f"{phrases.closing}\n\n{LONG_RULE}\n{phrases.outlook}\n\n{phrases.own}"
    assert phrases.own in clean_body(body)


@every_language
def test_the_history_of_a_gmail_reply_in_html_goes(phrases: Phrases) -> None:
    body = (
        f'<div dir="ltr">{paragraphs(phrases.own)}<br>{paragraphs(phrases.closing)}</div><br>'
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(phrases.gmail)}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">'
        f"<div>{phrases.history}</div></blockquote></div>"
    )
    assert clean_body(body) == phrases.own


@every_language
def test_the_history_of_an_outlook_reply_in_html_goes(phrases: Phrases) -> None:
    labels = [line.split(":", 1) for line in phrases.outlook.split("\n")]
    header = "<br>".join(f"<b>{label}:</b>{html.escape(value)}" for label, value in labels)
    body = (
        "<html><head><style>p.MsoNormal {margin:0}</style></head><body>"
        + "".join(f"<p class=MsoNormal>{line or '&nbsp;'}</p>" for line in phrases.own.split("\n"))
        + f'<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{header}'
        f"</div><div>{phrases.history}</div></body></html>"
    )
    assert clean_body(body) == phrases.own


@every_language
def test_the_history_of_an_apple_mail_reply_in_html_goes(phrases: Phrases) -> None:
    body = (
        f"<html><body>{paragraphs(phrases.own)}<br><div>{phrases.sent_from}</div>"
        f'<div><br><blockquote type="cite"><div>{html.escape(phrases.apple)}</div><br>'
        f"<div>{phrases.history}</div></blockquote></div></body></html>"
    )
    assert clean_body(body) == phrases.own


@every_language
def test_a_gmail_forward_in_html_stays(phrases: Phrases) -> None:
    header = "<br>".join(html.escape(line) for line in phrases.forwarded.split("\n"))
    body = (
        f'<div dir="ltr"><div>{phrases.history}</div><br><div class="gmail_quote">'
        f'<div dir="ltr" class="gmail_attr">{header}<br></div><br><br>{paragraphs(phrases.own)}</div></div>'
    )
    assert clean_body(body) == f"{phrases.history}\n\n{phrases.own}"


@every_language
def test_signatures_and_advertisements_go(phrases: Phrases) -> None:
    assert clean_body(f"{phrases.own}\n\n{phrases.closing}") == phrases.own
    assert clean_body(f"{phrases.own}\n\n{phrases.sent_from}") == phrases.own
    assert clean_body(f"{phrases.own}\n-- \nMax\nAcme") == phrases.own
