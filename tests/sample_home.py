"""A home of a test's own with what the sample helpdesk has learnt, and with a store and tokens of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from triage.settings import Settings


def copy_sample(sample_settings: Settings, home: Path) -> Settings:
    """Copy bundles and articles into a folder, and return the sample's settings for that home."""
    for part in ("models", "kb"):
        shutil.copytree(sample_settings.home / part, home / part)
    return sample_settings.model_copy(update={"home": home})
