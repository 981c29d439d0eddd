"""Passwords of plain words: passphrases, quoted ones, and those that stand before the word for a password."""

from __future__ import annotations

import re
from functools import cache

from models.language.function_words import is_function_word
from models.redaction.further_words import COPULAS as FURTHER_COPULAS
from models.redaction.label_words import COPULAS, JOINING
from models.redaction.lexicon import any_word_of, is_cjk, look_up
from models.redaction.password_words import LINKS, PASSPHRASE, TROUBLE, UNSPACED_LINKS, password_word

_OPEN, _CLOSE = "\"'„“”‚‘«»「『", "\"'“”‘’«»」』"
_QUOTED = rf"(?:(?<!\w)[\"'‘]|[„“”‚«»「『])(?P<quoted>[^{_OPEN}{_CLOSE}\n]{{3,100}})[{_CLOSE}]"
_WORD = r"[^\W_]+(?:['’-][^\W_]+)*"
_FEWEST_WORDS, _FEWEST_AFTER_PASSPHRASE, _FEWEST_PARTS = 4, 3, 3
_MOST_WORDS = 12
_BUT = "but, aber, mais, pero, ma, mas, maar, ale, men, mutta, но"
_MOST_FUNCTION_WORDS = 1 / 3
_NEXT_WORD = re.compile(r"[ -](\w+)")
_CLAUSE_END = re.compile(r"[ ]?(?:[.!?,;)(\n]|$)")


@cache
def _after() -> re.Pattern[str]:
    """Return the pattern of a passphrase after its word."""
    copula = any_word_of(COPULAS, FURTHER_COPULAS)
    return re.compile(
        rf"(?P<link>(?P<between>(?:[ ][^\W\d_]{{1,14}}){{0,3}}?)[ ]{copula}"
        rf"(?:[ ](?:{LINKS})){{0,2}}"
        r"(?P<strong>[ ]?[:：])?[ ]{1,2}"
        rf"|[ ]?[:：=][ ]{{0,2}}|(?:{UNSPACED_LINKS})[ ]?)"
        rf"(?:{_QUOTED}|(?P<words>{_WORD}(?:[ ]{_WORD}){{0,{_MOST_WORDS - 1}}}))",
        re.IGNORECASE,
    )


@cache
def _before() -> re.Pattern[str]:
    """Return the pattern of a password before its word: '"Rosebud" as password', "Oak42 is my password"."""
    copula = any_word_of(COPULAS, FURTHER_COPULAS)
    joined = (
        r"as|als|comme|como|come|jako|som|kā|kaip|как|в качестве|kao|kot|ako|ca|ως|σαν|як|като|sebagai|"
        r"làm|en|por|mint|olarak"
    )
    named = f"(?={password_word().pattern})"
    other = r"\s,;:\"'()@/\u2e80-\uffef"  # no password has Chinese, Japanese or Korean signs
    mixed = rf"(?=[^\d{other}]{{0,40}}\d)(?=[^a-zA-Z{other}]{{0,40}}[a-zA-Z])[^{other}]{{5,40}}"
    value = rf"(?:{_QUOTED}|(?<![^\W\u2e80-\uffef])(?<![.@/-])(?P<mixed>{mixed}))"
    spaced = rf"[ ](?:[–—-][ ])?(?:(?:{joined}|(?P<is>{copula}))[ ](?:[^\W\d_]{{1,12}}[ ]){{0,2}}?){named}"
    inflected = (
        r"[ ](?=salasana(?:na|ksi)|parool(?:ina|iks)|jelsz(?:óként|ónak|avam)|парол[её]м|has[łl]em|heslem|"
        r"lozinkom|şifre)"
    )
    unspaced = (
        r"[ ]?(?:を|作为|作為|当作|當作|作|当|當|设为|設為|를|을|은|는|が|は|로|으로|としての?)?[ ]?"
        r"(?=密码|密碼|口令|パスワード|비밀번호|암호)"
    )
    bracket = rf"[ ]?[(（](?:[^\W\d_'’]{{1,12}}(?:['’][^\W\d_]{{1,3}})?[ ]){{0,3}}?{named}"
    return re.compile(rf"{value}(?:{spaced}|{inflected}|{unspaced}|{bracket})", re.IGNORECASE)


@cache
def _joining() -> re.Pattern[str]:
    return re.compile(rf"[ ]{any_word_of(JOINING, _BUT)}[ ]", re.IGNORECASE)


def without_passphrases(text: str, mark: str = "[secret]") -> str:
    """Return the text with passwords of plain words replaced.

    >>> without_passphrases("The passphrase is lamp river stone cloud. I chose 'Rosebud' as password.")
    "The passphrase is [secret]. I chose '[secret]' as password."
    >>> without_passphrases("The password is wrong every single time.")
    'The password is wrong every single time.'
    """
    text = _before().sub(lambda match: _without_value(match, mark), text)
    parts: list[str] = []
    at = look_from = 0
    while name := password_word().search(text, look_from):
        look_from = name.end()
        match = _after().match(text, name.end())
        if match is None:
            continue
        start, end = _span(name[0], match)
        if end > start:
            parts += [text[at:start], mark]
            at = look_from = end
    return "".join(parts) + text[at:]


def _without_value(match: re.Match[str], mark: str) -> str:
    """Return a match with its value replaced where a word for a password follows it."""
    name = password_word().match(match.string, match.end())
    value = match["quoted"] or match["mixed"]
    if name is None or value.startswith("[") or TROUBLE.search(value):
        return match[0]
    following = _NEXT_WORD.match(match.string, name.end())
    if match["is"] and following and not _says_nothing(following[1]):
        return match[0]  # "shop24 is password protected"
    return match[0].replace(value.strip(), mark, 1)


def _span(name: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where the password of a match begins and ends; nothing where it has none."""
    nothing = (0, 0)
    quoted = match["quoted"]
    if quoted is not None:
        # One word of an alphabet is left to what looks for passwords of any kind.
        is_one = " " not in quoted and not is_cjk(quoted)
        return nothing if is_one or TROUBLE.search(quoted) else match.span("quoted")
    words = match["words"]
    strong = match["strong"] is not None or PASSPHRASE.search(name) is not None
    between = (match["between"] or "").split()
    if TROUBLE.search(words) or not (strong or all(map(_says_nothing, between))):
        return nothing
    if joined := _joining().search(words):
        words = words[: joined.start()]
    start = match.start("words")
    end = start + len(words)
    ended = joined is not None or _CLAUSE_END.match(match.string, end) is not None
    return (start, end) if ended and _is_passphrase(words, strong=strong) else nothing


def _is_passphrase(words: str, *, strong: bool) -> bool:
    """Tell whether words are none of a sentence; a few small ones may be among them where `strong`."""
    parts = words.split(" ")
    fewest = _FEWEST_AFTER_PASSPHRASE if strong else _FEWEST_WORDS
    if len(parts) == 1:
        parts, fewest, strong = words.split("-"), _FEWEST_PARTS, False
    small = sum(map(_says_nothing, parts))
    return len(parts) >= fewest and small <= (_MOST_FUNCTION_WORDS * len(parts) if strong else 0)


def _says_nothing(word: str) -> bool:
    """Tell whether a word is a small one of everyday sentences."""
    return look_up(word).small or is_function_word(word)
