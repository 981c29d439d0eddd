"""A column that is not read is named, and so is the one that it was probably meant to be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.errors import DataFileError
from training.data.columns import ColumnUse
from training.data.dataset import read_tickets
from triage.settings import TicketColumns


def use_of_csv(folder: Path, header: str, columns: TicketColumns | None = None) -> ColumnUse:
    path = folder / "t.csv"
    path.write_text(f"{header}\n{','.join(f'c{i}' for i in range(header.count(',') + 1))}\n", "utf-8")
    return read_tickets([path], columns).columns


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("creatd_at", "created_at"),
        ("subjct", "subject"),
        ("Langauge", "language"),
        ("chanel", "channel"),
        ("requestor", "requester"),
    ],
)
def test_a_misspelt_column_is_named_with_the_one_that_was_meant(
    tmp_path: Path, found: str, meant: str
) -> None:
    use = use_of_csv(tmp_path, f"id,body,{found}")
    assert use.misspelt == {found: meant}
    assert f"not read: {found} (did you mean {meant}?)" in str(use)


def test_the_names_of_the_settings_count_and_not_the_usual_ones(tmp_path: Path) -> None:
    columns = TicketColumns(id="Nummer", subject="Betreff", body="Text", labels={"team": "Gruppe"})
    use = use_of_csv(tmp_path, "Nummer,Betreff,Text,Gruppe,id", columns)
    assert str(use) == "columns read: Nummer, Betreff, Text, Gruppe; not read: id"
    with pytest.raises(DataFileError, match="did you mean 'Betref' for 'Betreff'"):
        use_of_csv(tmp_path, "Nummer,Betref,Text,Gruppe,id", columns)


def test_a_column_of_its_own_is_listed_without_a_guess(tmp_path: Path) -> None:
    use = use_of_csv(tmp_path, "id,subject,body,severity")
    assert not use.misspelt
    assert str(use) == "columns read: id, subject, body; not read: severity"


def test_where_all_columns_are_read_the_line_says_so(tmp_path: Path) -> None:
    assert str(use_of_csv(tmp_path, "id,body")) == "columns read: id, body; none was left out"


def test_a_name_is_no_misspelling_of_a_column_that_is_there(tmp_path: Path) -> None:
    assert not use_of_csv(tmp_path, "id,subject,subject2,body").misspelt


def test_a_wide_export_still_gives_one_short_line(tmp_path: Path) -> None:
    line = str(use_of_csv(tmp_path, ",".join(["id", "body", "subjct", *(f"x{i}" for i in range(60))])))
    assert "subjct (did you mean subject?)" in line
    assert line.endswith("and 49 others")
    assert "\n" not in line


def test_keys_of_json_lines_and_of_their_labels_are_columns_too(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    labels = {"catgory": "a", "team": "b"}
    path.write_text(json.dumps({"id": "1", "body": "x", "subjct": "y", "labels": labels}) + "\n", "utf-8")
    use = read_tickets([path], fields=["category", "team"]).columns
    assert use.misspelt == {"subjct": "subject", "labels.catgory": "labels.category"}
    assert list(read_tickets([path]).columns.read) == ["id", "body", "labels.catgory", "labels.team"]


def test_a_missing_column_is_named_with_the_one_that_is_probably_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Ticket-ID,body\n1,x\n", "utf-8")
    with pytest.raises(DataFileError, match="did you mean 'Ticket-ID' for 'ticket id'"):
        read_tickets([path], TicketColumns(id="ticket id"))
