"""HTML page: the article within a whole page, without the furniture around it.

Furniture is what the page has beside its article: navigation, breadcrumbs, footers, who changed it and when.
It is known by elements, roles and classes. A part that holds most of the page is never taken for furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_index.articles.markup.lozenges import head_lozenges
from kb_index.articles.markup.page_metadata import page_metadata
from kb_index.articles.markup.page_stamps import without_stamps
from models.text import article_to_text
from models.text.html_sanitizer import sanitize_html
from models.text.unicode import decode_entities, has_words
from models.word_lists import word_set

_SNIFFED_CHARS = 100_000
_MAX_SHARE = 0.5
_MOST_TOO_LARGE = 20

_FURNITURE_TAGS = frozenset({"nav", "footer"})
_FURNITURE_ROLES = frozenset(
    {
        "navigation",
        "contentinfo",
        "search",
        "complementary",
        "menu",
        "menubar",
        "toolbar",
        "dialog",
        "alertdialog",
    }
)
# Elements that may be furniture by their class; a heading's id, in contrast, is made of its words.
_MAY_BE_FURNITURE = frozenset({"div", "ol", "ul", "p", "section", "aside", "header", "form", "a", "button"})
_FURNITURE_WORDS = word_set("""
        breadcrumb breadcrumbs sidebar navbar navigation footer pagination pager cookie cookies
        consent toc tableofcontents byline share sharing vote votes comments masthead topbar
        editsection catlinks printfooter newsletter lastupdated lastmodified metadata skiplink jump
        noprint
        """)
_FURNITURE_PAIRS = [
    set(pair.split("-"))
    for pair in word_set("""
        last-updated last-modified last-edited edit-page skip-link skip-content skip-nav article-meta
        post-meta entry-meta page-meta return-top back-top related-articles recent-articles article-relatives
        more-questions prev-next site-header expand-icon
        """)
]
_FURNITURE_IDS = word_set("""
        breadcrumb breadcrumbs breadcrumb-section footer navbar sidebar toc mw-navigation mw-head mw-panel
        catlinks jump-to-nav sitesub contentsub sitenotice footer-logo
        """)
_ARTICLES = ("#main-content.wiki-content", "#mw-content-text", "main", "[role=main]")
_LABELS = "#labels-section a, .label-list a, .labels-content a, .aui-label"
_TAG_LINK = re.compile(
    r"<a\b[^<>]{0,500}?\srel\s*=\s*[\"']?[^\"'<>]{0,40}?\btag\b[^<>]{0,500}>([^<>]{1,60})</a>", re.IGNORECASE
)
_MOST_LABELS = 100
_FOOTERS = "footer, [role=contentinfo], #footer, .footer, .page-footer, .site-footer"
_MOST_FOOTERS = 20
_MOST_FOOTER_CHARS = 20_000
_TOKEN = re.compile(r"[a-z]+")
_LANGUAGE = re.compile(r"<html\b[^<>]{0,2000}?\blang\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """Article of a page: its title, its text with marked headings, and what the page says of itself.

    `language` is that of the `<html>` element, as it is written there. `metadata` is what `page_metadata`
    returns, `labels` those that a wiki or page generator lists beside the article, and `lozenges` what
    `head_lozenges` returns. `footers` are the texts below the article, without the links in them.
    """

    title: str
    body: str
    language: str
    metadata: dict[str, str]
    labels: list[str] = field(default_factory=list)
    lozenges: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)


def read_html_page(source: str) -> HtmlPage | None:
    """Return the article of a page; None for the list of pages that a wiki's export begins with."""
    clean = sanitize_html(source)
    tree = LexborHTMLParser(clean)
    named = tree.css_first("title")
    title = " ".join((named.text() if named else "").split())
    head = source[:_SNIFFED_CHARS]
    language = _LANGUAGE.search(head)
    body = ""
    labels: list[str] = []
    footers: list[str] = []
    if tree.body is not None:
        if _is_list_of_pages(tree.body):
            return None
        labels = _labels(tree.body, source)
        footers = [_text_beside_links(node) for node in tree.body.css(_FOOTERS)[:_MOST_FOOTERS]]
        article = _article(tree.body)
        title = _confluence_title(tree.body) or _take_heading(article) or _take_heading(tree.body) or title
        body = without_stamps(article_to_text(article.html or ""))
    code = language[1] if language else ""
    return HtmlPage(title, body, code, page_metadata(head), labels, head_lozenges(clean), footers)


