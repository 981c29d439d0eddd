"""Phrases of mail programs around a message, by language: the table behind test_mails.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. `outlook` and `forwarded` hold whole header blocks."""

    own: str
    closing: str
    history: str
    gmail: str
    apple: str
    outlook: str
    original: str
    forwarded: str
    sent_from: str
    forward_prefix: str


_EN_FORWARD = (
    "From: Ann Other <ann@example.com>\nDate: Tue, 3 Feb 2026 at 11:14\nSubject: Printer\n"
    "To: Max Muster <max@example.com>"
)

LANGUAGES = {
    "en": Phrases(
        own="The printer on floor 3 jams since Monday.\n\nPlease send somebody.",
        closing="Kind regards,\nMax Muster\nAcme Ltd | +44 1632 960 001",
        history="Please switch it off and on again.",
        gmail="On Mon, 2 Feb 2026 at 10:15, Helpdesk <help@example.com> wrote:",
        apple="On 2 Feb 2026, at 10:15, Helpdesk <help@example.com> wrote:",
        outlook="From: Helpdesk <help@example.com>\nSent: Monday, February 2, 2026 10:15 AM\n"
        "To: Max Muster <max@example.com>\nSubject: RE: Printer",
        original="-----Original Message-----",
        forwarded="---------- Forwarded message ---------\n" + _EN_FORWARD,
        sent_from="Sent from my iPhone",
        forward_prefix="FW:",
    ),
    "de": Phrases(
        own="Der Drucker im 3. Stock hat seit Montag Papierstau.\n\nBitte schicken Sie jemanden.",
        closing="Mit freundlichen Grüßen\nMax Muster\nMuster GmbH, Tel. +49 30 23125 001",
        history="Bitte schalten Sie ihn aus und wieder ein.",
        gmail="Am Mo., 2. Feb. 2026 um 10:15 Uhr schrieb Helpdesk <help@example.com>:",
        apple="Am 02.02.2026 um 10:15 schrieb Helpdesk <help@example.com>:",
        outlook="Von: Helpdesk <help@example.com>\nGesendet: Montag, 2. Februar 2026 10:15\n"
        "An: Max Muster <max@example.com>\nBetreff: AW: Drucker",
        original="-----Ursprüngliche Nachricht-----",
        forwarded="Anfang der weitergeleiteten Nachricht:\n\nVon: Ann Other <ann@example.com>\n"
        "Betreff: Drucker\nDatum: 3. Februar 2026 um 11:14:07 MEZ\nAn: Max Muster <max@example.com>",
        sent_from="Von meinem iPhone gesendet",
        forward_prefix="WG:",
    ),
    "fi": Phrases(
        own="Kolmannen kerroksen tulostin on jumissa maanantaista asti.\n\nVoisiko joku tulla katsomaan?",
        closing="Ystävällisin terveisin\nMatti Malli\nMalli Oy, puh. 040 555 0101",
        history="Sammuta ja käynnistä se uudelleen.",
        gmail="ma 2. helmik. 2026 klo 10.15 Helpdesk (help@example.com) kirjoitti:",
        apple="Helpdesk <help@example.com> kirjoitti 2.2.2026 kello 10.15:",
        outlook="Lähettäjä: Helpdesk <help@example.com>\nLähetetty: maanantai 2. helmikuuta 2026 10.15\n"
        "Vastaanottaja: Matti Malli <matti@example.com>\nAihe: VS: Tulostin",
        original="-----Alkuperäinen viesti-----",
        forwarded="---------- Välitetty viesti ----------\nLähettäjä: Ann Other <ann@example.com>\n"
        "Päiväys: ti 3. helmikuuta 2026 klo 11.14\nAihe: Tulostin\nVastaanottaja: <matti@example.com>",
        sent_from="Lähetetty iPhonesta",
        forward_prefix="VL:",
    ),
    "lv": Phrases(
        own="Trešā stāva printeris kopš pirmdienas iestrēdzis.\n\nLūdzu, atsūtiet kādu.",
        closing="Ar cieņu\nJānis Paraugs\nSIA Paraugs, tālr. +371 2555 0101",
        history="Lūdzu, izslēdziet un ieslēdziet to.",
        gmail="pirmd., 2026. g. 2. febr., plkst. 10:15 — lietotājs Helpdesk (<help@example.com>) rakstīja:",
        apple="2026. gada 2. febr. plkst. 10:15 Helpdesk <help@example.com> rakstīja:",
        outlook="No: Helpdesk <help@example.com>\nNosūtīts: pirmdiena, 2026. gada 2. februāris 10:15\n"
        "Kam: Jānis Paraugs <janis@example.com>\nTēma: RE: Printeris",
        original="-----Sākotnējais ziņojums-----",
        forwarded="---------- Pārsūtīts ziņojums ----------\nNo: Ann Other <ann@example.com>\n"
        "Datums: otrd., 2026. g. 3. febr., plkst. 11:14\nTemats: Printeris\nKam: <janis@example.com>",
        sent_from="Nosūtīts no mana iPhone",
        forward_prefix="Pārs:",
    ),
    "nb": Phrases(
        own="Skriveren i tredje etasje har kjørt seg fast siden mandag.\n\nKan dere sende noen?",
        closing="Med vennlig hilsen\nOla Nordmann\nEksempel AS, tlf. +47 555 01 001",
        history="Slå den av og på igjen.",
        gmail="man. 2. feb. 2026 kl. 10:15 skrev Helpdesk <help@example.com>:",
        apple="2. feb. 2026 kl. 10:15 skrev Helpdesk <help@example.com>:",
        outlook="Fra: Helpdesk <help@example.com>\nSendt: mandag 2. februar 2026 10:15\n"
        "Til: Ola Nordmann <ola@example.com>\nEmne: SV: Skriver",
        original="-----Opprinnelig melding-----",
        forwarded="---------- Videresendt melding ---------\nFra: Ann Other <ann@example.com>\n"
        "Dato: tir. 3. feb. 2026 kl. 11:14\nEmne: Skriver\nTil: <ola@example.com>",
        sent_from="Sendt fra min iPhone",
        forward_prefix="VS:",
    ),
    "fr": Phrases(
        own="L'imprimante du 3e étage est bloquée depuis lundi.\n\nPouvez-vous envoyer quelqu'un ?",
        closing="Cordialement,\nMax Modèle\nTél. : +33 1 99 00 41 01",
        history="Veuillez l'éteindre et la rallumer.",
        gmail="Le lun. 2 févr. 2026 à 10:15, Helpdesk <help@example.com> a écrit :",
        apple="Le 2 févr. 2026 à 10:15, Helpdesk <help@example.com> a écrit :",
        outlook="De : Helpdesk <help@example.com>\nEnvoyé : lundi 2 février 2026 10:15\n"
        "À : Max Modèle <max@example.com>\nObjet : RE: Imprimante",
        original="-----Message d'origine-----",
        forwarded="Début du message transféré :\n\nDe: Ann Other <ann@example.com>\nObjet: Imprimante\n"
        "Date: 3 février 2026 à 11:14:07 UTC+1\nÀ: Max Modèle <max@example.com>",
        sent_from="Envoyé de mon iPhone",
        forward_prefix="TR :",
    ),
    "es": Phrases(
        own="La impresora de la planta 3 está atascada desde el lunes.\n\n¿Pueden enviar a alguien?",
        closing="Un saludo,\nMax Modelo\nTel. +34 910 555 001",
        history="Por favor, apáguela y vuelva a encenderla.",
        gmail="El lun, 2 feb 2026 a las 10:15, Helpdesk (<help@example.com>) escribió:",
        apple="El 2 feb 2026, a las 10:15, Helpdesk <help@example.com> escribió:",
        outlook="De: Helpdesk <help@example.com>\nEnviado el: lunes, 2 de febrero de 2026 10:15\n"
        "Para: Max Modelo <max@example.com>\nAsunto: RE: Impresora",
        original="-----Mensaje original-----",
        forwarded="---------- Mensaje reenviado ---------\nDe: Ann Other <ann@example.com>\n"
        "Fecha: mar, 3 feb 2026 a las 11:14\nAsunto: Impresora\nPara: <max@example.com>",
        sent_from="Enviado desde mi iPhone",
        forward_prefix="RV:",
    ),
    "zh": Phrases(
        own="三楼的打印机从周一开始卡纸。\n\n请派人来看一下。",
        closing="此致\n敬礼\n王小明",
        history="请关机后重新开机。",
        gmail="Helpdesk <help@example.com> 于2026年2月2日周一 10:15写道：",
        apple="在 2026年2月2日，10:15，Helpdesk <help@example.com> 写道：",
        outlook="发件人: Helpdesk <help@example.com>\n发送时间: 2026年2月2日 10:15\n"
        "收件人: 王小明 <wang@example.com>\n主题: 回复: 打印机",
        original="------------------ 原始邮件 ------------------",
        forwarded="---------- 转发的邮件 ----------\n发件人：Ann Other <ann@example.com>\n"
        "日期：2026年2月3日 周二 11:14\n主题：打印机\n收件人：<wang@example.com>",
        sent_from="发自我的 iPhone",
        forward_prefix="转发：",
    ),
    "sv": Phrases(
        own="Skrivaren på plan 3 har fastnat sedan måndag.\n\nKan ni skicka någon?",
        closing="Med vänliga hälsningar\nMax Mönster\nTel. 08-555 001 01",
        history="Stäng av den och sätt på den igen.",
        gmail="Den mån 2 feb. 2026 kl 10:15 skrev Helpdesk <help@example.com>:",
        apple="2 feb. 2026 kl. 10:15 skrev Helpdesk <help@example.com>:",
        outlook="Från: Helpdesk <help@example.com>\nSkickat: den 2 februari 2026 10:15\n"
        "Till: Max Mönster <max@example.com>\nÄmne: SV: Skrivare",
        original="-----Ursprungligt meddelande-----",
        forwarded="---------- Vidarebefordrat meddelande ---------\nFrån: Ann Other <ann@example.com>\n"
        "Datum: tis 3 feb. 2026 kl 11:14\nÄmne: Skrivare\nTill: <max@example.com>",
        sent_from="Skickat från min iPhone",
        forward_prefix="VB:",
    ),
    "da": Phrases(
        own="Printeren på 3. sal har sat sig fast siden mandag.\n\nKan I sende nogen?",
        closing="Med venlig hilsen\nMax Mønster",
        history="Sluk den og tænd den igen.",
        gmail="Den man. 2. feb. 2026 kl. 10.15 skrev Helpdesk <help@example.com>:",
        apple="Den 2. feb. 2026 kl. 10.15 skrev Helpdesk <help@example.com>:",
        outlook="Fra: Helpdesk <help@example.com>\nSendt: 2. februar 2026 10:15\n"
        "Til: Max Mønster <max@example.com>\nEmne: SV: Printer",
        original="-----Oprindelig meddelelse-----",
        forwarded="Start på videresendt besked:\n\nFra: Ann Other <ann@example.com>\nEmne: Printer\n"
        "Dato: 3. februar 2026 kl. 11.14.07 CET\nTil: Max Mønster <max@example.com>",
        sent_from="Sendt fra min iPhone",
        forward_prefix="VS:",
    ),
    "nl": Phrases(
        own="De printer op de derde verdieping zit sinds maandag vast.\n\nKunt u iemand sturen?",
        closing="Met vriendelijke groet,\nMax Voorbeeld",
        history="Zet hem uit en weer aan.",
        gmail="Op ma 2 feb 2026 om 10:15 schreef Helpdesk <help@example.com>:",
        apple="Op 2 feb 2026, om 10:15 heeft Helpdesk <help@example.com> het volgende geschreven:",
        outlook="Van: Helpdesk <help@example.com>\nVerzonden: maandag 2 februari 2026 10:15\n"
        "Aan: Max Voorbeeld <max@example.com>\nOnderwerp: RE: Printer",
        original="-----Oorspronkelijk bericht-----",
        forwarded="Begin doorgestuurd bericht:\n\nVan: Ann Other <ann@example.com>\nOnderwerp: Printer\n"
        "Datum: 3 februari 2026 om 11:14:07 CET\nAan: Max Voorbeeld <max@example.com>",
        sent_from="Verstuurd vanaf mijn iPhone",
        forward_prefix="Doorst:",
    ),
    "pl": Phrases(
        own="Drukarka na trzecim piętrze zacina się od poniedziałku.\n\nProszę kogoś przysłać.",
        closing="Z poważaniem\nJan Wzór",
        history="Proszę ją wyłączyć i włączyć.",
        gmail="pon., 2 lut 2026 o 10:15 Helpdesk <help@example.com> napisał(a):",
        apple="Wiadomość napisana przez Helpdesk <help@example.com> w dniu 2 lut 2026, o godz. 10:15:",
        outlook="Od: Helpdesk <help@example.com>\nWysłano: poniedziałek, 2 lutego 2026 10:15\n"
        "Do: Jan Wzór <jan@example.com>\nTemat: RE: Drukarka",
        original="-----Wiadomość oryginalna-----",
        forwarded="Początek przekazywanej wiadomości:\n\nOd: Ann Other <ann@example.com>\nTemat: Drukarka\n"
        "Data: 3 lutego 2026 11:14:07 CET\nDo: Jan Wzór <jan@example.com>",
        sent_from="Wysłane z iPhone'a",
        forward_prefix="PD:",
    ),
}
