"""Banners: what mail servers put at the top of a message about who sent it, and from where."""

from __future__ import annotations

import re

from models.text.mails.covering_notes import only_thanks
from models.text.mails.legal_notes import speaks_for_self
from models.text.mails.phrases import any_of
from models.text.scripts import count_words
from models.text.unicode import has_words

_BANNER_ADDRESS = re.compile(r"aka\.ms/LearnAboutSenderIdentification", re.I)
# "You don't often get email from ANN. Learn why this is important", in the words of each language.
_WHY = re.compile(
    r"why|warum|weshalb|pourquoi|por ?qu[eé]|perché|waarom|dlaczego|varför|hvorfor|miksi?|kāpēc|kodėl|proč|"
    r"prečo|почему|чому|защо|зашто|zašto|zakaj|miért|de ce|γιατί|neden|为什么|为何|為什麼|為何|理由|이유",
    re.I,
)
_IMPORTANT = re.compile(
    r"importan|wichtig|vigtig|viktig|belangrijk|ważn|tärke|olulin|svarīg|svarb|důležit|dôležit|важ|fontos|"
    r"σημαντικ|önemli|pomembn|重要|중요",
    re.I,
)
# A warning about outside senders: a call for attention or a frame, and words for "outside" and for "mail".
_ALERT = re.compile(
    r"(?:[\[(<{*#!=⚠️🛑❗【「_~-]\W{0,6}|"
    r"\W{0,3}(?:caution|warning|attention|notice|achtung|vorsicht|warnung|hinweis|"
    r"huom\w*|varoitus|uzmanību|advarsel|forsiktig|obs|varning|atención|aviso|attenzione|avviso|let op|"
    r"waarschuwing|uwaga|ostrzeżenie|atenção|cuidado|tähelepanu|hoiatus|dėmesio|внимание|осторожно|увага|"
    r"upozornění|upozornenie|pozor|varování|figyelem|figyelmeztetés|atenție|oprez|pažnja|upozorenje|προσοχή|"
    r"atenció|คำเตือน|โปรดระวัง|dikkat|uyarı|cảnh báo|perhatian|تنبيه|תשומת לב|注意|警告|주의|경고)\W)",
    re.I,
)
_OUTSIDE = re.compile(
    r"extern|outside|außerhalb|ulkopuol|ulkoinen|ārpus|ārēj|utenfor|uden for|utanför|utifrån|utifra|ekstern|"
    r"extérieur|fuera|exterior|esterno|buiten|spoza|zewn|de fora|väljast|väline|išor|извне|внешн|вне |ззовні|"
    r"зовнішн|външ|спољ|надвор|mimo|zvonk|vnějš|külső|kívül|afara|izvan|vanjsk|zunaj|zunanj|εξωτερικ|εκτός|dış|"
    r"bên ngoài|luar|خارج|חיצוני|外部|외부|사외|ภายนอก|社外|組織外|组织外|公司外|来自外",
    re.I,
)
_SENDER_OR_MAIL = re.compile(
    r"mail|e-?post|message|nachricht|absender|sender|viesti|lähettäjä|sähköposti|e-?past|ziņojum|sūtītāj|avsend|"
    r"afsender|avsändar|melding|mejl|meddel|courriel|correu|expéditeur|correo|mensaje|remitente|messaggio|mittente|"
    r"bericht|afzender|wiadomoś|nadawc|mensagem|correio|remetente|kiri|saatja|laišk|siuntėj|письм|сообщени|"
    r"отправител|лист|повідомлення|відправник|имейл|подател|порук|пошиљал|порак|испраќ|zpráv|odesílatel|správ|levél|üzenet|feladó|mesaj|"
    r"expeditor|poruk|pošiljatelj|sporočil|μήνυμα|αποστολέ|e-?posta|ileti|gönderen|thư|surel|pesan|رسالة|بريد|רسالة|"
    r"דוא|הודע|邮件|郵件|メール|메일|อีเมล",
    re.I,
)
_TAG = re.compile(
    r"\W{0,6}ext(?:erna?l?e?s?)?(?:[ -]?(?:e-?mail|sender|message|absender|nachricht))?\W{0,6}$", re.I
)
_FROM_OUTSIDE = re.compile(
    r"(?:this |the )?(?:e-?mail|message) (?:originated|came|comes|was sent|is) from (?:outside|an external)",
    re.I,
)
_NO_CLICKS = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:do not|don['’]t|never) (?:click|open|follow) / (?:klicken|öffnen) sie (?:nicht|keine) /
    keine (?:links|anhänge) / älä (?:avaa|klikkaa|napsauta) / ne(?:klikšķiniet|atveriet|spiediet) /
    (?:ikke (?:klikk|åpne|åbn|klik)|klik(?:k)? ikke|åpne ikke|åbn ikke) / (?:klicka|öppna) inte /
    ne (?:cliquez|pas cliquer)|n['’]ouvrez / no (?:haga clic|abra|pulse) /
    non (?:cliccare|aprire|fare clic) /
    (?:klik niet|open geen|klik geen) / nie (?:klikaj|otwieraj) / não (?:clique|abra) /
    ära (?:ava|klõpsa)|ärge (?:avage|klõpsake) / (?:nespauskite|neatidarykite|nespauskit) /
    не (?:переходите|открывайте|нажимайте|відкривайте|натискайте|отваряйте|кликайте) /
    (?:neklikejte|neotv[íi]rejte|neklikajte|neotvárajte) /
    ne (?:kattintson|nyissa|klikajte|klikćite|otvarajte) /
    nu (?:accesați|deschideți|faceți clic) / μην (?:κάνετε κλικ|ανοίγετε) / (?:tıklamayın|açmayın)
    """
) + "|(?:请|請)?勿(?:点击|點擊|打开|開啟)|クリックしない|開かないで|클릭하지|열지 마", re.I,
)  # fmt: skip
# A banner speaks of this mail; a person with trouble speaks of several, or of what they do not do.
_THIS = re.compile(
    r"(?<!\w)(?:this|diese[rs]?|ce|cet|cette|este|esta|quest[oa]|dez[e]|dit|denne|dette|detta|det här|tämä|"
    r"see|käesolev|šis|šī|ta|ten|tento|tato|táto|ez az?|acest|aceast[aă]|ova|ovaj|това|този|это|этот|"
    r"данное|цей|αυτό|bu|ini|này|هذ[اه]|זו|זה)(?!\w)|this|이 |본 |この|此|本邮件|这封",
    re.I,
)
_NEGATION = re.compile(
    r"n['’]t(?!\w)|(?<!\w)(?:not|no longer|nicht|keine?|nie|pas|plus|não|ne|nem|nu|ei|inte|ikke|niet|geen|"
    r"не|ні|δεν|değil)(?!\w)|m[ıiuü]yor|않|안 |못|没|ません|blocked|blockiert",
    re.I,
)
_SEVERAL = re.compile(r"(?<!\w)(?:e-?)?(?:mails|messages|nachrichten|correos|mensajes|messaggi)(?!\w)", re.I)
_SENTENCE_END = re.compile(r"[.!?。！？]")
_FRAME = re.compile(r"(?:[\[(<{【「][^\n]*[\])>}】」]|(?:[*=#!~_-]{2,})[^\n]*[*=#!~_-]{2,})\W{0,3}$")
_FRAMED_TAG = re.compile(r"[\[【(][^\[\]【】()\n]{2,30}[\]】)] ?\S")
_ENDED = re.compile(r"[.!。！\])}*>】」]\W{0,3}$")
_ADDRESS = re.compile(r"[^\s<>()@]{1,64}@[^\s<>()@]{1,255}")
_LONGEST_RARE = 300
_LONGEST_WARNING = 600
_FEWEST_WORDS_BELOW = 3


def without_banner(paragraphs: list[str]) -> list[str]:
    """Return the lines of paragraphs without a banner or a warning at the start."""
    if paragraphs and _says_why_important(line := paragraphs[0].partition("\n")[0]):
        rest = paragraphs[0][len(line) :].lstrip("\n")
        paragraphs = [rest, *paragraphs[1:]] if rest else paragraphs[1:] or paragraphs
    if paragraphs and (banner := _BANNER_ADDRESS.search(paragraphs[0][:1_000])):
        rest = paragraphs[0][banner.end() :].lstrip(" >])\n")
        paragraphs = [rest, *paragraphs[1:]] if rest else paragraphs[1:] or paragraphs
    return _without_warning("\n\n".join(paragraphs).split("\n"))


def _without_warning(lines: list[str]) -> list[str]:
    """Drop a warning about outside senders from the start: one whole line, or a wrapped paragraph."""
    blank = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    end = 0
    ended = _ENDED.search(lines[0]) or lines[0].isupper() or _FRAMED_TAG.match(lines[0])
    if ended and _is_warning(lines[0]):
        end = 1
        while end < blank and _NO_CLICKS.search(lines[end]):
            end += 1
    elif _is_warning("\n".join(lines[:blank])):
        end = blank
    rest = "\n".join(lines[end:]).strip()
    said = has_words(rest) and (count_words(rest) >= _FEWEST_WORDS_BELOW or only_thanks(rest))
    return lines[end:] if said else lines


def _is_warning(text: str) -> bool:
    if len(text) > _LONGEST_WARNING:
        return False
    if _TAG.match(text):
        return not text[0].isalpha() or text.isupper()
    if _names_outside(text) and _NO_CLICKS.search(text):
        return True
    shouted = re.match(r"\W{0,4}([^\W\d_]{3,})\W", text)
    if not _ALERT.match(text) and not (shouted and shouted[1].isupper()):
        return _FROM_OUTSIDE.match(text) is not None
    if _NO_CLICKS.search(text):
        return True
    return _OUTSIDE.search(text) is not None and (_FRAME.match(text) is not None or _is_about_this_mail(text))


def _names_outside(text: str) -> bool:
    """Tell whether a text begins with words that this mail is from outside."""
    first = _SENTENCE_END.split(text, maxsplit=1)[0]
    words = (_THIS, _SENDER_OR_MAIL, _OUTSIDE)
    return all(pattern.search(first) for pattern in words) and not is_own_complaint(first)


def _says_why_important(line: str) -> bool:
    """Tell whether a line is the note that mails of an address are rare, with a link to why that matters."""
    if len(line) > _LONGEST_RARE or not (address := _ADDRESS.search(line)):
        return False
    rest = line[address.end() :]
    asked = line.rstrip().endswith(("?", "？", "!", "！"))
    return not asked and bool(_WHY.search(rest) and _IMPORTANT.search(rest)) and not speaks_for_self(line)


def is_own_complaint(text: str) -> bool:
    """Tell whether a text speaks in the first person, or says what does not work."""
    return _NEGATION.search(text) is not None or speaks_for_self(text)


def _is_about_this_mail(text: str) -> bool:
    """Tell a banner's words from those of a person who cannot get mails from outside."""
    if _SEVERAL.search(text) or _NEGATION.search(text) or not _SENDER_OR_MAIL.search(text):
        return False
    return not text.endswith(("!", "！")) or _THIS.search(text) is not None
