"""GLPI's knowledge base: its articles are for all where they are items of the FAQ, else for technicians."""

from __future__ import annotations

import re

_ITEM = (
    r"items?|entry|eintrag|el[eé]ment\w*|élément|elemen\w*|item|pozycja|položka|элемент|запись|項目|条目|항목"
)
_MARK = re.compile(rf"is_?faq|faq_(?:\w+_)?(?:{_ITEM})|(?:{_ITEM})_(?:\w+_)?faq")


def is_faq_mark(name: str) -> bool:
    """Tell whether a key, in lower case with underscores, says that an article is an item of the FAQ.

    >>> is_faq_mark("is_faq"), is_faq_mark("élément_de_la_faq"), is_faq_mark("faq_eintrag")
    (True, True, True)
    >>> is_faq_mark("faq"), is_faq_mark("has_faq"), is_faq_mark("show_faq_items_below")
    (False, False, False)
    """
    return _MARK.fullmatch(name) is not None
