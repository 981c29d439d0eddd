"""Promotion: a trained bundle becomes current if it is the first or no worse than the current one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from joblib import parallel_config

from models.bundle import FORMAT_VERSION, KIND
from models.errors import FolderError
from models.language.detector import LanguageDetector
from models.storage.artifact import read_manifest
from models.storage.registry import Registry
from training.data.leakage import seen_in_tuning
from training.data.learning_privacy import LearningPrivacy
from training.fitting.train import TrainingResult, train
from triage.pipeline.factory import model_registry, open_second_encoder, open_settings_encoder
from triage.pipeline.redaction import open_redaction
from triage.settings import Settings
from triage.settings.service import PrivacySettings
from triage.ticket import Ticket

# A field may lose this much accuracy, each bundle measured on its own held-out tickets.
MAX_ACCURACY_LOSS = 0.05


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """A trained bundle on disk; `regressions` says, by field, how it is worse than the current one.

    `removed` are the ids of older bundles that were deleted to make room.
    """

    trained: TrainingResult
    bundle_id: str
    is_current: bool
    regressions: dict[str, str]
    removed: list[str]


def train_and_store(
    tickets: Sequence[Ticket],
    settings: Settings,
    *,
    only: Collection[str] = (),
    force: bool = False,
    progress: bool = False,
) -> StoredBundle:
    """Train on the tickets, write the bundle into the home, and remove the oldest ones there.

    Raises as `train` and `Bundle.save`.
    """
    encoder = open_settings_encoder(settings, cached=True)
    detector = LanguageDetector(settings.languages, settings.language_folder, settings.language_detector)
    with parallel_config(n_jobs=settings.threads):
        trained = train(
            tickets,
            encoder,
            detector,
            second=open_second_encoder(settings, cached=True),
            seen=seen_in_tuning(settings.encoder) | seen_in_tuning(settings.second_encoder),
            fields=settings.field_specs(),
            only=only,
            spellings=settings.spellings(),
            privacy=learning_privacy(settings.privacy),
            progress=progress,
        )
    registry = model_registry(settings)
    regressions = gate_regressions(trained, registry)
    bundle_id = registry.new_id()
    trained.bundle.save(registry.path(bundle_id))
    becomes_current = force or not regressions
    if becomes_current:
        registry.make_current(bundle_id)
    removed = registry.prune(settings.keep_bundles)
    return StoredBundle(trained, bundle_id, becomes_current, regressions, removed)


def learning_privacy(settings: PrivacySettings) -> LearningPrivacy:
    """Return the limits of a training that the settings ask for; raises as `open_redaction`."""
    redact = open_redaction(settings) if settings.redact_training else None
    return LearningPrivacy(redact, settings.fewest_requesters)


def gate_regressions(trained: TrainingResult, registry: Registry) -> dict[str, str]:
    """Return, by field, how the trained bundle is worse than the current one.

    Both are measured on their own held-out tickets. A current bundle that cannot be read has no metrics, so
    that nothing is worse.
    """
    if registry.current_id() is None:
        return {}
    try:
        manifest = read_manifest(registry.current(), kind=KIND, format_version=FORMAT_VERSION)
    except FolderError:
        return {}
    before = manifest.metadata.get("metrics", {})
    now = {r.name: r.metrics for r in trained.reports if r.metrics}
    regressions = {}
    for name, old in before.items():
        new = now.get(name)
        if new is None:
            regressions[name] = "is no longer predicted"
        elif new.accuracy < old["accuracy"] - MAX_ACCURACY_LOSS:
            regressions[name] = f"accuracy fell from {old['accuracy']:.3f} to {new.accuracy:.3f}"
    return regressions
