"""People in columns: whose names or addresses a check must not list, by the column's name or its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from training.exports.custom_fields import own_name

# Beginnings of the words that name a person in a ticket, in the languages of helpdesks.
_PERSON_WORDS = """
    agent assigne owner requester requestor submitter reporter author creator caller contact
    customer client user technician operator
    representative employee staff handler sender recipient resolver approver manager engineer
    person people name
    firstname lastname fullname username email mail login
    bearbeiter sachbearbeiter besitzer inhaber ticketinhaber verantwortlich zuständig zugewiesen
    anforderer anfragende
    melder ersteller autor kunde kundin anrufer mitarbeiter techniker einsender absender empfänger
    ansprechpartner
    kontakt benutzer vorname nachname verfasser eigentümer betreuer
    assigné affecté attribué responsable demandeur appelant rapporteur créateur auteur propriétaire technicien
    utilisateur destinataire expéditeur prénom nom courriel
    asignad persona informador solicitante creador propietario técnico usuario remitente nombre
    correo encargado
    operatore assegnat richiedente creatore tecnico utente mittente proprietario nome responsabile incaricato
    atribuíd requerente relator criador utilizador usuário remetente responsável atendente
    behandelaar aanmelder toegewezen melder eigenaar gebruiker klant medewerker afzender naam aanvrager
    opiekun przypisan zgłaszając właściciel autor technik użytkownik klient nadawca imię nazwisko wykonawca
    handläggare tilldelad ägare kund användare anmälare avsändare namn
    sagsbehandler tildelt ejer kunde bruger anmelder afsender navn saksbehandler eier innmelder
    käsittelijä vastuuhenkilö omistaja asiakas käyttäjä ilmoittaja lähettäjä nimi
    řešitel přiřazen vlastník žadatel zadavatel zákazník uživatel odesílatel jméno operátor
    lahendaja määratud omanik klient kasutaja saatja nimi piešķirts īpašnieks klients lietotājs vārds
    priskirta savininkas klientas vartotojas vardas исполнитель ответственн назначен заявитель
    инициатор автор клиент
    пользователь отправитель имя фио владелец
"""
_PERSON = tuple(dict.fromkeys(_PERSON_WORDS.split()))
_LONG = tuple(word for word in _PERSON if len(word) > 6)
_PERSON_SIGNS = re.compile(
    "处理人|负责人|受理人|申请人|提交人|创建人|客户|用户|姓名|联系人|邮箱|担当者|依頼者|申請者|作成者"
    "|報告者|氏名|顧客|お客様|담당자|요청자|작성자|고객|이름"
)
# Words with which a column says something of a person that is no name: Customer type, Assigned group.
_NO_PERSON = re.compile(
    r"type|typ\b|tipo|tier|segment|role|rolle|level|reason|language|country|region|status|class|categor"
    r"|kategor|plan"
    r"|group|grupp|groep|grup|team|equip|équip|queue|department|abteilung|afdeling|avdelning|afdeling|ryhmä"
    r"|skupin|zespół"
    r"|service|product|produkt|priorit|impact|urgen|source|channel|version|environment|platform"
    r"|industry|mailbox"
    r"|групп|отдел|组|部|チーム|グループ|팀|그룹|story|satisf|effort|date|time|count|domain|sentiment|behalf",
    re.I,
)
# Ticket name and Assignee name are told by the word before.
_OF_A_PERSON = frozenset({"name", "title", "id", "value", "text"})
_NAME_OF_A_PERSON = re.compile(r"\b(?:first|last|full|given|family|user|display|real) ?name\b", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
# Wilma Castell, Castell, Wilma, W. Castell, Анна Петрова: words with capitals, no signs and no digits.
_NAME_WORD = r"(?:[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*|[^\W\d_a-z]\.)"
_PARTICLE = r"(?:(?:von|van|de|der|den|da|di|del|la|le|el|bin|zu|dos) )*"
_FULL_NAME = re.compile(rf"{_NAME_WORD},? {_PARTICLE}{_NAME_WORD}(?: {_NAME_WORD})?")
_SHARE_OF_NAMES, _SHARE_OF_ADDRESSES = 0.8, 0.5
BY_NAME = "its name says that it holds people"
ADDRESSES = "it holds mail addresses"
NAMES = "its values look like names of people"
KNOWN = "its values are people of other columns"


def is_column_of_people(column: str) -> bool:
    """Tell by its name whether a column or key holds people.

    >>> [is_column_of_people(name) for name in ("Assigned to", "assignee.name", "担当者", "Customer type")]
    [True, True, True, False]
    """
    plain = _CAMEL.sub(" ", own_name(column))
    if _NO_PERSON.search(plain):
        return False
    if _NAME_OF_A_PERSON.search(plain.replace("_", " ")):
        return True
    words = [word.casefold() for word in _WORD.findall(plain)]
    if len(words) > 1 and words[-1] in _OF_A_PERSON:
        words = [word for word in words[:-1] if word not in _OF_A_PERSON]
    return any(map(_is_person, words)) or bool(_PERSON_SIGNS.search(plain))


def _is_person(word: str) -> bool:
    """Tell whether a word is one of a person, with the endings that it may have."""
    return word in _PERSON or word[:-1] in _PERSON or word.startswith(_LONG)


def why_people(column: str, counts: Counter[str], known: Collection[str], *, is_field: bool) -> str:
    """Return why a column's values are not listed, "" where they may be.

    `known` are the people of other columns. What is a field by its name, as Team, may have values that look
    like names.
    """
    if is_column_of_people(column):
        return BY_NAME
    if not counts:
        return ""
    if sum(bool(_ADDRESS.search(value)) for value in counts) >= _SHARE_OF_ADDRESSES * len(counts):
        return ADDRESSES
    if sum(value in known for value in counts) >= _SHARE_OF_ADDRESSES * len(counts):
        return KNOWN
    named = sum(_FULL_NAME.fullmatch(value) is not None for value in counts)
    return NAMES if not is_field and named >= _SHARE_OF_NAMES * len(counts) else ""


def people_in(candidates: Mapping[str, Counter[str]]) -> set[str]:
    """Return the values of the columns that hold people by their names."""
    found = {value for name, counts in candidates.items() if is_column_of_people(name) for value in counts}
    return {value for value in found if not value.isdecimal()}
