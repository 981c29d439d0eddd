"""`triage train`, `finetune`, `predict` and `evaluate`: the commands that take files of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.wording import counted
from training.commands.files import More, SkipBad, names, say_read, say_skipped, warn, write_lines
from triage.commands import require_extra
from triage.commands.options import AsJson, Home, SettingsFile, print_json
from triage.commands.progress import Progress
from triage.settings import Settings, load_settings

if TYPE_CHECKING:
    from training.data.dataset import LoadedTickets

TicketFiles = Annotated[
    list[Path],
    typer.Option(
        "--tickets", metavar="FILE...", help="exports: JSON, JSONL, CSV, .xlsx, .eml, .mbox; also .gz"
    ),
]
IMPORTED_BY_EVERY_TRAINING = ("sklearn", "threadpoolctl")


def train(
    tickets: TicketFiles,
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
    """Train on past tickets; calibrate, choose thresholds and measure on held-out ones."""
    require_extra("train", IMPORTED_BY_EVERY_TRAINING)
    with Progress("training") as progress:
        from training.fitting.promotion import train_and_store
        from training.report import gate_failures, report_data, report_table

        settings = load_settings(settings_file, home=home)
        found = read_files([*tickets, *(more or [])], settings, progress, skip_bad=skip_bad)
        stored = train_and_store(found.tickets, settings, only=names(fields), force=force, progress=True)
    for warning in stored.trained.warnings:
        warn(warning)
    if stored.removed:
        typer.echo(f"removed older bundles (keep_bundles): {', '.join(stored.removed)}", err=True)
    if as_json:
        data = report_data(stored)
        print_json({**data, "warnings": [*found.warnings, *data["warnings"]]})
    else:
        print(report_table(stored))
    if gate_failures(stored):
        raise typer.Exit(1)


def finetune(
    tickets: TicketFiles,
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
    with Progress("tuning") as progress:
        from training.fitting.finetune import finetune as tune

        settings = load_settings(settings_file, home=home)
        found = read_files([*tickets, *(more or [])], settings, progress, skip_bad=skip_bad)
        tuned = tune(found.tickets, settings, out, field=field, minutes=minutes, progress=True)
    print(
        f"tuned on {counted(tuned.tickets, 'ticket')} with {counted(tuned.values, 'value')} of {tuned.field} "
        f'in {tuned.seconds:.0f} s: set second_encoder = "{tuned.folder}" in triage.toml, then run '
        "`triage train` with the same tickets"
    )


def predict(
    tickets: TicketFiles,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="JSONL, one line a ticket, also .gz")],
    more: More = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
) -> None:
    """Predict all fields of a file of tickets."""
    with Progress("predicting") as progress:
        from triage.pipeline.factory import open_engine
        from triage.pipeline.responses import prediction_response

        settings = load_settings(settings_file, home=home)
        found = read_files([*tickets, *(more or [])], settings, progress, labelled=False, skip_bad=skip_bad)
        results = open_engine(settings, cached=True).predict(found.tickets, progress=True)
        write_lines(out, (prediction_response(r).model_dump_json(exclude_none=True) for r in results))
    typer.echo(f"wrote {counted(len(found.tickets), 'prediction')} to {out}", err=True)


def evaluate(
    tickets: TicketFiles,
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
    require_extra("train", ("sklearn",))
    with Progress("evaluating") as progress:
        from training.metrics import evaluate as evaluate_results
        from training.metrics import first_of_copies, respell_labels, training_ids
        from training.report import evaluation_tables
        from triage.pipeline.factory import open_engine

        settings = load_settings(settings_file, home=home)
        found = read_files([*tickets, *(more or [])], settings, progress, skip_bad=skip_bad).tickets
        engine = open_engine(settings, cached=True, rules=rules)
        results = list(engine.predict(found, progress=True))
        counting = first_of_copies(results)
        respelt = respell_labels(found, engine.bundle.get())
        evaluations = evaluate_results([respelt[i] for i in counting], [results[i] for i in counting])
    if copies := len(found) - len(counting):
        typer.echo(
            f"{counted(copies, 'ticket')} {'is a copy' if copies == 1 else 'are copies'} of others; of each "
            "group one counts in the figures",
            err=True,
        )
    if known := training_ids(found, engine.bundle.get()):
        these = f"these {len(found):,} tickets" if len(found) > 1 else "1 ticket"
        warn(
            f"the bundle was trained on {len(known):,} of {these}, such as {known[0]}: "
            "it is more often right about them than about new ones; give tickets that it was not trained on"
        )
    if as_json:
        print_json({name: evaluation.as_dict() for name, evaluation in evaluations.items()})
    else:
        print(evaluation_tables(evaluations))


def read_files(
    paths: Sequence[Path], settings: Settings, progress: Progress, *, skip_bad: bool, labelled: bool = True
) -> LoadedTickets:
    from training.data.dataset import read_configured_tickets

    what = progress.what
    found = read_configured_tickets(
        paths,
        settings,
        labelled=labelled,
        skip_bad=skip_bad,
        progress=lambda done: progress.tell("records read", done),
    )
    progress.tell(what)
    say_read(found)
    say_skipped(found.skipped)
    return found
