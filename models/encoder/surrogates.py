"""Half characters, which JSON and careless decoding let into Python's strings and UTF-8 cannot hold."""

from __future__ import annotations


def without_surrogates(text: str) -> str:
    r"""Join pairs of surrogates and replace lone ones by U+FFFD.

    >>> without_surrogates("caf\u00e9 \ud83d\ude00 \ud800")
    'café 😀 �'
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
