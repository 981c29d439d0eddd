"""Options that the subcommands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None, typer.Option("--home", help="Folder of everything that is built or recorded. [default: var]")
]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", help="The settings file. [default: triage.toml]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
