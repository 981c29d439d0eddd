"""Keys, tokens and the passwords of logins, by their form, or after a word that announces them."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache

from models.redaction.password_words import password_word

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
    r"|SG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,80}|ya29\.[A-Za-z0-9_-]{20,400}|hf_[A-Za-z0-9]{30,60}"
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|dop_v1_[a-f0-9]{64}|sq0(?:atp|csp)-[A-Za-z0-9_-]{22,50}"
    r"|xapp-[A-Za-z0-9-]{20,255}|whsec_[A-Za-z0-9+/=]{24,100}|gl(?:rt|dt|cbt)-[A-Za-z0-9_-]{20,100}"
    r"|dckr_pat_[A-Za-z0-9_-]{20,60}|ATATT3[A-Za-z0-9_=-]{50,300}|lin_api_[A-Za-z0-9]{30,60}"
    r"|key-[a-f0-9]{32}|\d{8,10}:AA[A-Za-z0-9_-]{33}"
    r"|eyJ[A-Za-z0-9_-]{8,8000}\.eyJ[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,8000})?"
    r")(?![A-Za-z0-9_-])"
)
_IN_URL = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]{1,15}://)[^\s/@:]{0,100}:[^\s/@]{1,200}@", re.IGNORECASE)
_BEARER = re.compile(
    r"(?P<before>\b(?:bearer|basic|authorization:|x-api-key:)[ ]{1,3})"
    r"(?P<secret>[A-Za-z0-9._~+/=-]{16,8000})",
    re.IGNORECASE,
)

_KEY = re.compile(
    r"(?P<name>(?:(?:key|token|secret|credential|schlüssel|avain|nyckel|nøkkel|atslēga|clé|clave|jeton)s?"
    r"|密钥|密鑰|令牌)['\"]?[ \t]{0,2}(?:[:：=]|=>|is|ist|on|är|er|ir|est|es|是|为)?"
    r"[ \t]{0,2}['\"]?)(?P<secret>[A-Za-z0-9+/_.=~-]{16,8000})",
    re.IGNORECASE,
)
# A setting or parameter as programs write it: client_secret=…, "apiKey": "…", AccountKey=…;
_SETTING = re.compile(
    r"(?P<name>(?:secret|token|credentials?|(?:api|access|account|secret|private|auth|client|"
    r"shared|signing|encryption|subscription|storage|master|license|db)[_-]?(?:key|pass|secret))"
    r"(?:[_-](?:key|value|access[_-]key|id))?['\"]?[ ]{0,2}(?:=|:|=>)[ ]{0,2}['\"]?)"
    r"(?P<secret>[A-Za-z0-9+/_.~!@#$%^*-]{8,8000}={0,2})",
    re.IGNORECASE,
)
_ON_A_COMMAND_LINE = re.compile(
    r"(?P<before>\b(?:curl|wget|http|https)\b[^\n]{0,200}?\s(?:-u|--user)[ =]?[^\s:]{1,100}:"
    r"|\b(?:mysql|mysqldump|mariadb|mysqladmin|sshpass)\b[^\n]{0,200}?\s-p)(?P<secret>[^\s'\"]{4,100})"
)
_SLACK_HOOK = re.compile(r"(?P<before>hooks\.slack\.com/(?:services|workflows)/)[A-Za-z0-9/_-]{20,200}")
# A password beside a user name, after a word for both: "Zugangsdaten: eva / Hund77x!".
_LOGIN = (
    r"(?:zugangs|anmelde|login|benutzer|einlog)[ -]?(?:daten|infos?)|credentials?|creds?|"
    r"log-?in(?: data| details| info)?|(?:access|sign-?in) (?:data|details)|"
    r"identifiants?(?: de connexion)?|codes? d['’]accès|credenciales|credenciais|credenziali|"
    r"(?:datos|dados) de (?:acceso|acesso|inicio de sesión)|dati di accesso|"
    r"(?:in)?log(?:in)?gegevens|dane (?:do )?(?:logowania|dostępowe)|(?:inloggnings|login)uppgifter|"
    r"(?:login|innloggings|påloggings)(?:oplysninger|opplysninger|detaljer|informasjon|info)|"
    r"kirjautumistie\w{1,5}|(?:käyttäjä)?tunnukset|sisselogimisandmed|pieteikšanās dati|"
    r"prisijungimo duomenys|доступы?|логин|уч[её]тные данные|данные для входа|дані для входу|"
    r"přihlašovací údaje|prihlasovacie údaje|belépési adatok|date de (?:logare|acces)|"
    r"ログイン情報|登录信息|登錄資訊|로그인 정보"
)
_NAMES = (
    r"user(?: ?name)?|benutzer(?:name)?|utilisateur|usuario|utente|usuário|gebruiker|użytkownik|användare|"
    r"bruker|bruger|käyttäjä(?:tunnus)?|kasutaja(?:nimi)?|lietotājs|vartotojas|uživatel|používate[ľl]|"
    r"felhasználó(?:név)?|kullanıcı(?: adı)?|utilizator|χρήστης|пользователь|користувач|логин|login|"
    r"identifiant|"
    r"ユーザー(?:名)?|用户名?|用戶名?|帳號|账号|아이디|사용자"
)
# Letters of both sizes, and digits or signs that are not only the end: no "Windows2019".
_STRONG = re.compile(
    r"(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=[^\d]*\d)"
    r"(?:[^\d]*\d+[a-zA-Z_!@#$%^&*+=?~|-]|[^\s!@#$%^&*+=?~|]*[!@#$%^&*+=?~|])\S*"
)
_LEAST_BITS = 3.0  # a character: words and repeated characters have less, random ones of this length more


def without_credentials(text: str, mark: str = "[secret]") -> str:
    """Return the text with keys, tokens and the passwords of logins replaced.

    >>> without_credentials("aws AKIAIOSFODNN7EXAMPLE, the key does not turn")
    'aws [secret], the key does not turn'
    """
    text = _without_passwords_of_logins(text, mark)
    text = _PRIVATE_KEY.sub(mark, text)
    text = _KNOWN.sub(mark, text)
    text = _IN_URL.sub(rf"\g<before>{mark}@", text)
    for known in (_SLACK_HOOK, _ON_A_COMMAND_LINE):
        text = known.sub(rf"\g<before>{mark}", text)
    text = _SETTING.sub(lambda m: m["name"] + mark if _has_both(m["secret"]) else m[0], text)
    text = _BEARER.sub(lambda m: m["before"] + mark if _is_random(m["secret"]) else m[0], text)
    return _KEY.sub(lambda m: m["name"] + mark if _is_random(m["secret"]) else m[0], text)


def _has_both(secret: str) -> bool:
    """Tell whether a value has letters and digits, and is no placeholder, version or path."""
    letters = sum(character.isalpha() for character in secret)
    digits = sum(character.isdigit() for character in secret)
    return (
        letters >= 2
        and digits >= 1
        and not secret.startswith(("http", "/", "$", "%"))
        and not (re.fullmatch(r"v?\d+(?:[._-]\d+)*[a-z]{0,7}|[a-z]+[_-]?\d{1,2}", secret))
    )


def _is_random(secret: str) -> bool:
    """Tell whether a string has letters, digits and more entropy a character than words, numbers or paths."""
    if any(part.isalpha() and part.islower() and len(part) > 3 for part in secret.split("/")):
        return False
    if not (any(c.isdigit() for c in secret) and any(c.isalpha() for c in secret)):
        return False
    counts = Counter(secret[:200])
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values()) >= _LEAST_BITS


@cache
def _login() -> re.Pattern[str]:
    words = password_word().pattern
    also = rf"\s?[/|&+]\s?(?:pass|{words})"
    return re.compile(
        rf"(?<![^\W_])(?:(?:{_LOGIN})(?:{also}\s?[:：=]?|\s?[:：=])|(?:{_NAMES}){also}\s?[:：=]?)\s{{0,2}}"
        r"[^\s/|,:;=\[\]]{2,40}(?:\s?[/|,]\s?|\s?:\s)(?P<secret>[^\s,;\[\]]{5,60})",
        re.IGNORECASE,
    )


@cache
def _user_and_password() -> re.Pattern[str]:
    """Return the pattern of a login without signs: "user tom pass Rain99day", "logins: tom Rain99day"."""
    name = r"[^\s/|,:;=\[\]]{2,40}"
    after = r"[ ](?:with|mit|met|avec|con|com|med|z|s|с|as|als)"
    return re.compile(
        rf"(?<![^\W_])(?:(?:{_NAMES})\s?[:：=]?\s{{0,2}}{name}(?:\s?[,;/|]\s?|\s)(?:pass|pw|pwd)(?:\s?[:：=]\s{{0,2}}|\s)"
        rf"|(?:pwd|pw|mdp)[ ]{name}[ ]"
        rf"|(?:{_LOGIN}|log-?ins?)\s?[:：=]\s{{0,2}}{name}[ ]"
        rf"|(?:{_LOGIN}|inloggen|einloggen|anmelden|log[ -]?ins?)(?:{after})?[ ]{name}[ ]?[/|][ ]?"
        r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\s?[:：|/]\s?)"
        r"(?P<secret>[^\s,;\[\]/]{7,60})",
        re.IGNORECASE,
    )


def _without_passwords_of_logins(text: str, mark: str) -> str:
    """Return the text with the passwords of user names replaced.

    >>> _without_passwords_of_logins("Login: eva / Hund77x! and then, login: page / index2", "[secret]")
    'Login: eva / [secret] and then, login: page / index2'
    """
    text = _login().sub(lambda match: _without_secret(match, mark), text)
    return _user_and_password().sub(lambda match: _without_strong_secret(match, mark), text)


def _without_strong_secret(match: re.Match[str], mark: str) -> str:
    """Return a match without what only a password looks like: letters of both sizes and digits among them."""
    secret = match["secret"].rstrip(".!?)")
    if not _STRONG.fullmatch(secret):
        return match[0]
    return match[0][: match.start("secret") - match.start()] + mark + match["secret"][len(secret) :]


def _without_secret(match: re.Match[str], mark: str) -> str:
    found = match["secret"]
    secret = found.rstrip(".!?)")
    is_mixed = any(map(str.isalpha, secret)) and any(map(str.isdigit, secret))
    is_name = re.fullmatch(r"[a-z]+[_-]?\d{1,2}|v?\d+(?:[.:/-]\d+)*|\d+-?[a-z]+", secret) is not None
    if not is_mixed or is_name:
        return match[0]
    start = match.start("secret") - match.start()
    return match[0][:start] + mark + found[len(secret) :].lstrip("!?")
