"""Open what the settings name: encoders, bundle, articles, and the engine over all of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kb_index.storage.article_store import ArticleStore
from models.bundle import ADVICE, Bundle
from models.encoder import Encoder, TextKind, english_source, open_encoder
from models.encoder.cache import CachedEncoder
from models.encoder.cross_encoder import open_cross_encoder
from models.errors import FolderError, TriageError
from models.language.detector import LanguageDetector
from models.storage.registry import Registry
from triage.pipeline.engine import Engine
from triage.pipeline.part import Part
from triage.rules.pipeline import build_rule_pipeline
from triage.settings import Settings
from triage.timing import timed

_log = logging.getLogger(__name__)


class TimedEncoder:
    """An encoder whose time counts as the stage `encoder`."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dim = encoder.dim

    def encode(
        self, texts: Sequence[str], kind: TextKind = "query", *, progress: bool = False
    ) -> NDArray[np.float32]:
        """Encode as the encoder does: (n, dim) float32, L2-normalised."""
        with timed("encoder"):
            return self._encoder.encode(texts, kind, progress=progress)


def model_registry(settings: Settings) -> Registry:
    """Return the registry of trained bundles."""
    return Registry(settings.models_folder, "trained bundle", "run `triage train --tickets FILE`")


def open_settings_encoder(settings: Settings, *, cached: bool) -> Encoder:
    """Open the configured encoder.

    `cached` is for commands: it keeps embeddings on disk, and exports a model for the service first.
    """
    encoder = open_encoder(settings.encoder, settings.encoder_folder, threads=settings.threads, export=cached)
    return CachedEncoder(encoder, settings.cache_folder) if cached else encoder


def open_second_encoder(settings: Settings, *, cached: bool) -> Encoder | None:
    """Open the encoder that may join the configured one, or return None where there is none."""
    english = english_source(settings.encoder_folder) if settings.second_encoder == "auto" else None
    spec = settings.second_encoder if english is None else str(english)
    if spec in {"auto", "off"}:
        return None
    encoder = open_encoder(spec, settings.encoder_folder, threads=settings.threads, export=cached)
    return CachedEncoder(encoder, settings.cache_folder) if cached else encoder


def open_articles(settings: Settings, *, cached: bool) -> ArticleStore:
    """Open the knowledge base with the configured encoder; `cached` as in `open_settings_encoder`."""
    return _article_store(settings, open_settings_encoder(settings, cached=cached))


def _article_store(settings: Settings, encoder: Encoder, *, auto_compact: bool = True) -> ArticleStore:
    return ArticleStore(
        settings.kb_folder,
        encoder,
        auto_compact=auto_compact,
        learn_from_use=settings.articles.learn_from_use,
    )


def open_engine(
    settings: Settings, *, cached: bool = False, rules: bool = True, auto_compact: bool = True
) -> Engine:
    """Load the encoder, and the current bundle and index where they can be had.

    Without `rules`, answers are what the models alone say, as they are when the models are measured.
    Without `auto_compact`, whoever changes articles has the changes compacted from time to time.

    Raises:
        EncoderError: the encoder cannot be loaded.
        SettingsError: a language is not known.
    """
    with (
        ThreadPoolExecutor() as executor
    ):  # the detector's tables take as long to unpack as the encoder to load
        detector = executor.submit(
            LanguageDetector, settings.languages, settings.language_folder, settings.language_detector
        )
        encoder = TimedEncoder(open_settings_encoder(settings, cached=cached))
        bundle = _current_bundle(settings, encoder, partial(open_second_encoder, settings, cached=cached))
        articles = _article_store(settings, encoder, auto_compact=auto_compact)
        Part.load(articles.knowledge_base)  # loaded now, not by the first search
        rule_pipeline = build_rule_pipeline(settings) if rules else None
        cross = None if settings.cross_encoder == "off" else open_cross_encoder(settings.cross_encoder)
        return Engine(encoder, detector.result(), bundle, Part(articles), rule_pipeline, cross)


def with_current_bundle(engine: Engine, settings: Settings) -> Engine:
    """Return the engine with the bundle that is current now; all its other parts serve on as they are."""
    second = engine.bundle.value.second if engine.bundle.value is not None else None

    def open_second() -> Encoder | None:
        return second or open_second_encoder(settings, cached=False)

    return replace(engine, bundle=_current_bundle(settings, engine.encoder, open_second))


def _current_bundle(
    settings: Settings, encoder: Encoder, open_second: Callable[[], Encoder | None]
) -> Part[Bundle]:
    def load() -> Bundle:
        folder = model_registry(settings).current()
        try:
            return Bundle.load(folder, encoder_name=encoder.name, open_second=open_second)
        except TriageError:
            raise
        except Exception as error:  # the articles must serve on, whatever is wrong with a bundle
            _log.exception("the bundle in %s cannot be loaded", folder)
            raise FolderError(
                f"the bundle in {folder} cannot be loaded ({type(error).__name__}: {error}): {ADVICE}"
            ) from error

    return Part.load(load)
