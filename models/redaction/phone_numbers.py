"""Phone numbers, recognised by their form or after words that announce them."""

from __future__ import annotations

import re

_SPACE = r"[ \u00a0]"
_SEPARATOR = r"[ \u00a0./()-]{0,3}"
# Chinese and Japanese put no space between words and numbers.
_BEFORE, _AFTER = r"(?<![A-Za-z0-9_.,/-])", r"(?![A-Za-z0-9_])"
_DIGITS = rf"\d(?:{_SEPARATOR}\d){{4,14}}{_AFTER}"

# From abroad (+49, 0049), within most countries (030 …), in North America (212-555-0123), Chinese mobiles.
_PHONE = re.compile(
    rf"{_BEFORE}(?<!\d{_SPACE})(?:"
    rf"(?:\+|00{_SPACE}?|\(\+)\d(?:{_SEPARATOR}\d){{6,14}}"
    rf"|\(?0[1-9](?:{_SEPARATOR}\d){{5,13}}"
    r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}"
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    rf"){_AFTER}"
)
# Shorter ones, without a first zero, after a word that announces them.
_NAMED = re.compile(
    r"(?P<name>(?:\b(?:tel|tlf|tfn|puh|gsm|mob|phone|mobile|telefon|telephone|telefono|teléfono|téléphone|"
    r"puhelin|matkapuhelin|mobil|mobilnummer|tālr|tālrunis|handy|fax|ring|call)|电话|手机|電話|携帯)"
    rf"[ .:：]{{0,3}}){_DIGITS}",
    re.IGNORECASE,
)
# After words that ask for a call, or say whose number it is, with only small words between: the number of
# an order or an invoice would have its own word there.
_ASKS_FOR_CALL = (
    "call|phone|ring|text|sms|reach|contact|"  # English
    "ruf|rufe|rufen|anrufen|erreichen|erreichbar|erreicht|kontaktieren|"  # German
    "ringe|ringer|ringa|kontakt|kontakte|kontakta|kontakter|nå|nås|nåes|træffes|treffes|"  # Scandinavian
    "soita|soittaa|soittakaa|soittaisitteko|soittaisitko|tavoittaa|tavoitettavissa|"  # Finnish
    "zvanīt|zvaniet|zvani|piezvanīt|piezvaniet|piezvani|sazvanīt|sazvaniet|sasniedzams|"  # Latvian
    "appeler|appelez|appelle|rappeler|rappelez|rappelle|joindre|joignable|contacter|contactez|"  # French
    "llamar|llame|llama|llamen|llámeme|llámame|llamarme|llámenme|contactar|contacte|localizarme"  # Spanish
)
_WHOSE = "my|our|her|his|mein|meine|unsere|min|mitt|vårt|vores|mans|mūsu|mon|notre|mi|nuestro"
_NUMBER = "number|nummer|nummeret|numret|numero|numeroon|numerosta|numurs|numuru|numura|numéro|número|nr|no"
_BETWEEN = (
    rf"{_WHOSE}|{_NUMBER}|me|us|him|them|back|please|at|on|under|via|using|the|this|is|directly|"
    "sie|mich|uns|ihn|mir|bitte|unter|der|die|dieser|meiner|unserer|auf|zurück|gerne|ist|"
    "meg|oss|mig|os|på|det|dette|tilbake|tillbaka|tilbage|gjerne|gärna|gerne|er|är|"
    "minulle|meille|minut|meidät|takaisin|on|"
    "man|mums|uz|pa|pie|ir|lūdzu|"
    "moi|nous|au|à|sur|le|la|ce|est|"
    "nos|al|a|en|el|este|es|por|favor"
)
_SMALL_WORDS = rf"(?:(?:,?{_SPACE}{{1,2}}|-)(?:{_BETWEEN})\b)"
_AFTER_REQUEST = re.compile(
    rf"(?P<name>\b(?:(?:{_ASKS_FOR_CALL}){_SMALL_WORDS}{{1,6}}"
    rf"|(?:(?:{_WHOSE}){_SPACE}(?:{_NUMBER})|numeroni|numeromme){_SMALL_WORDS}{{0,2}})[ .:\u00a0]{{1,3}})"
    rf"(?P<number>{_DIGITS})",
    re.IGNORECASE,
)
# And those that are listed after one.
_LISTED = rf"(?:,| ?/|{_SPACE}(?:or|and|oder|und|eller|og|och|tai|ja|vai|un|ou|et|o|y)\b){_SPACE}?"
_NEXT = re.compile(rf"(?P<name>{_LISTED})(?P<number>{_DIGITS})", re.IGNORECASE)
_OTHERS = re.compile(rf"(?<=\[phone\])(?:{_LISTED}{_DIGITS})+", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)|\d{4}-[01]\d-[0-3]\d(?!\d)")
_OPENING_HOURS = re.compile(r"[012]?\d\.[0-5]\d ?- ?[012]?\d\.[0-5]\d(?![\d.-])")
_FEWEST_DIGITS = 7


def without_phone_numbers(text: str) -> str:
    """Return the text with phone numbers replaced by "[phone]".

    >>> without_phone_numbers("Ring meg på 912 34 567 om ordre 20260504123, eller (030) 90 18 20.")
    'Ring meg på [phone] om ordre 20260504123, eller [phone].'
    """
    text = _NAMED.sub(r"\g<name>[phone]", text)
    text = _AFTER_REQUEST.sub(_without_number, text)
    text = _PHONE.sub(lambda match: "[phone]" if _is_phone(match.group()) else match.group(), text)
    return _OTHERS.sub(lambda match: _NEXT.sub(_without_number, match.group()), text)


def _without_number(match: re.Match[str]) -> str:
    return match["name"] + "[phone]" if _is_phone(match["number"]) else match.group()


def _is_phone(found: str) -> bool:
    is_time = _DATE.match(found) or _OPENING_HOURS.match(found)
    return not is_time and sum(character.isdigit() for character in found) >= _FEWEST_DIGITS
