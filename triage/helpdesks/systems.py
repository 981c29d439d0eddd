"""The systems that can be connected, by the word that `kind` has in the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from models.errors import SettingsError
from triage.helpdesks.django_helpdesk import DjangoHelpdesk
from triage.helpdesks.protocol import Helpdesk
from triage.settings import Settings
from triage.settings.helpdesks import HelpdeskKind, HelpdeskSettings

_SYSTEMS: Mapping[HelpdeskKind, Callable[[HelpdeskSettings], Helpdesk]] = {"django-helpdesk": DjangoHelpdesk}


def helpdesk_settings(settings: Settings, name: str) -> HelpdeskSettings:
    """Return the settings of a helpdesk.

    Raises:
        SettingsError: none has this name.
    """
    found = settings.helpdesks.get(name)
    if found is None:
        named = ", ".join(settings.helpdesks) or "none"
        raise SettingsError(
            f"there is no helpdesk {name!r}: add [helpdesks.{name}] to triage.toml; those named there: "
            f"{named}"
        )
    return found


def open_helpdesk(settings: HelpdeskSettings) -> Helpdesk:
    """Return the helpdesk that the settings name; nothing is asked of it yet.

    Raises:
        SettingsError: there is no secret to sign in with.
    """
    return _SYSTEMS[settings.kind](settings)
