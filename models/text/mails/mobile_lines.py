"""Lines of mail programs below a message: "Sent from my iPhone", "Get Outlook for iOS" and their like."""

from __future__ import annotations

import re

from models.language.function_words import function_word_scores
from models.text.mails.phrases import any_of

# "Sent from my iPhone" and the like: a verb of sending at one end of a short line, and a device in it.
_SENT = any_of(
    r"""
    (?:sent|posted) (?:from|with|by|via|using) / from my / gesendet /
    (?:von (?:meine[mr]|unterwegs)|diese (?:nachricht|e-?mail) wurde).{1,50} (?:ge|ver)s(?:ende|chick)t /
    lähetetty / (?:no|iz)?sūtīts / sendt / envoyée? / enviad[oa] / skickat / ver(?:zonden|stuurd) /
    inviat[oa] / wysłan[eoy] / saadetud / (?:iš)?siųsta / отправлен[оа] / надіслано / изпратено /
    poslan[oé] / послато / odeslán[oa] / odoslan[áé] / (?:el)?küldve / trimis / στάλθηκε / εστάλη /
    απεστάλη / gönderildi / أرسلت? / تم الإرسال / נשלח / ارسال شده / ส่งจาก / (?:được |đã )?gửi từ /
    dikirim / dihantar / enviat / bidalia / sent frá / anfonwyd / seolta / გაგზავნილია / ուղարկված է /
    gestuur / dërguar / i(?:li)?metumwa / mibgħut\w* / (?:na)?ipinadala / ithunyelwe /
    waxaa laga soo diray / ti a fi ran / fi ran / ezitere / an aiko / nalefa / адпраўлена / адаслана /
    испратено / пратено / жіберілді / жөнөтүлдү / җибәрелде / yuborildi / yuborilgan / kaset /
    mandat / sendita / missum / ferstjoerd / გამოგზავნილია / илгээсэн / ផ្ញើ / ສົ່ງ / air a chur /
    mandada / inviau / 发自 / 發自 / 发送自 / 傳送自 /
    [从從]我的.{1,20}(?:发送|发出|傳送|寄出|發送) / [来來]自我的.{1,12}$
    """
)  # fmt: skip
_SENT_AT_END = any_of(
    r"""
    bidalita / gesendet / gönderildi / から送信 / 传送 / 傳送 / 发送 / 發送 / 寄出 / göndərilib /
    göndərildi /
    жіберілді / жөнөтүлдү / җибәрелде / yuborildi / yuborilgan / iberildi / илгээсэн /
    фиристода шуд / şandin / hatiye şandin / geschéckt / ferstjoerd / soo diray /
    ուղարկված է / ուղարկվել է / გაგზავნილია / გამოგზავნილი / भेजा गया / भेजी गई /
    पाठव(?:ले|िले|लेले) / पाठाइएको / पठाइएको / পাঠানো(?: হয়েছে)? / প্রেরিত / મોકલ(?:ેલ|્યું|ેલું) /
    ਭੇਜਿਆ(?: ਗਿਆ)? / அனுப்பப்பட்டது / పంపబడింది / పంపించబడింది / ಕಳುಹಿಸಲಾಗಿದೆ / അയച്ചത് /
    යවන ලදී / ပို့ခဲ့သည် / بھیجا گیا / بھیجی گئی / لیږل شوی / ተልኳል / የተላከ /
    에서 (?:보냄|보낸 메일|전송) / 보냄 / küldve / išsiųsta / saadetud / skickat / lähetetty / ارسال شد
    """
)  # fmt: skip
_DEVICE = re.compile(
    r"(?<![a-z])i(?:phon|pad|pod|os(?![a-z]))|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|oneplus|oppo|realme|nokia|"
    r"pixel|xperia|sony|motorola|moto g|htc|alcatel|wiko|fairphone|blackberry|outlook|windows|thunderbird|"
    r"mailbox|airmail|k-9|yahoo|gmail|gmx|web\.de|aol|proton|spark|mail\.ru|yandex|"
    r"mail (?:for|app|für|pour|para)|(?:from|via|my) (?:a )?(?:phone|mobile|cell|tablet|smartphone)|handy|"
    r"smartphone|mobiltelefon|mobilgerät|mobil(?:en?|u|om|a)?\b|puhelime|laitteesta|tālruņa|telefona|téléphone|"
    r"(?:mon|mi) (?:portable|móvil|teléfono)|手机|手機|telefoon|telefonu|telefonist|телефон|"
    r"携帯|스마트폰|휴대|आई ?फ़?ो?न|আইফোন|آی ?فون|آئی ?فون|айфон|ايفون|آيفون|אייפון|"
    r"ไอโฟน|アイフォン",
    re.I,
)
# A device that no list has, such as "TI-85": English writes other nouns small.
_ENGLISH_SENT = re.compile(r"\W{0,3}[Ss]ent from my (?:\S{1,30} ){0,4}[A-Z]\S{1,30}(?: \S{1,20}){0,3}$")
_SENT_AT_START = re.compile(rf"\W{{0,3}}{_SENT}")
_SENT_LAST = re.compile(rf"{_SENT_AT_END}\W{{0,2}}$")
_SENT_LINE = re.compile(
    rf"\W{{0,3}}{_SENT}(?!\w)|\W{{0,3}}{_SENT}(?=[^\x00-\x7f])|.{{0,60}}{_SENT_AT_END}\W{{0,2}}$", re.I
)
# Names of mail programs that have the word for mail in them, and apologies that stand before the line.
_MAIL_PROGRAM = re.compile(
    r"\b[A-Z]\w{1,15} Mail\b|\bMail [A-Z]\w{1,15}|Почты?\b|Superhuman|\bBoxer\b|\bNine$|\bShortwave|\bHey$|"
    r"\bBlueMail|\bCanary\b|\bEdison\b|\bSpike\b|\b[A-Z]\w{2,15}[Mm]ail\b"
)
_APOLOGY = re.compile(r"^(?:please )?(?:excuse|pardon|forgive|sorry for|ignore)\b[^,.;]{1,40}[,.;] ?", re.I)
_FIRST_PERSON = re.compile(r"(?<!\w)(?:i|i've|ich|je|j['’]ai|yo|he|io|ho|ik|jeg|jag|eu|ja|я)(?!\w)", re.I)
_GET_PROGRAM = re.compile(
    r"\W{0,3}(?:get|download|hanki|iegūt|iegūstiet|lejupielādēt|få|hent|last ned|skaff deg|télécharge[rz]|"
    r"obten(?:ir|ez|er|ha)|obtén|descargar?|获取|下载|取得|hämta|scarica|ottieni|pobierz|hankige|gauti|obter|"
    r"скачать|завантаж|отрим|stáhn|stiahn|získ|töltse le|descărca|obține|preuzm|nabav|prenes|pridob|"
    r"αποκτήστε|λήψη|вземете|edin|hae|lataa|احصل على|קבל את|รับ|"
    r"holen sie sich|laden sie|download de)\w{0,8}(?: .{0,30}?)? ?"
    r"(?:for |für |pour |para |för |til |per |na |do |до |для )?\[?(?:ios|android|outlook)|"
    r"\W{0,3}outlook (?:for|für|voor) \S+ (?:beziehen|herunterladen|downloaden|letöltése)|"
    r"(?=.{0,30}outlook).{0,30}(?:を入手|다운로드|edinin)\W{0,3}$",
    re.I,
)
_GET_APP = re.compile(r"[.,]?\s{0,3}get the app\W{0,3}$", re.I)
_PLATFORM = re.compile(r"\bios\b|android|iphone|windows", re.I)
_MOST_WORDS_BESIDE_LINK = 8
_LONGEST_SENT = 100
_LONGEST_BY_FORM = 60
_LEAST_SCORE = 0.5  # one everyday word of a language among four words
_ENDED = re.compile(r"[.!?…。！？؟:：]$|[:：=]")
_FEW_WORDS = 5
_ENDED_SENTENCE = re.compile(r"[.!?…]$")
_EXCUSE = re.compile(
    r"excus|pardon|forgiv|sorry|brief|brev|typo|short|entschuld|tippfehler|kürze|verschon|disculp|excuse|fautes|"
    r"errat|error|scus|desculp|fout|błęd|pomył|ursäkt|undskyld|unnskyld|fejl|feil|virhe|vead|kļūd|klaid|опечат|chyb",
    re.I,
)
_PROGRAM = re.compile(r"outlook|mail|yahoo")
_LINK = re.compile(r"[<(]?https?://\S+")
_SENTENCE = re.compile(r"[!?。] ?\S{2,} \S|\. \S{2,} \S{2,} \S")


