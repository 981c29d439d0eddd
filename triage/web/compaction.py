"""Write many changes of articles into a new index folder, beside the requests and never within one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kb_index.store import ArticleStore
from models.errors import NotReadyError, TriageError
from triage.engine import Engine

_EVERY_S = 15.0
_log = logging.getLogger(__name__)


def start_compaction(engine: Callable[[], Engine], *, every_s: float = _EVERY_S) -> threading.Event:
    """Look every few seconds, in a thread of its own, whether the changes are so many that it is due.

    `engine` returns the one that answers now, or raises a TriageError while there is none. Setting what is
    returned ends the thread.
    """
    stopped = threading.Event()

    def look() -> None:
        while not stopped.wait(every_s):
            try:
                articles = engine().articles
                if isinstance(articles, ArticleStore):
                    articles.compact(only_when_due=True)
            except NotReadyError:
                continue
            except TriageError as error:
                # Nothing is lost: the changes stay where they are, and are searched as before.
                _log.warning("the changed articles could not be written together: %s", error.message)
            except Exception as error:  # noqa: BLE001 - a thread that ends would never compact again
                _log.error("the compaction of articles stumbled: %s", type(error).__name__)

    threading.Thread(target=look, name="compact-articles", daemon=True).start()
    return stopped
