"""Check of articles: whether files hold them, and what `triage index` would read of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from kb_index.articles.access.glpi import is_faq_mark
from kb_index.articles.access.keys import key_kind
from kb_index.articles.access.values import audience_of, is_published_state
from kb_index.articles.loaders import LoadedArticles, load_articles
from kb_index.articles.record_fields import article_field, article_fields
from kb_index.articles.record_fields import field_name as article_name
from kb_index.articles.sources.pages import PAGE_SUFFIXES
from models.errors import TriageError
from models.word_lists import word_set
from training.checking.field_names import field_name
from training.exports.files import open_export
from training.exports.mapping import names_in
from triage.settings import Settings
from triage.settings.tickets import TicketColumns

# Names of titles and texts that tickets have as well as articles; a date of creation is nearer a ticket too.
_TICKET_TEXTS = word_set(
    """
    subject shortdescription description descriptiontext summary excerpt text question createdat
    createdtime createdon number key frage pregunta domanda pergunta vraag fråga spørgsmål spørsmål kysymys
    küsimus jautājums klausimas pytanie вопрос otázka 質問 问题 질문
    """
)
_PLAIN = word_set("id title body language visibility url updatedat labels collection translationof")
_BARE = frozenset({"id", "title", "body"})
_NUMBERED = re.compile(r"\d{3}|^\d+$")  # an id that counts, rather than words
_OF_SALESFORCE = word_set(
    "knowledgearticleid articlenumber ismasterlanguage channels isvisibleinpkb isvisibleincsp publishstatus"
)
_LINES = 10
_NOT_READ = "Not read (`triage index` refuses these and indexes nothing, unless --skip-bad passes over them)"
_HEAD = 20
# Lists of a help centre, under which its files have their records.
_OF_READERS = frozenset({"open", "restricted", "staff", "released"})
_OF_MATTERS = frozenset({"priority", "urgency", "impact", "severity"})
_LISTS = frozenset({"articles", "solution_articles", "sections", "folders", "categories", "translations"})
_MARKUP = 4096
_TITLES = frozenset({"title", "name", "question", "heading", "headline", "articletitle", "shortdescription"})
_BODY = re.compile(r"body|description|answer|content|html|^text$|^url$")
_PUBLISHED = re.compile(
    r"publi(?!c(?!a))|pubbli|veröffentl|öffentlich|опублик|публик|発行|公開|发布|發布|게시", re.I
)
_SINGLE = frozenset({"article", "solution_article", "kb_article"})
# Keys and columns, in small letters and without signs, that articles have and tickets have not.
_OF_ARTICLES = word_set(
    """
    visibility draft sectionid sectionname translationof usersegmentid permissiongroupid votesum
    votecount outdated outdatedlocales folderid foldername categoryid seodata arttype collection
    collectionid promoted permalink permission answer thumbsup thumbsdown hits locale sourcelocale
    labelnames space spaceid contenttagids commentsdisabled slug articleid articletype
    articletypename publishedat publishdate publicationstatus parentid parenttype hierarchy
    metatitle metadescription keywords views webcontentlink haspublished hasdraft statistics
    sortorder position kbcategory knowledgebase kbcategoryname kmcategory articlebody validto
    workflowstate
    """
)
# Those that tickets have and articles have not.
_OF_TICKETS = word_set(
    """
    requester requesterid requesteremail submitter submitterid assignee assigneeid assignedto
    assignmentgroup reporter priority ticketid ticketnumber ticket tickettype issuetype issuekey via
    groupid organizationid responderid dueby customer customerid customeremail contact contactid
    caller callerid queue ccemails fremails shortdescription satisfactionrating conversations
    followups openedat openedby closedat resolvedat resolution severity urgency impact owner number
    milestone
    """
)


def hold_articles(path: Path, columns: TicketColumns | None = None) -> bool:
    """Tell whether a path holds articles rather than tickets: a folder, pages, or records like articles.

    Records are told by their keys or columns, whichever helpdesk wrote them. A file with nothing but what an
    article has holds tickets where `columns` name its title or text.
    """
    if path.is_dir() or path.suffix.lower() in PAGE_SUFFIXES:
        return True
    if path.suffix.lower() == ".xml":
        return _is_mediawiki(path)
    try:
        source = open_export(path, places=_LISTS, most=_HEAD)
        head = [record.values for record in islice(source.records, _HEAD) if not record.problem]
    except TriageError:
        return False
    places = set(source.columns) or set(names_in(head))
    own = [place for place in places if "." not in place or source.columns]
    outer = {_plain(place) for place in own}
    says_so = (
        not outer & _OF_TICKETS
        and not any(map(_is_of_ticket, own))
        and (_is_restricted_text(own, head) or _is_of_salesforce(outer))
    )
    is_bare = _is_bare(own, head) and not _are_named(own, columns)
    is_wrapped = {"translation.content.title", "translation.content.content"} <= places  # as in TOPdesk
    is_of_glpi = "answer" in outer and any(is_faq_mark(article_name(name)) for name in own)
    is_of_zammad = any(place.startswith("KnowledgeBaseAnswer") for place in places)
    has_list = (
        is_of_zammad
        or is_wrapped
        or is_of_glpi
        or any(_last(place) in _LISTS | _SINGLE and _holds_titles(place, places) for place in places)
    )
    return says_so or is_bare or has_list or _has_more_of_articles(outer, places)


def _has_more_of_articles(outer: Collection[str], places: Collection[str]) -> bool:
    """Tell whether records have a title and a text, and more keys of articles than of tickets."""
    names = {_plain(_last(place)) for place in places}
    found = set(outer)
    if not found & _TITLES or not any(map(_BODY.search, names)) or "subject" in found:
        return False
    of_articles = sum(name in _OF_ARTICLES or "article" in name or "knowledge" in name for name in names)
    return of_articles > len(found & _OF_TICKETS) and (of_articles > 1 or found <= _PLAIN)


def _is_restricted_text(names: Collection[str], head: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether records have a title, a text and who may read it or its publication, in any language."""
    known = article_fields(dict.fromkeys(names, "-"))
    if not {"title", "body"} <= set(known) or "subject" in map(_plain, names):
        return False
    if any(_PUBLISHED.search(name) and key_kind(name) in ("released", "start") for name in names):
        return True
    audiences, states = _said(names, head, "audience"), _said(names, head, "state")
    understood = sum(audience_of(said) is not None or is_published_state(said) is False for said in audiences)
    is_published = any(_PUBLISHED.search(value) and is_published_state(value) for value in states)
    return understood > len(audiences) / 2 or is_published


