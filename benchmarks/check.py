"""Time of `triage check` on a table of tickets, and of reading a large JSON list."""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "rullamo" / "tickets.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="tickets of the table (50,000)")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the JSON list (100)")
    given = parser.parse_args()
    tickets = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        table, listed = Path(folder) / "tickets.csv", Path(folder) / "tickets.json"
        write_table(table, tickets, given.rows)
        write_list(listed, tickets, given.megabytes)
        for path in (table, listed):
            begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "cli", "check", str(path), "--json"]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            found, size = json.loads(done.stdout), path.stat().st_size / 1e6
            print(
                f"{path.name}: {found['tickets']:,} tickets, {size:.0f} MB, {seconds:.1f} s "
                f"({cpu:.1f} s of processor time), peak {used.ru_maxrss // 1024:,} MB"
            )


def write_table(path: Path, tickets: list[dict], rows: int) -> None:
    """Write a table of the sample's tickets, each text of two of them, with dates whose day comes first."""
    rng = random.Random(0)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Ticket ID", "Created", "Summary", "Description", "Category", "Team", "Priority"])
        for number in range(rows):
            first, second = rng.sample(tickets, 2)
            date = f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/2025 {rng.randint(8, 17):02d}:15"
            labels = [first["labels"].get(name, "") for name in ("category", "team", "priority")]
            writer.writerow([number, date, first["subject"], f"{first['body']} {second['body']}", *labels])


def write_list(path: Path, tickets: list[dict], megabytes: int) -> None:
    """Write one JSON list of the sample's tickets, again and again, up to a size."""
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write("[")
        while stream.tell() < megabytes * 1_000_000:
            ticket = tickets[number % len(tickets)] | {"id": f"{number}"}
            stream.write((",\n" if number else "\n") + json.dumps(ticket, ensure_ascii=False))
            number += 1
        stream.write("\n]\n")


if __name__ == "__main__":
    main()
