"""What a sentence-transformers model wants in front of a text that is asked, or searched."""

from __future__ import annotations

from collections.abc import Mapping

from models.encoder.interface import Kind

_NAMES: dict[Kind, tuple[str, ...]] = {"query": ("query",), "passage": ("passage", "document")}


def prompts_of(named: Mapping[str, str]) -> dict[Kind, str]:
    """Return the prompt of each kind; empty where the model has none.

    >>> prompts_of({"query": "ask: ", "document": "tell: "})
    {'query': 'ask: ', 'passage': 'tell: '}
    """
    return {
        kind: next((named[name] for name in names if named.get(name)), "") for kind, names in _NAMES.items()
    }
