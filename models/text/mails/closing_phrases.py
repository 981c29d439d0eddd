"""Closing phrases of messages, such as "Best regards", in the languages of the users."""

from __future__ import annotations

import re

from models.text.unicode import without_accents
from models.word_lists import any_phrase_of, listed_phrases

# Said only to close a message: up to four words of a name may follow.
_CLOSINGS = """
best regards, kind regards, warm regards, warmest regards, kindest regards, many regards, with regards,
regards, thanks and regards, thanks & regards, with kind regards, with best regards, best wishes,
all the best, sincerely, yours sincerely, yours faithfully, yours truly, yours, respectfully, rgds, brgds,
cheers, mit freundlichen grüßen, mit freundlichem gruß, mit freundlichen grüssen, mit besten grüßen,
mit besten grüssen, freundliche grüße, freundliche grüsse, freundlicher gruß, viele grüße, viele grüsse,
beste grüße, beste grüsse, liebe grüße, liebe grüsse, schöne grüße, herzliche grüße, herzliche grüsse,
mit herzlichen grüßen, mit liebem gruß, lieben gruß, schönen gruß, viele liebe grüße, danke und grüße,
danke & liebe grüße, grüße, grüsse, gruß, gruss, hochachtungsvoll, mfg, mit freundlichen gruessen,
viele gruesse, freundliche gruesse, gruesse, ystävällisin terveisin, parhain terveisin, terveisin,
yhteistyöterveisin, kunnioittavasti, ystävällisesti, yst terv, yst. terv, terv, ar cieņu, patiesā cieņā,
cieņā, ar sveicienu, ar sveicieniem, ar labiem vēlējumiem, sveicieni, visu labu, ar cienu, lai jauka diena,
lai jums jauka diena, med vennlig hilsen, med vennlige hilsener, vennlig hilsen, vennlige hilsener,
beste hilsen, med hilsen, hilsen fra, hilsen, mvh, med vänlig hälsning, med vänliga hälsningar,
vänlig hälsning, vänliga hälsningar, bästa hälsningar, hälsningar, hälsning, med venlig hilsen,
venlig hilsen, de bedste hilsner, bedste hilsner, kærlig hilsen, hilsner, cordialement, bien cordialement,
kh, dbh, venlige hilsner, mange hilsner,
très cordialement, bien à vous, salutations distinguées, sincères salutations, meilleures salutations,
amicalement, respectueusement, cdlt, cdt, bonne journée, bonne réception, bonne soirée, veuillez agréer,
je vous prie d'agréer, un saludo, un cordial saludo, un saludo cordial, reciba un cordial saludo,
reciban un cordial saludo, saludos, saludos cordiales, cordiales saludos, atentamente, muy atentamente,
cordialmente, atte, 此致, 敬礼, 此致敬礼, 祝好, 顺祝商祺, 祝商祺, 祝工作顺利, 祝您工作愉快, 敬上, 谨启,
met vriendelijke groet, met vriendelijke groeten, vriendelijke groet, vriendelijke groeten,
hartelijke groet, hartelijke groeten, groeten, groetjes, mvg, cordiali saluti, distinti saluti, saluti,
un saluto, z poważaniem, z wyrazami szacunku, pozdrawiam, pozdrawiam serdecznie, serdecznie pozdrawiam,
lugupidamisega, parimate soovidega, tervitades, heade soovidega, pagarbiai, su pagarba,
geriausi linkėjimai, linkėjimai, atenciosamente, com os melhores cumprimentos, melhores cumprimentos,
cumprimentos, um abraço, abraço, с уважением, с наилучшими пожеланиями, всего доброго, всего хорошего,
saygılarımla, saygılarımızla, iyi çalışmalar, iyi günler dilerim, sevgilerimle, με εκτίμηση,
με φιλικούς χαιρετισμούς, φιλικά, üdvözlettel, tisztelettel, szívélyes üdvözlettel, köszönettel,
s pozdravem, s přátelským pozdravem, s úctou, s přáním hezkého dne, s přáním pěkného dne, hezký den přeje,
s pozdravom, s priateľským pozdravom, pekný deň, cu stimă, cu respect, cu drag, cu considerație,
з повагою, з найкращими побажаннями, поздрави, с уважение, с поздрав, срдачан поздрав, с поштовањем,
srdačan pozdrav, s poštovanjem, lijep pozdrav, lep pozdrav, s spoštovanjem, puno pozdrava,
مع أطيب التحيات, مع خالص التحية, مع التحية, مع خالص الشكر, בברכה, בכבוד רב, trân trọng, thân ái,
trân trọng kính chào, hormat saya, hormat kami, salam hormat, ขอแสดงความนับถือ, ด้วยความเคารพ, با احترام,
با سپاس, salutacions, cordialment, atentament, kveðja, með kveðju, bestu kveðjur, virðingarfyllst,
agur bero bat, unha aperta, me respekt, со почит, з павагай, 宜しくお願いします,
宜しくお願いいたします, 宜しくお願い致します, よろしくお願いします,
よろしくお願いいたします, よろしくお願い致します, 敬具,
以上
"""
# Also said in the middle: they close a message only alone on their line, or with a comma and a name.
_WEAK_CLOSINGS = """
thanks, thank you, many thanks, thanks a lot, thanks in advance, thank you in advance, thank you very much,
thx, ta, best, br, kr, danke, vielen dank, besten dank, herzlichen dank, danke im voraus,
vielen dank im voraus, danke schon mal, danke und gruß, lg, vg, bg, schönen tag noch, kiitos,
kiitos etukäteen, kiitos paljon, suuret kiitokset, kiittäen, etukäteen kiittäen, hyvää päivänjatkoa,
mukavaa päivänjatkoa, paldies, liels paldies, paldies jau iepriekš, takk, tusen takk, mange takk,
takk på forhånd, på forhånd takk, ha en fin dag, vh, tack, tack på förhand, tack så mycket, tusen tack,
tak, på forhånd tak, mange tak, merci, merci d'avance, merci beaucoup, merci par avance, gracias,
muchas gracias, gracias de antemano, mil gracias, 谢谢, 谢谢您, 感谢, 非常感谢, 多谢, 辛苦了, bedankt,
alvast bedankt, dank u, bij voorbaat dank, grazie, grazie mille, dziękuję, z góry dziękuję, tänan, aitäh,
ette tänades, ačiū, iš anksto dėkoju, dėkoju, obrigado, obrigada, спасибо, заранее спасибо,
ありがとうございます, ありがとうございました, köszönöm, köszönöm szépen, előre is köszönöm, teşekkürler,
teşekkür ederim, şimdiden teşekkürler, şimdiden teşekkür ederim, ευχαριστώ, ευχαριστώ πολύ, děkuji,
děkuji předem, předem děkuji, díky, ďakujem, vopred ďakujem, mulțumesc, mulțumesc anticipat, дякую,
заздалегідь дякую, благодаря, благодаря предварително, hvala, unaprijed hvala, хвала, 감사합니다, 고맙습니다,
شكرا, شكرا جزيلا, תודה, תודה רבה, תודה מראש, cảm ơn, xin cảm ơn, terima kasih, ขอบคุณครับ, ขอบคุณค่ะ, gràcies,
متشکرم, با تشکر
"""


