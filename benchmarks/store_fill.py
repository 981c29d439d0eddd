"""A year of a large helpdesk, made within the database: the statements that fill an empty store.

Nothing is sent row by row, so that a million tickets take minutes. What is drawn by lot follows from the
number of the ticket, and is the same in SQLite and in PostgreSQL. Tickets come in the order of their ids, as
in a service; languages and teams are of very different sizes; the words of searches follow Zipf's law, two in
three of them only typed on the way to a third; a person judges every second ticket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

YEAR_S = 365 * 24 * 3600
FIELDS = ("category", "priority", "team")
LANGUAGES = {"en": 40, "de": 62, "fi": 76, "lv": 84, "nb": 89, "zh": 93, "sv": 96, "fr": 98, "es": 100}
TEXT = "My battery does not charge any more since it was below zero, and the red light blinks all night. " * 8
ARTICLES = '[{"id": "a-charging", "confidence": 0.81}, {"id": "a-winter", "confidence": 0.42}]'
ALTERNATIVES = ", ".join(f'{{"value": "value {n}", "confidence": 0.0{n}}}' for n in range(1, 5))
REASONS = '[{"kind": "threshold", "text": "0.93 is at or above the bar of 0.9"}]'
_PRIMES = (2654435761, 2246822519, 3266489917, 668265263, 374761393, 2971215073, 433494437, 479001599)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two databases say differently."""

    is_postgres: bool
    now: datetime

    def numbers(self, first: int, end: int) -> str:
        if self.is_postgres:
            return f"generate_series({first}::bigint, {end - 1}) AS numbers(n)"
        counted = f"WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {end - 1})"
        return f"({counted} SELECT n FROM c) AS numbers"

    def hexed(self, number: str, digits: int = 32) -> str:
        return (
            f"lpad(to_hex({number}), {digits}, '0')"
            if self.is_postgres
            else f"printf('%0{digits}x', {number})"
        )

    def moment(self, seconds_ago: str) -> str:
        then = f"{int(self.now.timestamp())} - ({seconds_ago})"
        return f"to_timestamp({then})" if self.is_postgres else f"datetime({then}, 'unixepoch') || '.000000'"

    def json(self, text: str) -> str:
        return f"({text})::json" if self.is_postgres else text

    def week(self, moment: str) -> str:
        if self.is_postgres:
            return f"date_trunc('week', {moment} AT TIME ZONE 'UTC')::date"
        return f"date({moment}, 'weekday 0', '-6 days')"

    def plain(self, json: str) -> str:
        return f"{json} #>> '{{}}'" if self.is_postgres else f"{json} ->> '$'"


def lot(number: str, kind: int, of: int) -> str:
    """Return an expression that draws one of 0 to `of` - 1 for a number, for each kind another."""
    return f"(((({number}) + 7) * {_PRIMES[kind]} % 4294967291 * 48271) % 2147483647 % {of})"


