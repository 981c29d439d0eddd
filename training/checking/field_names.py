"""Names of fields: what a column is for, by a part of its name, in the languages of helpdesks."""

from __future__ import annotations

import re
from collections.abc import Collection

from training.exports.custom_fields import own_name
from training.exports.guess import look_alikes

# Kinds of tickets, in short words that are parts of many others.
_TYPES = (
    "typ[eo]?|tip[os]|tipas|tüüp|tyyppi|тип|kind(?! of)|art|soort|aard|nature|natura|naturaleza|natureza"
    "|tipologia|tipología|clase|rodzaj|slag|laji|liik|veids|rūšis|вид|druh"
)
# By a part of the name; the first that fits counts.
_FIELD_NAMES = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        (
            "subcategory",
            r"(?:sub|unter|sous|onder|pod|under|ala|alam|apakš|под)[ _-]?(?:c?k?ategor|catégor|категор"
            r"|kategoori|luokk)"
            r"|子分类|子类|サブカテゴリ|하위 ?분류",
        ),
        (
            "category",
            r"(?<![^\W_])[ck]at(?![^\W_])|categor|catégor|kategor|kategoori|категор"
            r"|\btopic|\bthema\b|request type|\barea\b|luokka|luokit|rubrik"
            r"|rubriek|rubrique|rubryka|themengebiet|(?<![^\W_])(?:bereich|obszar|oblast|område|domaine|ambito"
            r"|область|рубрика|sritis|joma|valdkond|aihealue)(?![^\W_])"
            # A subject's names too, where another column is the subject; услуга and the like: of a catalogue.
            r"|(?<![^\W_])(?:th[eè]me|tem[áy]|тем[аы]|t[eé]ma|temats|tēma|teema|tárgykör|área|ár[eé]a|услуг[аи]|послуга"
            r"|emneområde|ämnesområde|problemområde|område|themenbereich|témakör|domeniul?|aihealueet?|направление)(?![^\W_])"
            r"|κατηγορ|分野"
            r"|分类|类别|カテゴリ|分類|카테고리|분류|분야|help topic|sachgebiet",
        ),
        (
            "team",
            r"team|csapat|echip|ekip|ομάδ"
            r"|group(?!e d'entit)|queue|department|grupp|groep|grup[aoy]|\bgroupe|abteilung|équipe"
            r"|equip[eo]|afdeling|avdelning"
            r"|avdeling|ryhmä|jono|tiimi|zespół|kolejk|skupin|\btým|meeskond|rühm|komanda|nodaļa|skyrius"
            r"|arbeitskreis|warteschlange|wachtrij|werkgroep|département|departament|file d.attente|reparto"
            r"|squadra"
            r"|(?<![^\W_])(?:abt|cola|coda|fila|setor|dział|kö|kø|osasto|osakond|järjekord|rinda|eilė"
            r"|padalinys|fronta|oddělení|grp|dept)(?![^\W_])"
            r"|груп|отдел|подразделени|очередь|команда|处理组|工作组|部门|小组|团队|队列|組別|组别"
            r"|[受处責责负][理任责]?组|(?:受理|责任|处理)(?:单位|科室)|^hold(?:et)?$|støttehold|担当(?:課|係|班)"
            r"|部門|部署|キュー|グループ|チーム|팀|대기열|그룹|부서",
        ),
        (
            "priority",
            r"(?<![^\W_])(?:prio|prty|prior|svarba|skubumas)(?![^\W_])|priorit|prioryt|priorid|wichtigkeit"
            r"|приор|优先|優先|우선 ?순위"
            r"|tärkeys|pirmenyb|důležitost|важность|重要度|重要性|중요도",
        ),
        ("urgency", r"urgen|dringlich|kiireelli|pilność|naléhav|срочност|紧急|緊急度|긴급도"),
        ("impact", r"\bimpact|auswirk|impatto|vaikutus|wpływ|dopad|влияние|影响|影響度|영향도"),
        (
            "severity",
            r"severi|sévérit|schwere|kritikal|criticality|gravit|gravedad|gravidade|ernst\b|alvor|vakavuus"
            r"|ważność|závažnost|серь[её]зност|严重|深刻度|심각도",
        ),
        (
            "type",
            # At the beginning, as in Art der Anfrage, or at the end, as in Vorgangsart.
            rf"^(?:{_TYPES})(?=$|[ _](?!\.?n(?:o|r|um))\w)|(?:^|[ _.\-/(])(?:{_TYPES})\)?$"
            r"|(?:ticket|issue|case|vorgangs|anfragen?|meldungs?|melding|ärende|sags|saks|auftrags|fall|pyyntö)"
            r"-?(?:typ[eo]?|art|slag|soort|tyyppi|laji)$"
            r"|类型$|類型$|种类$|種類$|タイプ$|種別$|区分$|유형$|종류$",
        ),
        ("product", r"product|produkt|produit|producto|prodotto|produto|tuote|продукт|产品|製品|제품"),
    )
)
_NO_FIELD = re.compile(
    r"status|state|estado|stato|état|tila$|stav$|agent|e?-?mail|phone|organi[sz]ation|company|date|time|_at$|"
    r"created|updated|closed|resolved|score|rating|satisf|spam|deleted|escalat|overdue|locale|language"
    r"|channel|"
    r"source|via\b|brand|url|link|count|replies|reopen|minutes|sla|(?:^|[ _.])id$|public|\bactive|is_"
    r"|resolution|"
    r"lösung|статус|状态|ステータス|상태",
    re.I,
)


def field_name(column: str) -> str | None:
    """Return the usual name of the field that a column is for, None where its name tells no field.

    >>> [field_name(n) for n in ("Prio", "Art", "Rodzaj", "Artikel", "Art-Nr.", "Priorin")]
    ['priority', 'type', 'type', None, None, None]
    >>> field_name("Zuweisungsgruppe"), field_name("custom_fields.cf_category"), field_name("Created at")
    ('team', 'category', None)
    """
    plain = own_name(column).casefold()
    named = next((name for name, pattern in _FIELD_NAMES if pattern.search(plain)), None)
    if named is None or (_NO_FIELD.search(plain) and named != "team"):
        return None
    return None if look_alikes("body", [column]) or plain.endswith((" id", "_id", ".id")) else named


def is_no_field(column: str) -> bool:
    """Tell by its name whether a column is of those that say how a ticket went, not what it is about."""
    return _NO_FIELD.search(own_name(column)) is not None


def key_for(column: str, taken: Collection[str], title: str = "") -> str:
    """Return a name for the field of a custom column, as settings have it, that is not taken yet.

    >>> key_for("Custom field (Problem area)", set()), key_for("u_device", {"device"})
    ('problem_area', 'device_2')
    """
    base = re.sub(r"[\W_]+", "_", title or own_name(column)).strip("_").casefold() or "field"
    base = f"field_{base}" if base.isdecimal() else base
    return next(n for n in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
