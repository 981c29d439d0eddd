"""How texts are redacted before they are kept, as `[privacy]` says."""

from __future__ import annotations

from models.text.presidio import Presidio
from models.text.redact import Redact, redact, redact_by_own_rules
from triage.store_settings import PrivacySettings


def open_redaction(settings: PrivacySettings) -> Redact:
    """Load what the settings ask for; with Presidio that takes seconds.

    Raises:
        SettingsError: the extra `presidio` or a model is missing, or does not load.
    """
    if not settings.presidio:
        return redact_by_own_rules
    presidio = Presidio(settings.presidio_models, settings.presidio_min_score)
    return lambda text, language: presidio.redact(redact(text), language)
