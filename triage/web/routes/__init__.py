"""The routes of version 1, a file for each concern. Each one checks, asks, and answers."""

from triage.web.routes.articles import articles
from triage.web.routes.dashboard import dashboard
from triage.web.routes.feedback import feedback
from triage.web.routes.operations import operator
from triage.web.routes.search import search
from triage.web.routes.tickets import batch, tickets
from triage.web.routes.webhooks import hooks

BLUEPRINTS = (tickets, batch, hooks, search, articles, feedback, operator, dashboard)

__all__ = ["BLUEPRINTS"]
