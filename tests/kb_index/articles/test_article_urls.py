"""An article's URL leads to a page, a mail address or a path, and never runs anything."""

from __future__ import annotations

import pytest

from kb_index.articles.article import Article
from models.errors import InputError

RECORD = {"id": "lamp", "title": "Lamp", "body": "Open the cover."}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " \x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript\r:alert(1)",
        "java\u200bscript:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&#x3a;alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://a.example/1",
        "ftp://a.example/lamp",
        "view-source:https://a.example",
        "intent://scan#Intent;end",
        "ms-msdt:/id",
        "C:\\articles\\lamp.html",
        "help.example.com:8080/lamp",
    ],
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(InputError) as refused:
        Article.from_record({**RECORD, "url": url})
    assert "https:" in refused.value.fields["url"]


@pytest.mark.parametrize(
    "url",
    [
        "https://help.example.com/fi/battery?at=10:30#a:b",
        "HTTP://help.example.com",
        "mailto:help@example.com",
        "/fi/battery",
        "battery.html",
        "../battery?x=a:b",
        "//help.example.com/battery",
        "#part:2",
        "?id=kb:7",
        "",
    ],
)
def test_pages_mail_addresses_and_paths_are_taken(url: str) -> None:
    assert Article.from_record({**RECORD, "url": url}).url == (url or None)
