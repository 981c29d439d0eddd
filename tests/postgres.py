"""A real PostgreSQL server of the tests' own, started in a temporary folder and stopped at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

_DEBIAN = Path("/usr/lib/postgresql")
_REQUIRED = "TRIAGE_REQUIRE_POSTGRESQL"


@dataclass(frozen=True)
class Postgres:
    """A server that listens on a free port of this machine, or of the one that `within` leads into."""

    programs: Path
    folder: Path
    port: int
    host: str = "127.0.0.1"
    within: tuple[str, ...] = ()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://triage@{self.host}:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; as root, which it refuses, run it as `postgres`."""
        switch = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*self.within, *switch, str(self.programs / program), *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            timeout=300,
        )

    def start(self) -> None:
        # Without fsync: what is tested dies by its process, never by the machine's power.
        fixed = f"-c listen_addresses={self.host} -c max_connections=60 -c fsync=off"
        options = f"-p {self.port} -k {self.folder} {fixed}"
        log = str(self.folder / "log")
        self.run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-w", "-t", "240", "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-t", "240", "-m", mode, "stop")

    def create_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self.run("createdb", *self._asked(), name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Give the disk back what a database takes, whoever is still connected to it."""
        self.run("dropdb", *self._asked(), "--force", name)

    def _asked(self) -> tuple[str, ...]:
        return "-h", self.host, "-p", str(self.port), "-U", "triage"


def start_postgres(folder: Path, host: str = "127.0.0.1", within: tuple[str, ...] = ()) -> Postgres:
    """Start a server with an empty cluster; skip where PostgreSQL is not installed."""
    found = shutil.which("initdb") or next(iter(sorted(_DEBIAN.glob("*/bin/initdb"), reverse=True)), None)
    if found is None:
        reason = "PostgreSQL is not installed: apt-get install postgresql"
        assert not os.environ.get(_REQUIRED), reason
        pytest.skip(reason)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Postgres(Path(found).resolve().parent, folder, free_port(), host, within)
    server.run(
        "initdb", "-D", str(folder / "data"), "-U", "triage", "--auth=trust", "--no-sync", "-E", "UTF8"
    )
    with (folder / "data/pg_hba.conf").open("a") as rules:
        rules.write("host all all samenet trust\n")
    server.start()
    return server


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
