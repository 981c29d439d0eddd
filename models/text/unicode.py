"""Unicode cleaning: surrogates, invisible characters, white space, combining marks and entities."""

from __future__ import annotations

import re
import unicodedata
from html import unescape


def without_surrogates(text: str) -> str:
    r"""Join pairs of surrogates and replace lone ones by U+FFFD.

    JSON and careless decoding let such half characters into strings; UTF-8 cannot hold them.

    >>> without_surrogates("caf\u00e9 \ud83d\ude00 \ud800")
    'café 😀 �'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


# Private marks with which models.text.html passes the quotes of a mail on to models.text.mails.quotes: those
# of mail programs and those that a person may have made. The last one passes its headings on.
REPLY_HEADER = "\ue000"
QUOTED = "\ue001"
INDENTED = "\ue003"
HEADING = "\ue002"

_LINE_END = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACE = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Unicode's Cc and Cf: zero-width, joiners, bidi overrides, soft hyphen, byte order mark, tags.
INVISIBLE = (
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_INVISIBLE = re.compile(INVISIBLE)
# An entity of HTML; plain text from helpdesks has them too.
ENTITY = "&(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_ENTITY = re.compile(ENTITY)
_MARKERS = re.compile(f"[{REPLY_HEADER}{QUOTED}{INDENTED}{HEADING}]")
_SPACES = re.compile(" {2,}")
_BLANK_LINES = re.compile("\n{3,}")
_WORD_CHARACTER = re.compile(r"[^\W_]")
# Emoji but for those that stand beside an address: telephone, envelope, scissors.
_EMOJI = (
    "[\u203c\u2049\u231a\u231b\u23e9-\u23ff\u2600-\u260d\u2610-\u2701\u2703-\u2705\u270a-\u27bf"
    "\u2b05-\u2b07\u2b50\u2b55\U0001f004-\U0001faff]"
)
# Faces that are drawn with signs (":-(", "^^", "-_-", "(´・_・`)", with arms beside it), and curses in signs.
FACE = (
    r"[>]?[:;=]['’]?-?[()DPp/|*\[\]]|\^[_.]?\^|-[_.]{1,2}-|\._\.|>[_.]<|"
    r"[(（](?=[^\n()（）]{0,12}[^\s\w.~*=-])[^\n()（）]{2,14}[)）](?:[^\w\n()（）<>|]{0,10}[^\w\s()（）<>|])?|"
    r"(?=[#*?!]{0,8}[%$@&])[%$#@&!*?]{3,12}"
)
"""Pattern of a face or a curse that is drawn with signs."""

_REACTION = re.compile(rf"^[ \t]*(?:(?:[?!？！؟¿¡.．…‥⋯。・]|{_EMOJI}|{FACE})[ \t]*)+$", re.MULTILINE)
# As many as Unicode's stream-safe format allows (UAX 15); no language stacks more than a few on a letter.
MOST_MARKS = 30
# Combining marks are neither letters nor digits, and the first of Unicode is U+0300.
_MANY_MARKS = re.compile(rf"[^\w\x00-\u02ff]{{{MOST_MARKS + 1},}}")


def clean_characters(text: str) -> str:
    r"""Return NFC text with line feeds, plain spaces, and nothing invisible.

    A lone surrogate, which no encoder accepts, becomes U+FFFD. Of combining marks in a row, 30 stay.

    >>> clean_characters("Zo\u200be\r\n\ud83d\u00a0e\u0301")
    'Zoe\n� é'
    """
    text = _INVISIBLE.sub("", _SPACE.sub(" ", _LINE_END.sub("\n", without_surrogates(text))))
    return unicodedata.normalize("NFC", limit_combining_marks(text))


def limit_combining_marks(text: str) -> str:
    """Return `text` with at most `MOST_MARKS` combining marks in a row.

    Normalising sorts each row of marks, at a cost that grows with the square of its length.
    """
    return _MANY_MARKS.sub(lambda match: _limited_run(match[0]), text)


def _limited_run(run: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in run:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def decode_entities(text: str) -> str:
    """Return `text` with its entities, such as "&amp;", as the characters that they stand for.

    >>> decode_entities("Gr&ouml;&szlig;e &lt; 5 & more")
    'Größe < 5 & more'
    """
    return _ENTITY.sub(lambda match: unescape(match[0]), text)


def without_accents(text: str) -> str:
    """Return a text as people write it whose keyboard has no accents.

    >>> without_accents("vastaa älä, répondez à l'étude")
    "vastaa ala, repondez a l'etude"
    """
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def without_markers(text: str) -> str:
    """Return `text` without the private marks, which no sender may forge."""
    return _MARKERS.sub("", text)


def normalize_whitespace(text: str) -> str:
    """Return `text` with single spaces, no spaces around lines, and at most one blank line in a row."""
    lines = [line.strip() for line in _SPACES.sub(" ", text).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def has_words(text: str) -> bool:
    """Tell whether `text` holds a letter or a digit of any script."""
    return _WORD_CHARACTER.search(text) is not None


def says_something(text: str) -> bool:
    """Tell whether a person says anything in `text`: in words, or in a line of emoji, "?", "!" or dots.

    >>> says_something("👍"), says_something("??"), says_something("..."), says_something("-----")
    (True, True, True, False)
    """
    return has_words(text) or _REACTION.search(text) is not None


def truncate(text: str, max_chars: int) -> str:
    """Return the first `max_chars` characters, cut between words where one ends near by.

    >>> truncate("the printer smokes", 14)
    'the printer'
    """
    if len(text) <= max_chars:
        return text
    start = max(0, max_chars - 40)
    cut = max(text.rfind(" ", start, max_chars + 1), text.rfind("\n", start, max_chars + 1))
    return text[: cut if cut > 0 else max_chars].rstrip()
