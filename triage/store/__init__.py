"""The store: decisions, feedback, searches, tokens, webhook deliveries and the audit log in one database."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from triage.settings import Settings
from triage.store.access_tokens import AccessTokens
from triage.store.article_events import ArticleEvents
from triage.store.audit_log import AuditLog
from triage.store.database import BUSY_S, Database, open_database
from triage.store.decisions import Decisions
from triage.store.feedback import Feedback
from triage.store.guarantee import ObservedErrors, Suspensions
from triage.store.ids import Pseudonyms, open_pseudonyms
from triage.store.personal_data import PersonalData
from triage.store.portal_limits.quota import MB, DailyQuota
from triage.store.portal_sessions import PortalSessions
from triage.store.searches import Searches
from triage.store.statistics import Statistics
from triage.store.webhook_deliveries import WebhookDeliveries
from triage.store.weekly_counts import WeeklyCounts


@dataclass(frozen=True, slots=True)
class Store:
    """Store of a service; each attribute has the queries and changes of one concern."""

    database: Database
    pseudonyms: Pseudonyms
    decisions: Decisions
    audit_log: AuditLog
    access_tokens: AccessTokens
    webhook_deliveries: WebhookDeliveries
    feedback: Feedback
    observed_errors: ObservedErrors
    suspensions: Suspensions
    searches: Searches
    portal_sessions: PortalSessions
    article_events: ArticleEvents
    personal_data: PersonalData
    statistics: Statistics

    def close(self) -> None:
        """Close all connections to the database."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def open_store(settings: Settings, *, busy_s: float = BUSY_S) -> Store:
    """Return the store that the settings name; its database is reached, and brought up to date, at first use.

    Close it when it is no longer needed, or use it in a `with` statement. `busy_s` as in `open_database`.

    Raises:
        SettingsError: `store.url` cannot be understood.
        StorageError: the key file of the pseudonyms cannot be made.
    """
    database = open_database(settings.store_url, connections=settings.server.threads + 2, busy_s=busy_s)
    pseudonyms = open_pseudonyms(settings.store.secret, settings.home / "secret.key")
    quota = DailyQuota(settings.deflect.quota_mb * MB)
    audit_log, weekly_counts = AuditLog(database), WeeklyCounts(settings.dashboard.segment)
    return Store(
        database=database,
        pseudonyms=pseudonyms,
        decisions=Decisions(database, weekly_counts),
        audit_log=audit_log,
        access_tokens=AccessTokens(database),
        webhook_deliveries=WebhookDeliveries(database),
        feedback=Feedback(database, weekly_counts.add_judgements),
        observed_errors=ObservedErrors(database),
        suspensions=Suspensions(database),
        searches=Searches(database, quota, settings.deflect.sessions_per_address),
        portal_sessions=PortalSessions(database),
        article_events=ArticleEvents(database, quota),
        personal_data=PersonalData(database, pseudonyms, audit_log, settings.home),
        statistics=Statistics(database, timedelta(minutes=settings.deflect.settled_minutes)),
    )


__all__ = ["Store", "open_store"]
