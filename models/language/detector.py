"""Language detection.

Two detectors and a table of function words vote. py3langid carries the decision: of 100 one-line requests
(MASSIVE dev, nine configured languages) it gets 3.1 wrong where langdetect gets 6.7 wrong. The words make
it 2.9; langdetect, asked when the others are not sure, 2.8. Fitted on the train part of MASSIVE and on
help-page titles; `benchmarks/language.py` measures it. Telltale spellings (Swedish "-era", Norwegian
"-sjon", Danish "-hed") were tried and added nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import LanguageIdentifier

from models.errors import SettingsError
from models.language.codes import UNKNOWN
from models.language.function_words import LANGUAGES as WORD_LANGUAGES
from models.language.function_words import function_word_scores
from models.language.langid_model import open_identifier
from models.text.scripts import DENSE
from models.text.unicode import without_surrogates

# How the detectors name what we call "nb", "zh" and "en".
_ALIASES = {"no": "nb", "nn": "nb", "zh-cn": "zh", "zh-tw": "zh", "wuu": "zh", "yue": "zh", "pcm": "en"}

_MAX_CHARS = 1_000
_MIN_CONFIDENCE = 0.4  # below it the best guess is right in only a third of the cases
_SURE = 0.95  # above it langdetect, with its weight, cannot change the answer

# A logarithmic opinion pool: log-probabilities and word scores, weighted and added.
_PY3LANGID_WEIGHT = 2.0
_LANGDETECT_WEIGHT = 0.1
_LANGDETECT_FLOOR = 0.01
_WORDS_WEIGHT = 3.0

# py3langid takes short Swedish for Norwegian far more often than the reverse.
_LOG_PRIOR = {"sv": 0.4}
# With no languages configured, those this service is made for come first (it lifts one-line Norwegian,
# easily taken for Danish, from 0.84 to 0.90), and those that langdetect does not know come last.
_MADE_FOR = frozenset({"de", "en", "es", "fi", "fr", "lv", "nb", "sv", "zh"})
# langdetect then votes on these alone: as good as all its 55, in a third of the time.
_VOTED_ON = _MADE_FOR | {"da"}
_OTHER_LOG_PRIOR = -1.0
_RARE_LOG_PRIOR = -4.0
# With languages configured, text in another one is "und".
_FOREIGN_LOG_PRIOR = -3.0
_FOREIGN = "other"

_NOISE = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,64}@\S{1,255}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORDY_SCRIPT = re.compile(r"[\u0370-\u1cff]")
_DENSE_SCRIPT = re.compile(f"[{DENSE}]")


@dataclass(frozen=True, slots=True)
class DetectedLanguage:
    """A detected language.

    `code` is ISO 639-1 ("nb" for Norwegian, "zh" for Chinese), or "und" when the text is too short, too
    unclear, or in a language that is not among the expected ones. `confidence` is the calibrated
    probability in [0, 1] that `code` is right, 0.0 for "und". `probabilities` holds the expected
    languages, most probable first, rounded down to four decimals, without those under 0.001; they sum
    to at most 1, and what is missing is "some other language".
    """

    code: str
    confidence: float
    probabilities: Mapping[str, float]


class LanguageDetector:
    """Detect the language of short and long texts, the same way on each call and in each thread.

    Args:
        languages: the languages to expect, as ISO 639-1 codes ("no" means "nb"; a region, as in "pt-BR",
            is ignored). Empty: all that the detectors know, about 110. Naming them makes one-line texts
            much safer: on MASSIVE's dev part 0.97 of the answers are right instead of 0.95.
        folder: where the tables are kept unpacked, for a quick start in little memory; None: nowhere.

    Raises:
        SettingsError: a language is unknown to the detectors.
    """

    def __init__(self, languages: Sequence[str] = (), folder: Path | None = None) -> None:
        self._identifier = _identifier(folder)
        known = _names(self._identifier)
        asked = dict.fromkeys(_normalised(code) for code in languages)
        if bad := [code for code in asked if code not in known]:
            raise SettingsError(
                f"Unknown language {', '.join(map(repr, bad))}: expected ISO 639-1 codes among "
                f"{', '.join(sorted(known))}. Correct `languages`.",
                fields=dict.fromkeys(bad, "unknown language"),
            )
        self.languages: tuple[str, ...] = tuple(asked)
        expected = self.languages or tuple(sorted(known - {"nn"}))
        self._log_prior = {code: _LOG_PRIOR.get(code, 0.0) for code in expected}
        if not self.languages:
            common = {_code(name, expected) for name in _profile_names()}
            for code in set(expected) - _MADE_FOR:
                self._log_prior[code] = _OTHER_LOG_PRIOR if code in common else _RARE_LOG_PRIOR
        voted_on = self.languages or _VOTED_ON
        self._profiles = {
            name: code for name in _profile_names() if (code := _code(name, voted_on)) in voted_on
        }
        self._factory = _factory(tuple(self._profiles))
        # A language without a list of words would lose to its relatives that have one.
        self._use_words = bool(self.languages) and WORD_LANGUAGES.issuperset(self.languages)

    def detect(self, text: str) -> DetectedLanguage:
        """Return the main language of `text`, of which the first 1,000 characters are read."""
        text = _distinctive_letters(text)
        if not text:
            return DetectedLanguage(UNKNOWN, 0.0, {})
        scores = self._py3langid_scores(text)
        if self._use_words:
            for code, score in self._word_scores(text).items():
                scores[code] += _WORDS_WEIGHT * score
        probabilities = _softmax(scores)
        if max(probabilities.values()) < _SURE:
            votes = self._langdetect_votes(text)
            probabilities = _softmax(
                {
                    code: score + _LANGDETECT_WEIGHT * math.log(votes.get(code, 0.0) + _LANGDETECT_FLOOR)
                    for code, score in scores.items()
                }
            )
        ranked = sorted(probabilities.items(), key=lambda item: (-item[1], item[0]))
        best, confidence = ranked[0]
        shown = {code: math.floor(p * 1e4) / 1e4 for code, p in ranked if p >= 0.001 and code != _FOREIGN}
        if best == _FOREIGN or confidence < _MIN_CONFIDENCE:
            return DetectedLanguage(UNKNOWN, 0.0, shown)
        return DetectedLanguage(best, shown[best], shown)

    def _py3langid_scores(self, text: str) -> dict[str, float]:
        """Return weighted log-probabilities of the expected languages and of all others as one."""
        scores: dict[str, float] = {}
        for name, probability in self._identifier.rank(text):
            code = _code(name, self._log_prior)
            if code not in self._log_prior:
                code = _FOREIGN
            if code in scores or (code == _FOREIGN and len(name) != 2):
                continue  # ranked best first: a language keeps its best variant
            log_prior = self._log_prior.get(code, _FOREIGN_LOG_PRIOR)
            scores[code] = _PY3LANGID_WEIGHT * math.log(max(probability, 1e-30)) + log_prior
        return scores

    def _word_scores(self, text: str) -> dict[str, float]:
        """Return the word scores of the expected languages, and the best of all others as one."""
        scores: dict[str, float] = {}
        for name, score in function_word_scores(text).items():
            code = name if name in self._log_prior else _FOREIGN
            scores[code] = max(score, scores.get(code, 0.0))
        return scores

    def _langdetect_votes(self, text: str) -> dict[str, float]:
        """Return langdetect's probabilities above 0.1; an equal vote for all where it finds nothing."""
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
            code = self._profiles[language.lang]
            votes[code] = votes.get(code, 0.0) + language.prob
        return votes


