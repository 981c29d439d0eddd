"""Conversations in one cell: the ticket is what the customer wrote first."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from training.data.dataset import LoadedTickets, read_tickets

ASKED = "The boiler makes a noise at night"
ANSWERED = "We come on Thursday, is that well with you?"
LATER = "Thursday is fine, thank you"


def read(tmp_path: Path, header: list[str], rows: list[list[str]], delimiter: str = ";") -> LoadedTickets:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([header, *rows])
    path = tmp_path / "a.csv"
    path.write_text(stream.getvalue(), "utf-8")
    return read_tickets([path])


def tree(*articles: tuple[str, str]) -> str:
    return "".join(
        f"\n-->||{who}||{who.title()} <{who}@mail.example>||2026-02-03 09:30:{n:02}||<-----\n{text}\n"
        for n, (who, text) in enumerate(articles)
    )


@pytest.mark.parametrize("column", ["Artikelbaum", "ArticleTree", "Arbre d'articles"])
def test_of_an_article_tree_the_customer_s_first_article_is_the_text(tmp_path: Path, column: str) -> None:
    trees = [
        tree(("agent", f"{ANSWERED} {n}"), ("customer", f"{ASKED} {n}\nand smells"), ("customer", LATER))
        for n in range(4)
    ]
    rows = [[str(2026020310 + n), "3 h", f"Boiler {n}", text] for n, text in enumerate(trees)]
    found = read(tmp_path, ["Ticketnummer", "Alter", "Betreff", column], rows)
    assert [t.body for t in found.tickets] == [f"{ASKED} {n}\nand smells" for n in range(4)]


def test_a_tree_without_a_customer_s_article_has_its_first_one(tmp_path: Path) -> None:
    text = tree(("system", "The line is open"), ("agent", ANSWERED))
    rows = [["7", "Boiler", text], ["8", "Pipe", tree(("customer", ASKED))]]
    found = read(tmp_path, ["Ticketnummer", "Betreff", "Artikelbaum"], rows)
    assert [ticket.body for ticket in found.tickets] == ["The line is open", ASKED]


@pytest.mark.parametrize(
    ("who", "agent", "customer", "said"),
    [
        ("role", "agent", "customer", "text"),
        ("von", "Berater", "Kundin", "nachricht"),
        ("発言者", "担当者", "顧客", "文"),
    ],
)
def test_of_a_chat_in_a_cell_the_customer_s_first_message_is_the_text(
    tmp_path: Path, who: str, agent: str, customer: str, said: str
) -> None:
    chats = [
        json.dumps(
            [
                {who: agent, said: "Hello, how may we help you today?"},
                {who: customer, said: f"{ASKED} {n}"},
                {who: agent, said: ANSWERED},
            ],
            ensure_ascii=False,
        )
        for n in range(5)
    ]
    rows = [[str(n), ("repair", "sale")[n % 2], chat] for n, chat in enumerate(chats)]
    found = read(tmp_path, ["id", "Topic of chat", "Chat"], rows, ",")
    assert [ticket.body for ticket in found.tickets] == [f"{ASKED} {n}" for n in range(5)]


@pytest.mark.parametrize(
    "text", ["[Shop] the boiler is loud", "-- the boiler --", "[1, 2] are broken", "-->||", '["a", "b c d"]']
)
def test_other_texts_with_brackets_and_dashes_stay(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, ["id", "subject", "body"], [["1", "Boiler", text]])
    assert found.tickets[0].body == text
