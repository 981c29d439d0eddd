"""The command line as its users call it, from export to predictions and search results."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli import main
from kb_index.search.filters import Filters
from kb_index.search.query import Query
from models.storage.artifact import MANIFEST
from triage.pipeline.factory import open_engine
from triage.settings import Settings

SAMPLE = Path(__file__).resolve().parents[3] / "examples" / "rullamo"
EXPORTS = Path(__file__).resolve().parents[2] / "kb_index" / "articles" / "exports"


def run(*arguments: object) -> int:
    """Run `triage …` within this process and return its exit code."""
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in arguments])
    return int(done.value.code or 0)


def lines(path: Path) -> list[dict]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def small_tickets(tmp_path: Path) -> Path:
    """The first 120 tickets of the sample helpdesk."""
    path = tmp_path / "tickets.jsonl"
    all_lines = (SAMPLE / "tickets.jsonl").read_text("utf-8").splitlines()
    path.write_text("\n".join(all_lines[:120]) + "\n", "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, sample_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that shares the unpacked encoder and the cached embeddings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_ENCODER_DIR", str(sample_settings.encoder_folder))
    home = tmp_path / "home"
    home.mkdir()
    (home / "cache").symlink_to(sample_settings.cache_folder)
    return home


def test_finetune_says_how_many_tickets_it_takes(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = home / "ours"
    assert run("finetune", "--tickets", small_tickets, "--out", out, "--home", home) == 2
    assert "found 120 tickets, expected at least 7,500" in capsys.readouterr().err
    assert not out.exists()


def test_train_predict_and_evaluate(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category,tags") == 0
    table = capsys.readouterr().out
    assert "category" in table
    assert "majority" in table
    assert "is current" in table

    out = home / "predictions.jsonl.gz"
    assert run("predict", "--tickets", small_tickets, "--out", out, "--home", home) == 0
    assert f"wrote 120 predictions to {out}" in capsys.readouterr().err
    predictions = lines(out)
    tickets = lines(small_tickets)
    assert [p["id"] for p in predictions] == [t["id"] for t in tickets]
    first = predictions[0]
    assert set(first) == {"id", "language", "fields", "novelty"}
    assert set(first["language"]) == {"code", "confidence"}
    assert set(first["fields"]) == {"category", "tags"}
    assert set(first["fields"]["category"]) >= {"value", "confidence", "action", "alternatives", "reasons"}
    assert isinstance(first["fields"]["tags"]["value"], list)
    assert set(first["novelty"]) == {"is_novel", "score"}

    pipe = home / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        piped = reader.submit(lines, pipe)
        assert run("predict", "--tickets", small_tickets, "--out", pipe, "--home", home) == 0
    assert piped.result() == predictions
    assert pipe.is_fifo()

    capsys.readouterr()
    assert run("evaluate", "--tickets", small_tickets, "--home", home, "--json") == 0
    printed = capsys.readouterr()
    assert "warning: the bundle was trained on 120 of these 120 tickets, such as RUL-" in printed.err
    evaluation = json.loads(printed.out)
    assert evaluation["category"]["accuracy"] > evaluation["category"]["majority"]
    assert {"by_class", "by_language", "by_month"} <= set(evaluation["category"])
    assert run("evaluate", "--tickets", small_tickets, "--home", home) == 0
    tables = capsys.readouterr().out
    assert "category by language" in tables
    by_class = tables.split("tags by class")[1].split("\n\n")[0]
    assert "majority" not in by_class
    named = {tag for ticket in tickets for tag in ticket["labels"].get("tags", [])}
    assert {line.split("  ")[0] for line in by_class.strip().splitlines()[1:]} <= named | {"(none)"}

    twice = home / "twice.jsonl"
    again = [{**ticket, "id": f"{ticket['id']}-again"} for ticket in tickets[:20]]
    twice.write_text("".join(json.dumps(ticket) + "\n" for ticket in [*tickets, *again]))
    assert run("evaluate", "--tickets", twice, "--home", home) == 0
    told = capsys.readouterr()
    assert told.out == tables
    assert "tickets are copies of others; of each group one counts" in told.err

    newer = home / "newer.jsonl"
    newer.write_text(
        "".join((SAMPLE / "tickets.jsonl").read_text("utf-8").splitlines(keepends=True)[120:150])
    )
    assert run("evaluate", "--tickets", newer, "--home", home) == 0
    assert "warning" not in capsys.readouterr().err


def test_older_bundles_make_room_but_the_way_back_stays(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_KEEP_BUNDLES", "1")
    for _ in range(3):
        assert (
            run("train", "--tickets", small_tickets, "--home", home, "--fields", "category", "--force") == 0
        )
    first, second, third = (home / "models" / "history").read_text("utf-8").split()
    assert f"removed older bundles (keep_bundles): {first}" in capsys.readouterr().err
    assert {path.name for path in (home / "models").iterdir() if path.is_dir()} == {second, third}
    assert run("promote", second, "--home", home) == 0


def test_rules_are_in_predictions_and_only_on_demand_in_the_evaluation(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "triage.toml").write_text(
        "[fields.category]\n[[rules]]\nname = 'all the same'\nset = {category = 'other'}\n"
        "[[sla.targets]]\nname = 'all'\nfirst_response = '4h'\n",
        "utf-8",
    )
    assert run("train", "--tickets", small_tickets, "--home", home) == 0
    out = home / "predictions.jsonl"
    assert run("predict", "--tickets", small_tickets, "--out", out, "--home", home) == 0
    first = lines(out)[0]
    assert first["fields"]["category"]["value"] == "other"
    assert first["rules"] == ["all the same"]
    assert first["sla"] == {"target": "all", "first_response_due": "2025-10-04T13:40:00+00:00"}

    def accuracy(*options: str) -> float:
        capsys.readouterr()
        assert run("evaluate", "--tickets", small_tickets, "--home", home, "--json", *options) == 0
        return json.loads(capsys.readouterr().out)["category"]["accuracy"]

    assert accuracy() > 0.5 > accuracy("--rules")


def test_doubtful_labels_are_merged_and_told_on_stderr_in_json_and_in_the_bundle(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tickets = lines(small_tickets)
    spelt = tickets[3]["labels"]["category"]
    tickets[3]["labels"]["category"] = f" {spelt.upper()} "
    small_tickets.write_text("\n".join(map(json.dumps, tickets)), "utf-8")
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category", "--json") == 0
    told = capsys.readouterr()
    report = json.loads(told.out)
    (warning,) = [w for w in report["warnings"] if "spellings" in w]
    assert f"'{spelt.upper()}' (1) as '{spelt}'" in warning
    assert f"warning: {warning}" in told.err
    bundle = home / "models" / (home / "models" / "current").read_text("utf-8").strip()
    assert warning in json.loads((bundle / MANIFEST).read_text("utf-8"))["metadata"]["warnings"]
    category = report["fields"]["category"]
    assert category["own_bars"] == category["value_thresholds"], "the old name stays for one version"
    assert report["losses"] == report["regressions"] == {}


def test_predict_imports_nothing_that_only_training_needs(sample_settings: Settings, tmp_path: Path) -> None:
    out = tmp_path / "predictions.jsonl"
    tickets = SAMPLE / "tickets.jsonl"
    script = (
        "import sys; from cli import main\n"
        f"try: main(['predict', '--tickets', {str(tickets)!r}, '--out', {str(out)!r}, '--home', "
        f"{str(sample_settings.home)!r}])\n"
        "except SystemExit as done: assert not done.code\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert lines(out)
    assert set(ran.stdout.split()) & {"sklearn", "scipy.optimize", "torch", "sentence_transformers"} == set()


def test_several_files_after_one_option_are_read(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    all_lines = small_tickets.read_text("utf-8").splitlines()
    parts = [home / "a.jsonl", home / "b.jsonl"]
    parts[0].write_text("\n".join(all_lines[:60]), "utf-8")
    parts[1].write_text("\n".join(all_lines[60:]), "utf-8")
    assert run("train", "--tickets", *parts, "--home", home, "--fields", "category", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["tickets"] == 120
    assert report["current"] is True


def test_index_and_search(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replies = home / "replies.jsonl"
    replies.write_bytes((SAMPLE / "replies.jsonl").read_bytes())
    index = ("index", "--articles", SAMPLE / "articles", replies, "--home", home)
    assert run(*index) == 0
    assert capsys.readouterr().out == "162 added, 0 changed, 0 removed, 0 unchanged\n"
    first, second, *others = lines(replies)
    kept = [first | {"body": "We ordered a new one."}, *others]
    replies.write_text("\n".join(map(json.dumps, kept)), "utf-8")
    assert run(*index) == 0
    assert capsys.readouterr().out == "0 added, 1 changed, 1 removed, 160 unchanged\n"
    assert run("index", "--remove", first["id"], second["id"], "--home", home) == 0
    removed = capsys.readouterr()
    assert removed.out == "0 added, 0 changed, 1 removed, 0 unchanged\n"
    assert f"there is no article {second['id']!r}" in removed.err
    assert run(*index, "--rebuild") == 0
    assert capsys.readouterr().out == "161 added, 0 changed, 0 removed, 0 unchanged\n"
    queries = home / "queries.jsonl"
    queries.write_text(
        '{"id": "1", "text": "battery does not charge", "language": "en"}\n{"id": "2", "text": "koppeln"}\n',
        "utf-8",
    )
    out = home / "results.jsonl"
    assert (
        run("search", "--queries", queries, "--out", out, "--home", home, "-k", 3, "--languages", "de,en")
        == 0
    )
    first, second = lines(out)
    assert set(first) == {"id", "answerable", "confidence", "results"}
    assert set(first["results"][0]) == {"article_id", "score", "confidence", "language", "snippet"}
    assert first["results"][0]["article_id"] == "battery-not-charging"
    assert len(first["results"]) == 3
    assert {r["language"] for r in second["results"]} <= {"de", "en"}


def test_exports_are_indexed_without_their_drafts_and_customers_find_what_they_may_read(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The wiki's pages have the same ids in both of its exports.
    exports = sorted(path for path in EXPORTS.iterdir() if path.name != "mediawiki-api.json")
    assert run("index", "--articles", *exports, "--home", home) == 0
    said = capsys.readouterr()
    assert said.out.endswith(" added, 0 changed, 0 removed, 0 unchanged\n")
    assert "that are not published (" in said.err
    assert "lists of pages that a wiki's export begins with were passed over (1)" in said.err
    engine = open_engine(Settings(home=home), cached=True)
    articles = engine.articles.get().articles(limit=500)
    queries = {
        "How do I pair the floor lamp?": "360012300001",
        "The floor lamp blinks red, what now?": "360012300001",
        "change delivery address": "41",
        "which cleaner for a paper shade": "22001",
        "which battery does it take": "Change-the-battery_72.html",
        "reset the bridge by curl": "7001",
    }
    public = Filters(visibility=frozenset({"public"}))
    for text, expected in queries.items():
        [embedding] = engine.encoder.encode([text])
        hits = engine.search(Query(text, embedding, k=3, language="en", filters=public))
        assert expected in [hit.article.id for hit in hits], text
    hidden = ("129 euro", "two rings", "Three for two", "sings", "Gift cards will", "autumn", "in May")
    assert not [a.id for a in articles if any(text in a.body for text in hidden)]
    staff = ("40 euro", "40 Euro", "hotline", "Dealers get", "4411", "behind the door", "on the board")
    internal = [a for a in articles if any(text in a.body for text in staff)]
    assert len(internal) == len(staff)
    assert {a.visibility for a in internal} == {"internal"}


def test_judged_queries_set_the_thresholds_or_say_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judged = home / "judged.jsonl"
    judged.write_text('{"query": "battery does not charge", "article_id": "battery-not-charging"}\n', "utf-8")
    index = ("index", "--articles", SAMPLE / "articles", "--home", home, "--judged", judged)
    assert run(*index) == 0
    assert "thresholds: portal 0.60, the default" in capsys.readouterr().out
    judged.write_text('{"query": "battery", "article_id": "no-such-article"}\n', "utf-8")
    assert run(*index) == 2
    assert "'no-such-article', said to answer 'battery', is not in the index" in capsys.readouterr().err


def test_a_broken_line_is_named_and_skip_bad_goes_on_and_counts(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_tickets.open("a", encoding="utf-8") as stream:
        stream.write('{"id": "broken\n')
    arguments = ("train", "--tickets", small_tickets, "--home", home, "--fields", "category")
    assert run(*arguments) == 2
    assert "line 121" in capsys.readouterr().err
    assert not (home / "models").exists()
    assert run(*arguments, "--skip-bad") == 0
    assert "skipped 1 line in all" in capsys.readouterr().err


def test_one_class_is_refused_and_nothing_is_written(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = [ticket | {"labels": {"category": "one"}} for ticket in lines(small_tickets)]
    small_tickets.write_text("\n".join(map(json.dumps, same)), "utf-8")
    assert run("train", "--tickets", small_tickets, "--home", home) == 2
    assert "only the value 'one'" in capsys.readouterr().err
    assert not (home / "models").exists()


def test_without_a_bundle_or_index_the_commands_say_what_to_run(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("predict", "--tickets", small_tickets, "--out", home / "out.jsonl", "--home", home) == 2
    assert "triage train" in capsys.readouterr().err
    assert not (home / "out.jsonl").exists()
    queries = home / "queries.jsonl"
    queries.write_text('{"id": "1", "text": "a"}\n', "utf-8")
    assert run("search", "--queries", queries, "--out", home / "out.jsonl", "--home", home) == 2
    assert "triage index" in capsys.readouterr().err


def test_a_worse_challenger_is_stored_but_not_made_current(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category") == 0
    before = (home / "models" / "current").read_text("utf-8")
    tickets = lines(small_tickets)
    values = [t["labels"].get("category", "other") for t in tickets]
    wrong = [t | {"labels": {"category": values[(i * 31 + 17) % len(values)]}} for i, t in enumerate(tickets)]
    small_tickets.write_text("\n".join(map(json.dumps, wrong)), "utf-8")
    capsys.readouterr()
    assert run("train", "--tickets", small_tickets, "--home", home) == 1
    told = capsys.readouterr().out
    assert "NOT current: category accuracy fell" in told
    assert (home / "models" / "current").read_text("utf-8") == before
    challenger = told.split("`triage promote ")[1].split("`")[0]
    assert run("promote", challenger, "--home", home) == 0
    assert (home / "models" / "current").read_text("utf-8").strip() == challenger


def test_one_changed_byte_in_a_bundle_is_refused(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category") == 0
    bundle = home / "models" / (home / "models" / "current").read_text("utf-8").strip()
    stored = bundle / "models.0.linear.weights.npy"
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(content)
    assert run("predict", "--tickets", small_tickets, "--out", home / "out.jsonl", "--home", home) == 2
    assert "models.0.linear.weights.npy was changed" in capsys.readouterr().err


def test_a_bundle_of_another_encoder_is_refused(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category") == 0
    bundle = home / "models" / (home / "models" / "current").read_text("utf-8").strip()
    manifest = json.loads((bundle / MANIFEST).read_text("utf-8"))
    manifest["metadata"]["encoder"] = "another"
    (bundle / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    assert run("predict", "--tickets", small_tickets, "--out", home / "out.jsonl", "--home", home) == 2
    told = capsys.readouterr().err
    assert "trained with the encoder 'another'" in told
    assert "triage train" in told


def test_train_says_which_columns_it_read_and_warns_of_a_misspelt_one(
    home: Path, small_tickets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = small_tickets.read_text("utf-8").replace('"channel"', '"chanel"')
    small_tickets.write_text(renamed, "utf-8")
    assert run("train", "--tickets", small_tickets, "--home", home, "--fields", "category") == 0
    [line] = [line for line in capsys.readouterr().err.splitlines() if "columns read" in line]
    assert line.startswith("warning: columns read: id, subject, body, language, created_at")
    assert "chanel (did you mean channel?)" in line


@pytest.mark.parametrize(
    ("command", "usage"),
    [
        ("train", "triage train [OPTIONS] --tickets FILE [FILE]..."),
        ("predict", "triage predict [OPTIONS] --out FILE --tickets FILE [FILE]..."),
        ("search", "triage search [OPTIONS] --queries FILE --out FILE"),
        ("check", "triage check [OPTIONS] {FILE}..."),
    ],
)
def test_a_usage_line_shows_what_a_command_cannot_do_without(
    command: str, usage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command])
    assert f"Usage: {usage}\n" in capsys.readouterr().err
