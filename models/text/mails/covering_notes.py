"""Covering notes: what a sender says about the mail below the own text, in the languages of the users.

A note may point at the mail below, say that the answers stand in it, or ask about a mail that came from
somebody else. In each case the mail below is content. A mere thank-you makes it history.
"""

from __future__ import annotations

import re

from models.text.mails.closing_phrases import is_thanks
from models.text.mails.phrases import ANSWERS, any_of
from models.text.mails.places import names_foot, names_place_of_answers, names_signature
from models.text.mails.subject import is_prefixed
from models.text.mails.third_parties import is_helpdesk, tells_of_mail
from models.text.scripts import count_words

_MOST_WORDS = 20
_MOST_WORDS_OF_THANKS = 6
_MOST_WORDS_ON_A_MAIL = 14
_MOST_WORDS_OF_A_QUESTION = 60
_MOST_WORDS_OF_A_LONG_NOTE = 80
_SHORTEST_NAME = 4
_NAME_WORD = re.compile(r"[^\W\d_]{2,30}")
_GREETING = re.compile(r"^[^\n.:;?!,،，、。！？]{0,40}[,،，!！\n、]")
# "Skat. zem paraksta": a full stop after a short word may be an abbreviation's.
_SENTENCE_END = re.compile(r"(?<=\w{5}[.!?])\s|\n|(?<=[。！？])")

# A text that only points at what it forwards.
_POINTS_BELOW = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    fyi\b / (?:see|as) (?:the )?(?:mail |message |e-?mail |thread )?below / forwarding / forwarded /
    (?:take|taking) (?:this|it) over / customer (?:\w+ )?(?:wrote|mailed|e-?mailed|sent|asks|contacted) /
    (?:kunde|kundin|kunden|kund) (?:\w+ ){0,3}(?:geschrieben|schrieb|fragt|skrev|sendte|skickade)\b /
    asiakas (?:\w+ )?(?:kirjoitti|lähetti|kysyy) /
    client(?:e)? (?:m['’]a|nous a|me|nos|mi|ha) (?:\w+ )?(?:écrit|escri|scri) /
    klant (?:\w+ ){0,2}(?:schreef|mailde|stuurde) / klient (?:\w+ )?(?:napisał|pisze) /
    клиент (?:\w+ )?(?:написал|пишет) /
    klients (?:\w+ )?(?:rakstīja|raksta) / siehe (?:bitte )?unten / s\. ?u\. / unten ?stehend /
    leite .{0,40}weiter / weitergeleitet / zur (?:kenntnis|info) / z\. ?k\. / übernehm(?:en|t)\b.{0,20}\?? /
    (?:katso|ks\.?|ohessa|oheinen) alla / alla olev / välitän / välitetty / eteenpäin / skat(?:ī|i)t zemāk /
    skat\. zemāk / pārsūt / se (?:under|nedenfor|nedan) / videresend / vidarebefordr /
    (?:voir )?ci-dessous /
    je (?:vous )?transf / je (?:vous )?transmets / (?:ver|más) abajo / reenv[ií] / zie (?:hieronder|onder)\b /
    doorgestuurd / stuur .{0,30}door\b / vedi sotto / inoltro / patrz poniżej / przesyłam / przekazuję /
    vaata allpool / edastan / žr / persiunčiu / ver abaixo / encaminho / reencaminho / см\.? ниже /
    пересылаю /
    див\.? нижче / пересилаю / препращам / přeposílám / viz níže / preposielam / pozri nižšie / továbbítom /
    lásd (?:lent|alább) / redirecționez / vezi mai jos / prosljeđujem / pogledajte ispod / posredujem /
    προωθώ / iletiyorum / aşağı(?:ya|da) bak / chuyển tiếp / diteruskan
    """
) + "|见下|如下|请看下|转发|轉寄|転送します|下記をご|전달(?:드|합)", re.I,
)  # fmt: skip

_THANKS = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    thank / thx / ty\b / dank / bedankt / merci / gr[aà]ci / grazie / obrigad / takk?\b / tack\b / kiito /
    aitäh / tän[au] / paldies / ačiū / dėkoj / dzięk / děk / díky / ďak / hvala / хвала / спасибо / благодар /
    дяку / спасибі / köszön / mulțum / mersi / ευχαριστ / teşekk / sağ ?ol / شكر / تشکر / ممنون / مرس[یي] /
    תודה / cảm ơn / cám ơn / terima ?kasih / eskerrik / moltes / faleminder / þakk / salamat / asante /
    grazas / diolch / go raibh / მადლობ / धन्यवाद
    """
) + "|ขอบคุณ|ขอบใจ|谢|謝|感谢|ありがとう|有難う|감사|고맙", re.I,
)  # fmt: skip

