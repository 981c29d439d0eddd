"""Guesses by name: which column of an unknown table or JSON file holds what a ticket is made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from types import MappingProxyType

_NAMES = MappingProxyType(
    {
        "id": """
            id, ticket id, ticketid, ticketnumber, ticket number, ticket no, ticket nr, ticket #, ticket,
            number, no, nr, key, case number, case id, case no, issue id, issue key, request id, incident id,
            incident number, reference, ref, conversation id, ticketnummer, vorgangsnummer,
            vorgangsschlüssel, fallnummer,
            nummer, numéro, numéro de ticket, número, número de ticket, numero ticket, numero,
            lippunumero, tunnus, numer, numer zgłoszenia, číslo, номер, 番号, 编号, 工单编号, 번호
        """,
        "subject": """
            subject, subject line, title, summary, short description, headline, topic, issue, email
            subject, ticket subject, betreff, titel, kurzbeschreibung, zusammenfassung, objet, sujet,
            titre, asunto, título, resumen, oggetto, titolo, assunto, onderwerp, ämne, rubrik, emne,
            otsikko, aihe, temat, tytuł, předmět, název, pealkiri, teema, temats, virsraksts, tema,
            antraštė, тема, заголовок, 件名, タイトル, 主题, 标题, 제목
        """,
        "body": """
            body, text, message, description, content, details, detail, comment, comments, question,
            query, request, ticket description, ticket text, message body, email body, mail body, body
            text, full text, long description, problem description, issue description, first message,
            customer message, plain body, html body, body html, inquiry, note, notes, beschreibung,
            nachricht, inhalt, anfrage, mitteilung, contenu, message client, demande, descripción,
            mensaje, contenido, consulta, descrizione, messaggio, contenuto, testo, richiesta,
            descrição, mensagem, conteúdo, texto, omschrijving, bericht, inhoud, tekst, beskrivning,
            meddelande, beskrivelse, besked, melding, kuvaus, viesti, sisältö, teksti, opis, treść,
            wiadomość, popis, zpráva, text zprávy, kirjeldus, sõnum, apraksts, ziņojums, aprašymas,
            žinutė, описание, сообщение, текст, 説明, 内容, 本文, 描述, 正文, 설명, 내용
        """,
        "created_at": """
            created at, created, createdon, created time, created on, created date, creation date,
            creation time, createdat, date created, date, opened, opened at, opened on, open date,
            opening date,
            submitted, submitted at, submitted on, reported, received, received at, timestamp, datetime,
            time, erstellt, erstellt am, erstellungsdatum, eröffnet, datum, créé le, date de création,
            date d'ouverture, fecha, fecha de creación, creado, data, data di creazione, data de
            criação, criado em, aangemaakt, aanmaakdatum, skapad, oprettet, opprettet, luotu, päiväys,
            utworzono, data utworzenia, vytvořeno, loodud, izveidots, sukurta, создан, дата создания,
            作成日, 作成日時, 创建时间, 생성일
        """,
        "language": """
            language, lang, locale, language code, sprache, langue, idioma, lingua, taal, språk, sprog, kieli,
            język, jazyk, язык, 言語, 语言, 언어
        """,
        "channel": "channel, source, via, origin, kanal, quelle, canal, canale, kanaal, kanava, kanał, канал",
        "thread": "thread id, conversation id, parent ticket, parent ticket id, follow up of",
        "requester": """
            requester, requester email, customer, customer email, from, sender, email, reporter,
            contact, contact email, submitter email, caller, user, kunde, absender, melder, demandeur,
            expéditeur, cliente, solicitante, richiedente, klant, kund, asiakas, klient
        """,
    }
)
_SEPARATORS = re.compile(r"[_\-.:/]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str:
    return " ".join(_SEPARATORS.sub(" ", _CAMEL.sub(" ", name)).casefold().split())


_RANKS = {
    key: {_plain(name): rank for rank, name in enumerate(names.split(","))} for key, names in _NAMES.items()
}


def look_alikes(key: str, names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return the columns whose names say that they hold a part of a ticket, the likeliest first.

    >>> look_alikes("body", ["Ticket ID", "Description", "Summary", "message_body"])
    ['Description', 'message_body']
    """
    ranks = _RANKS[key]
    found = [name for name in names if name not in taken and _plain(name) in ranks]
    return sorted(found, key=lambda name: ranks[_plain(name)])
