"""Shadow: a helpdesk's ticket is decided and recorded, and nothing is written to the helpdesk."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from models.errors import StoreUnavailableError
from triage.helpdesks.poller import TICKET
from triage.pipeline.triage_service import TriagedTicket, TriageService
from triage.settings.helpdesks import HelpdeskSettings
from triage.store.webhook_deliveries import Delivery, WebhookDeliveries


def decide_in_shadow(
    claimed: Delivery,
    settings: HelpdeskSettings,
    triage_service: TriageService,
    deliveries: WebhookDeliveries,
) -> None:
    """Decide a ticket from the outbox; the decision and the modes of its fields are stored at once.

    Raises:
        StoreUnavailableError: nothing could be kept.
        ConflictError: another process has taken the delivery over; nothing was kept.
    """
    modes = {name: mapping.mode for name, mapping in settings.active_fields.items()}

    def store_result(connection: Connection, triaged: Sequence[TriagedTicket]) -> None:
        deliveries.decide(
            connection,
            claimed,
            decision_id=str(triaged[0].decision_id),
            result=json.dumps({"modes": modes}),
        )

    triaged = triage_service.triage_many(
        [TICKET.validate_json(claimed.payload or "")],
        articles=[settings.articles],
        source="helpdesk",
        only=modes.keys(),
        in_same_transaction=store_result,
    )[0]
    if triaged.decision_id is None:
        raise StoreUnavailableError(triaged.missing["store"])
