"""Reader of the fixtures of public reply parsers: each mail with what the parser's own tests expect of it.

Nothing of theirs is stored here: checkouts of the repositories are read from a folder, one sub-folder a
repository. A test that says the whole reply gives `expected`; one that looks for a piece of it gives a
pattern in `keep`, and one that looks for a piece in the history or the signature gives one in `drop`.
"""

from __future__ import annotations

import ast
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.text import html_to_text


@dataclass(slots=True)
class Case:
    """One mail of a fixture set. `keep` and `drop` are patterns, searched for in the result.

    `languages` are those that the set's test tells its parser; empty where it tells none.
    """

    name: str
    body: str
    subject: str = ""
    expected: str | None = None
    keep: list[str] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)


def read_sets(folder: Path) -> Iterator[tuple[str, list[Case]]]:
    """Yield name and cases of each known repository that has a checkout in `folder`."""
    for name, pattern, reader in _READERS:
        roots = [root for root in sorted(folder.iterdir()) if root.name.endswith(pattern)]
        for root in roots[:1]:
            yield name, [case for case in reader(root) if case.expected or case.keep or case.drop]


def _email_reply_trimmer(root: Path) -> Iterator[Case]:
    for file in sorted((root / "test/emails").glob("*.txt")):
        yield Case(file.stem, _read(file), expected=_read(root / "test/trimmed" / file.name))


def _forwards(root: Path) -> Iterator[Case]:
    """Yield forwards; the covering note and the forwarded text are expected, without the header."""
    script = _read(next((root / "test").glob("*.js")))
    body, message = (
        ast.literal_eval(re.search(rf"const {name} = (\".*\");", script)[1])  # type: ignore[index]  # it is there
        for name in ("BODY", "MESSAGE")
    )
    for file in sorted((root / "test/fixtures").glob("*_body*.txt")):
        exact = file.with_name(file.name.replace("_body", "_subject"))
        client = file.stem.partition("_body")[0]
        general = [file.with_name(f"{part}_subject.txt") for part in (client, client.rpartition("_")[0])]
        subject = next(filter(Path.exists, (exact, *general)), None)
        text = _read(file)
        found = [part for part in (message, body) if part[:20] in text]
        if found:
            expected = "\n\n".join(found)
            yield Case(file.stem, text, _read(subject) if subject else "", expected)


def _talon(root: Path) -> Iterator[Case]:
    yield from _asserted_equal(root / "tests/text_quotations_test.py", "extract_from_plain")
    for file in sorted((root / "tests/fixtures/standard_replies").glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        part = message.get_body(("plain",))  # type: ignore[attr-defined]  # an EmailMessage
        expected = file.with_name(f"{file.stem}_reply_text")
        yield Case(file.stem, part.get_content(), expected=_read(expected) if expected.exists() else "Hello")


def _talon_html(root: Path) -> Iterator[Case]:
    for case in _asserted_equal(root / "tests/html_quotations_test.py", "extract_from_html"):
        case.expected = html_to_text(case.expected or "")
        yield case
    for file in sorted((root / "tests/fixtures/html_replies").glob("*.html")):
        yield Case(file.stem, _read(file), expected="Hi. I am fine.\n\nThanks,\nAlex")


def _asserted_equal(script: Path, function: str) -> Iterator[Case]:
    """Read `eq_(expected, … function(body))` where both are literals or names of literals."""
    for test in ast.parse(_read(script)).body:
        if not isinstance(test, ast.FunctionDef):
            continue
        known: dict[str, str] = {}
        for number, node in enumerate(node for node in ast.walk(test) if hasattr(node, "lineno")):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = _literal(node.value, known)
                if value is not None and "%" not in value:
                    known.setdefault(node.targets[0].id, value)
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "eq_"):
                continue
            expected = _literal(node.args[0], known)
            bodies = [
                _literal(call.args[0], known)
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == function
            ]
            if expected and bodies and bodies[0]:
                yield Case(f"{test.name}:{number}", bodies[0], expected=expected)


