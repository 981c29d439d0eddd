"""Language detection, one-line texts: accuracy per language and milliseconds per text.

    python benchmarks/language.py --data FOLDER

FOLDER holds `triage/massive/CODE/test.jsonl.gz` and `kb/NAME/queries.jsonl.gz`; without --data it is the
environment variable TRIAGE_TEST_DATA. langdetect, seeded and restricted to the same languages, is the
baseline. "und" counts as wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from models.language.detector import LanguageDetector

LANGUAGES = ("en", "de", "fi", "lv", "nb", "zh", "sv", "fr", "es")
PROFILES = {"no": "nb", "zh-cn": "zh", "zh-tw": "zh"} | {
    code: code for code in LANGUAGES if code not in ("nb", "zh")
}
QUERIES = ("gnome_help", "ms_alchemy_insights", "libreoffice_guides")
MOST_TEXTS = 1_000


def texts_by_language(files: list[Path], field: str) -> dict[str, list[str]]:
    """Read distinct texts, at most 1,000 of a language, chosen at random but the same each time."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if record["language"] in LANGUAGES and record[field].strip():
                    found[record["language"]][record[field]] = None
    chosen = random.Random(0)
    return {
        code: chosen.sample(list(texts), min(len(texts), MOST_TEXTS))
        for code, texts in sorted(found.items(), key=lambda item: LANGUAGES.index(item[0]))
    }


def sets(data: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield a name and the texts by language, for each set that is there."""
    for part in ("dev", "test"):
        yield (
            f"massive {part}",
            texts_by_language(sorted(data.glob(f"triage/massive/*/{part}.jsonl.gz")), "body"),
        )
    for name in QUERIES:
        yield f"{name} queries", texts_by_language(list(data.glob(f"kb/{name}/queries.jsonl.gz")), "text")
        yield f"{name} titles", texts_by_language(list(data.glob(f"kb/{name}/articles.jsonl.gz")), "title")


def langdetect_alone() -> Callable[[str], str]:
    """Return langdetect with a fixed seed, restricted to the nine languages."""
    factory = DetectorFactory()
    factory.set_seed(0)
    factory.load_json_profile([(Path(PROFILES_DIRECTORY) / name).read_text("utf-8") for name in PROFILES])

    def detect(text: str) -> str:
        detector = factory.create()
        detector.append(text)
        try:
            return PROFILES[detector.detect()]
        except LangDetectException:
            return "und"

    return detect


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    data: Path | None = parser.parse_args().data
    if data is None or not Path(data).is_dir():
        print("No data: name its folder with --data or TRIAGE_TEST_DATA.", file=sys.stderr)
        return 1
    start = time.perf_counter()
    configured, unset = LanguageDetector(LANGUAGES), LanguageDetector()
    print(f"loaded in {time.perf_counter() - start:.2f} s\n")
    detectors: dict[str, Callable[[str], str]] = {
        "langdetect": langdetect_alone(),
        "ours": lambda text: configured.detect(text).code,
        "ours, unset": lambda text: unset.detect(text).code,
    }
    print(
        f"{'set':26}{'detector':13}{'all':>6}"
        + "".join(f"{code:>6}" for code in LANGUAGES)
        + "   ms p50   p95"
    )
    for name, texts in sets(Path(data)):
        for detector_name, detect in detectors.items():
            right: dict[str, int] = defaultdict(int)
            times: list[float] = []
            for code, items in texts.items():
                for text in items:
                    begin = time.perf_counter()
                    right[code] += detect(text) == code
                    times.append((time.perf_counter() - begin) * 1e3)
            if not times:
                continue
            shares = [
                f"{right[code] / len(texts[code]):6.3f}" if code in texts else "     -" for code in LANGUAGES
            ]
            times.sort()
            print(
                f"{name:26}{detector_name:13}{sum(right.values()) / len(times):6.3f}" + "".join(shares),
                f"{statistics.median(times):8.2f}{times[int(0.95 * len(times))]:6.1f}",
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