# A question about a mail from somebody else: "I received this e-mail. Is it real?"
_THIS_MAIL = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:this|the following|such an?|an?|strange|suspicious|below) (?:strange |odd )?e?-?mail\b(?! ?addr) /
    (?:this|the following|such an?|an?|strange|suspicious|below) (?:strange |odd )?(?:message|letter|sms)\b /
    (?:diese?[rsn]?|folgende[rsn]?|so eine|eine) (?:\w+ )?(?:e-?mail|mail|nachricht) /
    (?:tä[mä]+n?|tällai[sn]en|seuraavan?|allaolevan?|oudon|outo) (?:viesti|sähköposti|meili|s-posti)\w* /
    (?:š[oīi]|šis|šād[uas]|dīvain[uas]) (?:e-pastu?|e-pasta|vēstul[iey]|ziņ[uo]\w*) /
    (?:denn?[ea]|dett?[ae]|det här|følgende|följande|en|et|ett) (?:e-?post|e-?mail|mail|mejl|brev|besked)\w* /
    (?:denn?[ea]|dett?[ae]|følgende|följande|rare?|en|et|ett) (?:melding|meddeland|meddelelse)\w* /
    (?:ce|cet|cette|le|un) (?:mail|e-?mail|courriel|message|courrier) /
    (?:est[ea]|el siguiente|ese|un) (?:correo|mensaje|e-?mail|mail) /
    (?:quest[ao]|la seguente|il seguente|una?) (?:e?-?mail|messaggio) /
    (?:est[ea]|ess[ea]|o seguinte|um|uma) (?:e-?mail|mensagem|correio) /
    (?:deze?|dit|een|volgende) (?:e-?mail|mail|bericht) /
    (?:tę|tą|ten|tak[ąi]|tej|tego|takiego) (?:wiadomoś|mail|e-?mail)\w* /
    (?:selle|sellise|see|järgmise|kummalise) (?:kirja|kiri|e-kirja|e-kiri|meili|meil|sõnumi)\w* /
    (?:šį|tokį|šis|toks|šito) (?:el\. )?(?:laišk|pranešim)\w* /
    (?:это|такое|этот|следующее|данное|вот) (?:странное )?(?:письмо|сообщение|имейл) /
    (?:цей|цього|такий|це) (?:лист|повідомлення)\w* / (?:този|това|такъв) (?:имейл|съобщение|писмо)\w* /
    (?:tento|takový|tuto|toto) (?:e-?mail|mail|zpráv)\w* / (?:tento|takýto|túto) (?:e-?mail|mail|správ)\w* /
    (?:ezt a[z]?|ilyen) (?:e-?mail|levele|üzenet)\w* / (?:acest|următorul) (?:e-?mail|mesaj)\w* /
    (?:ov[aouj]+|taj|sljedeć\w*) (?:e-?mail|mail|poruk|mejl)\w* /
    (?:to|tak[oš]\w*) (?:sporočil|e-?pošt)\w* /
    (?:αυτό το|τέτοιο) (?:μήνυμα|e-?mail|mail) / (?:bu|şu|böyle bir) (?:e-?posta|mail|mesaj)\w* /
    (?:email|mail|thư|tin nhắn) này / (?:email|surel|pesan) (?:ini|berikut) /
    هذ[اه] (?:البريد|الرسالة|الإيميل)
    """
) + "|这[封个条]?(?:邮件|电邮|信|邮箱|短信)|這[封個]?(?:郵件|電郵|信)|收到.{0,8}(?:邮件|郵件|信件)|"
    "(?:この|こんな|次の|以下の|不審な)(?:メール|メッセージ)|"
    "(?:이|이런|다음) (?:메일|이메일|메시지)|อีเมล(?:นี้|ฉบับนี้)", re.I,
)  # fmt: skip
_FRAUD = re.compile(
    r"phish|scam|fraud|betrug|betrüg|fälschung|fake|huijau|kalastel|krāpnie|krāpšan|svindel|bedräg|bluffmejl|"
    r"arnaque|hameçonn|frauduleu|estafa|suplanta|truff|frode|oplicht|nepmail|oszust|wyłudz|pettus|õngitsus|"
    r"sukčia|мошен|фишинг|обман|шахра|измам|podvod|csalás|adathalász|înșel|prevar|απάτη|dolandırıcı|"
    r"sahte|lừa đảo|penipuan|احتيال|تصيد|הונאה|דיוג|詐欺|フィッシング|诈骗|钓鱼|釣魚|詐騙|피싱|사기",
    re.I,
)


def points_below(text: str) -> bool:
    """Tell whether a short text only points at the mail below it."""
    if count_words(text) > _MOST_WORDS:
        return False
    return _POINTS_BELOW.search(text) is not None or names_foot(text)


def points_under_signature(text: str) -> bool:
    """Tell whether a short sentence says that something stands below the sender's signature.

    >>> points_under_signature("Hello Ann, see below my signature."), points_under_signature("See below.")
    (True, False)
    """
    if not names_signature(text):
        return False
    sentences = _SENTENCE_END.split(text)
    return any(count_words(sentence) <= _MOST_WORDS and names_signature(sentence) for sentence in sentences)


def is_note_on(text: str, subject: str) -> bool:
    """Tell whether a text is short enough to be a note on the mail below it, which is no reply."""
    return bool(subject) and not is_prefixed(subject) and count_words(text) <= _MOST_WORDS_ON_A_MAIL


def is_long_note_on(text: str, sender: str) -> bool:
    """Tell whether a longer text is about the mail below it, which somebody else wrote.

    It says that it got the mail, or it speaks of the mail's sender, who is no helpdesk, by name.
    """
    if count_words(text) > _MOST_WORDS_OF_A_LONG_NOTE:
        return False
    if tells_of_mail(text):
        return True
    text = _GREETING.sub("", text.lstrip(), count=1)
    return not is_helpdesk(sender) and any(name in text.casefold() for name in _names(sender))


def _names(sender: str) -> list[str]:
    """Return the words of a sender's name and the company in the address, in small letters."""
    shown, _, address = sender.casefold().partition("@")
    shown = shown.rpartition("<")[0] or shown
    company = address.strip(" <>()]\"'").rpartition(".")[0].rpartition(".")[2]
    words = [company, *_NAME_WORD.findall(shown)]
    return [word for word in words if len(word) >= _SHORTEST_NAME]


