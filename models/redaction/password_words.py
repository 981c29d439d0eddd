"""Words for a password, what links one to it, and what people say of one that gives them trouble."""

from __future__ import annotations

import re
from functools import cache

# Words for a password with their endings; compounds such as "WLAN-Passwort" end with one.
_WORDS = (
    r"pass ?words?|passwd|pwd|pw|pass ?phrasen?|phrase (?:de passe|secrète)|lösenfras\w{0,3}|wachtwoordzin|"
    r"frase (?:de |di )?(?:paso|seguridad|contraseña|accesso|segreta|secreta)|frase[ -]passe|"
    r"(?:tunnus|sala)lause\w{0,3}|paroolifraas\w{0,3}|фраз[аыу][ -]парол[ьяю]|парольн\w{2} фраз\w{1,2}|"
    r"pass ?code|(?:pass|ww)(?=\s?[:=])|(?<=[/,] )pass|"
    r"(?:(?<=\bmy )|(?<=\b(?:the|new|old|our|her|his|use) )|(?<=\b(?:your|wifi|user|with) ))pass|пасс|"
    r"(?:wi-?fi|w-?lan|wpa[23]?|network|netzwerk)[ -](?:key|code|psk|schlüssel)|"
    r"(?:clé|clave|chiave|chave) (?:de la |de l'|del |do |da )?wi-?fi|"
    r"pa(?:ss|ß)w[oö]rt\w{0,3}|kennw[oö]rt\w{0,3}|zugangscode|losungsw[oö]rt\w{0,3}|wachtwoord(?:en|je)?|"
    r"salasan\w{1,8}|tunnussan\w{1,8}|tunnusluku\w{0,6}|salas[õo]na\w{0,4}|parool\w{0,3}|"
    r"l[öo]senord\w{0,4}|passord\w{0,4}|adgangskode\w{0,3}|kodeord\w{0,4}|lykilorð\w{0,3}|"
    r"parol[aăei]\w{0,5}|slapta[žz]od\w{1,4}|"
    r"mots? de passe|mdp|contrase(?:ñ|n)as?|clave(?: (?:de|del) [a-záéíóú]{2,12})?|senhas?|"
    r"palavra[ -](?:passe|chave)|has(?:ł|l)(?:o|a|em|u)|hesl(?:o|a|em|u)|парол[ьяюіеа]\w{0,3}|"
    r"jelsz(?:ó|o|av)\w{0,6}|[şs]ifre\w{0,7}|lozin[kc]\w{1,3}|лозин[кц]\w{1,3}|gesl(?:o|a|om|u)|"
    r"κωδικ(?:ός|ό|ού|οί|ος|ο)(?: πρόσβασης)?|συνθηματικ\w{1,3}|"
    r"(?:كلمة|كلمه) (?:ال)?(?:مرور|سر)|الرقم السري|رمز (?:ال)?عبور|گذرواژه|ה?סיסמ\w{1,4}|"
    r"mật khẩu|kata (?:sandi|kunci|laluan)|sandi|पासवर्ड"
)
_UNSPACED_WORDS = "密码|密碼|口令|パスワード|비밀번호|비번|암호|รหัสผ่าน"
# Small words that may stand before the password: copulas, "to", "on", "now", "set".
LINKS = (
    "is|was|are|now|to|as|set|changed|been|it's|ist|war|lautet|lautete|auf|in|zu|jetzt|nun|"
    "on|oli|nyt|muotoon|är|er|var|til|till|nu|nå|ir|bija|uz|tagad|yra|buvo|į|dabar|praegu|"
    "est|était|c'est|sur|en|pour|à|maintenant|es|era|como|ahora|a|é|para|agora|è|ora|"
    "werd|naar|to|jest|było|na|teraz|je|bylo|nyní|это|был|на|теперь|minun|mu|"
    "az|ez|lett|је|este|mea|noua|nouă|benim|olarak|artık|είναι|μου|є|тепер|е|ми|mi|moja|nova|"
    "which|that|der|das|qui|que|che|die|dat|som|joka|mis|kas|kuris|który|które|který|které|который|"
    "became|still|wurde|noch|encore|todavía|aún|ancora|ainda|nog|nadal|wciąż|fortfarande|stadig|"
    "fortsatt|blev|ble|tuli|edelleen|sai|endiselt|joprojām|ещё|стал|stále|mám|"
    "هي|هو|من|است|הוא|היא|שלי|là|của|tôi|saya|adalah|है"
)
UNSPACED_LINKS = (
    r"(?:被|已)?(?:改|设|設|换|換|更新|变|變)(?:置|定|成|为|為|了){0,2}|[是为為はがを]|[은는이가]|คือ"
)
# A word that announces several words.
PASSPHRASE = re.compile(r"phrase|frase|fras\b|lause|fraas|frāz|fraz|фраз|satz|zin\b|フレーズ|短语|구문", re.I)
# Words of people who have trouble with a password: "is wrong every single time", "reset link never arrives".
TROUBLE = re.compile(
    r"(?<!\w)(?:"
    r"(?:re)?set(?!t)|zurück|réinit|restabl|reimpost|ripristin|redefin|herstel|återst|nulst|tilbakest|"
    r"palaut|taast|atiest|atkur|сброс|восстан|obnov|chang|änder|modif|cambi|alter|wijzig|veran|zmian|"
    r"zmien|ändr|endr|skift|byt|vaiht|vaihd|muut|muud|maini|nomain|keis|keič|keit|измен|смен|помен|změn|"
    r"zmen|forg[eo]t|verges|oubli|olvid|dimentic|esque|zapom|glöm|glem|unoh|unus|aizmirs|pamirš|забы|"
    r"wrong|incorrec|invalid|not\b|falsch|ungültig|fehl|errat|errad|erron|fout|verkeerd|onjuist|ongeldig|"
    r"błęd|niepraw|nieprawid|fel\b|ogiltig|fork|feil|ugyld|väär|virhee|vale|kehtetu|nepareiz|nederīg|"
    r"neteising|neviens|невер|неправ|недейств|chyb|nespráv|neplatn|work|funktion|fonction|funcion|"
    r"funzion|werk|dział|funger|virke|toimi|tööta|darbo|veik|работа|fung|accept|akzept|accett|aceit|"
    r"acept|акцеп|reject|refus|rifiut|recus|rechaz|weiger|odrzuc|avvis|avsl|hylk|hyväks|lükka|noraid|"
    r"atmet|отклон|přij|odmít|e-?mail|mejl|link|account|konto|compte|cuenta|conta|cont\b|login|log|sign|"
    r"anmeld|seite|page|site|portal|app\b|appen|website|too|zu\b|trop|demasiad|troppo|muito|za\b|liian|"
    r"liiga|pārāk|per\b|слишком|short|kurz|court|cort|kort|long|lang|expir|abgel|verlop|wygas|utgå|udløb|"
    r"utløp|vanhen|aegu|beidz|истек|vyprš|block|lock|sperr|bloqu|blok|verrou|lost|save|saved|gespeich|"
    r"store|case|sensitiv|char|zeich|letter|buchst|always|never|again|still|already|immer|nie\b|wieder|"
    r"toujours|jamais|encore|siempre|nunca|sempre|mai\b|ancora|altijd|nooit|zawsze|nigdy|alltid|aldri|"
    r"aldrig|aina|koskaan|alati|kunagi|vienmēr|nekad|visada|всегда|никогда|снова|vždy|nikdy|znovu|need|"
    r"requir|nötig|erforder|missing|leer|empty|vide\b|vac[ií]|vuot|vazi|leeg|puste|tom\b|tyhj|tühi|tukš|"
    r"tušč|пуст|prázd|known|bekannt|stolen|hack|leak|sıfır|değiş|unut|yanlış|geçers|çalış|gelm|visszaáll|"
    r"módos|elfelej|hibás|érvényt|működ|schimb|uitat|greșit|parola|λάθος|αλλαγ|ξέχασ|зміни|забу|невірн|"
    r"смян|промен|греш|promij|promen|zabora|pogreš|napačn|pozab|spremen|zabud|nefung|rang|breytt|gleym"
    r")",
    re.I,
)  # fmt: skip


@cache
def password_word() -> re.Pattern[str]:
    """Return the pattern of a word for a password."""
    return re.compile(
        rf"(?:(?<![^\W_])|(?<=[^\W\d_][^\W\d_][^\W\d_]))(?:{_WORDS})(?![^\W_])|{_UNSPACED_WORDS}",
        re.IGNORECASE,
    )
