"""Page stamps: lines at the edges of a page that say who made or changed it and when."""

from __future__ import annotations

import re

_MAX_CHARS = 160
_FIRST_LINES = 4
_LAST_LINES = 4

# How such a line begins, by language.
_BEGINNINGS = {
    "en": r"(?:this (?:page|article) was )?(?:last |recently )?"
    r"(?:updated|modified|edited|created|published|posted|reviewed|revised|changed)\b",
    "de": r"(?:zuletzt|letzte) (?:aktualisier|geänder|bearbeit|änderung|überprüf)|stand:"
    r"|(?:erstellt|veröffentlicht|aktualisiert|geändert) (?:von|am)\b",
    "fr": r"(?:dernière|date de) (?:mise à jour|modification)"
    r"|(?:mise? à jour|modifié|créé|publié)e? (?:le|par)\b",
    "es": r"última (?:actualización|modificación|edición)"
    r"|(?:actualizado|modificado|creado|publicado) (?:el|por)\b",
    "it": r"ultim[ao] (?:modifica|aggiornamento)|(?:aggiornato|modificato|creato|pubblicato) (?:il|da)\b",
    "pt": r"última (?:atualização|modificação|alteração)"
    r"|(?:atualizado|modificado|criado|publicado) (?:em|por)\b",
    "nl": r"laatste? (?:bijgewerkt|gewijzigd|bewerkt|wijziging|update)"
    r"|(?:bijgewerkt|gewijzigd|gemaakt|gepubliceerd) (?:op|door)\b",
    "pl": r"(?:ostatni[ao]? |data )(?:aktualizacj|modyfikacj|zmian|edycj)"
    r"|(?:zaktualizowano|utworzono|opublikowano)\b",
    "sv": r"senast (?:uppdatera|ändra|redigera)|(?:uppdaterad|skapad|publicerad) (?:av|den)\b",
    "da": r"sidst (?:opdatere|ændre|redigere)|(?:opdateret|oprettet|udgivet) (?:af|den)\b",
    "nb": r"sist (?:oppdater|endre|redigere)|(?:oppdatert|opprettet|publisert) (?:av|den)?",
    "fi": r"(?:viimeksi|viimeinen|viimeisin) (?:päivit|muoka|muut)"
    r"|(?:päivitetty|muokattu|luonut|julkaistu)\b",
    "et": r"(?:viimati|viimane) (?:uuenda|muude|muutmi)|(?:uuendatud|muudetud|loodud|avaldatud)\b",
    "lv": r"pēdējo reizi (?:atjaunin|main|labo|rediģ)|(?:atjaunināts|izveidoja|publicēts)\b",
    "lt": r"paskutin\w* (?:kartą )?(?:atnaujin|pakei|redag)|(?:atnaujinta|sukūrė|paskelbta)\b",
    "ru": r"последн\w+ (?:обновл|измен|редакт)|(?:обновлен|изменен|создан|опубликован)\w*",
    "cs": r"(?:naposledy|poslední) (?:aktualiz|uprav|změn|úprav)|(?:aktualizováno|upraveno|vytvořil)\b",
    "ja": r"(?:最終更新|更新日|最終変更|作成日|作成者|公開日)",
    "zh": r"(?:最后|上次|最近)(?:更新|修改|编辑)|(?:更新|修改|创建|发布)(?:于|时间|日期|者)",
    "ko": r"(?:마지막|최종|최근)\s?(?:수정|업데이트|변경)|(?:업데이트|수정일|작성자|작성일)",
}
_BEGINNING = re.compile(rf"\W*(?:{'|'.join(_BEGINNINGS.values())})", re.IGNORECASE)
_WHEN_OR_WHO = re.compile(
    r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d\d[年년]"
    r"|\d{1,2}\.? (?:de |d')?[^\W\d]{3,}\.?,? (?:de )?(?:19|20)\d\d|[^\W\d]{3,}\.? \d{1,2},? (?:19|20)\d\d"
    r"|\d+ \w+ ago\b|\b(?:by|von|par|por|da|door|przez|av|af)\s+[A-ZÀ-ÞА-Я]"
)
# A dot behind a number of two figures is that of a day, as in "am 1. März".
_SENTENCE_END = re.compile(r"(?:[!?。]|(?<!(?<!\d)\d)(?<!(?<!\d)\d\d)\.)(?:\s+[^\W\d_a-z]{2}|$)")


def without_stamps(text: str) -> str:
    r"""Return a page's text without lines at its edges such as "Last modified on Nov 18, 2025 by Ann".

    >>> without_stamps("Created by Ann, modified on Nov 18, 2025\n\nPress the key.\nUpdated in 2024: a key.")
    'Press the key.\nUpdated in 2024: a key.'
    """
    lines = text.split("\n")
    numbers = [number for number, line in enumerate(lines) if line.strip()]
    for number in {*numbers[:_FIRST_LINES], *numbers[-_LAST_LINES:]}:
        if _is_stamp(lines[number]) and len(numbers) > 1:
            lines[number] = ""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_stamp(line: str) -> bool:
    is_short = len(line) <= _MAX_CHARS and not _SENTENCE_END.search(line) and not line.startswith("#")
    return bool(is_short and _BEGINNING.match(line) and _WHEN_OR_WHO.search(line))
