"""Redaction: recall by kind and language, numbers hidden without need, and milliseconds per text.

    python benchmarks/redaction.py FILE [--data FOLDER] [--presidio] [--list]

FILE is JSON lines, such as
`{"id": "1", "language": "de", "kind": "phone", "text": "…", "hide": ["…"], "keep": ["…"]}`

A string of `hide` is missed if the redacted text still has it; one of `keep` is needlessly hidden if it no
longer has it. With --data (or the environment variable TRIAGE_TEST_DATA), what is hidden in Banking77 and
clinc150 is counted and listed: these short questions have hardly any personal number. With --presidio (extra
`presidio`), its pattern recognisers read the same texts, all of them for every language, at two least
scores: 0 is its default.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.redaction.redact import Redactor, redact_with_rules

PUBLIC_SETS = ("banking77", "clinc150_oos")
PUBLIC_PARTS = ("train", "test")
# Recognisers that read names, or ask a server or a model: not what is compared here.
NO_PATTERNS = (
    "SpacyRecognizer",
    "StanzaRecognizer",
    "TransformersRecognizer",
    "GLiNERRecognizer",
    "HuggingFaceNerRecognizer",
    "MedicalNERRecognizer",
    "AzureAILanguageRecognizer",
    "AzureHealthDeidRecognizer",
    "AzureOpenAILangExtractRecognizer",
    "BasicLangExtractRecognizer",
    "LangExtractRecognizer",
    "DateRecognizer",
    "UrlRecognizer",
)


@dataclass
class Score:
    """Counts of one redactor over the texts of a file."""

    hide: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    keep: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)


def measure(records: Sequence[dict[str, Any]], redactor: Redactor) -> Score:
    """Redact each text and compare it with what had to be hidden and kept."""
    score = Score()
    for record in records:
        begin = time.perf_counter()
        redacted = redactor(record["text"], record["language"])
        score.times_ms.append((time.perf_counter() - begin) * 1e3)
        keys = ("all", f"kind {record['kind']}", f"language {record['language']}")
        for part in record["hide"]:
            score.hide.update(keys)
            if part in redacted:
                score.missed.update(keys)
                score.faults.append(f"{record['id']} missed {part!r}: {redacted!r}")
        for part in record["keep"]:
            score.keep.update(keys)
            if part not in redacted:
                score.lost.update(keys)
                score.faults.append(f"{record['id']} needlessly hid {part!r}: {redacted!r}")
    return score


def presidio(min_score: float, languages: Iterable[str]) -> Redactor:
    """Return Presidio's pattern recognisers, each for every language, with the words of a text as context."""
    import spacy
    from presidio_analyzer import (
        AnalyzerEngine,
        EntityRecognizer,
        RecognizerRegistry,
        predefined_recognizers,
    )
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # it asks for a newer list of domains
    names = [x for x in dir(predefined_recognizers) if x.endswith("Recognizer") and x not in NO_PATTERNS]
    codes = sorted(set(languages))
    found: list[EntityRecognizer] = [
        getattr(predefined_recognizers, name)(supported_language=code) for name in names for code in codes
    ]
    blank = spacy.blank("xx")
    engine = SpacyNlpEngine()
    engine.nlp = dict.fromkeys(codes, blank)
    analyzer = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=found, supported_languages=codes),
        nlp_engine=engine,
        supported_languages=codes,
        default_score_threshold=min_score,
    )

    def redact(text: str, language: str) -> str:
        tokens = blank(text)
        artifacts = NlpArtifacts(
            entities=[],
            tokens=tokens,
            tokens_indices=[token.idx for token in tokens],
            lemmas=[token.lower_ for token in tokens],
            nlp_engine=engine,
            language=language,
            scores=[],
        )
        results = analyzer.analyze(text, language, nlp_artifacts=artifacts)
        parts, at = [], 0
        for start, end in sorted((each.start, each.end) for each in results):
            if end > at:
                parts += [text[at : max(at, start)], "[hidden]"]
                at = end
        return "".join(parts) + text[at:]

    return redact


def public_texts(data: Path, name: str) -> list[str]:
    """Read the distinct texts of a public set of questions."""
    texts: dict[str, None] = {}
    for part in PUBLIC_PARTS:
        with gzip.open(data / f"triage/{name}/{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                texts[" ".join(filter(None, (record.get("subject"), record["body"])))] = None
    return list(texts)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:6.3f}" if whole else "     -"


def report(name: str, score: Score, *, listed: bool) -> None:
    """Print the tables of one redactor."""
    times = sorted(score.times_ms)
    p95 = times[len(times) * 95 // 100]
    print(f"\n{name}: {statistics.median(times):.3f} ms a text, 95 of 100 within {p95:.3f} ms")
    print(f"  {'':26}{'recall':>8}{'of':>6}{'needless':>10}{'of':>6}")
    for key in sorted(score.hide | score.keep):
        recall = _share(score.hide[key] - score.missed[key], score.hide[key])
        print(f"  {key:26}{recall:>8}{score.hide[key]:6}{score.lost[key]:10}{score.keep[key]:6}")
    for fault in score.faults if listed else ():
        print(f"    {fault}")


def report_public(data: Path, redactors: Mapping[str, Callable[[str], str]], *, listed: int) -> None:
    """Print how many texts of the public sets lose something, and the first `listed` of a redactor."""
    for name in PUBLIC_SETS:
        texts = public_texts(data, name)
        for redactor_name, redact in redactors.items():
            changed = [(text, redacted) for text in texts if (redacted := redact(text)) != text]
            print(f"\n{name}, {redactor_name}: {len(changed)} of {len(texts)} texts changed", end="")
            print(f", {1000 * len(changed) / len(texts):.2f} of 1,000")
            for _, redacted in changed[:listed]:
                print(f"    {redacted!r}")


def main() -> int:
    """Measure the redactors on a file, and on the public sets if there are data."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    parser.add_argument("--presidio", action="store_true", help="measure Presidio's recognisers too")
    parser.add_argument("--list", action="store_true", help="list what was missed or needlessly hidden")
    given = parser.parse_args()
    if not given.file.is_file():
        print(f"No file {given.file}: name one of texts with `hide` and `keep`.", file=sys.stderr)
        return 1
    records = [json.loads(line) for line in given.file.read_text("utf-8").splitlines() if line.strip()]
    redactors: dict[str, Redactor] = {"triage": redact_with_rules}
    if given.presidio:
        languages = [record["language"] for record in records]
        for min_score in (0.0, 0.5):
            redactors[f"presidio from {min_score}"] = presidio(min_score, [*languages, "en"])
    for name, redactor in redactors.items():
        report(name, measure(records, redactor), listed=given.list and name == "triage")
    if given.data:
        english = {name: lambda text, r=redactor: r(text, "en") for name, redactor in redactors.items()}
        report_public(Path(given.data), english, listed=50)
    return 0


if __name__ == "__main__":
    sys.exit(main())
