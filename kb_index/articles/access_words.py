"""Access words: keys of help centres that restrict who may read an article, and the values they take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

KeyKind = Literal[
    "withheld", "restricted", "released", "open", "state", "translation", "audience", "start", "end"
]
"""What a key says.

`withheld` is true of an article that is not published, `released` false. `restricted` is true of one that
only some may read, `open` false. `state` and `audience` name it, `translation` the state of a translation.
`start` and `end` are the dates between which it is published.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WITHHELD = _words(
    """
    draft drafts unpublished archive archived deleted trash trashed disabled inactive expired retired
    obsolete withdrawn discarded headless wip
    """
)
_RESTRICTED = _words(
    """
    internal private restricted confidential secret protected hidden unlisted secured password login
    signin only nonpublic sensitive premium paywall gated
    """
)
_RELEASED = _words("published publish active enabled live approved released online")
_OPEN = _words("public visible")
_STATE = _words("status state stage workflow lifecycle")
_AUDIENCE = _words(
    """
    visibility access audience audiences permission permissions role roles group groups segment segments
    acl viewer viewers reader readers restriction restrictions restrict clearance classification
    sensitivity confidentiality security entitlement entitlements privacy allowed allow authorized
    criteria
    """
)
_SEEN = _words("visible available accessible shown shared")
_BY_WHOM = _words("to for by with")
_TRANSLATION = _words("translation translations")
_KINDS: tuple[tuple[KeyKind, frozenset[str]], ...] = (
    ("state", _STATE),
    ("audience", _AUDIENCE),
    ("restricted", _RESTRICTED),
    ("withheld", _WITHHELD),
    ("released", _RELEASED),
    ("open", _OPEN),
)
_DATE = _words(
    """
    date at on time datetime from until till to through after before since dt
    """
)
_STARTS = _words(
    """
    publish published publication release released embargo live available valid visible effective pub
    """
)
_ENDS = _words(
    """
    expiry expires expire expired expiration unpublish unpublished archive archived delete deleted
    retire retired trash trashed valid available visible hide hidden offline sunset removed withdrawn
    """
)
_ENDS_ALONE = _words("expiry expires expire expiration sunset")
_END_MARKS = _words("until till to through before")
# Keys with one of these words are about something else: who may write, comment or translate, or how it looks.
_OTHER = _words(
    """
    comment comments ping author authors owner owners creator editor editors edit edited editing manage
    management manager write update vote votes feedback seo subscription sidebar attachment attachments
    image icon css class count sync created modified feature promoted locale locales language color
    product
    """
)
# In Zendesk the group that may edit the article; who may read it is its user segment. In Help Scout a newer
# text that is not published yet.
_OTHER_KEYS = _words("permission_group permission_group_id public_url public_id has_draft")

_TRUE = _words("true yes y on 1 1.0 x")
_FALSE = _words("false no n off 0 0.0 null none nil - n/a") | {""}
_PUBLIC_AUDIENCES = _words(
    """
    public everyone everybody anyone anybody all all_users allusers any world open external customer
    customers client clients end_user end_users enduser endusers visitor visitors guest guests anonymous
    none no_restriction no_restrictions unrestricted internet published
    """
)
_INTERNAL_AUDIENCES = _words(
    """
    internal private agent agents staff employee employees team teams admin admins administrator
    administrators manager managers support company organization registered registered_users
    registeredusers signed_in signed_in_users signedin logged_in logged_in_users loggedin authenticated
    member members restricted confidential secret hidden unlisted limited selected_companies companies
    partner partners agents_only staff_only internal_only agents_and_managers agents_and_admins
    light_agents intern interne interno interna intern_only sisainen sisäinen внутренний 内部 社内 내부
    """
)
_PUBLISHED_STATES = _words(
    """
    published publish public live online current active approved released final enabled visible
    validated deprecated
    """
)
_WITHHELD_STATES = _words(
    """
    draft drafts auto_draft autodraft in_progress wip review in_review under_review pending
    pending_review awaiting_review awaiting_approval pending_approval submitted scheduled future
    archived archive deleted trash trashed retired pending_retirement expired unpublished not_published
    notpublished obsolete historical inactive disabled rejected discarded offline outdated withdrawn
    inherit entwurf brouillon borrador bozza rascunho concept szkic utkast kladde luonnos mustand
    melnraksts juodraštis черновик koncept 下書き 草稿 초안
    """
)


