"""Redaction by Presidio (extra `presidio`), after the rules of `models.redaction.redact`.

A spaCy model finds names and places. Patterns find identity and insurance numbers of further states, MAC
addresses and crypto-currency wallets. Mail addresses, phone numbers, accounts and cards are left to the
rules; dates, organisations and nationalities stay, since a ticket says little without them.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from models.redaction.redact import WITHHELD
from models.redaction.spacy_models import ANY_LANGUAGE, ENTITY_OF_LABEL, load_pipelines

_MOST_CHARS = 20_000  # a text is read while its ticket waits; what comes after is not kept
_CHARS_BEFORE = 60  # within which a word for a number is looked for
_WORD_SCORE = 0.35  # what such a word adds, as Presidio has it
_NER_SCORE = 0.85  # spaCy's models give none; Presidio takes this one
_MARKS = {"PERSON": "[name]", "LOCATION": "[place]", "CRYPTO": "[wallet]", "MAC_ADDRESS": "[mac]"}
_NUMBER = "[id]"
# Known by their form alone. Every other number could as well be an order's, since one in ten or eleven has
# the right check digit by chance: it counts only after one of its context words.
_UNAMBIGUOUS = frozenset({*_MARKS, "IT_FISCAL_CODE", "UK_DRIVING_LICENCE"})
_RECOGNIZERS = (
    "CryptoRecognizer",
    "MacAddressRecognizer",
    "NhsRecognizer",
    "UkNinoRecognizer",
    "UkDrivingLicenceRecognizer",
    "UsItinRecognizer",
    "UsMbiRecognizer",
    "MedicalLicenseRecognizer",
    "ItFiscalCodeRecognizer",
    "PlPeselRecognizer",
    "DeSocialSecurityRecognizer",
    "DeIdCardRecognizer",
    "DeHealthInsuranceRecognizer",
    "InAadhaarRecognizer",
    "SgFinRecognizer",
    "AuTfnRecognizer",
    "AuMedicareRecognizer",
    "CaSinRecognizer",
    "KrRrnRecognizer",
    "KrFrnRecognizer",
    "ThTninRecognizer",
    "TrNationalIdRecognizer",
    "ZaIdNumberRecognizer",
    "NgNinRecognizer",
)
# spaCy takes signs off a word one by one, and copies the rest of the word for each.
_LONG_RUN = re.compile(r"[\W_]{40,}")
_OUR_MARK = re.compile(r"\[[a-z]{2,8}\]")
_log = logging.getLogger(__name__)


class PresidioRedactor:
    """Redactor that replaces the findings of Presidio by marks such as `[name]`; several threads may use it.

    `models` as for `check_presidio`; findings that score less than `min_score` (0 to 1) stay.

    Raises:
        SettingsError: as `load_pipelines`.
    """

    def __init__(self, models: Mapping[str, str], min_score: float) -> None:
        self._pipelines = load_pipelines(models)
        # Lines of lower levels come with every text, and some quote it.
        logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import SpacyNlpEngine

        self._spacy = SpacyNlpEngine()
        self._spacy.nlp = self._pipelines  # so that it loads, and downloads, nothing
        languages = list(self._pipelines)
        registry = _registry(languages)
        self._analyzer = AnalyzerEngine(
            registry=registry,
            nlp_engine=self._spacy,
            supported_languages=languages,
            default_score_threshold=min_score,
            context_aware_enhancer=_ContextWordScorer(registry.recognizers),
        )
        self._entities = sorted(self._analyzer.get_supported_entities())
        # A pipeline forgets the words of a text after it, which it may not while another thread reads.
        self._turn = threading.Lock()

    def redact(self, text: str, language: str) -> str:
        """Return a text of a language (ISO 639-1) with the findings replaced.

        `[withheld]` stands for the whole text where anything failed, and for all after 20,000 characters.
        """
        if len(text) > _MOST_CHARS:
            begin = text[:_MOST_CHARS].rsplit(maxsplit=1)[0]  # without the word that is cut
            return f"{self.redact(begin, language)} {WITHHELD}"
        try:
            with self._turn:
                return self._redacted(text, language if language in self._pipelines else ANY_LANGUAGE)
        except Exception as error:  # noqa: BLE001  # whatever it was, a text that was not read through is not kept
            _log.error("Presidio failed (%s): a text was withheld from the store", type(error).__name__)
            return WITHHELD

    def _redacted(self, text: str, language: str) -> str:
        from presidio_analyzer.pattern_recognizer import REGEX_TIMEOUT_SECONDS

        began = time.monotonic()
        with self._pipelines[language].memory_zone():
            found = self._analyzer.analyze(
                text,
                language,
                entities=self._entities,
                nlp_artifacts=self._artifacts(text, language),
            )
        if time.monotonic() - began >= REGEX_TIMEOUT_SECONDS:
            raise TimeoutError  # Presidio passes over a pattern that takes so long, and finds the less
        spans = [(each.start, each.end, _MARKS.get(each.entity_type, _NUMBER)) for each in found]
        return "".join(_replaced(text, spans))

    def _artifacts(self, text: str, language: str) -> Any:
        """Return the entities and tokens that the pipeline finds, without lemmas, which nobody uses."""
        from presidio_analyzer.nlp_engine import NlpArtifacts

        read = self._pipelines[language](_LONG_RUN.sub(lambda run: " " * len(run[0]), text))
        entities = [entity for entity in read.ents if entity.label_ in ENTITY_OF_LABEL]
        for entity in entities:
            entity.label_ = ENTITY_OF_LABEL[entity.label_]
        return NlpArtifacts(
            entities=entities,
            tokens=read,
            tokens_indices=[token.idx for token in read],
            lemmas=[],
            nlp_engine=self._spacy,
            language=language,
            scores=[_NER_SCORE] * len(entities),
        )


class _ContextWordScorer:
    """Context scorer: a number scores more after one of its recogniser's context words, and 0 without one.

    Presidio's own scorer compares each number with all words of the text, which takes minutes for 20,000
    characters of numbers. It also takes "sin" in "using" for such a word, and none of several words.
    """

    def __init__(self, recognizers: Iterable[Any]) -> None:
        self._words = {
            it.id: re.compile(rf"\b(?:{'|'.join(map(re.escape, it.context))})\b", re.IGNORECASE)
            for it in recognizers
            if it.context
        }

    def enhance_using_context(
        self, text: str, raw_results: list[Any], nlp_artifacts: Any, recognizers: Any, context: Any = None
    ) -> list[Any]:
        """Set the scores of the recognisers' findings; Presidio's interface."""
        del nlp_artifacts, recognizers, context
        for found in raw_results:
            words = self._words.get(found.recognition_metadata[found.RECOGNIZER_IDENTIFIER_KEY])
            if words and words.search(text, max(0, found.start - _CHARS_BEFORE), found.start):
                found.score = min(1.0, found.score + _WORD_SCORE)
            elif found.entity_type not in _UNAMBIGUOUS:
                found.score = 0.0
        return raw_results


def _registry(languages: list[str]) -> Any:
    """Return the recognisers, each for every language: people write their number in whatever language."""
    from presidio_analyzer import RecognizerRegistry, predefined_recognizers

    named = predefined_recognizers.SpacyRecognizer
    recognizers = [
        named(supported_language=it, supported_entities=["PERSON", "LOCATION"]) for it in languages
    ]
    recognizers += [
        getattr(predefined_recognizers, name)(supported_language=language)
        for name in _RECOGNIZERS
        for language in languages
    ]
    return RecognizerRegistry(recognizers=recognizers, supported_languages=languages)


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> Iterator[str]:
    """Yield the text in parts; overlapping spans are replaced as one, by the mark of the first."""
    ours = [(*match.span(), match.group()) for match in _OUR_MARK.finditer(text)]
    at = 0
    mark = ""
    for start, end, name in sorted(spans + ours, key=lambda span: (span[0], -span[1])):
        if start >= at or not mark:
            yield mark
            yield text[at:start]
            mark, at = name, end
        at = max(at, end)
    yield mark
    yield text[at:]
