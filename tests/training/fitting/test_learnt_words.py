"""What a single person wrote is not in a bundle: names, numbers, addresses; what many wrote is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.bundle import Bundle
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.data.learning_privacy import LearningPrivacy, ticket_sources, tokens_of_many
from training.data.token_counts import count_tokens
from training.fitting.train import train
from triage.ticket import Ticket


def bundle_of(tickets: Sequence[Ticket], **privacy: object) -> Bundle:
    return train(
        tickets,
        WordHashEncoder(),
        LanguageDetector(["en"]),
        only=["category"],
        privacy=LearningPrivacy(**privacy),  # type: ignore[arg-type]  # its own options
    ).bundle


def learnt(bundle: Bundle) -> str:
    """Return all words, pairs of words, pieces of words and attributes of a bundle."""
    features = bundle.features
    return " | ".join([*features.words.columns, *features.characters.columns, *map(str, features.attributes)])


def saying(
    tickets: Sequence[Ticket], text: str, numbers: Sequence[int], requester: str | None
) -> list[Ticket]:
    """Return the tickets, of which some also say a text and come from one requester."""
    return [
        replace(t, body=f"{t.body} {text}", requester=requester) if number in numbers else t
        for number, t in enumerate(tickets)
    ]


@pytest.fixture
def tickets() -> list[Ticket]:
    return [replace(t, requester=f"p{number}@example.org") for number, t in enumerate(topic_tickets(200))]


@pytest.mark.parametrize(
    ("numbers", "requester", "is_learnt"),
    [
        ([3], None, False),
        ([3, 8], None, False),
        ([3, 8, 13], None, True),
        ([3, 8, 13, 18, 23, 28, 33], "Ann <Ann@example.com>", False),
    ],
    ids=["one ticket", "two tickets", "three tickets", "seven tickets of one person"],
)
def test_a_word_is_learnt_from_three_people_on(
    tickets: list[Ticket], numbers: list[int], requester: str | None, *, is_learnt: bool
) -> None:
    bundle = bundle_of(saying(tickets, "Zyxwvutsrq", numbers, requester))
    assert ("zyxwvutsrq" in learnt(bundle)) is is_learnt
    assert ("zyxwv" in learnt(bundle)) is is_learnt  # nor any piece of it
    assert "battery" in learnt(bundle) or "charge" in learnt(bundle)


def test_copies_of_one_ticket_are_one_person_s(tickets: list[Ticket]) -> None:
    copies = saying(tickets[:1], "Zyxwvutsrq", [0], None) * 5
    found = learnt(bundle_of([*tickets, *(replace(c, id=f"c{n}") for n, c in enumerate(copies))]))
    assert "zyxwvutsrq" not in found


def test_an_address_from_which_most_tickets_come_is_nobody_s(tickets: list[Ticket]) -> None:
    forms = [replace(ticket, requester="form@example.com") for ticket in tickets]
    alone, together = learnt(bundle_of(tickets)), learnt(bundle_of(forms))
    assert together == alone


@pytest.mark.parametrize(
    "secret",
    [
        "+49 171 2345678",
        "ann.zyxwv@zyxwvu.example",
        ". Paid from DE89 3704 0044 0532 0130 00",
        "my password is Zyxwvu-77!",
    ],
)
def test_personal_data_is_redacted_before_anything_is_learnt(tickets: list[Ticket], secret: str) -> None:
    everywhere = [replace(ticket, body=f"{ticket.body} {secret}") for ticket in tickets]
    found = learnt(bundle_of(everywhere))
    for piece in ("2345678", "23456", "zyxwv", "3704", "zyxwvu-77"):
        assert piece not in found
    assert not {"[phone]", "[mail]", "[iban]", "[secret]", "phone", "iban", "secret"} & set(
        found.split(" | ")
    )


def test_an_attribute_of_one_ticket_is_not_kept(tickets: list[Ticket]) -> None:
    tickets[3] = replace(tickets[3], attributes={"company": "Zyxwvutsrq"})
    marked = [replace(t, attributes={"plan": "gold"}) if n % 9 == 0 else t for n, t in enumerate(tickets)]
    marked[3] = tickets[3]
    found = learnt(bundle_of(marked))
    assert "Zyxwvutsrq" not in found
    assert "gold" in found


def test_nothing_of_a_single_person_is_in_the_files_of_a_bundle(
    tickets: list[Ticket], tmp_path: Path
) -> None:
    said = saying(tickets, "Zyxwvutsrq 77112233", [3], None)
    bundle_of(said).save(tmp_path / "bundle")
    content = b"".join(file.read_bytes() for file in (tmp_path / "bundle").rglob("*") if file.is_file())
    assert b"zyxwvutsrq" not in content.lower()
    assert b"77112233" not in content


def test_the_administrator_may_choose_otherwise(tickets: list[Ticket]) -> None:
    said = saying(tickets, "Zyxwvutsrq +49 171 2345678", [3], None)
    found = learnt(bundle_of(said, redact=None, fewest_requesters=1))
    assert "zyxwvutsrq" in found
    assert "2345678" in found


def test_words_of_descriptions_are_learnt_whoever_else_has_them() -> None:
    counts = count_tokens(["alpha beta", "alpha beta", "alpha gamma", "delta"], str.split)
    allowed = tokens_of_many(counts, np.array([0, 0, 1, -1]), 2)
    assert dict(zip(counts.tokens, allowed.tolist(), strict=True)) == {
        "alpha": True,
        "beta": False,
        "gamma": False,
        "delta": True,
    }


def test_tickets_of_one_address_have_one_source_however_it_is_written() -> None:
    tickets = [
        Ticket(str(number), "", "", requester=requester)
        for number, requester in enumerate(
            ["Ann <a@b.example>", "A@B.example", "c@b.example", None, None, ""]
        )
    ]
    sources = ticket_sources(tickets, ["1", "2", "3", "4", "5", "5"]).tolist()
    assert sources[0] == sources[1]
    assert sources[4] == sources[5]
    assert len(set(sources)) == 4
