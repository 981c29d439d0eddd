"""Replies without a word: dots, marks, emoji and faces are what the customer said."""

from __future__ import annotations

import pytest

from models.text import clean_ticket

OLD = "Your parcel left the warehouse and will take three weeks."
GERMAN_LABELS = "Von: Desk <desk@example.com>\nGesendet: Di., 3. Februar 2026 11:14\nAn: Max\nBetreff: Paket"
LABELS = "From: Desk\nSent: Tuesday, 3 February 2026 11:14\nTo: Max\nSubject: Parcel"
HISTORIES = {
    "quoted": f"On Tue, 3 Feb 2026 at 11:14, Desk <desk@example.com> wrote:\n> {OLD}",
    "header": f"{GERMAN_LABELS}\n\n{OLD}",
    "marker": f"-----Original Message-----\n{LABELS}\n\n{OLD}",
}
REACTIONS = [
    "...",
    "…",
    ". . .",
    ".",
    "。。。",
    "・・・",
    "?!",
    "¿?",
    "!!!",
    "👍🏽",
    "❤️",
    "⏳",
    "🙈🙈",
    ":-(",
    "^^",
    "-_-",
    "(´・_・`)",
    "(╯°□°)╯︵ ┻━┻",
    ">:(",
    "%$#!",
]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("reaction", REACTIONS)
def test_a_reply_without_a_word_is_read_in_place_of_the_old_mail(reaction: str, history: str) -> None:
    cleaned = clean_ticket("Re: Parcel", f"{reaction}\n\n{HISTORIES[history]}")
    assert cleaned == f"Parcel\n{reaction.replace(chr(0xFE0F), '')}"


def test_dots_above_a_forward_and_above_a_mail_of_another_subject_keep_it() -> None:
    assert OLD in clean_ticket("Fwd: Parcel", f"...\n\n{HISTORIES['marker']}")
    assert OLD in clean_ticket("Where is it", f"...\n\n{HISTORIES['header']}")


@pytest.mark.parametrize("rule", ["-----", "***", "_____", "--", "• • •"])
def test_a_rule_or_a_bullet_is_no_reply(rule: str) -> None:
    assert OLD in clean_ticket("Parcel", f"{rule}\n\n{HISTORIES['header']}")
