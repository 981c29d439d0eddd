"""Scales: values such as low, normal and high, put in ascending order where all of them are known."""

from __future__ import annotations

import re
from collections.abc import Collection

# A line a rank, from what can wait to what cannot, in the languages of helpdesks.
_RANKS = (
    "lowest, trivial, very low, minimal, planning, sehr niedrig, très basse, muy baja, molto "
    "bassa, muito baixa",
    "low, minor, niedrig, gering, basse, faible, baja, bassa, baixa, laag, låg, lav, matala, "
    "niski, nízká, madal, zema, žemas, низкий, 低, 낮음",
    "normal, medium, moderate, standard, mittel, moyenne, normale, media, média, normaal, "
    "gemiddeld, medel, middel, normaali, średni, normalny, střední, normaalne, vidēja, vidutinis, "
    "средний, обычный, 中, 보통, major",
    "high, hoch, haute, élevée, alta, hoog, hög, høj, høy, korkea, wysoki, vysoká, kõrge, augsta, "
    "aukštas, высокий, 高, 높음, severe",
    "urgent, critical, very high, highest, immediate, emergency, blocker, dringend, kritisch, "
    "sehr hoch, urgente, critique, très haute, crítica, critica, muy alta, molto alta, muito "
    "alta, kritiek, kritisk, kiireellinen, pilny, krytyczny, kritická, kriitiline, kritiska, "
    "kritinis, критический, срочный, 緊急, 紧急, 긴급",
)
_RANK_OF = {
    word.strip(): rank for rank, words in enumerate(_RANKS) for word in words.split(",") if word.strip()
}
# 1 - Critical, P1, Sev 2: the lower the number, the sooner.
_NUMBERED = re.compile(r"(?:p|prio|priority|sev|severity|s)?[ -]?(\d)(?:\s*[-–:.]\s*(.+))?", re.I)


def ascending(values: Collection[str]) -> list[str] | None:
    """Return the values of a scale from the lowest up, None where some is not known or two are alike.

    >>> ascending(["high", "Low", "urgent"]), ascending(["1 - Critical", "3 - Moderate"])
    (['Low', 'high', 'urgent'], ['3 - Moderate', '1 - Critical'])
    >>> ascending(["red", "green"]) is None
    True
    """
    ranks = {value: _rank(value) for value in values}
    known = [rank for rank in ranks.values() if rank is not None]
    if len(values) < 2 or len(set(known)) < len(values):
        return None
    return sorted(values, key=lambda value: ranks[value] or 0)


def _rank(value: str) -> float | None:
    plain = " ".join(value.casefold().split())
    if plain in _RANK_OF:
        return _RANK_OF[plain]
    match = _NUMBERED.fullmatch(plain)
    if match is None or (plain.isdecimal() and not match[2]):
        return None
    # Between whole ranks, so that numbered and worded values never count as alike.
    return -float(match[1]) + 0.5