_KNOWN = _WITHHELD | _RESTRICTED | _RELEASED | _OPEN | _STATE | _AUDIENCE | _STARTS | _ENDS
_JOINED = re.compile(
    rf"(\w{{4,}})(only|date|state|status|level|required)|({'|'.join(sorted(_KNOWN))})(at|ids?|code)"
)
_OF_THE_ARTICLE = _words("is article kb page doc document content post")


def key_words(key: str) -> list[str]:
    """Return the words of a key, however it joins them, without a leading "is" or "article".

    >>> key_words("isInternal"), key_words("User-Segment ID"), key_words("isdraft")
    (['internal'], ['user', 'segment', 'id'], ['draft'])
    """
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", key)
    words = [word.lower() for word in re.findall(r"[^\W_]+", spaced)]
    while len(words) > 1 and words[0] in _OF_THE_ARTICLE:
        del words[0]
    return list(_split_joined(words))


@lru_cache(maxsize=4096)
def key_kind(key: str) -> KeyKind | None:
    """Return what a key says of who may read an article, None where it says nothing of that.

    >>> key_kind("isDraft"), key_kind("user_segment_id"), key_kind("publishDate"), key_kind("comment_status")
    ('withheld', 'audience', 'start', None)
    """
    words = key_words(key)
    found = set(words)
    if not words or found & _OTHER or "_".join(words) in _OTHER_KEYS:
        return None
    if found & _TRANSLATION:
        return "translation" if found & _STATE else None
    if found & _SEEN and found & _BY_WHOM:
        return "audience"
    date = _date_kind(found)
    return date or next((kind for kind, names in _KINDS if found & names), None)


def _date_kind(words: set[str]) -> Literal["start", "end"] | None:
    if words == {"date"}:
        return "start"
    if not words & (_DATE | _ENDS_ALONE):
        return None
    if words & _ENDS and not (words & _STARTS and not words & _END_MARKS):
        return "end"
    return "start" if words & _STARTS else None


def audience_of(value: str) -> Literal["public", "internal"] | None:
    """Return whom a value of an `audience` or `state` key names, None where it is not understood.

    >>> audience_of("Everyone"), audience_of("REGISTEREDUSERS"), audience_of("gold tier")
    ('public', 'internal', None)
    """
    name = _value_name(value)
    if name in _PUBLIC_AUDIENCES:
        return "public"
    return "internal" if name in _INTERNAL_AUDIENCES else None


def is_published_state(value: str) -> bool | None:
    """Tell whether a state is that of a published article, None where it is not understood.

    >>> is_published_state("Published"), is_published_state("In review"), is_published_state("blue")
    (True, False, None)
    """
    name = _value_name(value)
    if name in _PUBLISHED_STATES:
        return True
    return False if name in _WITHHELD_STATES else None


def truth_of(value: object) -> bool | None:
    """Return a value as true or false, None where it is neither; nothing at all is false.

    >>> truth_of("Yes"), truth_of(0), truth_of([]), truth_of("maybe")
    (True, False, False, None)
    """
    if isinstance(value, str):
        name = value.strip().lower()
        return True if name in _TRUE else False if name in _FALSE else None
    if value is None or value in ([], (), {}, 0, 1):
        return bool(value)
    return None


def _value_name(value: str) -> str:
    spaced = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", value.strip())
    return "_".join(re.findall(r"[^\W_]+", spaced.lower()))


def _split_joined(words: Iterable[str]) -> Iterator[str]:
    """Split words such as `isinternal`, `staffonly` and `publishdate`, which some vendors write as one."""
    for word in words:
        if word in _KNOWN:
            yield word
        elif word.startswith("is") and word[2:] in _KNOWN:
            yield word[2:]
        else:
            match = _JOINED.fullmatch(word)
            yield from filter(None, match.groups()) if match else (word,)
