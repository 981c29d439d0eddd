"""Spellings of one value become one value, and the user is told."""

from __future__ import annotations

import pytest

from models.classifiers.fields import Field, Label
from training.data.label_spelling import merge_labels
from triage.ticket import Ticket

CATEGORY = [Field("category")]


def tickets(name: str, *labels: Label) -> list[Ticket]:
    return [Ticket(f"t{i}", "", "x", labels={name: label}) for i, label in enumerate(labels)]


def merged(fields: list[Field], *labels: Label, spellings: dict[str, list[str]] | None = None) -> list[Label]:
    name = fields[0].name
    found = merge_labels(tickets(name, *labels), fields, spellings).tickets
    return [ticket.labels[name] for ticket in found]


def test_case_and_spaces_do_not_make_another_value_and_the_most_frequent_spelling_stays() -> None:
    spelt = ["hard ware", "Hard Ware", " Hard  Ware", "Hard\u00a0Ware", "HARD\u200b WARE", "Hard Ware", "App"]
    assert merged(CATEGORY, *spelt) == ["Hard Ware"] * 6 + ["App"]


def test_wide_letters_and_composed_ones_do_not_make_another_value() -> None:
    assert merged(CATEGORY, "Zürich", "Zu\u0308rich", "ＺÜＲＩＣＨ") == ["Zürich"] * 3


def test_of_equally_frequent_spellings_the_first_stays() -> None:
    assert merged(CATEGORY, "app", "App") == ["app", "app"]


def test_the_values_of_an_ordinal_field_win_over_the_most_frequent_spelling() -> None:
    priority = [Field("priority", "ordinal", values=("Low", "High"))]
    assert merged(priority, "low", "low", "HIGH", "Low") == ["Low", "Low", "High", "Low"]


def test_the_helpdesks_own_spelling_wins_over_the_most_frequent_one() -> None:
    assert merged(CATEGORY, "app", "app", "App", spellings={"category": ["App"]}) == ["App"] * 3


def test_values_that_the_settings_tell_apart_stay_apart() -> None:
    priority = [Field("priority", "ordinal", values=("p", "P"))]
    assert merged(priority, "p", "P", "P") == ["p", "P", "P"]


def test_tags_are_merged_within_and_between_tickets() -> None:
    found = merged([Field("tags", "tags")], ("vip", "B2B"), ("VIP", "vip"), ("b2b", "B2B"), "Vip", ())
    assert found == [("vip", "B2B"), ("vip",), ("B2B",), "vip", ()]


def test_parents_and_children_are_merged_alike() -> None:
    fields = [Field("subcategory", "child", parent="category"), Field("category")]
    sent = [
        Ticket("1", "", "x", labels={"category": "App", "subcategory": "login"}),
        Ticket("2", "", "x", labels={"category": "app", "subcategory": "Login"}),
    ]
    assert [dict(t.labels) for t in merge_labels(sent, fields).tickets] == [dict(sent[0].labels)] * 2


def test_what_was_merged_is_told_with_counts() -> None:
    (warning,) = merge_labels(tickets("category", "App", "App", "app", "Lock"), CATEGORY).warnings
    assert "category" in warning
    assert "'app' (1) as 'App' (2)" in warning
    assert "Lock" not in warning


def test_a_thousand_misspelt_values_make_one_short_warning() -> None:
    spelt = [f"{word} {number}" for number in range(1000) for word in ("Queue", "queue")]
    (warning,) = merge_labels(tickets("category", *spelt), CATEGORY).warnings
    assert "and 995 more values" in warning
    assert len(warning) < 600


def test_fields_that_are_not_trained_and_clean_labels_are_left_alone() -> None:
    other = tickets("team", "It", "IT")
    assert merge_labels(other, CATEGORY).tickets == other
    clean = merge_labels(tickets("category", "It", "Sales"), CATEGORY)
    assert clean.warnings == []


@pytest.mark.parametrize("values", [("😀", "😁"), ("\u200b", "\u200d"), ("-", "–"), ("c", "c#", "c++")])
def test_values_that_only_look_alike_stay_apart(values: tuple[str, ...]) -> None:
    assert merged(CATEGORY, *values) == list(values)
