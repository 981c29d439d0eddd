"""Writers that are killed again and again: each checks what the last one left, then goes on until killed.

    python -m tests.kb_index.storage.kb_writer ROOT KILLS SEED

They are forked from one process, which has loaded everything and searches nothing itself. A writer says
before each step that it begins and, once the store has returned, that it is done; what the step does follows
from the seed and its number. So the next writer knows which two states the store may be in.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from kb_index.articles.article import Article
from kb_index.storage.article_store import ArticleStore
from models.encoder.language_neutral import parallel_sentences
from tests.kb_toy import ENCODER, ask

IDS = [f"id{n}" for n in range(60)]
STEPS = ["put", "put", "batch", "batch", "remove", "sync", "compact", "rebuild"]
LONGEST_S = 0.25
CHECKED_SHARE = 0.85  # the others may be killed while they open the store

State = dict[str, str]
"""The title of each article by its id."""


class Step:
    """Step `number`: the change that it makes, and the state after it."""

    def __init__(self, seed: int, number: int) -> None:
        chance = random.Random(f"{seed}-{number}")
        self.kind = chance.choice(STEPS)
        count = 1 if self.kind == "put" else chance.randint(2, 30)
        self._new = dict.fromkeys(chance.sample(IDS, count), f"word{seed}x{number}")

    def after(self, state: State) -> State:
        if self.kind == "remove":
            return {article_id: title for article_id, title in state.items() if article_id not in self._new}
        if self.kind in ("put", "batch"):
            return state | self._new
        return self._new if self.kind in ("sync", "rebuild") else state

    def do(self, store: ArticleStore) -> None:
        new = [Article(article_id, title, f"all of {title}", "en") for article_id, title in self._new.items()]
        if self.kind == "remove":
            store.remove([article.id for article in new])
        elif self.kind in ("put", "batch"):
            store.put(new, source="one")
        elif self.kind == "compact":
            store.compact()
        else:
            (store.sync if self.kind == "sync" else store.rebuild)({"one": new})


def which(store: ArticleStore, states: list[State]) -> int:
    """Return which of the states the store is in, as it lists and as it finds its articles."""
    if store.registry.current_id() is None:
        return states.index({})
    listed = {article.id: article.title for article in store.articles(limit=1000)}
    kb = store.knowledge_base()
    found = {h.article.id: h.article.title for h in ask(kb, "all of it", k=1000, language="en")}
    assert found == listed, (found, listed)
    for title in set(listed.values()):
        best = ask(kb, title, k=1, language="en")[0].article
        assert best.title == title, (best, title)
    assert listed in states, (listed, states)
    return states.index(listed)


def write(root: Path, states: list[State], seed: int, number: int, to: int) -> None:
    def say(*words: object) -> None:
        os.write(to, (json.dumps(words) + "\n").encode())

    try:
        store = ArticleStore(root, ENCODER)
        at = which(store, states)
        say("found", at)
        while number >= 0:
            step = Step(seed, number)
            say("begin", number)
            step.do(store)
            say("done", number)
            number += 1
    except BaseException:  # noqa: BLE001  (told to the process that forks)
        say("failed", traceback.format_exc())


def run_one(
    root: Path, states: list[State], seed: int, number: int, alive_s: float, *, checks: bool
) -> list[list[object]]:
    """Let a writer live for a while, when it `checks` once it has found its state; return what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write(root, states, seed, number, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        lines = [stream.readline()] if checks else []
        if number >= 0:
            time.sleep(alive_s)
            os.kill(child, signal.SIGKILL)
        lines += stream
    os.waitpid(child, 0)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def main() -> None:
    root, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    ENCODER.encode([text for texts in parallel_sentences().values() for text in texts])  # kept by every fork
    chance = random.Random(seed)
    states: list[State] = [{}]
    number, done, killed_in = 0, 0, Counter[str]()
    for _ in range(kills):
        alive_s, checks = chance.uniform(0.0, LONGEST_S), chance.random() < CHECKED_SHARE
        said = run_one(root, states, seed, number, alive_s, checks=checks)
        in_step = "opening"
        for word, value in said:
            if word == "failed":
                sys.exit(str(value))
            if word == "found":
                states, in_step = [states[value]], "between"
            elif word == "begin":
                step = Step(seed, number)
                states, in_step = [states[0], step.after(states[0])], step.kind
                number += 1
            else:
                states, in_step, done = [states[1]], "between", done + 1
        killed_in[in_step] += 1
    [[word, value]] = run_one(root, states, seed, -1, 0.0, checks=True)
    if word == "failed":
        sys.exit(str(value))
    json.dump({"kills": sum(killed_in.values()), "done": done, "killed_in": killed_in}, sys.stdout)


if __name__ == "__main__":
    main()
