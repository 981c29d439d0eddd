"""A quiet browser for the tests in one, and what its pages complain of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@contextmanager
def open_page(problems: list[str]) -> Iterator[Page]:
    """Open a page in a browser, and note in `problems` what its console says; skip the test without one."""
    if CHROMIUM is None:
        if os.environ.get("TRIAGE_REQUIRE_BROWSER"):
            pytest.fail("no chromium found, and TRIAGE_REQUIRE_BROWSER is set")
        pytest.skip("no chromium found on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        page = browser.new_page()
        page.on("console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        yield page
        browser.close()
