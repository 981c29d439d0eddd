"""Left-overs: what broken decoding and copying leaves in a text, such as "=C3=BC" or a picture's characters.

Each is recognised by a form that no person types, so that sums, addresses and code stay as they are.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

# An address with the picture itself. In plain text it may be broken into lines.
_PICTURE = (
    r"data:[\w/+.;=-]{1,100}base64,[A-Za-z0-9+/=%]*+(?:\r?\n[A-Za-z0-9+/]{40,}+={0,2}+)*+"
    r"(?:\r?\n[A-Za-z0-9+/]{1,76}={1,2}(?=\s|$))?"
)
_PICTURE_ADDRESS = re.compile(rf"!?\[(?P<name>[^\[\]\n]{{0,200}})\]\({_PICTURE}[^()\n]{{0,100}}\)|{_PICTURE}")

# RFC 2047; careless programs leave spaces in it.
_ENCODED_WORD = r"=\?[\w-]{1,40}(?:\*[\w-]{1,20})?\?[bBqQ]\?[^?\n]{0,500}\?="
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD}(?:\s{{1,3}}{_ENCODED_WORD}){{0,100}}")

# RFC 2045: bytes as "=C3", and a "=" at the end of a long line that goes on.
_BYTES = re.compile(rb"(?:=[0-9A-F]{2})+")
_SOFT_BREAK = re.compile(r"(?<=[^\n]{49}[^=\n])=\r?\n")
_ANY_SOFT_BREAK = re.compile(r"=\r?\n")
_SPACE_AT_END = re.compile(r"(?m)(?<=[^\n]{20})=20(?=\r?$)")
_PLAIN_SIGN = re.compile(r"=(?![0-9A-F]{2}|\r?\n)")
_UTF8 = re.compile(
    r"(?:=C[2-9A-F]|=D[0-9A-F])=[89AB][0-9A-F]|=E[0-9A-F](?:=[89AB][0-9A-F]){2}|=F0(?:=[89AB][0-9A-F]){3}"
)
_LATIN1 = re.compile(r"[^\W\d_]=[C-F][0-9A-F](?=[a-z]{2})")
_TAG_ATTRIBUTE = re.compile(r"<[a-zA-Z]{1,12}(?:\s|=\r?\n)[^<>]{0,200}=3D[\"'\w]")
_ENOUGH = 2

_CONDITIONAL = ("<!--[if", "<![endif]-->")
_WORD_STYLE = re.compile(
    r"(?m)^[^\S\n]*(?:/\*[^*\n]{0,80}\*/\s{0,3})?[@\w.#*\\:, >-]{1,200}\s{0,3}\{[^{}]{0,2000}\}"
)
_WORD_RULES = re.compile(r"mso-|panose|behavior:\s?url\(|MsoNormal|WordSection|@font-face")
_COMMENT = re.compile(r"<!--[^<>]{0,20000}-->")
_WORD_RULES_IN_BRIEF = ("mso-", "panose", "behavior:", "MsoNormal", "WordSection", "@font-face")
_WORD_SETTINGS = re.compile(
    r"(?m)^[^\S\n]*(?:Normal\s+0\s+(?:\d{1,2}\s+)?(?:false\s+){2,3}[\w-]{2,10}(?:\s+[\w-]{2,10}){1,3}"
    r"(?:\s+MicrosoftInternetExplorer4)?|/\* Style Definitions \*/|"
    r"P \{margin-top:0;margin-bottom:0;\}|<\?xml:namespace[^<>\n]{0,200}>)[^\S\n]*(?:$|(?=/\*))"
)
_OFFICE_TAG = re.compile(
    r"</?[ovw]:[a-z]{1,20}(?:\s[^<>\n]{0,200})?/?>|<!\[(?:if [^\[\]<>\n]{1,60}|endif)\]>", re.I
)


def without_pictures(text: str) -> str:
    """Return `text` without embedded pictures, of which a name stays.

    >>> without_pictures("See ![the lamp](data:image/png;base64,iVBORw0KGgo=) here")
    'See the lamp here'
    """
    if "base64," not in text:
        return text
    return _PICTURE_ADDRESS.sub(lambda match: match["name"] or "", text)


def decode_words(text: str) -> str:
    """Return `text` with the encoded words of mail headers decoded; those that are broken stay.

    >>> decode_words("=?UTF-8?Q?R=C3=BCckgabe?= =?utf-8?b?IDQy?=")
    'Rückgabe 42'
    """
    if "=?" not in text:
        return text
    return _ENCODED_WORDS.sub(lambda match: _decoded(match[0]), text)


def _decoded(words: str) -> str:
    try:
        return str(make_header(decode_header(words)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return words


def decode_quoted_printable(text: str) -> str:
    r"""Return `text` decoded where its bytes and line ends show that it is quoted-printable.

    >>> decode_quoted_printable("Der Schl=C3=BCssel fehlt.=20\nE21")
    'Der Schlüssel fehlt. \nE21'
    >>> decode_quoted_printable("speed=20 and load=C3")
    'speed=20 and load=C3'
    """
    if "=" not in text or not _is_quoted_printable(text):
        return text
    certain = _UTF8.search(text) is not None and _PLAIN_SIGN.search(text) is None
    joined = (_ANY_SOFT_BREAK if certain else _SOFT_BREAK).sub("", text)
    return _BYTES.sub(lambda match: _readable(match[0]), joined.encode("utf-8", "surrogatepass")).decode(
        "utf-8"
    )


def _is_quoted_printable(text: str) -> bool:
    if _UTF8.search(text) or _TAG_ATTRIBUTE.search(text):
        return True
    if _PLAIN_SIGN.search(text):
        return False
    found = 0
    for sign in (_SOFT_BREAK, _SPACE_AT_END, _LATIN1):
        found += sum(1 for _, _match in zip(range(_ENOUGH), sign.finditer(text), strict=False))
    return found >= _ENOUGH


def _readable(escaped: bytes) -> bytes:
    raw = bytes.fromhex(escaped.replace(b"=", b"").decode("ascii"))
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding).encode("utf-8")
        except UnicodeDecodeError:
            continue
    return escaped


def without_office_remains(text: str) -> str:
    """Return plain text without the style sheets, settings and tags that Word and Outlook leave in it."""
    if _CONDITIONAL[0] in text:
        text = _without_conditional_parts(text)
    if "<!--" in text:
        text = _COMMENT.sub(lambda match: "" if _WORD_RULES.search(match[0]) else match[0], text)
    text = _WORD_SETTINGS.sub("", text)
    if "{" in text and any(rule in text for rule in _WORD_RULES_IN_BRIEF):
        text = _WORD_STYLE.sub(lambda match: "" if _WORD_RULES.search(match[0]) else match[0], text)
    return _OFFICE_TAG.sub("", text) if "<" in text else text


def _without_conditional_parts(text: str) -> str:
    begin, end = _CONDITIONAL
    kept: list[str] = []
    done = 0
    while (start := text.find(begin, done)) >= 0 and (finish := text.find(end, start)) >= 0:
        kept.append(text[done:start])
        done = finish + len(end)
    return "".join((*kept, text[done:]))
