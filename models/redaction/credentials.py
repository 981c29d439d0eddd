"""Credentials: passwords after a word that announces them, keys and tokens by their form."""

from __future__ import annotations

import math
import re
from collections import Counter

# Forms of their own, which need no word beside them. Each stops at the first character that is not its own.
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:[^-]|-(?!----))*+-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s]*+)"
)
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255}|glpat-[A-Za-z0-9_-]{20,100}"
    r"|xox[abeprs]-[A-Za-z0-9-]{10,255}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}"
    r"|sk-[A-Za-z0-9_-]{20,255}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,255}"
    r"|eyJ[A-Za-z0-9_-]{8,8000}\.eyJ[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,8000})?"
    r")(?![A-Za-z0-9_-])"
)
_IN_URL = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]{1,15}://)[^\s/@:]{1,100}:[^\s/@]{1,200}@", re.IGNORECASE)
_BEARER = re.compile(
    r"(?P<before>\b(?:bearer|basic|authorization:|x-api-key:)[ ]{1,3})"
    r"(?P<secret>[A-Za-z0-9._~+/=-]{16,8000})",
    re.IGNORECASE,
)

_LINK = (
    r"(?P<link>[ \t]{0,2}[:：=][ \t]{0,2}|[ ]{1,2}(?:is|ist|lautet|on|är|er|ir|est|es)[ :]{1,3}|[是为為][ ]?)"
)
_PASSWORD = re.compile(
    r"(?P<name>(?:\b(?:pass ?word|passwd|pwd|pw|pass ?phrase|pass ?code|passwort|kennwort|zugangscode|"
    r"salasana|tunnussana|tunnusluku|lösenord|passord|adgangskode|kodeord|parole|"
    r"mot de passe|contraseña|clave)"
    r"|密码|密碼|口令)(?:[ ](?:[(][^()\n]{1,30}[)]))?"
    rf"['\"*]?){_LINK}(?P<quote>['\"„“”»«‘]?)(?P<secret>[^\s,;'\"„“”»«\u2e80-\uffef]{{4,100}})",
    re.IGNORECASE,
)
_PIN = re.compile(
    r"(?P<name>\b(?:pin|puk|cvv|cvc|cvc2)(?:-?(?:koodi|kode|kod|code|kods))?"
    rf"){_LINK}(?P<secret>\d{{3,8}})(?![\w])",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?P<name>(?:(?:key|token|secret|credential|schlüssel|avain|nyckel|nøkkel|atslēga|clé|clave|jeton)s?"
    r"|密钥|密鑰|令牌)['\"]?[ \t]{0,2}(?:[:：=]|=>|is|ist|on|är|er|ir|est|es|是|为)?"
    r"[ \t]{0,2}['\"]?)(?P<secret>[A-Za-z0-9+/_.=~-]{16,8000})",
    re.IGNORECASE,
)
_LEAST_BITS = 3.0  # a character: words and repeated characters have less, random ones of this length more
_SAFE_AFTER = re.compile(r"[^\s\w]{0,3}[ \t]{1,3}\w")


def without_credentials(text: str, mark: str = "[secret]") -> str:
    """Return the text with passwords, keys and tokens replaced.

    >>> without_credentials("My password is Tr0ub4dor, and password: reset does not work")
    'My password is [secret], and password: reset does not work'
    """
    text = _PRIVATE_KEY.sub(mark, text)
    text = _KNOWN.sub(mark, text)
    text = _IN_URL.sub(rf"\g<before>{mark}@", text)
    text = _BEARER.sub(lambda m: m["before"] + mark if _is_random(m["secret"]) else m[0], text)
    text = _PASSWORD.sub(lambda m: _password(m, mark), text)
    text = _PIN.sub(rf"\g<name>\g<link>{mark}", text)
    return _KEY.sub(lambda m: m["name"] + mark if _is_random(m["secret"]) else m[0], text)


def _password(match: re.Match[str], mark: str) -> str:
    secret = match["secret"].rstrip(".!?)")
    kept = match["name"] + match["link"] + match["quote"]
    is_word = secret.isalpha()
    if len(secret) < 4 or secret.startswith(("[", "(", "http")):
        return match[0]
    if match["link"].strip() in {":", "：", "="}:
        # "Password: reset does not work" goes on with words; "Password: hunter" ends there.
        goes_on = is_word and not match["quote"] and _SAFE_AFTER.match(match.string, match.end())
    else:
        has_digit = any(character.isdigit() for character in secret)
        goes_on = not match["quote"] and (is_word or not has_digit or not any(c.isalpha() for c in secret))
    return match[0] if goes_on else kept + mark + match["secret"][len(secret) :]


def _is_random(secret: str) -> bool:
    """Tell whether a string has letters, digits and more entropy a character than words, numbers or paths."""
    if any(part.isalpha() and part.islower() and len(part) > 3 for part in secret.split("/")):
        return False
    if not (any(c.isdigit() for c in secret) and any(c.isalpha() for c in secret)):
        return False
    counts = Counter(secret[:200])
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values()) >= _LEAST_BITS