def _literal(node: ast.AST, known: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "sub":
        return _literal(node.args[1], known)
    return None


_TESTS = re.compile(r"(?:export function|public function|  def )\s*te[sx]t")
_FIXTURE = re.compile(
    r"get_email\(\"([\w-]+)\"\)|getFixtures\('([\w-]+)\.txt'\)|email[ (]:([\w-]+)|reply_from\(:?(\w+)"
)
_OWN = r"(?:\(string\) |trim\()?(?:\$?(?:reply\.)?fragments\[0\]|\$?email(?:\.|->)getVisibleText)"
_WHOLE = re.compile(
    rf"(?:equal|assertEquals|assert_equal)\(?\s*(?P<text>\"(?:[^\"\\]|\\.)*\"|'[^']*'|<<<EMAIL\n.*?\nEMAIL|"
    rf"(?:static::)?COMMON_FIRST_FRAGMENT)\s*,\s*{_OWN}",
    re.S,
)
_PIECE = re.compile(
    r"(?:/(?P<js>(?:[^/\n\\]|\\.)+)/m?\.test\(|assertMatchesRegularExpression\('/(?P<php>.+?)/',|"
    r"assert_match\(?\s?/(?P<rb>.+?)/,|assertStringContainsString\('(?P<php_in>.+?)',)"
    r"\s*(?:\(string\) )?\$?(?:reply\.)?fragments\[(?P<number>\d)"
)
_ABSENT = re.compile(r"assertStringNotContainsString\('(.+?)', \$fragments\[0")


def _fragment_tests(tests: str, fixtures: str) -> Callable[[Path], Iterator[Case]]:
    """Return a reader of the tests in JavaScript, PHP and Ruby, which descend from one another."""

    def read(root: Path) -> Iterator[Case]:
        script = _read(next(root.glob(tests)))
        common = re.search(r"COMMON_FIRST_FRAGMENT = '(.*?)';", script, re.S)
        common_text = common[1].replace("\\n\\\n", "\n") if common else ""
        cases: dict[str, Case] = {}
        for test in _TESTS.split(script)[1:]:
            names = [next(filter(None, match)) for match in _FIXTURE.findall(test)]
            file = root / fixtures / f"{names[0] if names else ''}.txt"
            if len(set(names)) != 1 or not file.exists():
                continue
            case = cases.setdefault(names[0], Case(names[0], _read(file)))
            pieces = [
                (
                    int(piece["number"]),
                    piece["js"] or piece["php"] or piece["rb"] or re.escape(piece["php_in"]),
                )
                for piece in _PIECE.finditer(test)
            ]
            if found := _WHOLE.search(test):
                case.expected = _text_of(found["text"], common_text)
            # A reply below or between quotes begins with a quote, or has a second fragment of its own.
            below = 0 if any(number == 0 and pattern.startswith("^On [") for number, pattern in pieces) else 1
            if any(number > 1 for number, _ in pieces):
                case.expected = None
            for number, pattern in pieces:
                if number == below and (below == 0 or len(pattern) >= 8):
                    case.drop.append(pattern)
                elif number == 1 - below:
                    case.keep.append(pattern)
            case.drop += [re.escape(text) for text in _ABSENT.findall(test)]
        yield from cases.values()

    return read


def _text_of(literal: str, common: str) -> str:
    if literal.endswith("COMMON_FIRST_FRAGMENT"):
        return common
    if literal.startswith("<<<"):
        return literal.removeprefix("<<<EMAIL\n").removesuffix("EMAIL")
    return literal[1:-1].replace("\\n", "\n")


_PYTHON_OWN = re.compile(r"fragments\[0\]|replies\[0\]\.(?:body|content)|\.reply\b|parse_reply|latest_reply")
_PYTHON_OTHER = re.compile(r"fragments\[[1-9]\]|replies\[[1-9]\]|\.signatures")


def _python_tests(test: str) -> Callable[[Path], Iterator[Case]]:
    def read(root: Path) -> Iterator[Case]:
        script = _read(root / "test" / test)
        cases: dict[str, Case] = {}
        for function in ast.walk(ast.parse(script)):
            if not isinstance(function, ast.FunctionDef):
                continue
            source = ast.get_source_segment(script, function) or ""
            name = re.search(r"get_email\(['\"](\w+)['\"]|emails/(\w+)\.txt", source)
            if name is None or "keep_hyphen" in source:
                continue
            stem = name[1] or name[2]
            case = cases.setdefault(stem, Case(stem, _read(root / f"test/emails/{stem}.txt")))
            case.languages = re.findall(r"'(\w\w)'", source.partition("languages=[")[2].partition("]")[0])
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "").startswith("assert"):
                    _add_assertion(case, ast.unparse(node), node)
        for case in cases.values():
            case.keep = [text for text in case.keep if text not in case.drop]
            yield case

    return read


def _add_assertion(case: Case, source: str, node: ast.Call) -> None:
    texts = [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    if not texts or not texts[0] or "split" in source:
        return
    other = _PYTHON_OTHER.search(source) is not None
    if not other and not _PYTHON_OWN.search(source):
        return
    if not other and (" == " in source or "assertEqual" in source):
        case.expected = texts[0]
    elif "not in" in source or "NotIn" in source:
        if not other:
            case.drop.append(re.escape(texts[0]))
    elif not other or len(texts[0]) >= 8:
        (case.drop if other else case.keep).append(re.escape(texts[0]))


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


_READERS: tuple[tuple[str, str, Callable[[Path], Iterator[Case]]], ...] = (
    ("email_reply_trimmer", "email_reply_trimmer", _email_reply_trimmer),
    ("talon, text", "talon", _talon),
    ("talon, HTML", "talon", _talon_html),
    (
        "email-reply-parser (JS)",
        "crisp-oss+email-reply-parser",
        _fragment_tests("test/*.js", "test/fixtures"),
    ),
    ("EmailReplyParser (PHP)", "EmailReplyParser", _fragment_tests("tests/*/*/*/*.php", "tests/Fixtures")),
    ("email_reply_parser (Ruby)", "email_reply_parser", _fragment_tests("test/*_test.rb", "test/emails")),
    ("email-forward-parser", "email-forward-parser", _forwards),
    (
        "email-reply-parser (its own)",
        "zapier+email-reply-parser",
        _python_tests("test_email_reply_parser.py"),
    ),
    ("mail-parser-reply (its own)", "mail-parser-reply", _python_tests("test_email_reply_parser.py")),
)