def _normalised(code: str) -> str:
    """Reduce "pt-BR" to "pt" and "no" to "nb"."""
    primary = re.split(r"[-_]", code.strip().lower())[0]
    return "nb" if primary == "no" else primary


def _code(name: str, expected: Collection[str]) -> str:
    """Translate a detector's language name to ours; Nynorsk counts as "nb" unless it is asked for."""
    return name if name in expected else _ALIASES.get(name, name)


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    weights = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


def _distinctive_letters(text: str) -> str:
    """Return the start of `text` without addresses, and "" when it holds no letters.

    Where a good part is in another script, Latin letters are names and brands ("Outlook 规则") and go
    too. A Chinese, Japanese or Korean character says about as much as three letters.
    """
    text = without_surrogates(text[: 4 * _MAX_CHARS])
    text = _NOISE.sub(" ", text)[:_MAX_CHARS]
    latin = len(_LATIN.findall(text))
    other = len(_WORDY_SCRIPT.findall(text)) + 3 * len(_DENSE_SCRIPT.findall(text))
    if not latin + other:
        return ""
    if 2 * other >= latin:
        text = _LATIN.sub(" ", text)
    return text.lower() if text.isupper() else text


@cache
def _identifier(folder: Path | None) -> LanguageIdentifier:
    """Load py3langid's model once."""
    return open_identifier(folder)


@cache
def _profile_names() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in Path(PROFILES_DIRECTORY).iterdir() if path.is_file()))


def _names(identifier: LanguageIdentifier) -> set[str]:
    """Return the ISO 639-1 codes that may be configured."""
    found = {*identifier.labels, *_profile_names()}
    return {code for name in found for code in (name, _ALIASES.get(name, name)) if len(code) == 2} - {"no"}


@cache
def _factory(profiles: tuple[str, ...]) -> DetectorFactory | None:
    """Load langdetect's profiles of these languages, apart from its process-wide default factory.

    The fixed seed makes each detection draw the same n-grams. Loading only what is needed takes 0.07 s
    for nine languages, against 0.5 s and 60 MB for all, and answers five times as fast.
    """
    if len(profiles) < 2:  # langdetect refuses a single profile, and one language needs no vote
        return None
    factory = DetectorFactory()
    factory.set_seed(0)
    factory.load_json_profile([(Path(PROFILES_DIRECTORY) / name).read_text("utf-8") for name in profiles])
    return factory
