"""Character sets of mails: bytes are read by the name that a mail gives, or by what they are.

Names mean what web browsers take them for (https://encoding.spec.whatwg.org/#names-and-labels): "gb2312" is
GB 18030 and "iso-8859-1" is Windows-1252, since mail programs write one and mean the other.
"""

from __future__ import annotations

import codecs
import re

from models.language.codepages import guess_code_page

_MEANT = {
    label: codec
    for codec, labels in {
        "gb18030": "gb2312 gb_2312 gb_2312-80 gbk x-gbk cp936 ms936 euc-cn csgb2312 chinese",
        "cp949": "ks_c_5601-1987 ks_c_5601-1989 ks_c_5601 ksc5601 ksc_5601 euc-kr cseuckr korean uhc",
        "cp932": "shift_jis shift-jis sjis x-sjis csshiftjis ms_kanji windows-31j",
        "cp874": "tis-620 tis620 iso-8859-11 iso8859-11 dos-874",
        "big5hkscs": "big5 big-5 x-x-big5 csbig5 cn-big5 cp950",
        "iso2022_jp_ext": "iso-2022-jp csiso2022jp",
        "cp1252": "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ansi x-ansi",
        "cp1254": "iso-8859-9 iso8859-9 latin5",
        "iso8859_8": "iso-8859-8-i iso-8859-8-e logical",
        "mac_roman": "x-mac-roman mac macintosh",
        "utf-8": "utf8 utf-8 utf8mb4 utf-8mb4 unicode-1-1-utf-8 x-unicode20utf8",
        "": "us-ascii ascii ansi_x3.4-1968 unknown-8bit x-unknown unknown default none 8bit 7bit binary",
    }.items()
    for label in labels.split()
}
_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|ibm|ms|dos)[-_ ]?(\d{3,4})")
# Python's codecs that are no character sets of mails; some take a long time over a long text.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_SEVERAL_BYTES = frozenset(
    {"gb18030", "cp949", "cp932", "big5hkscs", "euc_jp", "euc_jis_2004", "johab", "gb2312", "gbk"}
)
_ASCII_BYTES = frozenset({"utf-7", "hz", "iso2022_jp_ext", "iso2022_kr", "iso2022_jp_2", "iso2022_jp_2004"})
_JAPANESE_MARK = b"\x1b$"
_SAMPLE_BYTES = 1 << 16
_MOST_BROKEN = 0.1  # of the characters beyond ASCII, in text that is UTF-8 but for a slip or a cut
_FEWEST_BYTES = 4  # beyond ASCII, that tell a code page: "öß" could as well be Chinese
_SHARE_OF_SMALL_LETTERS = 0.8
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


def decode_bytes(raw: bytes, charset: str = "") -> str:
    """Return the text of bytes in the character set that a mail names, or in the one that they are in.

    >>> decode_bytes("漏水了".encode("gbk"), "gb2312"), decode_bytes("läuft".encode("latin-1"))
    ('漏水了', 'läuft')
    """
    codec = _codec(charset)
    if codec.startswith(("utf-16", "utf-32")) and b"\x00" not in raw:
        codec = ""
    if _JAPANESE_MARK in raw and not _BEYOND_ASCII.search(raw) and codec not in _ASCII_BYTES:
        codec = "iso2022_jp_ext"
    for candidate in _candidates(codec):
        try:
            return raw.decode(candidate).removeprefix("\ufeff")
        except (UnicodeError, LookupError):
            continue
    return _decoded_anyhow(raw)


def _candidates(codec: str) -> tuple[str, ...]:
    """Return the codecs to try: text of one byte a letter is hardly ever valid UTF-8."""
    utf_8_first = not codec or (codec not in _SEVERAL_BYTES and codec not in _ASCII_BYTES)
    if codec.startswith(("utf-16", "utf-32")):
        utf_8_first = False
    given = (codec,) if codec else ()
    return ("utf-8", *given) if utf_8_first else (*given, "utf-8")


def _codec(charset: str) -> str:
    """Return Python's name of a character set, "" for one that says nothing or is not known."""
    label = charset.strip().strip("'\"").lower()[:60]
    if label in _MEANT:
        return _MEANT[label]
    if page := _PAGE.fullmatch(label):
        label = _MEANT.get(f"cp{page[1]}", f"cp{page[1]}")
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _NO_CHARSETS else _MEANT.get(name.replace("_", "-"), name)


def _decoded_anyhow(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    beyond = sum(not character.isascii() for character in text)
    if text.count("\ufffd") <= _MOST_BROKEN * beyond:
        return text
    if len(_BEYOND_ASCII.findall(raw[:_SAMPLE_BYTES])) < _FEWEST_BYTES:
        return raw.decode("cp1252", "replace")
    lines = [line for line in raw[:_SAMPLE_BYTES].splitlines() if not line.isascii()]
    page = guess_code_page(b"\n".join(lines))
    if page is None and _is_koi8(raw[:_SAMPLE_BYTES]):
        page = "koi8-r"
    return raw.decode(page or "cp1252", "replace")


def _is_koi8(raw: bytes) -> bool:
    """Tell whether bytes are Russian in KOI8-R: in other code pages its small letters are capitals."""
    letters = [character for character in raw.decode("koi8-r") if not character.isascii()]
    return sum("а" <= character <= "я" for character in letters) >= _SHARE_OF_SMALL_LETTERS * len(letters)