def _article(body: LexborNode) -> LexborNode:
    """Return the element of the article, with the furniture in it removed."""
    article = body
    for selector in _ARTICLES:
        found = [node for node in body.css(selector)[:_MOST_TOO_LARGE] if has_words(node.text())]
        if len(found) == 1:
            article = found[0]
            break
    found = [node for node in article.css("article")[:_MOST_TOO_LARGE] if has_words(node.text())]
    if len(found) == 1 and len(found[0].text()) > _MAX_SHARE * len(article.text()):
        article = found[0]
    most = _MAX_SHARE * len(article.text())
    for node in list(_furniture(article, most)):
        node.decompose()
    return article


def _furniture(article: LexborNode, most_chars: float) -> Iterator[LexborNode]:
    todo = list(article.iter())
    too_large = 0
    while todo:
        node = todo.pop()
        looks_like_it = too_large < _MOST_TOO_LARGE and _looks_like_furniture(node)
        if looks_like_it and len(node.text()) <= most_chars:
            yield node
        else:
            too_large += looks_like_it
            todo.extend(node.iter())


def _looks_like_furniture(node: LexborNode) -> bool:
    attributes = node.attributes
    tag = node.tag or ""
    if tag in _FURNITURE_TAGS or (attributes.get("role") or "").lower() in _FURNITURE_ROLES:
        return True
    if (attributes.get("id") or "").lower() in _FURNITURE_IDS and tag != "section":
        return True
    if tag not in _MAY_BE_FURNITURE:
        return "editsection" in (attributes.get("class") or "")
    for name in (attributes.get("class") or "").lower().split():
        words = set(_TOKEN.findall(name))
        if words & _FURNITURE_WORDS or any(pair <= words for pair in _FURNITURE_PAIRS):
            return True
    return False


def _take_heading(body: LexborNode) -> str:
    """Return the text of the page's first heading of the first level, which is taken out of the page."""
    for heading in body.css("h1"):
        text = article_to_text(heading.html or "").removeprefix("# ")
        if has_words(text):
            heading.decompose()
            return " ".join(text.split())
    return ""


def _confluence_title(body: LexborNode) -> str:
    """Return the title of a page that Confluence exported, without the name of its space; "" for others."""
    heading = body.css_first("#title-text")
    if heading is None or body.css_first("#main-content") is None:
        return ""
    title = " ".join(heading.text().split())
    first = body.css_first("#breadcrumbs li")
    space = " ".join(first.text().split()) if first is not None else ""
    if space and title.startswith(f"{space} : "):
        return title.removeprefix(f"{space} : ")
    return title if space else title.partition(" : ")[2] or title


def _labels(body: LexborNode, source: str) -> list[str]:
    """Return the labels of a page: Confluence's, and those that WordPress and Docusaurus link to as tags."""
    labels = [node.text() for node in body.css(_LABELS)[:_MOST_LABELS]]
    labels += [decode_entities(match[1]) for match in islice(_TAG_LINK.finditer(source), _MOST_LABELS)]
    return [plain for label in labels if (plain := " ".join(label.split()))]


def _text_beside_links(node: LexborNode) -> str:
    """Return the text of a footer without the lines that are links, which lead to other pages."""
    links = {" ".join(link.text().split()) for link in node.css("a")[:_MOST_LABELS]}
    lines = article_to_text((node.html or "")[:_MOST_FOOTER_CHARS]).split("\n")
    return "\n".join(line for line in lines if line.strip(" -*") not in links)


def _is_list_of_pages(body: LexborNode) -> bool:
    """Tell whether this is the index.html of a space that Confluence exported: its details and its pages."""
    there = [body.css_first(part) is not None for part in ("#title-text", ".pageSection", ".wiki-content")]
    return there == [True, True, False]
