"""Tickets and labels as real exports have them, through training and prediction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from kb_index.storage.article_store import ArticleStore
from models.classifiers.fields import Field, Label
from models.errors import MismatchError, TrainingError
from models.language.detector import LanguageDetector
from tests.toy import WordHashEncoder, topic_tickets
from training.data.dataset import read_tickets
from training.fitting.train import TrainingResult, train
from training.metrics import respell_labels
from triage.pipeline.engine import Engine, TicketResult
from triage.pipeline.part import Part
from triage.ticket import Ticket

NO_ARTICLES: Part[ArticleStore] = Part(None, MismatchError("no articles"))

CATEGORY = Field("category")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def trained(tickets: Sequence[Ticket], *fields: Field) -> TrainingResult:
    return train(tickets, WordHashEncoder(), LanguageDetector(["en"]), fields=fields or [CATEGORY], now=NOW)


def predicted(found: TrainingResult, *tickets: Ticket) -> list[TicketResult]:
    engine = Engine(WordHashEncoder(), LanguageDetector(["en"]), Part(found.bundle), NO_ARTICLES)
    return list(engine.predict(tickets))


def labelled(tickets: Sequence[Ticket], labels: Sequence[Label], name: str = "category") -> list[Ticket]:
    return [replace(t, labels={name: label}) for t, label in zip(tickets, labels, strict=True)]


def by_day(tickets: Sequence[Ticket]) -> list[Ticket]:
    return [replace(t, created_at=NOW - timedelta(days=len(tickets) - i)) for i, t in enumerate(tickets)]


def test_spellings_of_one_value_are_trained_on_as_one_and_the_report_says_so() -> None:
    tickets = topic_tickets(100)
    labels = [str(t.labels["category"]) for t in tickets]
    odd = [
        label.upper() if i % 10 == 0 else f" {label} " if i % 7 == 0 else label
        for i, label in enumerate(labels)
    ]
    found = trained(labelled(tickets, odd))
    assert found.bundle.models["category"].classes == ["app", "battery", "billing"]
    assert "'BATTERY' (10)" in found.warnings[0]
    assert found.bundle.metadata["warnings"] == found.warnings
    assert {past.labels["category"] for past in found.bundle.past_tickets} == {"app", "battery", "billing"}


def test_labels_to_compare_with_may_be_spelt_otherwise_than_those_trained_on() -> None:
    tickets = topic_tickets(100)
    found = trained(tickets)
    shouted = labelled(tickets, [f" {str(t.labels['category']).upper()}" for t in tickets])
    compared = respell_labels(shouted, found.bundle)
    assert [t.labels["category"] for t in compared] == [t.labels["category"] for t in tickets]


def test_clean_tickets_give_no_warning() -> None:
    assert trained(topic_tickets(100)).warnings == []


def test_a_class_that_occurs_once_is_trained_on_beside_the_others() -> None:
    tickets = [
        *topic_tickets(100),
        Ticket("single", "", "umbrella stand", "en", labels={"category": "other"}),
    ]
    found = trained(tickets)
    assert "other" in found.bundle.models["category"].classes
    assert predicted(found, tickets[-1])[0].fields["category"].value == "other"


def test_all_tickets_in_one_class_is_an_error_that_names_the_class() -> None:
    tickets = topic_tickets(50)
    with pytest.raises(TrainingError, match=r"only the value 'one' in 50 tickets.*at least two values"):
        trained(labelled(tickets, ["one"] * 50))
    spelt_twice = ["one", "One"] * 25
    with pytest.raises(TrainingError, match="only the value 'one' in 50 tickets"):
        trained(labelled(tickets, spelt_twice))


def test_five_thousand_classes_are_trained_on_most_of_them_from_one_ticket() -> None:
    tickets = [
        Ticket(
            f"t{i}",
            "",
            f"part{i % 5000 // 71} of{i % 5000 % 71}",
            "en",
            labels={"category": f"value {i % 5000}"},
        )
        for i in range(5200)
    ]
    found = trained(tickets)
    assert len(found.bundle.models["category"].classes) == 5000
    results = predicted(found, *tickets[:50])
    assert (
        np.mean(
            [
                r.fields["category"].value == t.labels["category"]
                for r, t in zip(results, tickets[:50], strict=True)
            ]
        )
        > 0.9
    )


def test_a_label_that_is_a_list_in_one_ticket_and_a_string_in_another_is_read_as_tags() -> None:
    tickets = topic_tickets(100)
    labels = [
        (str(t.labels["category"]),) if i % 2 else str(t.labels["category"]) for i, t in enumerate(tickets)
    ]
    mixed = labelled(tickets, labels)
    reports = train(mixed, WordHashEncoder(), LanguageDetector(["en"])).reports
    assert {r.name: r.kind for r in reports} == {"category": "tags"}
    with pytest.raises(TrainingError, match=r"field 'category' has the list .*kind = \"tags\""):
        trained(mixed)


def test_a_configured_field_without_labels_is_left_out_and_the_others_are_trained() -> None:
    found = trained(topic_tickets(100), CATEGORY, Field("team"), Field("labels", "tags"))
    assert list(found.bundle.models) == ["category"]
    skipped = {report.name: report.skipped for report in found.reports if report.skipped}
    assert set(skipped) == {"team", "labels"}
    assert "no value in 0 tickets" in str(skipped["team"])


def test_a_million_characters_are_trained_on_and_predicted() -> None:
    tickets = topic_tickets(50)
    long = [" ".join([tickets[i].body] * (1_000_000 // len(tickets[i].body))) for i in range(3)]
    long += ["x" * 1_000_000, "a" + "\u0301\u0323" * 500_000, "😀" * 1_000_000]
    found = trained([*tickets, *(replace(tickets[i], id=f"l{i}", body=body) for i, body in enumerate(long))])
    results = predicted(found, *(Ticket(f"p{i}", body, "") for i, body in enumerate(long)))
    assert [r.fields["category"].value for r in results[:3]] == [t.labels["category"] for t in tickets[:3]]


ODD_TEXTS = {
    "emoji": ("", "😀👍🏽 👩‍👩‍👧‍👦❤️ 🇫🇮"),
    "one emoji as the subject": ("🔋", ""),
    "empty subject": ("", "my battery is empty"),
    "empty body": ("my battery is empty", ""),
    "spaces": (" ", "\n\t\u00a0"),
    "nothing that is seen": ("\u200b", "\ufeff\u00ad"),
    "only a quoted mail": ("", "> my battery is empty\n> again"),
    "only a signature": ("", "-- \nAnn"),
    "only HTML": ("", "<p><br></p><div></div>"),
    "lone surrogates": ("\ud83d", "\udc00\ud800"),
    "controls": ("\x00\x07", "\x1b[31mred\x1b[0m\x00"),
    "right to left": ("", "\u202eمرحبا بالعالم"),
    "numbers": ("4711", "0815 0815 0815"),
}  # fmt: skip


@pytest.mark.parametrize(("subject", "body"), ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts_are_trained_on_and_predicted(subject: str, body: str) -> None:
    tickets = topic_tickets(60)
    odd = [replace(tickets[i], id=f"odd{i}", subject=subject, body=body) for i in range(4)]
    (result,) = predicted(trained([*tickets, *odd]), Ticket("new", subject, body))
    decision = result.fields["category"]
    assert decision.value in {"app", "battery", "billing"}
    assert 0 <= decision.confidence <= 1
    assert np.isfinite(result.novelty.score)


@pytest.mark.parametrize("kind", ["spaces", "nothing that is seen", "only HTML"])
def test_a_ticket_without_text_is_never_applied_or_suggested(kind: str) -> None:
    subject, body = ODD_TEXTS[kind]
    # Nearly all tickets are alike, so that the most frequent value is sure without reading anything.
    tickets = labelled(topic_tickets(200), ["a" if i % 20 else "b" for i in range(200)])
    (result,) = predicted(trained(tickets), Ticket("new", subject, body))
    decision = result.fields["category"]
    assert decision.action == "abstain"
    assert decision.reasons[0].text == "the ticket holds no text that could be read"


def test_tickets_without_text_are_left_out_of_training_and_told() -> None:
    empty = [Ticket(f"e{i}", " ", "", labels={"category": "app"}) for i in range(7)]
    found = trained([*topic_tickets(60), *empty])
    assert found.bundle.metadata["tickets"] == 60
    assert found.warnings == ["7 tickets without subject and body: there is nothing to learn from"]


def test_regions_of_a_language_do_not_make_it_another_one(tmp_path: Path) -> None:
    regions = ["en-US", "en_GB", "EN", "en"]
    path = tmp_path / "tickets.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"id": t.id, "body": t.body, "labels": t.labels, "language": regions[i % 4]})
            for i, t in enumerate(topic_tickets(60))
        ),
        "utf-8",
    )
    found = trained(read_tickets([path]).tickets)
    assert found.bundle.metadata["languages"] == {"en": 60}
    assert found.bundle.features.languages == {"en", "und"}


def test_an_export_of_nothing_but_emoji_is_trained_on() -> None:
    tickets = [
        Ticket(f"t{i}", "", ("🔋⚡" if i % 2 else "💶🧾") + "🙏" * (i % 5), labels={"category": "ab"[i % 2]})
        for i in range(60)
    ]
    found = trained(tickets)
    results = predicted(found, Ticket("n", "", "🔋 🔋⚡"), Ticket("m", "", "💶🧾"))
    assert [r.fields["category"].value for r in results] == ["b", "a"]


def test_an_export_without_any_readable_text_is_trained_on_and_guarantees_nothing() -> None:
    tickets = [Ticket(f"t{i}", "", "\u200b", labels={"category": "ab"[i % 2]}) for i in range(60)]
    found = trained(tickets)
    assert any("60 of 60 labelled tickets" in warning for warning in found.warnings)
    assert predicted(found, tickets[0])[0].fields["category"].action != "apply"


def test_contradictory_duplicates_are_kept_counted_and_make_the_model_unsure() -> None:
    tickets = topic_tickets(100)
    duplicates = [
        Ticket(f"d{i}", "", "lamp flickers", "en", labels={"category": "ab"[i % 2]}) for i in range(40)
    ]
    found = trained([*tickets, *duplicates])
    assert found.bundle.metadata["tickets"] == 140
    assert "category: 40 of 140 labelled tickets (28.6%)" in found.warnings[0]
    decision = predicted(found, Ticket("n", "", "lamp flickers"))[0].fields["category"]
    assert decision.value in {"a", "b"}
    assert decision.confidence < 0.75


def test_the_same_ticket_under_two_ids_is_trained_on_twice_without_a_word() -> None:
    tickets = topic_tickets(50)
    found = trained([*tickets, *(replace(t, id=f"again-{t.id}") for t in tickets)])
    assert found.warnings == []
    assert found.bundle.metadata["tickets"] == 100


def test_dates_in_the_future_are_warned_of_and_neither_held_out_nor_in_the_training_window() -> None:
    tickets = by_day(topic_tickets(100))
    tickets[7] = replace(tickets[7], created_at=datetime(2099, 1, 1, tzinfo=UTC))
    found = trained(tickets)
    assert found.folds[0].by_time
    assert all(7 in part.train for part in found.folds)
    assert "1 ticket dated in the future" in found.warnings[0]
    assert found.bundle.metadata["last_ticket"].startswith("2026-05")


def test_a_class_that_only_the_latest_tickets_have_is_trained_on_and_named() -> None:
    tickets = by_day(topic_tickets(100))
    late = [
        replace(t, labels={"category": "new"}, body="umbrella stand") if i > 95 else t
        for i, t in enumerate(tickets)
    ]
    found = trained(late)
    assert "category: 'new' first occurs among" in found.warnings[0]
    assert predicted(found, Ticket("n", "", "umbrella stand"))[0].fields["category"].value == "new"


def test_where_only_the_latest_tickets_have_a_second_class_the_field_is_trained_and_never_applied() -> None:
    tickets = by_day(topic_tickets(100))
    found = trained(labelled(tickets, ["old"] * 85 + ["new"] * 15))
    (report,) = found.reports
    assert report.metrics is None
    assert report.thresholds is not None
    assert report.thresholds.apply is None
    assert predicted(found, tickets[0])[0].fields["category"].action != "apply"
