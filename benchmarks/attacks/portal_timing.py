"""Times of drafts that another session has typed, beside drafts that nobody has: 1,000 pairs, in turns.

python -m benchmarks.attacks.portal_timing [--home var/rullamo]

A customer types 1,000 drafts. Then somebody with the portal's token asks each of them in a session of its
own and, before or after it by lot, a draft that nobody typed. If answers were kept in memory, the first would
be quicker. By chance it is so in half of the pairs; more than 552 or fewer than 448 of 1,000 come by chance
once in a thousand times.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.attacks.harness import Finding, run
from benchmarks.attacks.portal import portal_client
from benchmarks.server import Client, server_on_copy

PAIRS, WARM_UP, BY_CHANCE = 1_000, 40, 52
_WORDS = (
    "battery charge cold lamp blink chain brake saddle pedal wheel bell lock invoice refund delivery parcel "
    "late colour frame size key app password update screen range motor noise rain service dealer warranty"
)
WORDS = _WORDS.split()


def attack(home: Path, folder: Path) -> Iterator[Finding]:
    drawn = random.Random(7)
    drafts = list({" ".join(drawn.sample(WORDS, 5)) for _ in range(2 * PAIRS + WARM_UP + 100)})
    drawn.shuffle(drafts)
    typed, fresh, first = drafts[:PAIRS], drafts[PAIRS : 2 * PAIRS], drafts[2 * PAIRS :]
    with server_on_copy(home, folder) as running:
        client = portal_client(running)
        session = None
        for text in first[:WARM_UP] + typed:
            session = client.ask("POST", "/v1/deflect", {"text": text, "session": session}).body["session"]
        quicker, spent = 0, {True: [], False: []}
        for known, unknown in zip(typed, fresh, strict=True):
            order = [(True, known), (False, unknown)]
            drawn.shuffle(order)
            took = {is_known: seconds(client, text) for is_known, text in order}
            quicker += took[True] < took[False]
            for is_known, one in took.items():
                spent[is_known].append(one)
    known_ms, unknown_ms = (1000 * statistics.median(spent[is_known]) for is_known in (True, False))
    yield Finding(
        "drafts that another session typed, beside drafts that nobody did",
        f"of {PAIRS} pairs the typed one is answered sooner in (by chance {PAIRS // 2} ± {BY_CHANCE})",
        f"{quicker} (medians {known_ms:.1f} and {unknown_ms:.1f} ms)",
        "993 (medians 2.3 and 14.0 ms)",
        holds=abs(quicker - PAIRS / 2) <= BY_CHANCE,
    )


def seconds(client: Client, text: str) -> float:
    start = time.perf_counter()
    answer = client.ask("POST", "/v1/deflect", {"text": text})
    took = time.perf_counter() - start
    if answer.status != 200:
        raise SystemExit(f"a draft was answered with {answer.status}: {answer.body}")
    return took


if __name__ == "__main__":
    run(attack)
