"""Scripts as character classes for regular expressions, to be put between the brackets of `[…]`.

The one table of scripts whose words are not separated by spaces, or whose characters say more than letters.
"""

from __future__ import annotations

import re

_THAI = "\u0e00-\u0e7f"
_LAO = "\u0e80-\u0eff"
_BURMESE = "\u1000-\u109f"
_KHMER = "\u1780-\u17ff"
_KANA = "\u3040-\u30ff"
# Extension A, the basic block, compatibility ideographs, and the planes of the extensions B to H.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HANGUL = "\uac00-\ud7af"

CHINESE_AND_JAPANESE = _KANA + _HAN
"""Scripts without spaces of which one character is about half a word."""

DENSE = CHINESE_AND_JAPANESE + _HANGUL
"""Scripts of which one character says about as much as three letters."""

UNSPACED = _THAI + _LAO + _BURMESE + _KHMER + DENSE
"""Scripts in which spaces do not part words, or endings are written onto them: Korean has spaces."""

_HALF_WORD = re.compile(f"[{CHINESE_AND_JAPANESE}]")
_MOST_CHARS_COUNTED = 2_000


def count_words(text: str) -> int:
    """Return about how many words a text has; two characters of Chinese or Japanese count as one more.

    >>> count_words("My answers are below."), count_words("我的回答在下面")
    (4, 4)
    """
    return len(text.split()) + len(_HALF_WORD.findall(text[:_MOST_CHARS_COUNTED])) // 2