def _said(names: Collection[str], head: Sequence[Mapping[str, Any]], kind: str) -> list[str]:
    own = [name for name in names if key_kind(name) == kind]
    return [str(values[name]) for name in own for values in head if values.get(name)]


def _is_of_ticket(name: str) -> bool:
    """Tell whether a column is one of how pressing a matter is, in any language."""
    return field_name(name) in _OF_MATTERS


def _is_of_salesforce(outer: Collection[str]) -> bool:
    return {"title", "urlname"} <= set(outer) and not _OF_SALESFORCE.isdisjoint(outer)


def _is_bare(own: Sequence[str], head: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether records have an id, a title, a text and nothing but what an article has, in any language.

    Labels and links are those of tickets too, unless ids are words or the record names its language.
    """
    # Who may read it is a part of an article too, whatever its key is called.
    fields = {
        article_field(name) or ("visibility" if key_kind(name) in _OF_READERS else None) for name in own
    }
    has_more = None in fields or not _TICKET_TEXTS.isdisjoint(map(_plain, own))
    if has_more or not fields >= _BARE:
        return False
    if fields & {"language", "translation_of", "visibility", "collection"} or len(fields) == len(_BARE):
        return True
    ids = [str(values.get(name)) for name in own if article_field(name) == "id" for values in head]
    return not any(_NUMBERED.search(value) for value in ids)


def _are_named(own: Collection[str], columns: TicketColumns | None) -> bool:
    is_set = columns.model_fields_set & {"subject", "body"} if columns is not None else set()
    return any(getattr(columns, key) in own for key in is_set)


def _holds_titles(place: str, places: Collection[str]) -> bool:
    """Tell whether the entries of a list have titles as articles have, not senders as messages have."""
    inner = {_plain(_last(other)) for other in places if other.startswith(f"{place}.")}
    return bool(inner & _TITLES) and any(map(_BODY.search, inner)) and not inner & {"sender", "sendertype"}


def _last(place: str) -> str:
    return place.rpartition(".")[2]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def _is_mediawiki(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return b"<mediawiki" in stream.read(_MARKUP)
    except OSError:
        return True


def read_articles(paths: Sequence[Path], settings: Settings) -> LoadedArticles:
    """Read articles as `triage index` would; what cannot be read is listed.

    Raises:
        DataFileError: a file cannot be read as a whole.
    """
    return load_articles(paths, skip_bad=True, default_visibility=settings.articles.default_visibility)


def articles_report(loaded: LoadedArticles) -> str:
    """Return what `triage check` prints of articles."""
    lines = loaded.summary.lines()
    if loaded.skipped:
        lines += ["", _NOT_READ, *(f"  {message}" for message in loaded.skipped[:_LINES])]
        if len(loaded.skipped) > _LINES:
            lines.append(f"  and {len(loaded.skipped) - _LINES:,} more")
    return "\n".join(lines)


def articles_data(paths: Sequence[Path], loaded: LoadedArticles) -> Mapping[str, Any]:
    """Return the summary for programs."""
    summary = loaded.summary
    return {
        "kind": "articles",
        "files": [str(path) for path in paths],
        "articles": summary.articles,
        "languages": dict(summary.languages.most_common()),
        "visibility": dict(summary.visibility.most_common()),
        "collections": dict(summary.collections.most_common()),
        "left_out": dict(summary.withheld.most_common()),
        "internal_by": dict(summary.internal_by.most_common()),
        "not_understood": dict(summary.not_understood),
        "notes": dict(summary.notes.most_common()),
        "unreadable": loaded.skipped,
    }