def says_answers_below(text: str) -> bool:
    """Tell whether a short text says that the answers stand in the mail below it.

    >>> says_answers_below("My answers are in red below."), says_answers_below("Svar i rött nedan.")
    (True, True)
    >>> says_answers_below("The lamp below the saddle is red.")
    False
    """
    return count_words(text) <= _MOST_WORDS and names_place_of_answers(text)


def speaks_of_answers(text: str) -> bool:
    """Tell whether a short text names answers, without saying where they are."""
    return count_words(text) <= _MOST_WORDS and ANSWERS.search(text) is not None


def asks_about_mail(text: str) -> bool:
    """Tell whether a text announces the mail that is pasted below it, or asks whether it is genuine."""
    last = text.rstrip().rpartition("\n")[2].rstrip(" *_")
    if last.endswith((":", "：")):
        return True
    if count_words(text) > _MOST_WORDS_OF_A_QUESTION:
        return False
    return any(pattern.search(text) for pattern in (_THIS_MAIL, _FRAUD))


def only_thanks(text: str) -> bool:
    """Tell whether a text thanks, so that it is a message though a signature may begin so.

    >>> only_thanks("Super, vielen Dank!"), only_thanks("Thank you, but why does it flicker?")
    (True, False)
    """
    if any(is_thanks(line) for line in text.split("\n")[:_MOST_WORDS]):
        return True
    first = text.strip().partition("\n")[0]
    short = count_words(first) <= _MOST_WORDS_OF_THANKS and not first.endswith((":", "：", "?", "？", ";"))
    return short and _THANKS.search(first) is not None
