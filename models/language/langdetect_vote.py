"""Second opinion of langdetect on texts of which the first detector is unsure."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from models.language.codes import normalize_code


class LangdetectVoter:
    """langdetect, restricted to some languages, apart from its process-wide default factory.

    The fixed seed makes each detection draw the same n-grams. Loading only what is needed takes 0.07 s
    for nine languages, against 0.5 s and 60 MB for all, and answers five times as fast.
    """

    def __init__(self, languages: Collection[str]) -> None:
        profiles = {path: normalize_code(path.name) for path in sorted(Path(PROFILES_DIRECTORY).iterdir())}
        self._codes = {path.name: code for path, code in profiles.items() if code in languages}
        self._factory: DetectorFactory | None = None
        if len(self._codes) > 1:  # langdetect refuses a single profile, and one language needs no vote
            self._factory = DetectorFactory()
            self._factory.set_seed(0)
            paths = [Path(PROFILES_DIRECTORY) / name for name in self._codes]
            self._factory.load_json_profile([path.read_text("utf-8") for path in paths])

    def votes(self, text: str) -> dict[str, float]:
        """Return the probabilities above 0.1 by language code; empty where langdetect finds nothing."""
        if self._factory is None:
            return {}
        detector = self._factory.create()
        detector.append(text)
        try:
            found = detector.get_probabilities()
        except LangDetectException:
            return {}
        votes: dict[str, float] = {}
        for language in found:
            code = self._codes[language.lang]
            votes[code] = votes.get(code, 0.0) + language.prob
        return votes
