"""Sign-in link: printed at the start, and opened in a browser where there is a display."""

from __future__ import annotations

import html
import ipaddress
import os
import sys
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path

import typer

from triage.first_token import first_token_file, has_had_tokens

_PAGE = "sign-in.html"
_WAIT_S = 15.0


def show_sign_in(home: Path, host: str, port: int) -> threading.Thread:
    """Print the link to the page in a thread of its own, as soon as the first token is there; open it.

    The token stands in the link's fragment, which browsers send to nobody. The link is printed and not
    logged.
    """
    thread = threading.Thread(target=_show, args=(home, page_url(host, port)), name="sign-in", daemon=True)
    thread.start()
    return thread


def page_url(host: str, port: int) -> str:
    """Return the page's address as a browser on this machine asks for it.

    >>> page_url("0.0.0.0", 8080), page_url("::1", 80)
    ('http://127.0.0.1:8080/', 'http://[::1]:80/')
    """
    name = host.strip("[]") or "127.0.0.1"
    with suppress(ValueError):  # a name
        name = "127.0.0.1" if ipaddress.ip_address(name).is_unspecified else name
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def sign_in_link(home: Path, url: str) -> str | None:
    """Return the link that signs in with the home's first token; None where it has no file of one."""
    try:
        secret = first_token_file(home).read_text("utf-8").strip()
    except OSError:
        return None
    return f"{url}#token={secret}"


def _show(home: Path, url: str) -> None:
    end = time.monotonic() + _WAIT_S
    while not has_had_tokens(home) and time.monotonic() < end:
        time.sleep(0.1)
    link = sign_in_link(home, url)
    if link is None:
        typer.echo(f"Open {url} in a browser; it asks for a token. Ctrl+C stops.")
    else:
        typer.echo(f"Open this link in a browser, it signs you in: {link}\nCtrl+C stops.")
    if _has_display():
        _open_in_browser(home, link or url)


def _open_in_browser(home: Path, link: str) -> None:
    """Open a link by way of a file: other users of the machine can see a browser's arguments."""
    page = home.absolute() / _PAGE
    address = html.escape(link)
    page.unlink(missing_ok=True)
    page.touch(mode=0o600)
    page.write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={address}">\n', "utf-8")
    webbrowser.open(page.as_uri())


def _has_display() -> bool:
    if sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
