"""The `triage` command. Each subcommand is one library call; progress goes to stderr, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from models.errors import InputError, TriageError
from triage.commands import token
from triage.commands.audit import audit
from triage.commands.data import data
from triage.commands.options import AsJson, Home, SettingsFile
from triage.commands.promise import promise
from triage.commands.promote import promote
from triage.settings import Settings, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(token.app, name="token")
app.add_typer(promise, name="promise")
app.command()(promote)
app.command()(audit)
app.add_typer(data, name="data")

SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Skip lines that cannot be read, and count them.")]
# An option takes one value; the files of `--tickets a.jsonl b.jsonl` after the first arrive as arguments.
More = Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", hidden=True)]


@app.callback()
def triage() -> None:
    """Predict the fields of support tickets, say how sure it is, and find the article that answers."""


@app.command()
def train(
    tickets: Annotated[
        list[Path], typer.Option("--tickets", metavar="FILE...", help="JSONL or CSV, also .gz")
    ],
    more: More = None,
    home: Home = None,
    fields: Annotated[str, typer.Option(help="Only these fields, separated by commas.")] = "",
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
    force: Annotated[
        bool, typer.Option("--force", help="Make the bundle current whatever the gate says.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Learn from past tickets; calibrate, set thresholds and measure on the later part of them."""
    from training.report import gate_failures, report_data, report_table
    from training.retrain import train_and_store

    settings = load_settings(settings_file, home=home)
    found = _read_tickets([*tickets, *(more or [])], settings, skip_bad=skip_bad)
    stored = train_and_store(found, settings, only=_names(fields), force=force, progress=True)
    for warning in stored.trained.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if as_json:
        _print_json(report_data(stored))
    else:
        print(report_table(stored))
    if gate_failures(stored):
        raise typer.Exit(1)


