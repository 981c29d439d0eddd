"""Options that the subcommands share, and how these print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def on_one_line(text: str) -> str:
    """Return the text with escapes for what would move a terminal's cursor, since callers choose names."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def print_json(data: Any) -> None:
    """Print a result for machines, as `--json` asks for it."""
    print(json.dumps(data, ensure_ascii=False, indent=1))


Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of everything that is built or recorded. [default: var]")
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="The settings file. [default: triage.toml]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
TRUST_IS_DEPRECATED = (
    "warning: --trust and trust_outside are deprecated and have no effect: loading a bundle runs no code"
)
