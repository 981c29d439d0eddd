"""Scales: values such as low, normal and high, put in ascending order where all of them are known."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

# Words by rank, from what can wait to what cannot, in the languages of helpdesks. A word with * stands for
# all that begin with it: languages with endings have many forms of one word.
_RANKS = (
    (0.0, "planning, planung, geplant, project, wunsch, wishlist"),
    (0.2, "trivial, triviaal, trivial*, тривиальн*, 軽微, 轻微"),
    (
        0.4,
        "lowest, minimal, niedrigste, niedrigster, geringste, la plus basse, lo más bajo, laagste, lägst, "
        "lavest, alin, najniższ*, nejniž*, madalaim, самый низкий, минимальн*, 最低, 최저",
    ),
    (
        1.0,
        "low, niedrig*, gering*, tief, basse, bas, faible, baja, bajo, bassa, basso, baixa, baixo, "
        "laag, lage, "
        "låg, lågt, låga, lav, lavt, lave, matala, alhainen, nisk*, nízk*, madal, zema, zems, zemas, žem*, "
        "низк*, 低, 低い, 低优先级, 낮음, 낮은",
    ),
    (
        1.2,
        "minor, klein, mineure, mineur, menor, minore, kleine, liten, lille, vähäinen, drobn*, незначительн*",
    ),
    (
        2.0,
        "normal, medium, moderate, standard, average, default, mid, mittel*, normale, normales, normaler, "
        "moyenne, moyen, modérée, media, medio, média, médio, moderada, moderata, normaal, gemiddeld*, "
        "middel, midden, medel, måttlig, middels, mellem, moderat, normaali, keskitaso, keskisuuri, "
        "kohtalainen, średni*, normaln*, umiarkowan*, střední, běžn*, normální, normaalne, keskmine, "
        "vidēj*, vidutin*, įprast*, normāl*, средн*, обычн*, нормальн*, умеренн*, 中, 中等, 普通, 一般, "
        "標準, "
        "通常, 中程度, 보통, 중간",
    ),
    (
        2.6,
        "major, schwerwiegend, majeure, majeur, mayor, maggiore, grave, betydande, merkittävä, poważn*, "
        "важн*",
    ),
    (
        3.0,
        "high, hoch, hohe, hoher, haute, haut, élevée, élevé, alta, alto, elevada, elevado, elevata, "
        "hoog, hoge, "
        "hög, högt, höga, høj, højt, høje, høy, høyt, korkea, wysok*, vysok*, kõrge, augst*, aukšt*, высок*, "
        "高, 高い, 높음, 높은",
    ),
    (
        3.2,
        "severe, sévère, severa, severo, ernstig, allvarlig, alvorlig, vakava, závažn*, серьезн*, 严重, 重大",
    ),
    (
        3.6,
        "highest, maximal, höchste, höchster, la plus haute, más alta, massima, máxima, hoogste, högst, "
        "højest, "
        "høyest, korkein, najwyższ*, nejvyšší, kõrgeim, самый высокий, максимальн*, 最高, 최고",
    ),
    (
        4.0,
        "urgent, dringend, eilig, urgente, urgence, brådskande, haster, presserende, kiireellinen, "
        "kiire, piln*, "
        "naléhav*, urgentní, kiireloomuline, steidzam*, skubu*, срочн*, 緊急, 紧急, 긴급",
    ),
    (
        4.3,
        "critical, kritisch*, critique, crítica, crítico, critica, critico, kritiek, kritisk, kriittinen, "
        "krytyczn*, kritick*, kriitiline, kritisk*, kritin*, критичн*, критическ*, 致命, 危急, 致命的, "
        "위급, 심각",
    ),
    (4.5, "emergency, immediate, notfall, sofort, immédiate, urgence absolue, emergencia, emergenza, 特急"),
    (
        4.8,
        "blocker, blocking, showstopper, blockierend, bloquante, bloquant, bloqueante, bloccante, блокирующ*",
    ),
)
_VERY = """
    very sehr très muy molto muito zeer heel bardzo velmi mycket meget veldig svært erittäin hyvin väga ļoti
    labai очень