@app.command()
def finetune(
    tickets: Annotated[
        list[Path], typer.Option("--tickets", metavar="FILE...", help="JSONL or CSV, also .gz")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the tuned encoder is written.")],
    more: More = None,
    field: Annotated[
        str, typer.Option(help="Whose values are to lie apart. [default: the most values]")
    ] = "",
    minutes: Annotated[float, typer.Option(min=0.1, help="Tuning ends after so many.")] = 30.0,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
) -> None:
    """Tune the second encoder on your own tickets, for `triage train` with the same tickets."""
    from training.finetune import finetune as tune

    settings = load_settings(settings_file, home=home)
    found = _read_tickets([*tickets, *(more or [])], settings, skip_bad=skip_bad)
    tuned = tune(found, settings, out, field=field, minutes=minutes, progress=True)
    print(
        f"tuned on {tuned.tickets:,} tickets with {tuned.values:,} values of {tuned.field} in "
        f'{tuned.seconds:.0f} s: set second_encoder = "{tuned.folder}" in triage.toml, then run '
        "`triage train` with the same tickets"
    )


@app.command()
def predict(
    tickets: Annotated[
        list[Path], typer.Option("--tickets", metavar="FILE...", help="JSONL or CSV, also .gz")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    more: More = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
) -> None:
    """Predict all fields of a file of tickets."""
    from triage.answers import prediction_answer
    from triage.opening import open_engine

    settings = load_settings(settings_file, home=home)
    found = _read_tickets([*tickets, *(more or [])], settings, labelled=False, skip_bad=skip_bad)
    results = open_engine(settings, cached=True).predict(found, progress=True)
    _write_lines(out, (prediction_answer(r).model_dump_json(exclude_none=True) for r in results))


@app.command()
def evaluate(
    tickets: Annotated[
        list[Path], typer.Option("--tickets", metavar="FILE...", help="JSONL or CSV, also .gz")
    ],
    more: More = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="Measure the answers after matrix, rules and guards.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the models' predictions with the tickets' labels, by field, class, language and month."""
    from training.evaluate import as_learnt
    from training.evaluate import evaluate as evaluate_results
    from training.report import evaluation_tables
    from triage.opening import open_engine

    settings = load_settings(settings_file, home=home)
    found = _read_tickets([*tickets, *(more or [])], settings, skip_bad=skip_bad)
    engine = open_engine(settings, cached=True, rules=rules)
    results = list(engine.predict(found, progress=True))
    evaluations = evaluate_results(as_learnt(found, engine.bundle), results)
    if as_json:
        _print_json({name: evaluation.as_dict() for name, evaluation in evaluations.items()})
    else:
        print(evaluation_tables(evaluations))


@app.command()
def index(
    articles: Annotated[
        list[Path] | None,
        typer.Option("--articles", metavar="FILE_OR_FOLDER...", help="Markdown folder, JSONL or CSV"),
    ] = None,
    more: More = None,
    tickets: Annotated[
        list[Path] | None,
        typer.Option("--tickets", metavar="FILE...", help="JSONL: past tickets with their solution"),
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="ID...", help="Take articles out, by id.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start from scratch: keep nothing but these articles.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
    judged: Annotated[
        Path | None,
        typer.Option("--judged", metavar="FILE", help="JSONL: query, language?, article_id or null"),
    ] = None,
) -> None:
    """Make the knowledge base equal to its files and folders; only what changed is encoded."""
    from kb_index.loaders import load_articles, load_solved_tickets
    from models.language import LanguageDetector
    from training.judged import bars_line, judge, read_judged
    from triage.opening import open_articles, open_settings_encoder
    from triage.redaction import open_redaction

    settings = load_settings(settings_file, home=home)
    given = sum(map(bool, (articles, tickets, remove)))
    if given != (0 if judged and not given else 1) or (rebuild and not (articles or tickets)):
        raise InputError(
            "expected one of --articles FILE_OR_FOLDER…, --tickets FILE… and --remove ID…, or --judged FILE"
        )
    questions = [] if judged is None else read_judged(judged)
    store = open_articles(settings, cached=True)
    if remove:
        ids = [*remove, *map(str, more or [])]
        synced = store.remove(ids)
        for missing in sorted(set(ids) - set(synced.removed)):
            typer.echo(f"there is no article {missing!r}", err=True)
        _say_synced(synced)
    elif articles or tickets:
        paths = [*(articles or tickets or []), *(more or [])]
        loaded = (
            load_articles(paths, skip_bad=skip_bad)
            if articles
            else load_solved_tickets(paths, skip_bad=skip_bad, redact=open_redaction(settings.privacy))
        )
        _say_skipped(loaded.skipped)
        _say_synced((store.rebuild if rebuild else store.sync)(loaded.sources, progress=True))
        typer.echo(f"vectors of passages: {store.layout}", err=True)
    if judged is not None:
        encoder = open_settings_encoder(settings, cached=True)
        fitted = judge(store.knowledge_base(), encoder, LanguageDetector(settings.languages), questions)
        store.set_bars(fitted.bars)
        print(bars_line(fitted))


@app.command()
def search(
    queries: Annotated[Path, typer.Option("--queries", metavar="FILE", help="JSONL: id, text, language?")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a query, also .gz")],
    home: Home = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many articles a query.")] = 10,
    languages: Annotated[
        str, typer.Option(help="Only articles in these languages, separated by commas.")
    ] = "",
    settings_file: SettingsFile = None,
) -> None:
    """Search the knowledge base for each query of a file."""
    from kb_index.queries import read_queries
    from triage.answers import search_answer
    from triage.opening import open_engine

    settings = load_settings(settings_file, home=home)
    found = read_queries(queries)
    engine = open_engine(settings, cached=True)
    hits = engine.search_many(found, k=k, languages=_names(languages), progress=True)
    bar = engine.bars.portal
    _write_lines(
        out, (search_answer(q.id, h, bar).model_dump_json() for q, h in zip(found, hits, strict=True))
    )


@app.command()
def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on. [default: 8080]")] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Load a bundle also where it is a link out of the home.")
    ] = False,
    settings_file: SettingsFile = None,
) -> None:
    """Serve the HTTP interface and the page."""
    from serve import serve as serve_http
    from triage.commands.opening import before_serving

    settings = load_settings(settings_file, home=home)
    options = (("host", host), ("port", port), ("trust_outside", trust or None))
    given = {name: value for name, value in options if value is not None}
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=given)})
    before_serving(settings)
    serve_http(settings)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; an expected error is one line on stderr and exit code 2."""
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="triage")
    except TriageError as error:
        typer.echo(f"triage: {error.message}", err=True)
        sys.exit(2)


def _read_tickets(
    paths: Sequence[Path], settings: Settings, *, skip_bad: bool, labelled: bool = True
) -> list[Any]:
    from training.dataset import read_tickets

    tag_fields = {name for name, field in settings.fields.items() if field.kind == "tags"}
    found = read_tickets(paths, settings.tickets, tag_fields=tag_fields, labelled=labelled, skip_bad=skip_bad)
    _say_skipped(found.skipped)
    return found.tickets


def _say_synced(synced: Any) -> None:
    print(
        f"{len(synced.added):,} added, {len(synced.changed):,} changed, "
        f"{len(synced.removed):,} removed, {synced.unchanged:,} unchanged"
    )


def _say_skipped(skipped: Sequence[str]) -> None:
    for message in skipped[:20]:
        typer.echo(f"skipped: {message}", err=True)
    if skipped:
        typer.echo(f"skipped {len(skipped)} lines in all", err=True)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    from models.folder import new_text_file, storage_errors

    if path.exists() and not path.is_file():  # a pipe or a terminal: nothing that a file could replace
        with storage_errors(path), path.open("w", encoding="utf-8") as pipe:
            pipe.writelines(line + "\n" for line in lines)
        return
    # What a link such as /dev/stdout points to is meant, not the link.
    with new_text_file(path.resolve()) as stream:
        stream.writelines(line + "\n" for line in lines)


if __name__ == "__main__":
    main()