def fill(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    """Yield statements that make the tickets `first` to `end` - 1 of `count`, and half as many sessions."""
    yield from _tickets(speaks, first, end, count)
    yield from _portal(speaks, first // 2, end // 2, count // 2)


def _tickets(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    ago = f"({count} - n) * {YEAR_S} / {count}"
    id, numbers = speaks.hexed("n"), speaks.numbers(first, end)
    yield f"""INSERT INTO decisions (id, at, ticket_id, requester, token_id, source, language, text, novelty,
        is_novel, is_blind, bundle_id, index_id, rules_id, rules, sla, articles)
        SELECT {id}, {speaks.moment(ago)}, 'T' || n, {speaks.hexed(lot("n", 0, 100_000), 64)}, NULL, 'triage',
        {_language("n")}, substr('{TEXT}', 1, CAST(60 + {lot("n", 1, 600)} AS integer)), 0.1,
        {lot("n", 2, 50)} = 1, {lot("n", 3, 50)} = 0, 'bundle-' || (n * 12 / {count}), 'index-1', 'rules-1',
        {speaks.json("'[]'")}, NULL, {speaks.json(f"'{ARTICLES}'")} FROM {numbers}"""
    names = " UNION ALL ".join(f"SELECT {k} AS k, '{name}' AS field" for k, name in enumerate(FIELDS))
    drawn = lot("n * 3 + k", 4, 100)
    action = f"CASE WHEN {drawn} > 60 THEN 'apply' WHEN {drawn} > 20 THEN 'suggest' ELSE 'abstain' END"
    # Ten values, the first of about half of the tickets.
    value = f"'\"value ' || (10 / (1 + {lot('n * 3 + k', 5, 20)})) || '\"'"
    alternatives = speaks.json(f"'[{ALTERNATIVES}]'")
    yield f"""INSERT INTO decision_fields
        (decision_id, field, value, confidence, action, model_action, threshold, alternatives, reasons)
        SELECT {id}, field, {speaks.json(value)}, {drawn} / 100.0, {action}, {action}, 0.9,
        {alternatives}, {speaks.json(f"'{REASONS}'")} FROM {numbers} CROSS JOIN ({names}) AS names"""
    final = speaks.json("""'{"category": "value 1", "priority": "value 1", "team": "value 1"}'""")
    told = speaks.moment(f"{ago} - 3600")
    yield f"""INSERT INTO feedback (id, at, decision_id, token_id, final)
        SELECT 'f' || n, {told}, {id}, NULL, {final} FROM {numbers} WHERE n % 2 = 0"""
    value = speaks.json("'\"value 1\"'")
    yield f"""INSERT INTO outcomes (decision_id, field, final, is_right, at, feedback_id)
        SELECT {id}, field, {value}, {lot("n * 3 + k", 6, 25)} > 0, {told}, 'f' || n
        FROM {numbers} CROSS JOIN ({names}) AS names WHERE n % 2 = 0"""


def _portal(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    ago = f"({count} - n) * {YEAR_S} / {count}"
    outcome = lot("n", 5, 10)
    ended = f"CASE WHEN {outcome} < 3 THEN 'submitted' WHEN {outcome} < 6 THEN 'solved' END"
    yield f"""INSERT INTO sessions
        (id, started_at, token_id, language, is_control, was_answerable, outcome, ended_at)
        SELECT {speaks.hexed("n")}, {speaks.moment(ago)}, NULL, {_language("n")}, {lot("n", 3, 20)} = 0,
        {lot("n", 6, 10)} < 7, {ended}, NULL FROM {speaks.numbers(first, end)}"""
    # 1 / u has Zipf's distribution: the most frequent search is every fourth or so, most come once.
    words = f"'how do I ' || (400000 / (1 + {lot('n', 7, 400_000)})) || ' ' || {lot('n / 3', 1, 4)}"
    session, answered = "(n / 3)", f"({lot('n / 3', 6, 10)} < 7)"
    vain = f"CASE WHEN NOT {answered} AND n % 3 = 2 THEN lower({words}) END"
    yield f"""INSERT INTO searches
        (id, at, kind, language, text, session_id, best, found, is_answered, vain)
        SELECT {speaks.hexed("n")}, {speaks.moment(ago.replace("n)", f"{session})"))}, 'deflect',
        {_language(session)}, {words}, {speaks.hexed(session)}, 0.4, {speaks.json(f"'{ARTICLES}'")},
        {answered}, {vain} FROM {speaks.numbers(3 * first, 3 * end)}"""


def _language(number: str) -> str:
    drawn = lot(number, 2, 100)
    return "CASE " + " ".join(f"WHEN {drawn} < {n} THEN '{name}'" for name, n in LANGUAGES.items()) + " END"


def count_up(speaks: Dialect) -> Iterator[str]:
    """Yield the statements that fill the weekly counts, as writing one by one would have."""
    week = speaks.week("d.at")
    for field, rest in (("f.field", "true"), ("''", "f.field = 'team'")):
        counted = "0, 0, 0, 0" if field == "''" else "count(o.field), sum(r), sum(b), sum(b * r)"
        yield f"""INSERT INTO tallies
            SELECT w, name, language, segment, action, bundle_id, count(*), {counted}
            FROM (SELECT {week} AS w, {field} AS name, d.language, {speaks.plain("t.value")} AS segment,
            f.action, d.bundle_id, o.field, CASE WHEN o.is_right THEN 1 ELSE 0 END AS r,
            CASE WHEN d.is_blind AND f.action = 'apply' AND o.field IS NOT NULL THEN 1 ELSE 0 END AS b
            FROM decisions d JOIN decision_fields f ON f.decision_id = d.id
            JOIN decision_fields t ON t.decision_id = d.id AND t.field = 'team'
            LEFT JOIN outcomes o ON o.decision_id = f.decision_id AND o.field = f.field WHERE {rest}) o
            GROUP BY w, name, language, segment, action, bundle_id"""
    yield f"""INSERT INTO session_tallies SELECT {speaks.week("started_at")}, language, is_control, count(*),
        sum(CASE WHEN outcome = 'submitted' THEN 1 ELSE 0 END) FROM sessions WHERE was_answerable
        GROUP BY 1, 2, 3"""
