"""Passwords, after a word that announces them."""

from __future__ import annotations

import re
from functools import cache

from models.redaction.further_words import COPULAS as FURTHER_COPULAS
from models.redaction.label_words import COPULAS, JOINING
from models.redaction.lexicon import any_word_of, look_up
from models.redaction.passphrases import without_passphrases
from models.redaction.password_words import LINKS, UNSPACED_LINKS, password_word

_CHANGED = (
    "chang|set|updat|reset|geänder|gesetzt|gewechsel|modifi|cambi|mudad|alter|trocad|gewijzig|verander|gezet|"
    "zmieni|ustaw|ändra|byt|endr|skift|vaihd|vaiht|muut|nomain|pakei|измен|смен|помен|změn|nastav"
)
_CHANGED_TO = "to|auf|in|zu|en|à|pour|par|a|para|por|per|naar|op|na|til|till|uz|į|на"
_CHANGED_FROM = "from|von|de|da|van|z|ze|från|fra|no|iš|с|от"
_ANY_WORD = r"[^\W\d_]{1,14}"
_NETWORKS = r"\w{0,8}(?:wi-?fi|w-?lan|вай-?фа)\w{0,4}"


# `re` compiles long ranges of characters in a hundredth of the time where it need not look at their case.
@cache
def _what_follows() -> re.Pattern[str]:
    return re.compile(
        r"(?:['’]s(?= ))?(?: ?[(][^()\n\d!]{1,30}[)])?['\"*]?"
        rf"(?P<link>\s{{0,2}}[:：=]\s{{0,2}}|(?:{UNSPACED_LINKS})[ ]?"
        r"|(?-i:(?<=[\u0e00-\u0e7f\u2e80-\u9fff]))(?=[!-~])|(?:"
        rf"[ ](?:{_CHANGED_FROM})[ ](?=[^\s,;]{{4,60}}[ ](?:{_CHANGED_TO})[ ])"
        rf"|(?:[ ]{_ANY_WORD}){{0,3}}?[ ](?:{_CHANGED})\w{{0,8}}[ ](?:{_CHANGED_TO})[ ]"
        rf"|,?(?:[ ](?:{LINKS})){{1,4}}[ :]{{1,3}}"
        rf"|(?:[ ]{_ANY_WORD}){{0,4}}?[ ]{any_word_of(COPULAS, FURTHER_COPULAS)}(?:[ ]{_ANY_WORD})??[ ]"
        rf"|(?:[ ]{_ANY_WORD}){{1,3}}?[ ]?[:：=,(][ ]?|(?:[ ]{_ANY_WORD}){{4,5}}?[ ]?[:：=][ ]?"
        rf"|(?:[ ]{_ANY_WORD}){{0,2}}?[ ](?:{_NETWORKS})[ ](?!wpa\d|wep\b|802)"
        r"|[ ]?[,(\n][ ]?|[ ]"
        # After words and commas only what looks like a password is one.
        r")(?=['\"„“”»«‘]|[^\s,;]{0,60}[\d!@#$%^&*+=?~|_]))"
        r"(?P<quote>['\"„“”»«‘]?)"
        # Signs that end a clause belong to the password where it goes on right after them.
        r"(?P<secret>(?-i:[^\s,;'\"„“”»«’\u2e80-\uffef]|[,;'](?=[^\s,;'\u2e80-\uffef])){4,100})",
        re.IGNORECASE,
    )


# A second password: "… and Birch2!", "… and the new one is Birch2!", "from Oak12 to Birch2".
@cache
def _second() -> re.Pattern[str]:
    small = rf"(?P<between>(?:{_ANY_WORD}[ ]){{0,4}}?)"
    return re.compile(
        rf"[!.]{{0,3}}['\"”»]?,?[ ](?:{any_word_of(JOINING)}[ ]{small}|(?P<to>{_CHANGED_TO})[ ])"
        r"(?P<secret>(?=[^\s\d]{0,60}\d)[^\s,;'\"„“”»«]{4,60})(?P<ends>['\"”»]?(?:$|[\n,;]|[ ][.!]))?",
        re.IGNORECASE,
    )


_SHORTEST = 4
_NETWORK = re.compile(r"w-?lan|wi-?fi|wpa", re.IGNORECASE)
_FEWEST_DIGITS_OF_NETWORK = 8
_SIGNS = re.compile(r"[^\W_][!@#$%^&*+=?~|][^\W_]|[^\W_]_[^\W_]")
_NO_PASSWORD = re.compile(
    r"v?\d+(?:[.:/-]\d+)*|\d+-?[a-z]+", re.IGNORECASE
)  # versions, dates, "12-character"
_GOES_ON_QUOTED = re.compile(r"[ ][^\"'“”»«’\n]{1,80}[\"'“”»«’]")
_GOES_ON = re.compile(r"[^\s\w]{0,3}[ \t]{1,3}\w")


def without_passwords(text: str, mark: str = "[secret]") -> str:
    """Return the text with passwords replaced.

    >>> without_passwords("My password is Tr0ub4dor, and password: reset does not work")
    'My password is [secret], and password: reset does not work'
    """
    if password_word().search(text) is None:
        return text
    text = without_passphrases(text, mark)
    parts: list[str] = []
    at = look_from = 0
    while name := password_word().search(text, look_from):
        look_from = name.end()  # what was taken for one may be the next word for a password
        match = _what_follows().match(text, name.end())
        if match is None:
            continue
        secret = match["secret"].rstrip(".!?)")
        start = match.start("secret")
        if (
            len(secret) < _SHORTEST
            or secret.startswith(("[", "(", "http"))
            or not _is_password(name[0], match, secret)
        ):
            continue
        parts += [text[at:start], mark]
        at = look_from = start + len(secret)
        while second := _second_password(text, at):
            parts += [text[at : second.start("secret")], mark]
            at = look_from = second.start("secret") + len(second["secret"].rstrip(".!?)"))
    return "".join(parts) + text[at:]


def _second_password(text: str, at: int) -> re.Match[str] | None:
    """Return a password that follows another with only small words between, such as "and the new one is"."""
    match = _second().match(text, at)
    if match is None or not all(look_up(word).small for word in (match["between"] or "").split()):
        return None
    if not match["between"] and not match["to"] and match["ends"] is None and match["secret"][-1] not in ".!":
        return None  # "and iPhone12 does not take it"
    secret = match["secret"].rstrip(".!?)")
    mixed = any(map(str.isalpha, secret)) and any(map(str.isdigit, secret))
    return match if mixed and len(secret) >= _SHORTEST and not _NO_PASSWORD.fullmatch(secret) else None


def _is_password(name: str, match: re.Match[str], secret: str) -> bool:
    link = match["link"].strip()
    if match["quote"] and link:
        # Of several words between quotation marks none is a password alone: 'it is "wrong password"'.
        return not (secret.isalpha() and _GOES_ON_QUOTED.match(match.string, match.end()))
    if link in {":", "：", "="}:
        # "Password: reset does not work" goes on with words; "Password: hunter" ends there.
        return not (secret.isalpha() and _GOES_ON.match(match.string, match.end()))
    has_letter = any(character.isalpha() for character in secret)
    has_digit = any(character.isdigit() for character in secret)
    if has_letter and (has_digit or _SIGNS.search(secret)):
        return not _NO_PASSWORD.fullmatch(secret)
    if secret.isdigit() and len(secret) >= _FEWEST_DIGITS_OF_NETWORK and _NETWORK.match(name):
        return True
    # Digits alone count after "is": "reset password 100200" may name a message.
    return secret.isdigit() and (link not in {"", ",", "("} or not match["link"])
