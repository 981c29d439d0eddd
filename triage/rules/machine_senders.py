"""Senders that are no people: addresses that want no answer, and those of mail systems and other programs."""

from __future__ import annotations

import re
from functools import cache

from models.text.unicode import without_accents
from models.word_lists import listed_phrases
from triage.ticket import sender_address

# "Do not answer" in each language; a space stands for a sign or nothing, "*" for any ending.
_NO_REPLY = """
no repl(y|ies|ay), noreply*, donotreply*, not? to reply, do? not (reply|respond|answer), never reply,
dont (reply|respond|answer), no (respond|response|answer), reply no, not monitored, unmonitored, unattended,
keine? antwort(en|adresse)?, keine ruckantwort, keine rueckantwort, nicht (be)?antworten,
antwort nicht moeglich, nicht reagieren, ohne antwort,
ne pas repondre, ne repondez pas, pas de reponse, sans reponse,
no respond(er|a|as|an), no contest(ar|e|es|en), sin respuesta,
non rispond(ere|ete|a|i), no rispondere, nessuna risposta, senza risposta,
nao respond(er|a|as|am), sem resposta,
niet (be)?antwoord(en)?, niet reageren, geen (antwoord|reactie),
nie odpowiada(j|c|jcie|my)?, nie odpisuj*, (bez|brak) odpowiedzi,
ne odpov(i|e)(d|z)*, bez odpovedi,
ne valaszol*, ne valasz,
nu raspun*, fara raspuns,
yanitlama*, cevaplama*, (cevap|yanit) (verme|yok)*, (cevap|yanit)siz,
ei vastausta, ei vastata, ala vastaa, alkaa vastatko,
svara? (inte|ej), (inget|ej|inga) svar, besvaras (inte|ej),
svar(es)? ikke, (ikke|intet|ingen) svar, besvar(es)? ikke, ikke besvar*,
ne atbild*, ne atsak*, ara vasta*, (mitte|arge|ei) vasta(ta|ke|ge|misel)?,
(ne|nemojte) odgovar*, ne odgovor*, bez odgovora,
ne otvech*, bez otveta, ne otgovar*, ne vidpovid*, не отвеча*, не отговар*, не відповіда*,
mi(n)? apant*, den apant*, khong tra loi, jangan (di)?balas
"""
# Programs and their mailboxes; RFC 2142 and RFC 5321 name the first ones. "daemon.smith" is a name.
_PROGRAMS = """
mail(er)? daemon, auto (reply|replies|respond|responder|response|answer|mailer|mail|confirm|notify|notif*),
automated, undeliver(ed|able), delivery (status|failure) notification, out of office, away message
"""
_MAILBOXES = """
postmaster, root, cron, cron daemon, crond, daemon, nobody, www data, wwwrun, nagios, icinga2?, zabbix, munin,
monit, jenkins, alertmanager, prometheus, grafana, logwatch, notifications?, notify, notifier, alerts?,
news letters?, listserv, listmaster, majordomo, mailman, robot, system, vacation, double bounce,
microsoftexchange[0-9a-f]{32}
"""
_TAGGED = r"prvs=[\w-]{1,20}="  # of bounce address tag validation
_MOST_CHARS = 100
_BARRED = str.maketrans("ıłøđ", "ilod")


def is_machine_sender(address: str) -> bool:
    """Tell whether an address, perhaps with a name before it, belongs to no person.

    >>> is_machine_sender("Shop <keine-antwort@example.com>"), is_machine_sender("casino.reply@example.com")
    (True, False)
    """
    return _machine().fullmatch(_local_part(address)) is not None


def wants_no_reply(address: str) -> bool:
    """Tell whether an address says that it wants no answer."""
    return _no_reply().fullmatch(_local_part(address)) is not None


def is_mail_system(address: str) -> bool:
    """Tell whether an address belongs to what delivers mails and returns them."""
    return _mail_system().fullmatch(_local_part(address)) is not None


def _local_part(address: str) -> str:
    """Return what stands before the "@", without accents: people and programs leave these out."""
    found = sender_address(address).partition("@")[0].strip("<>\"' ")[:_MOST_CHARS]
    return without_accents(found).translate(_BARRED)


def _any_of(listed: str) -> str:
    written = (
        entry.replace("(", "(?:").replace(" ", "[._+-]?").replace("*", "[^._+-]{0,8}")
        for entry in listed_phrases(listed)
    )
    return f"(?:{'|'.join(written)})"


@cache
def _no_reply() -> re.Pattern[str]:
    return re.compile(
        rf"(?:.*[._+-])?(?:bitte|please|prosi[a-z]{{1,3}})?{_any_of(_NO_REPLY)}(?:[._+=\d-].*)?"
    )


@cache
def _mail_system() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{_TAGGED})?(?:mail(?:er)?[._-]?daemon(?:[._+=\d-].*)?|postmaster|(?:double-)?bounces?[+=-].*[\d=].*)"
        rf"|{_TAGGED}bounces?"
    )


@cache
def _machine() -> re.Pattern[str]:
    return re.compile(
        rf"{_no_reply().pattern}|{_mail_system().pattern}|(?:.*[._+-])?{_any_of(_PROGRAMS)}(?:[._+=\d-].*)?"
        rf"|{_any_of(_MAILBOXES)}(?:[+=\d-].*)?|bounces?"
    )
