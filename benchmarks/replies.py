"""Reply parsing: which share of the fixtures of public reply parsers is read as their own tests expect.

    python benchmarks/replies.py FOLDER [--show SET]

FOLDER holds checkouts of the parsers' repositories, each named OWNER+NAME: discourse/email_reply_trimmer,
mailgun/talon, crisp-oss/email-reply-parser, crisp-oss/email-forward-parser, willdurand/EmailReplyParser,
github/email_reply_parser, zapier/email-reply-parser, alfonsrv/mail-parser-reply. The packages
mail-parser-reply and email-reply-parser are measured beside ours where they are installed. They read text,
so HTML is rendered for them.

A result is right when each of its lines is in the expected reply and no line of the reply is lost. For all
parsers alike, quoted lines, attributions and a signature may be missing: lines marked ">", lines that end
in a colon above these, what stands below "--", and up to eight last lines of at most six words. Fixtures in
which our rule differs on purpose are listed and counted apart.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from reply_fixtures import Case, read_sets

from models.text import clean_ticket, html_to_text, looks_like_html

Parser = Callable[[Case], str]


def ours(case: Case) -> str:
    """Return the cleaned body, without the line of the subject."""
    return clean_ticket("", case.body) if not case.subject else _without_subject(case)


def _without_subject(case: Case) -> str:
    title = clean_ticket(case.subject, "")
    return clean_ticket(case.subject, case.body).removeprefix(title)


def packages() -> dict[str, Parser]:
    """Return the installed packages that are measured beside ours."""
    found: dict[str, Parser] = {}
    for package, module, parser in (
        ("mail-parser-reply", "mailparser_reply", _mail_parser_reply),
        ("email-reply-parser", "email_reply_parser", _email_reply_parser),
    ):
        if find_spec(module) is None:
            print(f"{package} is not installed, so it is not measured: pip install {package}")
        else:
            found[f"{package} {version(package)}"] = parser(import_module(module))
    return found


def _mail_parser_reply(package: Any) -> Parser:
    """Return the parser with the languages of the set's test, or with all of them."""
    known = [code for code in package.constants.MAIL_LANGUAGES if len(code) == 2]

    def parse(case: Case) -> str:
        message = package.EmailReplyParser(languages=case.languages or known).read(_text(case))
        return message.replies[0].body if message.replies else ""

    return parse


def _email_reply_parser(package: Any) -> Parser:
    return lambda case: package.EmailReplyParser.parse_reply(_text(case))


def _text(case: Case) -> str:
    return html_to_text(case.body) if looks_like_html(case.body) else case.body


def problem(case: Case, result: str) -> str | None:
    """Return what is wrong with a result, or None."""
    words = _words(result)
    if case.expected is not None:
        expected = _words(case.expected)
        for line in result.splitlines():
            if _words(line) not in expected:
                return f"kept: {line[:80]}"
        for line in _needed_lines(case.expected):
            if _words(line) not in words:
                return f"lost: {line[:80]}"
    for pattern in case.keep:
        if not re.search(pattern, result, re.M) and _words(re.sub(r"\\(.)", r"\1", pattern)) not in words:
            return f"lost: /{pattern[:80]}/"
    for pattern in case.drop:
        if re.search(pattern, result, re.M):
            return f"kept: /{pattern[:80]}/"
    return None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text))


def _needed_lines(expected: str) -> list[str]:
    lines = [line.strip() for line in re.split(r"\n\s?--\s?\n", expected.strip())[0].split("\n")]
    lines = [
        line
        for at, line in enumerate(lines)
        if line and not line.startswith((">", "|")) and not _is_attribution(lines, at)
    ]
    needed = len(lines)
    while needed > 1 and len(lines) - needed < 8 and len(lines[needed - 1].split()) <= 6:
        needed -= 1
    return lines[:needed]


def _is_attribution(lines: list[str], at: int) -> bool:
    below = next((line for line in lines[at + 1 :] if line), "")
    return lines[at].endswith(":") and below.startswith((">", "|"))


_FORWARD = "a forward stays, since the ticket is about it"
_PHONE = "text below the line of a phone stays"
# Expectations that are not ours: (set, fixture) and our rule.
ON_PURPOSE: dict[tuple[str, str], str] = {
    ("email_reply_trimmer", "forwarded_apple"): _FORWARD,
    ("email_reply_trimmer", "forwarded_gmail"): _FORWARD,
    ("email_reply_trimmer", "embedded_email_german_3"): "a mail below nothing but a greeting is a forward",
    ("email_reply_trimmer", "embedded_email_1"): "text below a quote stays",
    ("talon, text", "test_dont_parse_quotations_for_forwarded_messages:5"): "a forward loses its header",
    ("talon, text", "test_too_many_lines:6"): "the test allows its parser to read one line only",
    ("talon, HTML", "test_blockquote_disclaimer:8"): "a blockquote stays where the sender goes on below it",
    ("email-reply-parser (JS)", "email_15"): _PHONE,
    ("email-reply-parser (JS)", "email_german_3"): _PHONE,
    ("email-reply-parser (JS)", "email_tricky_20_html_entities"): "entities become characters",
    ("EmailReplyParser (PHP)", "email_15"): _PHONE,
    ("EmailReplyParser (PHP)", "email_with_date_headers"): "the test gives its parser a pattern of its own",
    ("email-forward-parser", "gmail_en_body_variant_14"): "a forward within a forward stays",
    ("email-forward-parser", "thunderbird_en_body_variant_14"): "a forward within a forward stays",
    ("email-forward-parser", "outlook_live_en_body_variant_14"): "a mail within a forward stays",
    ("email-forward-parser", "new_outlook_2019_en_body_variant_14"): "a mail within a forward stays",
    ("email-forward-parser", "new_outlook_2019_en_body_variant_14_1"): "a mail within a forward stays",
    ("email-forward-parser", "ionos_one_and_one_en_body_variant_2"): "without Fwd: a quoted mail is history",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("folder", type=Path, help="folder with the checkouts")
    arguments.add_argument("--show", metavar="SET", help="print our wrong cases of the sets that contain SET")
    given = arguments.parse_args()
    parsers: dict[str, Parser] = {"ours": ours, **packages()}
    print("| set | fixtures | " + " | ".join(parsers) + " |")
    print("|---" * (len(parsers) + 2) + "|")
    apart: list[str] = []
    for name, cases in read_sets(given.folder):
        counted = [case for case in cases if (name, case.name) not in ON_PURPOSE]
        apart += [
            f"{name}, {case.name}: {ON_PURPOSE[name, case.name]}" for case in cases if case not in counted
        ]
        problems = {
            parser: {case.name: problem(case, parse(case)) for case in counted}
            for parser, parse in parsers.items()
        }
        right = [sum(found is None for found in results.values()) for results in problems.values()]
        shares = " | ".join(f"{count} ({100 * count / max(1, len(counted)):.1f} %)" for count in right)
        print(f"| {name} | {len(counted)} | {shares} |")
        if given.show is not None and given.show in name:
            for case, found in problems["ours"].items():
                if found:
                    print(f"    {case}: {found}")
    print("\nCounted apart, because our rule differs on purpose:")
    print("\n".join(f"- {line}" for line in apart) or "- none")


if __name__ == "__main__":
    main()