def is_sent_from(line: str) -> bool:
    """Tell whether a line is the advertisement of a mail program.

    >>> is_sent_from("Lähetetty iPhonesta"), is_sent_from("Sent from my flat")
    (True, False)
    """
    linked = "http" in line[:300]
    if len(line) > _LONGEST_SENT and not linked:
        return False
    line = _LINK.sub("", line[:300]) if linked else line
    lowered = line.lower()
    if "the app" in lowered or "," in line or ";" in line:
        line = _APOLOGY.sub("", _GET_APP.sub("", line))
        lowered = line.lower()
    line = line.strip()
    if _goes_on_behind_device(line):
        return False
    if len(line) > _LONGEST_SENT or not (linked or _may_be_sent_from(lowered)) or _SENTENCE.search(line):
        return False
    return _says_sent(line, linked=linked) or _offers_program(line, linked=linked)


def _goes_on_behind_device(line: str) -> bool:
    """Tell whether a sentence goes on behind the device, as in "Sent from my iPhone the photos fail"."""
    device = _DEVICE.search(line)
    if not device or not _ENDED_SENTENCE.search(line) or _EXCUSE.search(line):
        return False
    behind = line[device.end() :].split()
    small = sum(word[0].islower() for word in behind)
    return len(behind) > _FEW_WORDS and 2 * small >= len(behind)


