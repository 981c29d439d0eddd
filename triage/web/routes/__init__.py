"""Routes of the HTTP interface, a file for each concern."""

from triage.web.routes.articles import articles
from triage.web.routes.dashboard import dashboard
from triage.web.routes.feedback import feedback
from triage.web.routes.operations import operations
from triage.web.routes.search import search
from triage.web.routes.tickets import batch, tickets
from triage.web.routes.webhooks import hooks

BLUEPRINTS = (tickets, batch, hooks, search, articles, feedback, operations, dashboard)

__all__ = ["BLUEPRINTS"]
