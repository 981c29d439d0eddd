"""Names of texts that came to a ticket later, such as agents' notes and answers, in many languages."""

from __future__ import annotations

import re

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\W_]+")
# Parts of words. Remarks are mostly those of agents; where nothing else is there, they may be the text.
_REMARKS = r"""
    anmerkung bemerkung opmerking bemærkning merknad huomautus osservazion observac observaç примечани
    備考 备注 備註 비고
"""
_PARTS = r"""
    comment komment koment coment resol solution lösung soluci soluz oplossing rozwiąz ratkaisu
    lahendus solução řešení risinājum sprendim løsning lösning
    reply replies antwort answer respon réponse respuesta rispost antwoord odpowied vastaus vastus
    atbild atsak odpově ответ forward satisf preview excerpt followup worklog
    notiz notit notat vermerk anteckning muistiinpano märkus märkme piezīm pastab
    poznámk заметк комментари решени
    回复 回覆 解決 解决 批注 评论 評論 备忘 メモ コメント 返信 回答 対応 답변 답글 댓글 메모 코멘트
    bearbeit techniker technicien técnico tecnico medewerker behandelaar handläggar sagsbehandler
    saksbehandler käsittelij konsultant technician operator operador operatör opérateur оператор
    агент исполнител 担当者 客服 坐席 상담원 담당자 řešitel operátor lahendaja darbuotoj darbiniek aģent
"""
# Whole words, which are parts of others, as notes are of notebooks.
_WORDS = r"""
    notes? nota notas noty agents? agente agenti agentes agenta agenten errors? internal intern interne
    internes interno interna interní interner internt wewnętrzn\w* sisäi\w+ внутренн\w+ sisem\w+
    staff updates? history verlauf historique historia historie история svar
"""
_LATER = re.compile(
    rf"{'|'.join(_PARTS.split())}|\b(?:{'|'.join(_WORDS.split())})\b|内部|社内|내부|对内|履歴|历史", re.I
)
_REMARK = re.compile("|".join(_REMARKS.split()), re.I)


def tells_later(name: str) -> bool:
    """Tell whether a column holds what happened to a ticket later, rather than what it is about.

    >>> [tells_later(n) for n in ("Notes", "work_notes", "InternalNotes", "Agentennotiz", "備考")]
    [True, True, True, True, True]
    >>> [tells_later(n) for n in ("Notebook", "International message", "Meldungstext (Kunde)")]
    [False, False, False]
    """
    plain = _plain(name)
    return _REMARK.search(plain) is not None or _LATER.search(plain) is not None


def tells_remark(name: str) -> bool:
    """Tell whether a column holds remarks, of which no word says that agents wrote them.

    >>> tells_remark("Bemerkung"), tells_remark("Interne Bemerkung")
    (True, False)
    """
    plain = _plain(name)
    return _REMARK.search(plain) is not None and _LATER.search(plain) is None


def _plain(name: str) -> str:
    return _SEPARATORS.sub(" ", _CAMEL.sub(" ", name))
