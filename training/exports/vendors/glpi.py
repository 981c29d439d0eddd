"""GLPI: the CSV of a ticket search, with semicolons, in the language of the person who exported it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from models.language.truth import is_yes
from training.exports.layout import DELETED, ExportFormat, InterpretedRecord, first_filled
from training.exports.vendors.translations import COMMON

_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_OPENED = (
    "Opening date",
    "Date d'ouverture",
    "Date d’ouverture",
    "Eröffnungsdatum",
    "Fecha de apertura",
    "Data di apertura",
    "Data de abertura",
    "Openingsdatum",
    "Data otwarcia",
    "Öppningsdatum",
    "Datum otevření",
    "Avauspäivä",
    "Дата открытия",
)
_TITLES = ("Title", "Titre", "Titel", "Título", "Titolo", "Tytuł", "Název", "Otsikko", "Заголовок")

_DESCRIPTIONS = (
    "Description",
    "Beschreibung",
    "Descripción",
    "Descrizione",
    "Descrição",
    "Omschrijving",
    "Opis",
    "Beskrivning",
    "Popis",
    "Kuvaus",
    "Описание",
)
_REQUESTERS = (
    "Requester - Requester",
    "Demandeur - Demandeur",
    "Anforderer - Anforderer",
    "Solicitante - Solicitante",
    "Richiedente - Richiedente",
    "Requerente - Requerente",
    "Requester",
)


def _interpret(given: Mapping[str, Any]) -> InterpretedRecord:
    values = dict(given)
    identity = first_filled(values, "ID")
    if isinstance(identity, str):  # 1 234
        values["ID"] = _SPACES.sub("", identity)
    for name in _DESCRIPTIONS:  # older versions store HTML with its signs as entities
        text = values.get(name)
        if isinstance(text, str) and "&lt;" in text:
            values[name] = unescape(text)
    deleted = is_yes(first_filled(values, "Deleted", "Supprimé", "Gelöscht"))
    return InterpretedRecord(values, DELETED if deleted else "")


FORMAT = ExportFormat(
    name="glpi",
    title="GLPI",
    signs=tuple(frozenset({"ID", title, opened}) for opened in _OPENED for title in _TITLES),
    keys={
        "id": ("ID",),
        "subject": _TITLES,
        "body": _DESCRIPTIONS,
        "created_at": _OPENED,
        "channel": ("Request source", "Source de la demande", "Anfragequelle", "Origen de la solicitud"),
        "requester": _REQUESTERS,
    },
    labels={
        "category": (
            "Category",
            "Catégorie",
            "Kategorie",
            "Categoría",
            "Categoria",
            "Categorie",
            "Kategoria",
        ),
        "type": ("Type", "Typ", "Tipo"),
        "priority": (
            "Priority",
            "Priorité",
            "Priorität",
            "Prioridad",
            "Priorità",
            "Prioridade",
            "Prioriteit",
        ),
        "team": (
            "Assigned to - Technician group",
            "Assigned to - Group",
            "Attribué à - Groupe de techniciens",
            "Zugewiesen an - Technikergruppe",
            "Asignado a - Grupo de técnicos",
            "Assegnato a - Gruppo di tecnici",
            "Atribuído para - Grupo técnico",
        ),
    },
    interpret=_interpret,
    agents_open=True,
    translations=COMMON,
)
