"""Names of columns of tags, in the project's languages."""

from __future__ import annotations

import re

_ALONE = re.compile(r"(?:tag|label|etykieta|etykiety|keyword)")
_NAMES = """
    tags, labels, keywords, key words, schlagwort, schlagworte, schlagwörter, stichwort, stichworte,
    stichwörter, étiquettes, mots clés, etiquetas, palabras clave, palavras chave, marcadores, etichette,
    parole chiave, trefwoord, trefwoorden, tagi, etykiety, słowa kluczowe, taggar, nyckelord, etiketter,
    nøgleord, stikord, emneord, nøkkelord, merkelapper, emneknagger, avainsanat, asiasanat, tunnisteet,
    märksõnad, sildid, atslēgvārdi, birkas, tagai, žymos, raktažodžiai, etiketės, метки, теги, тэги,
    ключевые слова, štítky, klíčová slova, značky
"""
_AMONG = re.compile(
    rf"\b(?:{'|'.join(name.strip() for name in _NAMES.split(','))})\b"
    "|タグ|キーワード|ラベル|标签|标记|关键词|关键字|標籤|關鍵字|태그|키워드|라벨"
)
_WORD = re.compile(r"[^\W_]+")


def tags_alike(name: str) -> bool:
    """Tell whether a column is called as tags are, also among other words.

    >>> [tags_alike(n) for n in ("Schlagworte", "Ticket tags", "Mots-clés", "Tags (intern)", "タグ")]
    [True, True, True, True, True]
    >>> tags_alike("Montag"), tags_alike("Tag der Meldung")
    (False, False)
    """
    plain = " ".join(_WORD.findall(name.casefold()))
    return _ALONE.fullmatch(plain) is not None or _AMONG.search(plain) is not None
