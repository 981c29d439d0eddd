"""The service's memory: decisions, what people made of them, and what is still to be done."""

from triage.store.store import Store, open_store

__all__ = ["Store", "open_store"]
