"""Description of the machine, and time and memory of a command."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

_LOOK_EVERY_S = 0.2


@dataclass(frozen=True)
class Usage:
    """Wall-clock time, start of Python included, and the most memory that a command had at once."""

    seconds: float
    peak_mb: float


def measured(command: Sequence[object]) -> Usage:
    """Run a command, its results unheard; raises CalledProcessError when it fails."""
    start = time.perf_counter()
    peak = 0
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL) as process:
        while True:
            peak = max(peak, _memory(process.pid))
            try:
                code = process.wait(_LOOK_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                continue
    if code:
        raise subprocess.CalledProcessError(code, process.args)
    return Usage(time.perf_counter() - start, peak / 1e6)


def _memory(pid: int) -> int:
    """Return the bytes of a process and its children; shared pages count once where that is known."""
    total = 0
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in family:
        try:
            used = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += getattr(used, "pss", used.rss)
    return total


def describe() -> str:
    """Return one line for the head of a benchmark's output."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    ).stdout.strip()
    memory = psutil.virtual_memory().total / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"commit {commit or 'unknown'}, {cores} cores ({_processor()}), {memory:.0f} GiB, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "unknown processor"
