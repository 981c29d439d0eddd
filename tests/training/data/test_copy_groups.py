"""Copies of a ticket are found, and tickets of different people are not taken for copies."""

from __future__ import annotations

import numpy as np

from tests.toy import WordHashEncoder
from training.data.copy_groups import CopyGroups, copy_groups

RNG = np.random.default_rng(4)
SYLLABLES = ["ra", "mo", "ti", "lek", "sun", "por", "vi", "gal", "ne", "dou", "ish", "ket"]
WORDS = sorted({"".join(RNG.choice(SYLLABLES, 3)) for _ in range(900)})


def tickets(count: int, words: int = 12) -> list[str]:
    return [" ".join(RNG.choice(WORDS, words)) for _ in range(count)]


def grouped(texts: list[str]) -> CopyGroups:
    return copy_groups(texts, WordHashEncoder().encode(texts))


def test_the_same_words_are_a_copy_whatever_their_capitals_and_punctuation() -> None:
    found = grouped(
        [
            "Der Drucker raucht!",
            "Die Tür klemmt",
            "der drucker raucht",
            "プリンターが壊れた",
            "プリンターが壊れた。",
        ]
    )
    assert found.first.tolist() == [0, 1, 0, 3, 3]
    assert not found.near.any()


def test_a_ticket_that_was_sent_again_with_a_greeting_is_a_near_copy() -> None:
    texts = tickets(200)
    found = grouped([*texts, *(f"hello {text}" for text in texts[:50])])
    assert found.first[200:].tolist() == list(range(50))
    assert found.near[200:].all()
    assert found.first[:200].tolist() == list(range(200))


def test_short_requests_of_different_people_are_no_copies() -> None:
    texts = [
        *tickets(200),
        "please reset my password",
        "reset my password",
        "can you reset my password please",
    ]
    assert np.unique(grouped(texts).first).size == 203


def test_tickets_that_each_differ_a_little_from_the_one_before_are_no_single_group() -> None:
    texts = tickets(300)
    words = RNG.choice(WORDS, 60, replace=False).tolist()
    chain = [" ".join(words[start : start + 20]) for start in range(0, 40, 2)]
    found = grouped([*texts, *chain])
    sizes = np.unique(found.first[300:], return_counts=True)[1]
    assert sizes.max() <= 6
    assert len(sizes) >= 4


def test_monitoring_mails_that_differ_in_numbers_alone_are_one_group() -> None:
    mail = (
        "alert the disk usage on one of the hosts in the main data centre was above its limit since the "
        "nightly backup job {} started so please look at it before the next one"
    )
    mails = [mail.format(number) for number in range(60)]
    found = grouped([*tickets(200), *mails])
    assert np.unique(found.first[200:]).size == 1


def test_monitoring_mails_are_one_group_also_where_half_of_all_tickets_are_such() -> None:
    mail = "disk of host {} in rack {} is full, the job of the night has been stopped"
    mails = [mail.format(i, i % 7) for i in range(200)]
    assert np.unique(grouped([*tickets(200), *mails]).first[200:]).size == 1


def test_tickets_of_one_form_are_told_apart_by_what_people_wrote() -> None:
    form = "intranet request form department site building cost centre approval manager {} sent by the portal"
    told = tickets(100, words=5)
    found = grouped([*tickets(400), *(form.format(text) for text in told)])
    assert np.unique(found.first[400:]).size >= 98


def test_an_empty_text_is_a_copy_of_nothing() -> None:
    assert grouped(["!", "?", "…"]).first.tolist() == [0, 1, 2]


def test_where_most_long_tickets_have_a_near_copy_so_have_short_ones() -> None:
    # Of short tickets one more word would move the embedding: the same words come in another order.
    long, short = tickets(150, words=20), tickets(60, words=3)
    again = [f"{text} re" for text in long] + [" ".join(reversed(text.split())) for text in short]
    assert (grouped([*long, *short, *again]).first[210:] == np.arange(210)).mean() > 0.95
    assert (grouped([*long, *short, *again[150:]]).first[210:] != np.arange(150, 210)).all()
