"""Language detection of short and long texts.

py3langid decides, with a table of function words. Of 100 one-line requests (MASSIVE dev, nine configured
languages) 97.2 are right, 1.9 wrong and 0.9 "und"; without the words 97.1, 1.9 and 1.0. py3langid as it
comes, which always names one of the nine, has 97.7 right and 2.3 wrong; langdetect 93.3 and 6.7. The
weights were fitted on the train part of MASSIVE and on help-page titles. Telltale spellings (Swedish
"-era", Norwegian "-sjon", Danish "-hed") were tried and added nothing.

langdetect can be a second opinion, asked only where no language reaches a half: 2 to 3 texts of 100. Over
18,964 one-line texts with no languages configured it turns 68 answers right and 14 wrong (McNemar
p < 1e-8), with 6 wrong answers fewer and 48 times "und" fewer. With nine configured it turns 37 right and 21
wrong (p = 0.05), with 25 wrong answers more and 41 times "und" fewer. `benchmarks/language.py` measures it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from py3langid.langid import LanguageIdentifier

from models.errors import SettingsError
from models.language.codes import UNKNOWN, normalize_code
from models.language.function_words import LANGUAGES as WORD_LANGUAGES
from models.language.function_words import function_word_scores
from models.language.langid_model import open_identifier
from models.text.scripts import DENSE
from models.text.unicode import without_surrogates

if TYPE_CHECKING:
    from models.language.langdetect_vote import LangdetectVoter

Method = Literal["langid", "langid+langdetect"]
"""py3langid with function words, or these with langdetect as a second opinion."""

# Varieties that py3langid tells apart and helpdesks do not: Wu and Cantonese, Nigerian Pidgin.
_VARIETIES = {"wuu": "zh", "yue": "zh", "pcm": "en"}

_MAX_CHARS = 1_000
_MIN_CONFIDENCE = 0.4  # below it the best guess is right in only a third of the cases
_UNSURE = 0.5  # below it langdetect is asked; above it its votes do as much harm as good

# A logarithmic opinion pool: log-probabilities and word scores, weighted and added.
_PY3LANGID_WEIGHT = 2.0
_LANGDETECT_WEIGHT = 0.1
_LANGDETECT_FLOOR = 0.01
_WORDS_WEIGHT = 3.0

# py3langid takes short Swedish for Norwegian far more often than the reverse.
_LOG_PRIOR = {"sv": 0.4}
# With no languages configured, those this service is made for come first (it lifts one-line Norwegian,
# easily taken for Danish, from 0.84 to 0.90), and rarer ones than langdetect's 55 come last.
_MADE_FOR = frozenset({"de", "en", "es", "fi", "fr", "lv", "nb", "sv", "zh"})
_COMMON = frozenset(
    {
        "af", "ar", "bg", "bn", "ca", "cs", "cy", "da", "el", "et", "fa", "gu", "he", "hi", "hr", "hu", "id",
        "it", "ja", "kn", "ko", "lt", "mk", "ml", "mr", "ne", "nl", "pa", "pl", "pt", "ro", "ru", "sk", "sl",
        "so", "sq", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi",
    }
)  # fmt: skip
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
    """Detector of a text's language: the same answer on each call and in each thread.

    Args:
        languages: the languages to expect, as ISO 639-1 codes, normalised as by `normalize_code`. Empty:
            all that py3langid knows, about 110. Naming them makes one-line texts much safer: on MASSIVE's
            dev part 0.97 of the answers are right instead of 0.96.
        folder: where the tables are kept unpacked, for a quick start in little memory; None: nowhere.
        method: the detectors to ask. langdetect is imported only where it is one of them.

    Raises:
        SettingsError: a language is unknown to py3langid.
    """

    def __init__(
        self, languages: Sequence[str] = (), folder: Path | None = None, method: Method = "langid"
    ) -> None:
        self._arguments = tuple(languages), folder, method
        self._identifier = _identifier(folder)
        self._codes = {name: _code(name) for name in self._identifier.labels}
        known = {code for code in self._codes.values() if len(code) == 2}
        self.languages = _expected(languages, known)
        expected = self.languages or tuple(sorted(known))
        self._log_prior = {code: _LOG_PRIOR.get(code, 0.0) for code in expected}
        if not self.languages:
            for code in known - _MADE_FOR:
                self._log_prior[code] = _OTHER_LOG_PRIOR if code in _COMMON else _RARE_LOG_PRIOR
        self._voter: LangdetectVoter | None = None
        if method == "langid+langdetect":
            from models.language.langdetect_vote import LangdetectVoter

            self._voter = LangdetectVoter(self.languages or _VOTED_ON)
        # A language without a list of words would lose to its relatives that have one.
        self._use_words = bool(self.languages) and WORD_LANGUAGES.issuperset(self.languages)

    def __reduce__(self) -> tuple[type[LanguageDetector], tuple[object, ...]]:
        """Pickle the arguments: another process opens the tables, 69 MB, itself."""
        return LanguageDetector, self._arguments

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
        if self._voter and max(probabilities.values()) < _UNSURE:
            votes = self._voter.votes(text)
            for code in scores:
                scores[code] += _LANGDETECT_WEIGHT * math.log(votes.get(code, 0.0) + _LANGDETECT_FLOOR)
            probabilities = _softmax(scores)
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
            code = self._codes[name]
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


def _expected(languages: Sequence[str], known: Set[str]) -> tuple[str, ...]:
    """Return the codes of the configured languages."""
    codes: dict[str, None] = {}
    bad: list[str] = []
    for language in languages:
        try:
            code = normalize_code(language)
        except ValueError:
            code = UNKNOWN
        if code in known:
            codes[code] = None
        else:
            bad.append(language)
    if bad:
        raise SettingsError(
            f"Unknown language {', '.join(map(repr, bad))}: expected ISO 639-1 codes among "
            f"{', '.join(sorted(known))}. Correct `languages`.",
            fields=dict.fromkeys(bad, "unknown language"),
        )
    return tuple(codes)


def _code(name: str) -> str:
    """Return the code of one of py3langid's labels."""
    return normalize_code(_VARIETIES.get(name, name))


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
