"""Tables and JSON of no known helpdesk: marks of what is nothing to learn from, in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Any

from models.language.truth import is_no, is_yes
from training.exports.layout import DELETED, MERGED, SPAM, InterpretedRecord
from training.exports.values import is_no_value

_SIGNS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_STATUS = re.compile(
    r"(?:(?:ticket|current|case|request) )?(?:status|state)|(?:ticket)?status|zustand|statut|état|estado"
    r"|situação|stato|stan|stav|tila|olek|staatus|statuss|būsena|статус|состояние|状態|ステータス|状态|상태",
    re.I,
)
_SPAM = re.compile(
    r"(?:(?:is|ist|es|est|marked|marked as|reported as|flagged as) )?(?:spam|junk)(?: (?:flag|ticket))?"
    r"|спам|roskaposti|skräppost|søppelpost|rämpspost|indésirable|correo no deseado|posta indesiderata"
    r"|垃圾(?:邮件|郵件|工单)?|スパム|迷惑メール|스팸",
    re.I,
)
_MERGED = re.compile(
    r"(?:is )?merged(?: (?:in ?to|to|with|ticket|parent|target))?(?: (?:ticket|id|case))*"
    r"|zusammengef(?:asst|ührt)(?: (?:mit|in))?|fusionnée?(?: avec| dans)?|fusionad[oa](?: con| com| em)?"
    r"|accorpat[oa]|unificat[oa]|samengevoegd(?: met)?|(?:scal|połącz)on[eya](?: z)?|sammanslagen|sammanfogad"
    r"|(?:slået|slått) sammen|sammenflettet|yhdistetty|ühendatud|apvienots|sujungtas|sloučen[oý]?"
    r"|mesclad[oa]|объединен[оа]?|объединён[ао]?|已合并|合并到|統合済み|統合先|マージ済み|병합됨",
    re.I,
)
_DELETED = re.compile(
    r"(?:is |ist )?(?:deleted|trashed|trash|removed|gelöscht|entfernt|papierkorb)|supprimée?|corbeille"
    r"|eliminad[oa]|eliminat[oa]|excluíd[oa]|apagad[oa]|verwijderd|usunięt[eya]|borttagen|raderad|slettet"
    r"|poistettu|kustutatud|dzēsts|ištrintas|smazán[oa]?|удален[оа]?|удалён|已删除|削除済み|삭제됨",
    re.I,
)


def interpret_unknown(used: Collection[str]) -> Callable[[Mapping[str, Any]], InterpretedRecord]:
    """Return what tells spam, deleted and merged tickets apart, by columns or keys that nothing else uses.

    >>> interpret = interpret_unknown(used=())
    >>> interpret({"Ist Spam": "ja"}).left_out, interpret({"Statut": "Fusionné"}).left_out
    ('spam', 'merged into another ticket')
    >>> interpret({"Spam score": 1, "Merged into": "N/A", "Status": "closed"}).left_out
    ''
    """

    def interpret(given: Mapping[str, Any]) -> InterpretedRecord:
        reasons = (_reason(name, value) for name, value in given.items() if name not in used)
        return InterpretedRecord(given, next(filter(None, reasons), ""))

    return interpret


def _reason(name: str, value: Any) -> str:
    if value is None or isinstance(value, Mapping | list) or is_no_value(str(value)):
        return ""
    meaning = _meaning(name)
    if meaning == "status":
        found = _meaning(str(value)[:60]) if isinstance(value, str) else ""
        return "" if found == "status" else found
    if meaning == MERGED:
        return "" if is_no(value) else MERGED
    return meaning if is_yes(value) else ""


@lru_cache(maxsize=4096)
def _meaning(text: str) -> str:
    plain = " ".join(_SIGNS.sub(" ", text).split())
    for pattern, meaning in ((_STATUS, "status"), (_SPAM, SPAM), (_MERGED, MERGED), (_DELETED, DELETED)):
        if pattern.fullmatch(plain):
            return meaning
    return ""
