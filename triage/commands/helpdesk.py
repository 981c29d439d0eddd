"""`triage helpdesk`: connect a helpdesk, and fetch from it what it has learnt."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import SettingsError
from models.wording import counted
from triage.commands.home import open_store_of
from triage.commands.options import AsJson, Home, SettingsFile, on_one_line, print_json
from triage.commands.progress import Progress
from triage.settings import load_settings

if TYPE_CHECKING:
    from triage.helpdesks.protocol import HelpdeskField

app = typer.Typer(no_args_is_help=True, help="Connect a helpdesk: its fields, its past, its new tickets.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The NAME of [helpdesks.NAME].")]


@app.command()
def check(name: Name, home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False) -> None:
    """Sign in, count, and look for every field and value of the mapping; nothing is written."""
    from triage.helpdesks.mapping import check_mapping
    from triage.helpdesks.systems import helpdesk_settings, open_helpdesk

    settings = load_settings(settings_file, home=home)
    chosen = helpdesk_settings(settings, name)
    helpdesk = open_helpdesk(chosen)
    offered = helpdesk.fields()
    state = helpdesk.check()
    problem = ""
    try:
        check_mapping(name, chosen.active_fields, offered, settings.fields)
    except SettingsError as error:
        problem = error.message
    if as_json:
        print_json({"tickets": dict(state.tickets), "limits": list(state.limits), "problem": problem or None})
    else:
        print(f"signed in to {chosen.url}" + (f" as {chosen.user}" if chosen.user else ""))
        print("tickets: " + ", ".join(f"{count:,} {kind}" for kind, count in state.tickets.items()))
        for field, mapping in chosen.fields.items():
            print(on_one_line(f"{field}: {mapping.field}, {mapping.mode}"))
        for limit in state.limits:
            print(f"note: {limit}")
        print("nothing is written to the helpdesk")
    if problem:
        typer.echo(f"triage: {problem}", err=True)
        raise typer.Exit(1)


@app.command()
def fields(
    name: Name, home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False
) -> None:
    """Print the helpdesk's fields and values, as a mapping for triage.toml."""
    from triage.helpdesks.systems import helpdesk_settings, open_helpdesk

    settings = load_settings(settings_file, home=home)
    offered = open_helpdesk(helpdesk_settings(settings, name)).fields()
    if as_json:
        print_json([asdict(field) | {"values": list(field.values)} for field in offered])
        return
    for field in offered:
        print(_as_mapping(name, field))


@app.command()
def pull(
    name: Name,
    anew: Annotated[
        bool, typer.Option("--anew", help="Begin at the first ticket, also where a pull was interrupted.")
    ] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
    as_json: AsJson = False,
) -> None:
    """Fetch settled tickets with their final values, redacted, to train on."""
    with Progress(f"signing in to {name}") as progress:
        from models.language.detector import LanguageDetector
        from triage.helpdesks.mapping import check_mapping
        from triage.helpdesks.pull import Puller
        from triage.helpdesks.pulled_tickets import PulledTickets
        from triage.helpdesks.systems import helpdesk_settings, open_helpdesk
        from triage.pipeline.redaction import open_redaction

        settings = load_settings(settings_file, home=home)
        chosen = helpdesk_settings(settings, name)
        if not settings.store.keep_text:
            raise SettingsError(
                "[store] keep_text is false, so no text of a ticket may be kept: found nothing to fetch for "
                "training. Train on an export instead"
            )
        helpdesk = open_helpdesk(chosen)
        check_mapping(name, chosen.active_fields, helpdesk.fields(), settings.fields)
        pulled = PulledTickets(settings.helpdesk_folder(name))
        with open_store_of(settings) as store:
            report = Puller(
                helpdesk,
                chosen,
                pulled,
                store.pseudonyms,
                open_redaction(settings.privacy),
                LanguageDetector(settings.languages, settings.language_folder, settings.language_detector),
            ).pull(
                anew=anew,
                tell=lambda done, of: progress.tell(_fetching(name, of), done),
            )
    summary = report.summary
    if as_json:
        print_json({"file": str(pulled.file), "merged": report.merged} | asdict(summary))
        return
    print(f"{counted(summary.tickets, 'settled ticket')} in {pulled.file}")
    for field in chosen.active_fields:
        print(on_one_line(f"{field}: {counted(summary.labels.get(field, 0), 'value')}"))
    if report.merged:
        print(f"left out: {counted(report.merged, 'ticket')} that were merged into others")
    print(f"next: triage train --tickets {pulled.file}")


def _fetching(name: str, total: int | None) -> str:
    return f"fetching tickets of {name}" + (f", {total:,} in all" if total is not None else "")


def _as_mapping(name: str, field: HelpdeskField) -> str:
    """Return a field as a table of triage.toml; commented out where any text fits, which is no choice."""
    table = f"helpdesks.{name}.fields.{_key(field.usual_name)}"
    lines = [f"[{table}]  # {on_one_line(field.title)}", f"field = {_key(field.name, quoted=True)}"]
    if not field.values:
        return "\n".join(f"# {line}" for line in [*lines, "any text fits"]) + "\n"
    lines += ["defaults = []  # values that a ticket has while nobody has acted", "", f"[{table}.values]"]
    lines += [f"{_key(value, quoted=True)} = {_key(value, quoted=True)}" for value in field.values]
    return "\n".join(lines) + "\n"


def _key(text: str, *, quoted: bool = False) -> str:
    """Return a text as TOML has it; escapes of JSON are escapes of TOML."""
    is_bare = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if is_bare and not quoted else json.dumps(text, ensure_ascii=False)
