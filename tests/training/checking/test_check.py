"""`triage check`: what files of tickets hold, before anything is trained."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import pytest

from cli import main
from training.checking.scales import ascending
from training.data.dataset import read_tickets
from triage.settings import load_settings

SAMPLES = Path(__file__).resolve().parents[1] / "exports" / "samples"


def check(*arguments: object) -> int:
    with pytest.raises(SystemExit) as done:
        main(["check", *(str(argument) for argument in arguments)])
    return int(done.value.code or 0)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def data(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    assert check(*arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_the_draft_is_valid_and_with_it_the_file_is_read_as_the_check_said(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = data(capsys, SAMPLES / name, "--write")
    drafted = Path("triage.toml").read_text("utf-8")
    assert drafted == found["draft"]
    settings = load_settings()
    assert settings.tickets.labels
    read = read_tickets(
        [SAMPLES / name], settings.tickets, fields=settings.fields, tag_fields=settings.tag_fields()
    )
    assert len(read.tickets) == found["tickets"] == 27
    assert {label for ticket in read.tickets for label in ticket.labels} >= found["fields"].keys()
    again = data(capsys, SAMPLES / name)
    assert again["examples"][0]["after"] == found["examples"][0]["after"]


def test_write_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("triage.toml").write_text('languages = ["en"]\n', "utf-8")
    assert check(SAMPLES / "zoho.csv", "--write") == 2
    assert "triage.toml is there already, and nothing is written" in capsys.readouterr().err
    assert Path("triage.toml").read_text("utf-8") == 'languages = ["en"]\n'
    assert check(SAMPLES / "zoho.csv", "--write", "--settings", "other.toml") == 0
    assert tomllib.loads(Path("other.toml").read_text("utf-8"))["tickets"]["format"] == "zoho"


def test_a_file_is_described_by_examples_values_languages_dates_and_what_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check(SAMPLES / "zendesk.json") == 0
    told = capsys.readouterr().out
    for part in (
        "30 records read, 27 tickets understood",
        "read as an export of Zendesk",
        "as it came:",
        "as it is read:",
        "team (from 'group.name', 'group_id', 'group.id'): 27 tickets, 3 values",
        "en 59%, de 26%, fr 15%",
        "2026-03-03 to 2026-03-29",
        "1: merged into another ticket",
        "1: opened by an agent",
        "What to write into triage.toml",
    ):
        assert part in told, part
    example = told.split("as it is read:")[1].split("values:")[0]
    assert "<div" not in example


def test_an_object_that_a_field_is_read_from_is_not_listed_as_left_over(
    capsys: pytest.CaptureFixture[str],
) -> None:
    drafted = data(capsys, SAMPLES / "zendesk.json")["draft"]
    assert 'team = "group.name"' in drafted
    assert "#   submitter.role: " not in drafted  # it says who wrote, as Richtung does
    assert "#   group: " not in drafted


def test_personal_data_in_the_examples_is_redacted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {
            "id": n,
            "subject": "Call me",
            "body": "I am eva.lind@example.com, please call +358 40 1234567.",
        }
        for n in range(4)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert check(path) == 0
    told = capsys.readouterr().out
    assert "eva.lind" not in told
    assert "1234567" not in told
    assert "3 tickets repeat the subject and text of an earlier one" in told


def table(tmp_path: Path, header: list[str], *rows: list[str]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = tmp_path / "export.csv"
    path.write_text(text.getvalue(), "utf-8")
    return path


def test_an_unknown_table_gets_a_draft_with_its_columns_its_fields_and_what_is_left_to_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        [
            *(
                f"C{n}",
                f"0{1 + n % 9}-0{1 + n % 7}-2025 10:15",
                "Lock",
                f"The lock number {n} is stuck again",
            ),
            *("ABC"[n % 3], ("P1", "P2", "P3")[n % 3], ("North", "South")[n % 2]),
            *("[]" if n % 2 else '["vip"]', "-"),
        ]
        for n in range(30)
    ]
    texts = ["Case Number", "Opened", "Headline", "Message"]
    names = [*texts, "Assigned Group", "Priority", "Region", "Tags", "Note"]
    found = data(capsys, table(tmp_path, names, *rows))
    drafted = tomllib.loads(found["draft"])
    assert drafted["tickets"] == {
        "id": "Case Number",
        "subject": "Headline",
        "body": "Message",
        "created_at": "Opened",
        "date_format": "%d-%m-%Y %H:%M",
        "labels": {"team": "Assigned Group", "priority": "Priority", "tags": "Tags"},
    }
    assert drafted["fields"]["priority"] == {"kind": "ordinal", "values": ["P3", "P2", "P1"]}
    assert drafted["fields"]["tags"] == {"kind": "tags"}
    assert "#   Region: North, South" in found["draft"]
    assert any("may begin with the day or with the month" in warning for warning in found["warnings"])
    assert found["dates"]["dated"] == 0


def test_tags_behind_another_separator_are_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("triage.toml").write_text('[fields.tags]\nkind = "tags"\n', "utf-8")
    rows = [
        [str(n), "Lock", f"The lock {n} is stuck", ("vip,b2b", "vip", "old,b2b")[n % 3]] for n in range(12)
    ]
    path = table(tmp_path, ["id", "subject", "body", "tags"], *rows)
    assert 'separator = ","' in data(capsys, path)["draft"]
    assert check(path) == 0
    assert "tags seem to be separated by ','" in capsys.readouterr().out


def test_broken_lines_are_listed_and_do_not_end_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "body": "a b c"}\n{"id": 2, "body"\n{"id": 3}\n', "utf-8")
    found = data(capsys, path)
    assert (found["records"], found["tickets"]) == (3, 2)
    assert "line 2" in found["unreadable"][0]
    assert found["left_out"] == {"without subject and text": 1, "lines that cannot be read": 1}


def test_a_file_that_cannot_be_understood_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path / "none.csv") == 2
    assert "there is no file" in capsys.readouterr().err
    assert check(table(tmp_path, ["a", "b"], ["1", "2"])) == 2
    assert "no column 'subject' and no column 'body'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["Urgent", "low", "Normal"], ["low", "Normal", "Urgent"]),
        (["1 - Critical", "4 - Low", "3 - Moderate"], ["4 - Low", "3 - Moderate", "1 - Critical"]),
        (["Sev 1", "Sev 3"], ["Sev 3", "Sev 1"]),
        (["Haute", "Basse", "Moyenne"], ["Basse", "Moyenne", "Haute"]),
        (["1", "2"], None),
        (["High", "Hoch"], None),
        (["low", "purple"], None),
    ],
)
def test_a_scale_is_ordered_only_where_every_value_is_known(
    values: list[str], expected: list[str] | None
) -> None:
    assert ascending(values) == expected


def test_articles_are_told_from_tickets_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    (folder / "de").mkdir(parents=True)
    (folder / "one.md").write_text("# Reset the lock\n\nPress it for five seconds.\n", "utf-8")
    (folder / "three.md").write_text("---\ndraft: true\n---\n# Soon\n\nNot yet.\n", "utf-8")
    (folder / "two.md").write_text("---\nvisibility: internal\n---\n# Refunds\n\nAsk the office.\n", "utf-8")
    found = data(capsys, folder)
    assert (found["kind"], found["articles"]) == ("articles", 2)
    assert found["visibility"] == {"public": 1, "internal": 1}
    assert found["left_out"] == {"draft": 1}
    center = tmp_path / "center.json"
    center.write_text(
        json.dumps({"articles": [{"id": 1, "title": "a", "body": "<p>b</p>", "locale": "de"}]}), "utf-8"
    )
    assert data(capsys, center)["languages"] == {"de": 1}
    listed = tmp_path / "articles.jsonl"
    article = {
        "id": "a",
        "title": "Reset",
        "body": "Press it.",
        "language": "en",
        "visibility": "public",
        "url": "u",
    }
    listed.write_text(json.dumps(article) + "\n{broken\n", "utf-8")
    assert check(listed) == 0
    told = capsys.readouterr().out
    assert "read 1 article: 1 en; 1 public" in told
    assert "line 2" in told
    assert check(listed, SAMPLES / "zoho.csv") == 2
    assert "check them one after the other" in capsys.readouterr().err


def test_files_of_two_forms_are_told_apart_and_nothing_is_drafted_for_both(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = SAMPLES / "zoho.csv", SAMPLES / "freshdesk.json"
    assert check(*files) == 0
    told = capsys.readouterr().out
    assert "zoho.csv: an export of Zoho Desk" in told
    assert "freshdesk.json: an export of Freshdesk" in told
    assert "What to write into" not in told
    assert check(*files, "--write") == 2
    assert "the files have different forms" in capsys.readouterr().err
    assert not Path("triage.toml").exists()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.jsonl", '{"id": 2, "subject": "Gate", "mail": Anna.Brask@mail.example, "body": "x"}'),
        ("a.jsonl", '{"id": 2, "subject": "Anna Brask, +49 30 1234567'),
        ("a.jsonl", '{"Anna Brask" "Anna.Brask@mail.example"}'),
        ("a.jsonl", "Anna Brask <Anna.Brask@mail.example> wrote:"),
        ("a.json", '{"id": 2, "subject": "Gate" Anna Brask}'),
        ("a.jsonl", '{"id": 3, "body": "Tür"}\n{"id": 2, "subject": "Gate", "body": "Anna Brask \udcfc"}'),
        ("a.jsonl", '{"id": 2, "subject": "Gate", "created_at": "Anna.Brask@mail.example"}'),
        ("a.jsonl", '{"id": 2, "subject": "Gate", "is_machine": "Anna.Brask@mail.example"}'),
        ("a.jsonl", '{"id": 2, "subject": "Gate", "labels": {"team": {"name": "Anna Brask"}}}'),
        ("articles.jsonl", '{"id": "a", "title": "Gate", "visibility": "Anna Brask"'),
        ("articles.jsonl", '{"id": "a", "title": "Gate", "language": "Anna.Brask@mail.example"}'),
        ("articles.jsonl", '{"id": "a", "title": "Gate", "updated_at": "x Anna.Brask@mail.example"}'),
        ("articles.jsonl", '{"id": "a", "title": "Gate", "viewable_by": ["Anna.Brask@mail.example"]}'),
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_place_and_kind_without_its_words(
    name: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (
        {"id": "b", "title": "Lamp", "body": "Press it.", "visibility": "public", "language": "en"}
        if name.startswith("articles")
        else {"id": 1, "subject": "Lamp", "body": "It is dark here since noon.", "created_at": "2026-01-05"}
    )
    text = f"{json.dumps(first)}\n{line}\n"
    text = f"[{text.replace(chr(10), ',', 1)}]" if name == "a.json" else text
    Path(name).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert check(name) == 0
    told = "".join(capsys.readouterr())
    assert "Lamp" in told or "read 1 article" in told or "read 2 articles" in told
    assert "2" in told
    for word in ("Anna", "Brask", "mail.example", "1234567"):
        assert word not in told


@pytest.mark.parametrize(
    ("name", "text"), [("a.csv", "id,subject,body,team\n"), ("a.json", "[]"), ("a.jsonl", "\n")]
)
def test_a_file_without_tickets_says_what_to_do_and_drafts_nothing(
    name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_text(text, "utf-8")
    assert check(name) == 0
    told = capsys.readouterr().out
    assert "there are no tickets in it: export them again" in told
    assert "What to write into" not in told
    assert check(name, "--write") == 2
    assert "there are no tickets in the files: nothing is written" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["tickets.csv", "tickets.json", "tickets.jsonl"])
def test_a_file_without_text_is_refused_and_none_of_it_is_shown(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_bytes(bytes(range(256)) * 20)
    assert check(name) == 2
    told = capsys.readouterr().err.strip()
    assert "holds binary data: expected tickets as" in told
    assert told.isprintable()


def test_options_say_what_files_are_that_look_like_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    record = {"id": 1, "title": "Gate", "body": "It is stuck since noon."}
    Path("a.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    Path("b.jsonl").write_text(json.dumps(record | {"id": 2, "team": "gates"}) + "\n", "utf-8")
    assert data(capsys, "a.jsonl")["kind"] == "articles"
    assert data(capsys, "--tickets", "a.jsonl")["kind"] == "tickets"
    assert data(capsys, "b.jsonl")["kind"] == "tickets"
    assert data(capsys, "--articles", "b.jsonl")["kind"] == "articles"
    assert check("a.jsonl", "b.jsonl") == 2
    assert "say with --articles or --tickets what they are" in capsys.readouterr().err
    assert data(capsys, "a.jsonl", "b.jsonl", "--articles")["articles"] == 2
    assert check("a.jsonl", "--articles", "--tickets") == 2


def test_a_text_that_is_not_decided_is_drafted_as_a_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        [
            str(n),
            "Pump",
            f"The pump rattles since {n} days and nights",
            f"It should be quiet in room {n}",
            "AB"[n % 2],
        ]
        for n in range(12)
    ]
    path = table(tmp_path, ["id", "subject", "What happens", "What was expected", "Team"], *rows)
    assert check(path, "--write") == 2
    assert "'What happens'" in capsys.readouterr().err
    drafted = Path("triage.toml").read_text("utf-8")
    assert tomllib.loads(drafted)["tickets"]["labels"] == {"team": "Team"}
    assert check(path) == 2
    Path("triage.toml").write_text(
        drafted.replace('# body = "What happens"', 'body = "What happens"'), "utf-8"
    )
    capsys.readouterr()
    assert "The pump rattles since" in json.dumps(data(capsys, path)["examples"])


def test_a_link_out_of_a_folder_is_told_with_what_index_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "lamp.md").write_text("# Lamp\nOpen the cover.", "utf-8")
    (tmp_path / "other.md").write_text("# Other\nA text.", "utf-8")
    (tmp_path / "pages" / "other.md").symlink_to(tmp_path / "other.md")
    assert check(tmp_path / "pages") == 0
    told = capsys.readouterr().out
    assert "`triage index` refuses these and indexes nothing" in told
    assert "other.md: is a link that leads out of the folder" in told
