"""Mails of third parties that a sender passes on: words that tell of them, and names of helpdesks."""

from __future__ import annotations

import re

from models.text.mails.phrases import any_of
from models.text.mails.places import names_place_below

# "What the carrier wrote to me", "I got this from the bank": somebody else wrote, and not the reader.
_TOLD = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:here|attached) (?:is|comes) (?:the |a |an )?(?:customer['’]?s? )?(?:mail|e-?mail|message|letter) /
    hier (?:ist |kommt |folgt )?(?:die|eine|das) (?:e-?mail|mail|nachricht|schreiben) /
    hier (?:is |volgt )?(?:de|het|een) (?:e-?mail|mail|bericht) /
    (?:aquí|adjunto) (?:está |va )?(?:el|un) (?:correo|mensaje) /
    ecco (?:la |l['’]|il |una? )(?:e-?mail|mail|messaggio) /
    (?:aqui|segue) (?:está |vai )?(?:o|a|um|uma) (?:e-?mail|mensagem) /
    oto (?:wiadomość|mail|e-?mail) /
    (?:här|her) (?:är|er|kommer) (?:mejl|mail|e-?post|besked|melding|meddeland)\w* /
    tässä (?:on )?(?:\w+ )?(?:viesti|sähköposti|meili)\w* / siin on (?:\w+ )?(?:kiri|e-?kiri|meil)\w* /
    (?:šeit|te) ir (?:\w+ )?(?:vēstule|e-?pasts|ziņa) / štai (?:\w+ )?(?:laiškas|pranešimas) /
    вот (?:\w+ )?(?:письмо|сообщение) / ось (?:\w+ )?(?:лист|повідомлення) /
    (?:zde|tady|tu) je (?:\w+ )?(?:zpráva|e-?mail|mail|správa) /
    íme (?:a|az|egy) (?:\w+ )?(?:levél|üzenet|e-?mail)\w* / iată (?:\w+ )?(?:mesajul|e-?mailul) /
    işte (?:\w+ )?(?:mesaj|e-?posta)\w* /
    (?:wrote|sent|e-?mailed|mailed|forwarded|messaged) (?:it |this |that )?(?:to )?(?:me|us)\b /
    (?:got|received) (?:this|these|the following|the mail|the e-?mail|an e-?mail|a mail)\b(?! ?address) /
    (?:hat|hatte|wurde) (?:mir|uns) (?:\w+ ){0,6}ge(?:schickt|schrieben|sendet|mailt) /
    (?:mir|uns) (?:\w+ ){0,8}(?:ge|weiterge|zuge)(?:schickt|schrieben|sendet|mailt|leitet) (?:hat|wurde) /
    (?:m['’]a|m['’]ont|nous a|nous ont) (?:\w+ )?(?:écrit|envoyé|adressé|transmis|transféré) /
    (?:voici|ce que) (?:le |la |un )?(?:mail|e-?mail|message|courriel|courrier) /
    (?:me|nos) han? (?:escrito|enviado|mandado|remitido|reenviado|pasado) /
    (?:me|nos) (?:escribió|envió|mandó|escribieron|enviaron|mandaron) /
    (?:mi|ci) ha(?:nno)? (?:scritto|inviato|mandato|inoltrato) /
    (?:me|nos) (?:escreveu|enviou|mandou|escreveram|enviaram|mandaram) / enviad[oa] pel[oa] /
    (?:heeft|hebben) (?:mij|me|ons) (?:\w+ ){0,6}(?:gestuurd|geschreven|gemaild|toegezonden) /
    (?:mij|me|ons) (?:\w+ ){0,6}(?:gestuurd|geschreven|gemaild) (?:heeft|kreeg) /
    (?:napisał|przysłał|wysłał|przesłał)(?:a|o|y|i)? (?:do )?(?:mi|mnie|nam|nas) /
    (?:mi|mnie|nam) (?:napisał|przysłał|wysłał|przesłał)(?:a|o|y|i)?\b /
    (?:skrev|skickade|mejlade|mailade) (?:\w+ ){0,3}(?:till )?(?:mig|oss) /
    (?:skrev|sendte|mailede|mailet) (?:\w+ ){0,3}(?:til )?(?:mig|meg|os|oss) /
    (?:fick|fikk|fik) (?:det här|detta|den här|denne|dette) (?:mejl|mail|e-?post|besked|melding)\w* /
    (?:lähetti|kirjoitti|lähettivät|laittoi) (?:\w+ ){0,2}(?:minulle|meille) /
    (?:saatis|kirjutas|saatsid) (?:\w+ ){0,2}(?:mulle|meile|minule) /
    (?:man|mums) (?:\w+ )?(?:atsūtīja|rakstīja|nosūtīja|uzrakstīja) / (?:atsūtīja|rakstīja) (?:man|mums) /
    (?:man|mums) (?:\w+ )?(?:atsiuntė|parašė|rašė|persiuntė) / (?:atsiuntė|parašė) (?:man|mums) /
    (?:мне|нам) (?:\w+ )?(?:прислал|написал|отправил)(?:а|о|и)? /
    (?:прислал|написал)(?:а|о|и)? (?:мне|нам) / (?:мені|нам) (?:\w+ )?(?:надіслал|написал|прислал)\w* /
    (?:надісла|написа|присла)(?:в|ла|ли) (?:мені|нам) /
    (?:mi|nám|mně) (?:\w+ )?(?:poslal|napsal|přeposlal|napísal)(?:a|o|i|y)? /
    (?:poslal|napsal|napísal)(?:a|o|i|y)? (?:mi|nám|mne) / (?:nekem|nekünk) (?:írt|küldött|küldte|írta) /
    (?:küldött|írt|küldte|írta)(?:ák|ak|ek)? (?:nekem|nekünk) /
    (?:mi|ne|m)[- ]?(?:a|au) (?:scris|trimis) / bana (?:\w+ )?(?:gönder|yaz)(?:di|dı|miş|mış) /
    μου (?:έστειλ|έγραψ)\w+ / (?:mi|nam) (?:je|su) (?:\w+ )?(?:poslao|poslala|poslali|napisao|napisala) /
    (?:ми|ни) (?:изпрати|писа|прати)\w* / (?:mi|nam) je (?:\w+ )?(?:poslal|pisal|napisal)\w* /
    (?:أرسل|كتب|ارسل)(?:ت|وا)? (?:لي|إلي|لنا) / (?:שלח|כתב)(?:ה|ו)? (?:לי|אלי|לנו) /
    (?:به|برای) من (?:فرستاد|نوشت) / (?:đã )?gửi cho (?:tôi|mình|chúng tôi) /
    (?:mengirim|menulis|kirim) (?:\w+ )?(?:kepada|ke) (?:saya|kami)
    """
) + "|(?:发|寄|转发|寫|写)(?:来|來)?给(?:我|我们)|給我(?:發|寄)|给我(?:发|寄|写)|"
    "收到了?.{0,12}(?:邮件|郵件|来信|通知)|から.{0,12}(?:メール|連絡|通知|案内)が(?:来|届|あり)|"
    "(?:에서|한테|으로부터|로부터|에게서) .{0,12}(?:보낸|받은|왔)|"
    "ส่ง(?:มา)?(?:ให้|ถึง)(?:ผม|ฉัน|เรา|ดิฉัน)", re.I,
)  # fmt: skip
# "I pass on what came from the carrier": the sender hands on a mail.
_PASSED_ON = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    (?:i|we|am|are|i['’]m) forward(?:ing|ed)?\b / forwarded (?:below|to you|from) /
    passing (?:this|it|on) / leite .{0,40}weiter\b / weitergeleitet / reiche .{0,40}weiter\b /
    je (?:vous )?(?:transf|transmets|fais suivre) / faire suivre /
    (?:os|le|les|te) (?:paso|reenvío|remito|traslado) / reenvío / inoltro / (?:vi|le|ti) giro\b /
    ricevut[aoi] (?:da|dal|dallo|dalla) / (?:re)?encaminho / repasso / stuur .{0,40}door\b /
    doorgestuurd / przesyłam / przekazuję / vidarebefordra / skickar vidare / videresend /
    sender videre / välitän / välitämme / lähetän eteenpäin / edastan / saadan edasi / pārsūtu /
    pārsūtām / persiunčiu / persiunčiame / пересылаю / пересилаю / přeposíl / preposiel / továbbít /
    redirecțion / prosljeđ / prosleđ / прослеђ / posredujem / препращам / προωθώ / iletiyorum /
    chuyển tiếp / meneruskan
    """
) + "|转发|轉寄|转给|転送|전달", re.I,
)  # fmt: skip
# "You sent me", "your colleague wrote to me": the reader's side wrote.
_READER = re.compile(
    r"(?<!\w)" + any_of(
    r"""
    you(?:r|['’]ve)? / (?-i:Ihr|Ihre[nrm]?|Sie|Lei|Vi) / eu(?:er|re) / votre / vos / vous / usted(?:es)? /
    vuestr[oa] / vostr[oai] / vossa / você / u / uw / jullie / wasz\w* / pa[ńn]stw\w+ / pani? / din / deres /
    jeres / ert / teidän / teie / jūs\w* / ваш\w* / вы / ви / váš / vaš\w* / vaše / vám / önök / ön /
    dumneavoastră / siz\w* / σας / إنكم / שלכם / شما / bạn / anda
    """
) + r"(?!\w)|貴社|御社|そちら|你们|您|贵司|貴司|귀사", re.I,
)  # fmt: skip
_CHARS_READ = 120
_CLAUSE_END = re.compile(r"[,;:.!?，。、；]")
_CHARS_BESIDE = 30
# Words for a mail, which a text may name beside "below".
_MAIL_BELOW = re.compile(
    r"(?<!\w)(?:e-?)?(?:mail|message|letter|nachricht|schreiben|viesti|meili|sähköposti|e-?pasts?|vēstul|ziņ|e-?post|"
    r"mejl|meddeland|melding|besked|meddelelse|brev|courriel|courrier|correo|mensaje|messaggio|mensagem|bericht|"
    r"wiadomoś|kiri|kirja|laišk|письм|сообщени|лист|повідомленн|имейл|съобщени|zpráv|správ|levél|üzenet|mesaj|"
    r"poruk|sporočil|μήνυμα|e-?posta|ileti|thư|surel|pesan|رسالة|بريد|הודע|מייל|پیام|"
    r"complaint|request|enquiry|inquiry|anfrage|beschwerde|anliegen|reklamation|demande|réclamation|plainte|"
    r"solicitud|reclamación|queja|consulta|richiesta|reclamo|reclamação|verzoek|klacht|prośb|zgłoszeni|"
    r"reklamac|förfrågan|klagomål|ärende|henvendelse|klage|pyyntö|valitu|yhteydenotto|kaebus|päring|sūdzīb|"
    r"pieprasījum|skund|užklaus|жалоб|запрос|обращени|скарг|stížnost|dotaz|panasz|kérelem|şikayet)|邮件|郵件|メール|메일|อีเมล",
    re.I,
)
_HELPDESK = re.compile(
    r"support|help|service|desk|assist|customer|kund|hilfe|asiakas|tuki\b|palvelu|klient|client|cliente|atendimento|"
    r"atención|aide|aiuto|ayuda|ajuda|suporte|soporte|supporto|hjälp|hjelp|hjælp|pomoc|abi\b|tugi|palīdz|pagalb|"
    r"поддерж|помощ|підтримк|podpora|podrška|ügyfél|destek|υποστήριξη|ticket|info@|no-?reply|客服|支持|サポート|고객",
    re.I,
)


def tells_of_mail(text: str) -> bool:
    """Tell whether a text speaks of a mail that somebody else wrote to its sender.

    >>> tells_of_mail("This is what the carrier wrote to me."), tells_of_mail("Why have you not written?")
    (True, False)
    """
    if _PASSED_ON.search(text) or _names_mail_below(text):
        return True
    return any(
        not _READER.search(_CLAUSE_END.split(text[: told.end()][-_CHARS_READ:])[-1])
        for told in _TOLD.finditer(text)
    )


def _names_mail_below(text: str) -> bool:
    """Tell whether a text names a mail and a place below near each other."""
    mails = _MAIL_BELOW.finditer(text)
    return any(
        names_place_below(text[max(0, m.start() - _CHARS_BESIDE) : m.end() + _CHARS_BESIDE]) for m in mails
    )


def is_helpdesk(sender: str) -> bool:
    """Tell whether a sender's name or address is one of those that helpdesks have."""
    return _HELPDESK.search(sender) is not None
