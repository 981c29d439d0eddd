"""Time and memory of `triage check` on a table of tickets, and on large JSON of tickets and of articles."""

from __future__ import annotations

import argparse
import csv
import html
import json
import os
import random
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
    parser.add_argument("--megabytes", type=int, default=100, help="size of the JSON files (100)")
    given = parser.parse_args()
    tickets = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        names = ("tickets.csv", "tickets.json", "articles.json")
        table, listed, center = (Path(folder) / name for name in names)
        write_table(table, tickets, given.rows)
        write_list(listed, tickets, given.megabytes)
        write_articles(center, tickets, given.megabytes)
        for path in (table, listed, center):
            print(measured(path))


def measured(path: Path) -> str:
    """Check a file in a process of its own, and return its size, time and peak memory."""
    command = [sys.executable, "-m", "cli", "check", str(path), "--json"]
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output, subprocess.Popen(command, stdout=output) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        output.seek(0)
        found, size = json.load(output), path.stat().st_size / 1e6
    return (
        f"{path.name}: {found[found['kind']]:,} {found['kind']}, {size:.0f} MB, {seconds:.1f} s "
        f"({used.ru_utime + used.ru_stime:.1f} s of processor time), peak {used.ru_maxrss // 1024:,} MB"
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


def write_articles(path: Path, tickets: list[dict], megabytes: int) -> None:
    """Write an answer of a help centre with articles of twenty of the sample's texts each, up to a size."""
    number = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{"articles": [')
        while stream.tell() < megabytes * 1_000_000:
            texts = [tickets[(20 * number + place) % len(tickets)]["body"] for place in range(20)]
            article = {
                "id": number,
                "title": f"Page {number}",
                "body": "".join(f"<p>{html.escape(text)}</p>" for text in texts),
                "locale": "en-us",
                "draft": False,
                "section_id": number % 50,
                "html_url": f"https://help.example.com/{number}",
                "user_segment_id": None,
            }
            stream.write((",\n" if number else "\n") + json.dumps(article, ensure_ascii=False))
            number += 1
        stream.write('\n], "next_page": null}\n')


if __name__ == "__main__":
    main()
