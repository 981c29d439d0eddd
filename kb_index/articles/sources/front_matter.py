"""Front matter: the keys before the text of a page, in YAML, TOML or JSON, as page generators take them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from math import inf
from typing import Any

import yaml

from models.errors import InputError

_YAML = re.compile(r"---[ \t]*\n(.*?)(?:\n|^)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:\n|^)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_YAML_START = re.compile(r"---[ \t]*\n")
_TOML_START = re.compile(r"\+\+\+[ \t]*\n")
_LEAD = re.compile(r"\ufeff*(?:[ \t]*\n)*\ufeff*")
_MAX_VALUES = 10_000
_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def split_front_matter(source: str) -> tuple[dict[str, Any], str]:
    r"""Return the keys of a page's front matter, and the text after it.

    Blank lines and a byte order mark may stand before it. After blank lines, what is not closed or holds no
    keys is text between rules.

    >>> split_front_matter('+++\ntitle = "Lamp"\n+++\nUnscrew it.')
    ({'title': 'Lamp'}, 'Unscrew it.')

    Raises:
        InputError: it is not closed, or cannot be read; the message names the line.
    """
    lead = _LEAD.match(source)
    start = lead.end() if lead else 0
    if _YAML_START.match(source, start):
        return _read(source, start, _YAML, "---", _from_yaml)
    if _TOML_START.match(source, start):
        return _read(source, start, _TOML, "+++", _from_toml)
    if re.match(r"\{\s*\"", source[start:]):
        return _from_json(source[start:])
    return {}, source


def _read(
    source: str, start: int, form: re.Pattern[str], fence: str, parse: Callable[[str, int], Any]
) -> tuple[dict[str, Any], str]:
    match = form.match(source, start)
    first = 1 + source.count("\n", 0, start)
    if match is None:
        if first > 1:
            return {}, source
        raise InputError(f"line 1: the front matter is not closed: end it with a line {fence}")
    found = parse(match[1], first)
    if found is None:
        found = {}
    if not isinstance(found, dict):
        if first > 1:
            return {}, source
        raise InputError("line 2: the front matter has no keys: expected lines such as title: …")
    if _expanded_size(found, {}) > _MAX_VALUES:
        raise InputError(
            f"line {first + 1}: the front matter holds more than {_MAX_VALUES:,} values: shorten it"
        )
    return {str(key): value for key, value in found.items()}, source[match.end() :]


def _expanded_size(value: Any, sizes: dict[int, float]) -> float:
    """Return how many values there are within a value, counting aliases of YAML each time."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in sizes:
        sizes[id(value)] = inf  # while it is counted: one that holds itself has no end
        inner = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = 1 + sum(_expanded_size(item, sizes) for item in inner)
    return sizes[id(value)]


def _from_yaml(text: str, first: int) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first + mark.line + 1 if mark else first
        reason = getattr(error, "problem", None) or type(error).__name__
        raise InputError(f"line {line}: the front matter is no YAML ({reason}): correct it") from error


def _from_toml(text: str, first: int) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = _TOML_LINE.search(str(error))
        reason = _TOML_LINE.sub("", str(error)).strip() or type(error).__name__
        line = first + int(at[1]) if at else first
        raise InputError(f"line {line}: the front matter is no TOML ({reason}): correct it") from error


def _from_json(source: str) -> tuple[dict[str, Any], str]:
    try:
        found, end = json.JSONDecoder().raw_decode(source)
    except (ValueError, RecursionError):
        return {}, source  # a text that begins with a brace
    return found, source[end:].lstrip("\n")
