"""Language detection, one-line texts: accuracy per language, wrong answers and milliseconds per text.

    python benchmarks/language.py --data FOLDER

FOLDER holds `triage/massive/CODE/test.jsonl.gz` and `kb/NAME/queries.jsonl.gz`; without --data it is the
environment variable TRIAGE_TEST_DATA. The baselines are langdetect and py3langid as they come, restricted to
the same nine languages. "und" counts as not right; `wrong` counts the other answers that are not right.
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

from models.language.codes import UNKNOWN, normalize_code
from models.language.detector import LanguageDetector
from models.language.langid_model import open_identifier

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


def foreign(data: Path) -> list[str]:
    """Read the queries in languages other than the nine."""
    texts: dict[str, None] = {}
    for file in sorted(data.glob("kb/*/queries.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        texts |= {r["text"]: None for r in records if r["language"] not in LANGUAGES and r["text"].strip()}
    return list(texts)


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
            return UNKNOWN

    return detect


def py3langid_alone() -> Callable[[str], str]:
    """Return py3langid restricted to the nine languages; both Norwegians are one."""
    identifier = open_identifier()
    identifier.set_languages([name for name in identifier.labels if normalize_code(name) in LANGUAGES])
    return lambda text: normalize_code(identifier.classify(text)[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("TRIAGE_TEST_DATA"))
    data: Path | None = parser.parse_args().data
    if data is None or not Path(data).is_dir():
        print("No data: name its folder with --data or TRIAGE_TEST_DATA.", file=sys.stderr)
        return 1
    start = time.perf_counter()
    nine, both = LanguageDetector(LANGUAGES), LanguageDetector(LANGUAGES, method="langid+langdetect")
    unset, both_unset = LanguageDetector(), LanguageDetector(method="langid+langdetect")
    print(f"loaded in {time.perf_counter() - start:.2f} s\n")
    detectors: dict[str, Callable[[str], str]] = {
        "langdetect": langdetect_alone(),
        "py3langid": py3langid_alone(),
        "ours": lambda text: nine.detect(text).code,
        "ours+langdetect": lambda text: both.detect(text).code,
        "unset": lambda text: unset.detect(text).code,
        "unset+langdetect": lambda text: both_unset.detect(text).code,
    }
    print(
        f"{'set':26}{'detector':17}{'all':>6}"
        + "".join(f"{code:>6}" for code in LANGUAGES)
        + f"{'wrong':>7}{'und':>5}{'ms p50':>8}   p95"
    )
    for name, texts in sets(Path(data)):
        for detector_name, detect in detectors.items():
            right: dict[str, int] = defaultdict(int)
            times: list[float] = []
            unknown = 0
            for code, items in texts.items():
                for text in items:
                    begin = time.perf_counter()
                    found = detect(text)
                    times.append((time.perf_counter() - begin) * 1e3)
                    right[code] += found == code
                    unknown += found == UNKNOWN
            if not times:
                continue
            shares = [
                f"{right[code] / len(texts[code]):6.3f}" if code in texts else "     -" for code in LANGUAGES
            ]
            times.sort()
            print(
                f"{name:26}{detector_name:17}{sum(right.values()) / len(times):6.3f}" + "".join(shares),
                f"{len(times) - sum(right.values()) - unknown:6}{unknown:5}",
                f"{statistics.median(times):8.2f}{times[int(0.95 * len(times))]:6.1f}",
            )
    texts_of_others = foreign(Path(data))
    print(f"\n{len(texts_of_others):,} queries in other languages: share that is und")
    for detector_name in ("langdetect", "py3langid", "ours", "ours+langdetect"):
        refused = sum(detectors[detector_name](text) == UNKNOWN for text in texts_of_others)
        print(f"{detector_name:17}{refused / max(1, len(texts_of_others)):6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