"""
_VERY_WORDS = frozenset(_VERY.split())
_VERY_SIGNS = ("非常に", "非常", "很", "とても", "매우")
_WORDS = {w.strip(): rank for rank, words in _RANKS for w in words.split(",") if w.strip()[-1:] != "*"}
_STEMS = {w.strip()[:-1]: rank for rank, words in _RANKS for w in words.split(",") if w.strip()[-1:] == "*"}
# P1, Prio 2, Sev-3, S1: the lower the number, the sooner.
_SOONEST_FIRST = re.compile(r"(?:p|prio\w*|sev\w*|s|urgency|dringlichkeit)[ .:#-]{0,2}(\d{1,2})\b", re.I)
_NUMBER = re.compile(r"(?<![\w.])\d{1,2}(?![\d.]\d)")
# What stands before a word of a scale and says nothing: Priorität: hoch, P2 - High.
_SCALE_NAME = re.compile(r"^(?:p\d?|s\d?|sev\w*|prio\w*|stufe|level|niveau|nivel|livello)$")
_MAJOR, _ABOVE_ALL = 2.6, 5.0


def ascending(values: Collection[str]) -> list[str] | None:
    """Return the values of a scale from the lowest up, None where some is not known or two are alike.

    >>> ascending(["high", "Low", "urgent"]), ascending(["1 - Critical", "3 - Moderate"])
    (['Low', 'high', 'urgent'], ['3 - Moderate', '1 - Critical'])
    >>> ascending(["3 high", "1 low", "2 normal"]), ascending(["P1", "P3"])
    (['1 low', '2 normal', '3 high'], ['P3', 'P1'])
    >>> ascending(["red", "green"]) is None
    True
    """
    ranks = _word_ranks(values)
    if len(values) < 2:
        return None
    if None not in ranks.values() and len(set(ranks.values())) == len(values):
        return sorted(values, key=lambda value: ranks[value] or 0)
    numbers = {value: _number(value) for value in values}
    if None in numbers.values() or len(set(numbers.values())) < len(values):
        return None
    by_number = sorted(values, key=lambda value: numbers[value] or 0)
    direction = _direction([ranks[value] for value in by_number])
    if not direction and all(_SOONEST_FIRST.match(value.strip()) for value in values):
        direction = -1
    return by_number[::direction] if direction else None


def is_worded(values: Collection[str]) -> bool:
    """Tell whether the values are a scale by their words, whatever the field is called."""
    return len(values) > 2 and None not in _word_ranks(values).values() and ascending(values) is not None


def likely_order(values: Collection[str]) -> list[str]:
    """Return values as a person would list them: known words by rank, numbers by size, the others last."""
    if (known := ascending(values)) is not None:
        return known
    ranks = _word_ranks(values)

    def place(value: str) -> tuple[bool, float, float]:
        number, rank = _number(value), ranks[value]
        if rank is not None:
            return False, rank, 0.0
        return number is None, 0.0 if number is None else float(number), 0.0

    return sorted(values, key=place)


def _direction(ranks: list[float | None]) -> int:
    """Return 1 where ranks rise with the numbers, -1 where they fall, 0 where neither can be told."""
    known = [rank for rank in ranks if rank is not None]
    if len(known) > 1:
        steps = [after - before for before, after in pairwise(known)]
        if all(step >= 0 for step in steps) and any(steps):
            return 1
        return -1 if all(step <= 0 for step in steps) and any(steps) else 0
    for end, sign in ((0, 1), (-1, -1)):  # one word alone tells at an end: 1 - Critical, 2, 3
        rank = ranks[end]
        if rank is not None and rank != 2.0:
            return sign if rank < 2.0 else -sign
    return 0


def _word_ranks(values: Collection[str]) -> dict[str, float | None]:
    ranks = {value: _word_rank(value) for value in values}
    if any(rank is not None and 3.0 < rank < 4.0 for rank in ranks.values()):  # GLPI: very high, then major
        ranks = {value: _ABOVE_ALL if rank == _MAJOR else rank for value, rank in ranks.items()}
    return ranks


def _word_rank(value: str) -> float | None:
    words = [w for w in re.findall(r"[^\W\d_]+", value.casefold()) if not _SCALE_NAME.fullmatch(w)]
    phrase = " ".join(words)
    if (rank := _known(phrase)) is not None:
        return rank
    sign = next((sign for sign in _VERY_SIGNS if phrase.startswith(sign)), "")
    if sign:
        rank = _known(phrase.removeprefix(sign).strip())
    elif len(words) == 2 and words[0] in _VERY_WORDS:
        rank = _known(words[1])
    return None if rank is None else {1.0: 0.4, 3.0: 3.6}.get(rank, rank)


def _known(word: str) -> float | None:
    if word in _WORDS:
        return _WORDS[word]
    return next((rank for stem, rank in _STEMS.items() if word.startswith(stem) and " " not in word), None)


def _number(value: str) -> int | None:
    match = _SOONEST_FIRST.match(value.strip())
    if match:
        return int(match[1])
    found = _NUMBER.findall(value)
    return int(found[0]) if len(found) == 1 else None
