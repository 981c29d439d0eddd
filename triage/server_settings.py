"""The settings of the HTTP service."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from triage.settings_table import Table


class ServerSettings(Table):
    """`[server]`: where the HTTP service listens, and how much it takes on at once."""

    host: str = Field("127.0.0.1", description="address to listen on; 0.0.0.0 is every address")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8080, description="port to listen on")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        1, description="processes that answer; each loads encoder, bundle and index for itself"
    )
    threads: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="requests computed side by side in one process: as many as it has cores"
    )
    queue: Annotated[int, Field(ge=0, le=1000)] = Field(
        64, description="requests that may wait for their turn in one process; the next one gets a 503"
    )
    wait_s: Annotated[float, Field(gt=0, le=300)] = Field(
        10.0, description="longest wait for its turn, in seconds; then a request gets a 503"
    )
    read_s: Annotated[float, Field(gt=0, le=300)] = Field(
        20.0,
        description="within how many seconds a request must have arrived as a whole, and its answer be taken",
    )
    stop_s: Annotated[int, Field(ge=1, le=600)] = Field(
        30, description="how many seconds a stopping server takes at most to finish what it took"
    )
    connections: Annotated[int, Field(ge=10, le=100_000)] = Field(
        1000, description="open connections of one process, idle ones included"
    )
    max_body_kb: Annotated[int, Field(ge=1)] = Field(1024, description="largest request body, in KiB")
    trust_outside: bool = Field(
        False,
        description="load the current bundle also where a link leads out of the home; loading runs its code",
    )
    max_batch_kb: Annotated[int, Field(ge=1)] = Field(
        8192, description="largest body of a batch of tickets, in KiB"
    )
    log: Literal["auto", "json", "text"] = Field(
        "auto", description="form of the log: json lines, text, or text on a terminal and json elsewhere"
    )