def _fold(text: str) -> str:
    """Return lower case without accents and "ß", as people in a hurry type."""
    return without_accents(text.lower().replace("ß", "ss"))


def _alternatives(words: str) -> str:
    return any_phrase_of(sorted(dict.fromkeys(map(_fold, listed_phrases(words))), key=len, reverse=True))


_AND = r"[\s,.!/&+;-]*(?:(?:and|und|ja|un|og|och|et|y|en|e)\s)?"
_JOINED = rf"(?:{_alternatives(f'{_CLOSINGS},{_WEAK_CLOSINGS}')}{_AND}){{0,3}}"
_STRONG = re.compile(rf"{_JOINED}{_alternatives(_CLOSINGS)}(?!\w)[\s,.!…:;~，。！-]*(?P<name>.*)$")
_WEAK = re.compile(
    rf"{_JOINED}{_alternatives(_WEAK_CLOSINGS)}(?:[\s.!…~，,。！:)-]*$|\s?[,，!.]\s?(?P<name>.*)$)"
)

# Abbreviated greetings, which thank nobody.
_SHORT_WEAK = re.compile(
    r"(?:br|kr|best|lg|vg|bg|vh|schonen tag noch|hyvaa paivanjatkoa|mukavaa paivanjatkoa|ha en fin dag)\b"
)


def is_closing(line: str) -> bool:
    """Tell whether a line is a phrase that only closes a message, with or without a name.

    >>> is_closing("Danke und viele Grüße, Max"), is_closing("Regards to the team that fixed the lock")
    (True, False)
    """
    return _matches(line, _STRONG)


def may_be_closing(line: str) -> bool:
    """Tell whether a line is only thanks or the like, which may also stand in the middle of a message.

    >>> may_be_closing("Thanks, Max"), may_be_closing("Thanks for nothing, again it broke")
    (True, False)
    """
    return _matches(line, _WEAK)


def is_thanks(line: str) -> bool:
    """Tell whether a line thanks and says no more, but perhaps a name.

    >>> is_thanks("Tusen takk!"), is_thanks("Thanks, Max"), is_thanks("Best regards, Max")
    (True, True, False)
    """
    return (
        may_be_closing(line) and not is_closing(line) and _SHORT_WEAK.match(_fold(line.strip(" *_"))) is None
    )


def _matches(line: str, pattern: re.Pattern[str]) -> bool:
    if len(line) > 100:
        return False
    match = pattern.match(_fold(line.strip(" *_-–—,")))
    name = (match["name"] or "") if match else ""
    return match is not None and len(name) <= 40 and len(name.split()) <= 4 and not _is_sentence(line, name)


def _is_sentence(line: str, name: str) -> bool:
    """Tell whether what stands where a name may is the rest of a sentence, in small letters and ended."""
    words = line.split()[-max(1, len(name.split())) :]
    small = sum(word[0].islower() for word in words)
    return line.rstrip().endswith((".", "!", "?")) and len(words) > 2 and 2 * small >= len(words)
