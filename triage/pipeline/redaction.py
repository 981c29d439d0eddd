"""Redaction as the settings ask for it."""

from __future__ import annotations

from models.redaction.presidio import PresidioRedactor
from models.redaction.redact import Redactor, redact, redact_with_rules
from triage.settings.service import PrivacySettings


def open_redaction(settings: PrivacySettings) -> Redactor:
    """Load what the settings ask for; with Presidio that takes seconds.

    Raises:
        SettingsError: the extra `presidio` or a model is missing, or does not load.
    """
    if not settings.presidio:
        return redact_with_rules
    presidio = PresidioRedactor(settings.presidio_models, settings.presidio_min_score)
    return lambda text, language: presidio.redact(redact(text, language), language)