def may_be_program(line: str) -> bool:
    """Tell whether a short line names a device or program in a language that has no list of function words.

    >>> may_be_program("Ithunyelwe nge-Nokia yami"), may_be_program("Happens on my Nokia")
    (True, False)
    """
    if len(line) > _LONGEST_BY_FORM or _ENDED.search(line) or not _DEVICE.search(line):
        return False
    return max(function_word_scores(line).values(), default=0.0) < _LEAST_SCORE


def _may_be_sent_from(lowered: str) -> bool:
    """Tell whether a line has a word for sending at one of its ends, or names a mail program."""
    if "outlook" in lowered or "mail" in lowered or "yahoo" in lowered:
        return True
    return _SENT_AT_START.match(lowered) is not None or _SENT_LAST.search(lowered) is not None


def _says_sent(line: str, *, linked: bool) -> bool:
    if _ENGLISH_SENT.match(line):
        return True
    if not _SENT_LINE.match(line):
        return False
    named = _DEVICE.search(line.partition(",")[0]) is not None or (linked and len(line.split()) <= _FEW_WORDS)
    named = named or _MAIL_PROGRAM.search(line) is not None
    return named and not _FIRST_PERSON.search(line)


def _offers_program(line: str, *, linked: bool) -> bool:
    if not _PROGRAM.search(line.lower()):
        return False
    get = linked and len(line.split()) <= _MOST_WORDS_BESIDE_LINK and _PLATFORM.search(line) is not None
    return get or _GET_PROGRAM.match(line) is not None
