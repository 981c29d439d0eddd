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
# Parts of words that such a line has beside its date, in any order and language.
_MADE = re.compile(
    r"updat|modif|edited|creat|publi[sc]|review|revis|written|author|autor|auteur|aktualis|geänd|änderung|bearbeit"
    r"|erstell|veröffentl|überprüf|(?<![^\W_])stand(?=:)|mise? à jour|créé|publié|actualiz|cread|aggiorn"
    r"|pubblic"
    r"|atualiz|alterad|criad|bijgew|gewijz|gemaakt|gepubl|zaktual|zmienion|opublik|utworz|uppdat|ändra|skapa"
    r"|publicer|opdat|ændr|oprett|udgiv|oppdat|endre|opprett|publiser|päivit|muoka|julkais|luotu|uuenda|muude"
    r"|loodud|avaldat|atjaun|labot|izveid|publicēt|atnauj|pakeist|sukur|paskelb|обновл|измен|создан|опублик"
    r"|оновл|зміне|aktualiz|uprav|vytvoř|zveřej|更新|修改|编辑|編集|変更|公開|发布|作成|수정|업데이트|게시|작성|변경",
    re.IGNORECASE,
)
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?\d{{2,4}}|{_YEAR}[./-] ?\d{{1,2}}[./-] ?\d{{1,2}}\.?"
    rf"|{_YEAR} ?[年년] ?\d{{1,2}} ?[月월](?: ?\d{{1,2}} ?[日일])?"
    rf"|(?<!\w)\d{{1,2}}\.? (?:de |d')?[^\W\d]{{3,}}\.?,? (?:de )?{_YEAR}(?: ?[гр]\.)?"
    rf"|(?<!\w)[^\W\d]{{3,}}\.? \d{{1,2}},? {_YEAR}|(?<=: )[^\W\d]{{3,}}\.? {_YEAR}"
    rf"|{_YEAR}\.? [^\W\d]{{1,5}}\.? (?:\d{{1,2}}\. [^\W\d]{{3,}}|[^\W\d]{{3,}} \d{{1,2}}(?: d\.)?)"
    # How long ago, as in "3 months ago", "il y a 3 mois", "vor 3 Monaten", "3 days back" in other languages.
    r"|(?:\d+|an?|one) \w+ (?:ago|fa|geleden|temu|sitten|sedan|siden|назад|тому|tagasi|atpakaļ|atgal)(?!\w)"
    r"|(?<!\w)(?:il y a|hace|há|vor|před|prieš|pirms|för|for) \d+ \w+(?: sedan| siden)?"
    r"|\d+ ?[个か]?[ヶ月週周日年天]+前|\d+ ?(?:개월|주|일|년) 전",
    re.IGNORECASE,
)
# What may follow the date: a time, a name, or who it was by.
_AFTER = re.compile(
    r"[\s,.;|()–—-]*(?:(?:at|um|à|a las|alle|às|om|o|kl|klo|kell|в)?\.? ?\d{1,2}[:.h]\d\d(?::\d\d)?"
    r"(?: ?(?:uhr|am|pm|utc|cest?|gmt))?)?[\s,.;|()–—-]*"
    r"(?:(?:by|von|vom|durch|par|por|da|di|door|przez|av|af|uživatelem)\s|(?=[^\W\d_a-zà-ÿа-я]|$))[^.!?]{0,50}",
    re.IGNORECASE,
)
_MOST_WORDS = 7
_MOST_CHARS_BEHIND = 40
_WORD = re.compile(r"[^\W_]+")
_SHORT = 4  # letters of "over", "am", "den", "från" between the change and its date
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
    if len(line) > _MAX_CHARS or line.startswith(("#", "|")):
        return False
    is_begun = _BEGINNING.match(line) and _WHEN_OR_WHO.search(line) and not _SENTENCE_END.search(line)
    return bool(is_begun) or _is_dated(line)


def _is_dated(line: str) -> bool:
    """Tell whether a line is a few words on a change, a date, and at most who made it.

    >>> _is_dated("Bijgewerkt: 12 maart 2026"), _is_dated("Vor 3 Monaten aktualisiert von Anna")
    (True, True)
    >>> _is_dated("Updated rules of 12 March 2026 apply"), _is_dated("Offer ends: 12 March 2026")
    (False, False)
    """
    date = _DATE.search(line)
    while date is not None:
        if _is_around(line[: date.start()], line[date.end() :]):
            return True
        date = _DATE.search(line, date.start() + 1)
    return False


def _is_around(before: str, after: str) -> bool:
    """Tell whether words before and behind a date say that something was changed then, and no more."""
    if len(before.split()) > _MOST_WORDS or _SENTENCE_END.search(before) or _SENTENCE_END.search(after):
        return False
    behind = _MADE.split(before)[-1] if _MADE.search(before) else None
    if behind is not None:
        words = _WORD.findall(behind.partition(" ")[2])
        return all(len(word) <= _SHORT for word in words) and _AFTER.fullmatch(after) is not None
    made = _MADE.search(after)
    is_next = made is not None and not after[: made.start()].strip()
    return is_next and not before.strip() and len(after) <= _MOST_CHARS_BEHIND
