"""A year of a large helpdesk, made within the database: the statements that fill an empty store.

Nothing is sent row by row, so that a million tickets take minutes. What is drawn by lot follows from the
number of the ticket, and is the same in SQLite and in PostgreSQL. Tickets come in the order of their ids, as
in a service; languages and teams are of very different sizes; the words of searches follow Zipf's law, two in
three of them only typed on the way to a third; a person judges every second ticket. Rows and weekly counts
are those that the store would have written, as `tests/store/test_benchmark_fill.py` checks.
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
REASONS = '[{"kind": "threshold", "text": "0.93 is at or above the threshold of 0.6"}]'
_PRIMES = (2654435761, 2246822519, 3266489917, 668265263, 374761393, 2971215073, 433494437, 479001599)


@dataclass(frozen=True, slots=True)
class Dialect:
    """SQL in which the two databases differ."""

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


def id_of(number: int) -> str:
    """Return the id of a ticket, a session or a search."""
    return f"{number:032x}"


def lot(number: str, kind: int, of: int) -> str:
    """Return an expression that draws one of 0 to `of` - 1 for a number, for each kind another."""
    return f"(((({number}) + 7) * {_PRIMES[kind]} % 4294967291 * 48271) % 2147483647 % {of})"


def fill(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    """Yield statements that make the tickets `first` to `end` - 1 of `count`, and half as many sessions.

    `first` and `end` are even. Each batch is counted while it is still in memory.
    """
    yield from _tickets(speaks, first, end, count)
    yield from _portal(speaks, first // 2, end // 2, count // 2)
    yield _count_fields(speaks, first, end)
    yield _count_tickets(speaks, first, end)
    yield _count_sessions(speaks, first // 2, end // 2)


def _action(number: str) -> str:
    drawn = lot(number, 4, 100)
    return f"CASE WHEN {drawn} > 60 THEN 'apply' WHEN {drawn} > 20 THEN 'suggest' ELSE 'abstain' END"


def _value(number: str) -> str:
    # Ten values, the first of about half of the tickets.
    return f"'\"value ' || (10 / (1 + {lot(number, 5, 20)})) || '\"'"


def _final(number: str) -> str:
    return f"CASE WHEN {lot(number, 6, 25)} > 0 THEN {_value(number)} ELSE '\"another\"' END"


def _tickets(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    ago = f"({count} - n) * {YEAR_S} / {count}"
    id, numbers = speaks.hexed("n"), speaks.numbers(first, end)
    is_novel = f"{lot('n', 7, 50)} = 1"
    applies = " OR ".join(f"{lot(f'n * 3 + {k}', 4, 100)} > 60" for k in range(len(FIELDS)))
    is_blind = f"({lot('n', 3, 50)} = 0 AND NOT {is_novel} AND ({applies}))"
    yield f"""INSERT INTO decisions (id, at, ticket_id, requester, token_id, source, language, text, novelty,
        is_novel, is_blind, bundle_id, index_id, rules_id, rules, sla, articles)
        SELECT {id}, {speaks.moment(ago)}, 'T' || n, {speaks.hexed(lot("n", 0, 100_000), 64)}, NULL, 'triage',
        {_language("n")}, substr('{TEXT}', 1, CAST(60 + {lot("n", 1, 600)} AS integer)), 0.1,
        {is_novel}, {is_blind}, 'bundle-' || (n * 12 / {count}), 'index-1', 'rules-1',
        {speaks.json("'[]'")}, {speaks.json("'null'")}, {speaks.json(f"'{ARTICLES}'")} FROM {numbers}"""
    names = " UNION ALL ".join(f"SELECT {k} AS k, '{name}' AS field" for k, name in enumerate(FIELDS))
    alternatives, reasons = (speaks.json(f"'{text}'") for text in (f"[{ALTERNATIVES}]", REASONS))
    yield f"""INSERT INTO decision_fields
        (decision_id, field, value, confidence, action, model_action, threshold, alternatives, reasons)
        SELECT {id}, field, {speaks.json(_value("n * 3 + k"))}, {lot("n * 3 + k", 4, 100)} / 100.0,
        CASE WHEN {is_blind} THEN 'abstain' WHEN {is_novel} THEN 'abstain' ELSE {_action("n * 3 + k")} END,
        CASE WHEN {is_novel} THEN 'abstain' ELSE {_action("n * 3 + k")} END, 0.6,
        {alternatives}, {reasons} FROM {numbers} CROSS JOIN ({names}) AS names"""
    said = " || ', ' || ".join(
        f"""'"{name}": ' || {_final(f"n * 3 + {k}")}""" for k, name in enumerate(FIELDS)
    )
    told = speaks.moment(f"{ago} - 3600")
    final = speaks.json(f"'{{' || {said} || '}}'")
    yield f"""INSERT INTO feedback (id, at, decision_id, token_id, final)
        SELECT 'f' || n, {told}, {id}, NULL, {final} FROM {numbers} WHERE n % 2 = 0"""
    yield f"""INSERT INTO outcomes (decision_id, field, final, is_right, at, feedback_id)
        SELECT {id}, field, {speaks.json(_final("n * 3 + k"))}, {lot("n * 3 + k", 6, 25)} > 0, {told},
        'f' || n FROM {numbers} CROSS JOIN ({names}) AS names WHERE n % 2 = 0"""


def _portal(speaks: Dialect, first: int, end: int, count: int) -> Iterator[str]:
    ago = f"({count} - n) * {YEAR_S} / {count}"
    outcome = lot("n", 5, 10)
    ended = f"CASE WHEN {outcome} < 3 THEN 'submitted' WHEN {outcome} < 6 THEN 'solved' END"
    ended_at = f"CASE WHEN {outcome} < 6 THEN {speaks.moment(f'{ago} - 600')} END"
    yield f"""INSERT INTO sessions
        (id, started_at, token_id, language, is_control, was_answerable, outcome, ended_at)
        SELECT {speaks.hexed("n")}, {speaks.moment(ago)}, NULL, {_language("n")}, {lot("n", 3, 20)} = 0,
        {lot("n", 6, 10)} < 7, {ended}, {ended_at} FROM {speaks.numbers(first, end)}"""
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


_TALLY = """INSERT INTO tallies (week, field, language, segment, action, bundle_id,
    decided, judged, "right", blind_judged, blind_right, applied, corrected)"""
_ADD = (
    "WHERE true GROUP BY 1, 2, 3, 4, 5, 6 ON CONFLICT (week, field, language, segment, action, bundle_id) DO "
)


def _added(*names: str) -> str:
    return "UPDATE SET " + ", ".join(f'"{name}" = tallies."{name}" + excluded."{name}"' for name in names)


def _count_fields(speaks: Dialect, first: int, end: int) -> str:
    def total(condition: str) -> str:
        return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"

    blind, applied = "is_blind AND model_action = 'apply'", "action = 'apply'"
    judged = f"{total('is_right IS NOT NULL')}, {total('is_right')}"
    blindly = f"{total(f'{blind} AND is_right IS NOT NULL')}, {total(f'{blind} AND is_right')}"
    promised = f"{total(applied)}, {total(f'{applied} AND NOT is_right')}"
    counts = ("decided", "judged", "right", "blind_judged", "blind_right", "applied", "corrected")
    return f"""{_TALLY}
        SELECT week, field, language, segment, action, bundle_id, count(*), {judged}, {blindly}, {promised}
        FROM (SELECT {speaks.week("d.at")} AS week, f.field, d.language, {speaks.plain("t.value")} AS segment,
        f.action, d.bundle_id, d.is_blind, f.model_action, o.is_right
        FROM decisions d JOIN decision_fields f ON f.decision_id = d.id
        JOIN decision_fields t ON t.decision_id = d.id AND t.field = 'team'
        LEFT JOIN outcomes o ON o.decision_id = f.decision_id AND o.field = f.field
        WHERE d.id >= '{id_of(first)}' AND d.id < '{id_of(end)}') AS seen {_ADD} {_added(*counts)}"""


def _count_tickets(speaks: Dialect, first: int, end: int) -> str:
    rank = "min(CASE f.action WHEN 'apply' THEN 0 WHEN 'suggest' THEN 1 ELSE 2 END)"
    segment = f"max(CASE WHEN f.field = 'team' THEN {speaks.plain('f.value')} END)"
    return f"""{_TALLY}
        SELECT week, '', language, segment, CASE rank WHEN 0 THEN 'apply' WHEN 1 THEN 'suggest' ELSE 'abstain'
        END, bundle_id, count(*), 0, 0, 0, 0, 0, 0
        FROM (SELECT {speaks.week("d.at")} AS week, d.language, {segment} AS segment, {rank} AS rank,
        d.bundle_id FROM decisions d JOIN decision_fields f ON f.decision_id = d.id
        WHERE d.id >= '{id_of(first)}' AND d.id < '{id_of(end)}' GROUP BY d.id) AS seen
        {_ADD} {_added("decided")}"""


def _count_sessions(speaks: Dialect, first: int, end: int) -> str:
    return f"""INSERT INTO session_tallies (week, language, is_control, sessions, submitted)
        SELECT {speaks.week("started_at")}, language, is_control, count(*),
        sum(CASE WHEN outcome = 'submitted' THEN 1 ELSE 0 END) FROM sessions
        WHERE was_answerable AND id >= '{id_of(first)}' AND id < '{id_of(end)}' GROUP BY 1, 2, 3
        ON CONFLICT (week, language, is_control) DO UPDATE SET
        sessions = session_tallies.sessions + excluded.sessions,
        submitted = session_tallies.submitted + excluded.submitted"""
