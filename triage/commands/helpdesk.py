"""`triage helpdesk`: connect a helpdesk, and fetch from it what it has learnt."""

from __future__ import annotations

import json
import signal
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import NotReadyError, SettingsError
from models.wording import counted
from triage.commands.home import open_store_of
from triage.commands.options import AsJson, Home, SettingsFile, on_one_line, print_json
from triage.commands.progress import Progress
from triage.settings import load_settings

_STATUS_DAYS = 7
_FAILED_SHOWN = 3
_STOP_S = 25.0
_LOOK_S = 0.05

if TYPE_CHECKING:
    from triage.helpdesks.protocol import HelpdeskField
    from triage.web.service import Service

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


@app.command("run")
def run_poller(
    name: Name,
    once: Annotated[bool, typer.Option("--once", help="Look once, decide what is there, and end.")] = False,
    home: Home = None,
    settings_file: SettingsFile = None,
) -> None:
    """Look for new tickets, decide them and record that; `triage serve` does so too."""
    from triage.helpdesks.poller import Poller
    from triage.helpdesks.systems import helpdesk_settings
    from triage.web.service import Service
    from triage.web.webhook_delivery import delivery_worker, start_polling

    settings = load_settings(settings_file, home=home)
    helpdesk_settings(settings, name)
    with Progress("loading") as progress:
        service = _loaded(Service(settings))
        deliveries, worker = service.store.webhook_deliveries, delivery_worker(service)
        if once:
            progress.tell(f"looking for new tickets of {name}")
            new = Poller.of(settings, name, deliveries, service.store.pseudonyms).poll(at_once=True)
            before = deliveries.counts(name)
            while worker.process_next("received"):
                pass
            after = deliveries.counts(name)
        else:
            worker.start()
            task = start_polling(service, name, worker)
            progress.tell(f"looking for new tickets of {name} every {settings.helpdesks[name].poll_s} s")
            _wait_for_signal()
            task.stop(_STOP_S)
            worker.stop(_STOP_S)
    if once:
        decided = after.get("done", 0) - before.get("done", 0)
        print(f"{counted(new, 'new ticket')}, {decided:,} decided, {after.get('received', 0):,} waiting")


@app.command()
def status(
    name: Name, home: Home = None, settings_file: SettingsFile = None, as_json: AsJson = False
) -> None:
    """Show what was fetched, when new tickets were looked for, what became of them, and what prevents it."""
    from triage.helpdesks.poller import read_poll_state
    from triage.helpdesks.pulled_tickets import PulledTickets
    from triage.helpdesks.systems import helpdesk_settings

    settings = load_settings(settings_file, home=home)
    chosen = helpdesk_settings(settings, name)
    folder = settings.helpdesk_folder(name)
    pulled, polled = PulledTickets(folder).summary(), read_poll_state(folder)
    since = datetime.now(UTC) - timedelta(days=_STATUS_DAYS)
    with open_store_of(settings) as store:
        counts = store.webhook_deliveries.counts(name)
        actions = store.decisions.actions(name, since)
        failed = store.webhook_deliveries.list(name, "failed", limit=_FAILED_SHOWN)
    if as_json:
        moments = {
            key: moment.isoformat() if moment else None
            for key in ("tried_at", "succeeded_at", "not_before")
            for moment in [getattr(polled, key)]
        }
        problems = [{"ticket": delivery.ticket_id, "error": delivery.error} for delivery in failed]
        print_json(
            {
                "pulled": asdict(pulled),
                "polled": {**moments, "problem": polled.problem},
                "tickets": counts,
                "actions": actions,
                "failed": problems,
            }
        )
        return
    print(f"{name}: {chosen.kind} at {chosen.url}")
    fetched_at = pulled.pulled_at or "no time yet"
    print(f"fetched to train on: {counted(pulled.tickets, 'ticket')}, last at {fetched_at}")
    looked = polled.succeeded_at.isoformat(timespec="seconds") if polled.succeeded_at else "no time yet"
    print(f"looked for new tickets: last at {looked}")
    if polled.problem:
        print(on_one_line(f"problem: {polled.problem}"))
    if polled.not_before:
        print(f"the next look is after {polled.not_before.isoformat(timespec='seconds')}")
    print(
        "new tickets: " + (", ".join(f"{count:,} {state}" for state, count in counts.items()) or "none yet")
    )
    for field, found in actions.items():
        shown = ", ".join(f"{found.get(action, 0):,} {action}" for action in ("apply", "suggest", "abstain"))
        mode = chosen.fields[field].mode if field in chosen.fields else "no longer mapped"
        print(on_one_line(f"{field} ({mode}), last {_STATUS_DAYS} days: {shown}"))
    for delivery in failed:
        print(on_one_line(f"failed: ticket {delivery.ticket_id}: {delivery.error}"))


def _loaded(service: Service) -> Service:
    """Wait until the service has loaded what it decides with; raises what prevents that."""
    while not service.is_load_finished:
        with suppress(NotReadyError):
            service.active()
        time.sleep(_LOOK_S)
    service.engine().bundle.get()
    return service


def _wait_for_signal() -> None:
    """Wait until the process is asked to end."""
    asked = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: asked.set())
    asked.wait()


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
