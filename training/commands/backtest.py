"""`triage backtest`: what would have been done with past tickets, had the service run when they came."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from training.commands.files import More, SkipBad, names
from training.commands.tickets import IMPORTED_BY_EVERY_TRAINING, TicketFiles, read_files
from triage.commands import require_extra
from triage.commands.options import Home, SettingsFile
from triage.commands.progress import Progress
from triage.settings import load_settings

_DATE_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]


def backtest(
    tickets: TicketFiles,
    more: More = None,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            metavar="DATE",
            formats=_DATE_FORMATS,
            help="Train on what was filed before this date (UTC), replay the rest. [default: two thirds]",
        ),
    ] = None,
    retrain: Annotated[
        Literal["never", "monthly"], typer.Option("--retrain", help="Train again on each first of a month.")
    ] = "never",
    fields: Annotated[str, typer.Option(help="Only these fields, separated by commas.")] = "",
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures for programs.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE", help="Write a page (HTML) for people.")
    ] = None,
    home: Home = None,
    settings_file: SettingsFile = None,
    skip_bad: SkipBad = False,
) -> None:
    """Replay past tickets: what would have been set, suggested and left alone, and how often wrongly."""
    require_extra("train", IMPORTED_BY_EVERY_TRAINING)
    with Progress("backtest") as progress:
        from models.storage.artifact import new_text_file
        from training.backtest.page import page_html
        from training.backtest.replay import run_backtest
        from training.backtest.report import report_text
        from training.backtest.summary import summarise, summary_data

        settings = load_settings(settings_file, home=home)
        found = read_files([*tickets, *(more or [])], settings, progress, skip_bad=skip_bad)
        replay = run_backtest(
            found.tickets,
            settings,
            before=before and before.replace(tzinfo=UTC),
            monthly=retrain == "monthly",
            only=names(fields),
            progress=True,
        )
        summary = summarise(replay, settings)
        if json_file is not None:
            with new_text_file(json_file.resolve()) as stream:
                json.dump(summary_data(summary), stream, ensure_ascii=False, indent=1)
        if page is not None:
            with new_text_file(page.resolve()) as stream:
                stream.write(page_html(summary))
    print(report_text(summary))
