"""Replies as many mail clients of the world write them, each with its own words around the old mail."""

from __future__ import annotations

import pytest

from models.text import clean_body

OLD = "We have paid the money back to your card."
MAILS = {
    "win mail": (
        "The light",
        "The light.\n\nThanks,\nAnn\n\nFrom: Support\n"
        "Sent: Thursday, November 20, 2025 15:05\nTo: Ann\n\n{OLD}",
    ),
    "win mail de": (
        "Das Licht",
        "Das Licht.\n\nGesendet von Mail für Windows\n\nVon: Support\n"
        "Gesendet: Donnerstag, 20. November 2025 15:05\nAn: Ann\n\n{OLD}",
    ),
    "samsung": (
        "The light",
        "The light flickers.\n\n\nSent from my Galaxy\n\n\n"
        "-------- Original message --------\nFrom: Support <help@example.com>\n"
        "Date: 17/11/2025 09:12 (GMT+01:00)\nTo: ann@example.org\nSubject: Re: refund\n\n"
        "{OLD}",
    ),
    "yahoo": (
        "The light",
        "The light flickers.\n\n"
        "    On Monday, November 17, 2025 at 09:12:33 AM GMT+1, Support <help@example.com> wrote:  \n"
        " \n {OLD}",
    ),
    "aol": (
        "The light",
        "The light flickers.\n\n-----Original Message-----\n"
        "From: Support <help@example.com>\nTo: ann@example.org\n"
        "Sent: Mon, Nov 17, 2025 9:12 am\nSubject: Re: refund\n\n{OLD}",
    ),
    "orange": (
        "La lampe",
        "La lampe clignote.\n\n> Message du 17/11/25 09:12\n"
        '> De : "Support" <help@example.com>\n> A : ann@example.org\n> Copie à : \n'
        "> Objet : Re: refund\n>\n> {OLD}",
    ),
    "gmx": (
        "Die Lampe",
        "Die Lampe.\n\nGesendet: Montag, 17. November 2025 um 09:12 Uhr\n"
        'Von: "Support" <help@example.com>\nAn: ann@example.org\nBetreff: Re: x\n\n{OLD}',
    ),
    "qq": (
        "灯不亮了",
        "灯不亮了。\n\n\n------------------ 原始邮件 ------------------\n"
        '发件人: "客服" <help@example.com>;\n发送时间: 2025年11月17日(星期一) 上午9:12\n'
        '收件人: "王"<w@example.org>;\n主题: 回复: 退款\n\n{OLD}',
    ),
    "163": (
        "灯不亮了",
        '灯不亮了。\n\n\n\n\n\n\n\n\n在 2025-11-17 09:12:33，"客服" <help@example.com> 写道：\n\n{OLD}',
    ),
    "mailru": (
        "Лампа",
        "Лампа не горит.\n\n\n"
        ">Понедельник, 17 ноября 2025, 9:12 +03:00 от Support <help@example.com>:\n> \n"
        ">{OLD}",
    ),
    "yandex": (
        "Лампа",
        'Лампа не горит.\n\n17.11.2025, 09:12, "Support" <help@example.com>:\n\n> {OLD}',
    ),
    "proton": (
        "The light",
        "The light flickers.\n\nSent with Proton Mail secure email.\n\n"
        "On Monday, November 17th, 2025 at 9:12 AM, Support <help@example.com> wrote:\n\n"
        "> {OLD}",
    ),
    "naver": (
        "불이",
        '불이 안 켜져요.\n\n-----Original Message-----\nFrom: "고객센터"<help@example.com>\n'
        "To: <ann@example.org>;\nCc:\nSent: 2025-11-17 (월) 09:12:33 (GMT+09:00)\n"
        "Subject: RE: 환불\n\n{OLD}",
    ),
    "wp.pl": (
        "Lampa",
        "Lampa nie działa.\n\nDnia 17 listopada 2025 09:12 Support <help@example.com> napisał(a):\n\n> {OLD}",
    ),
    "seznam": (
        "Lampa",
        "Lampa nesvítí.\n\n---------- Původní e-mail ----------\n"
        "Od: Support <help@example.com>\nKomu: ann@example.org\n"
        "Datum: 17. 11. 2025 9:12:33\nPředmět: Re: x\n\n{OLD}",
    ),
    "freemail hu": (
        "Nem ég",
        "Nem ég.\n\n-------- Eredeti levél --------\nFeladó: Support <help@example.com>\n"
        "Dátum: 2025 november 17 09:12:33\nTárgy: Re: x\nCímzett: ann@example.org\n\n{OLD}",
    ),
    "libero": (
        "La luce",
        "La luce.\n\n\n> Il 17/11/2025 09:12 Support <help@example.com> ha scritto:\n> \n> {OLD}",
    ),
    "outlook ios": (
        "Valo",
        "Valo vilkkuu.\n\nHanki Outlook for iOS<https://aka.ms/o0ukef>\n"
        "________________________________\nLähettäjä: Support <help@example.com>\n"
        "Lähetetty: Monday, November 17, 2025 9:12:33 AM\nVastaanottaja: Ann\n"
        "Aihe: Vs: x\n\n{OLD}",
    ),
    "hey": (
        "The light",
        "The light.\n\n-----\n\nSupport <help@example.com>, Nov 17, 2025:\n> {OLD}",
    ),
    "fastmail": (
        "The light",
        "The light.\n\nOn Mon, 17 Nov 2025, at 9:12 AM, Support wrote:\n> {OLD}\n> more",
    ),
    "mutt": (
        "The light",
        "* Support <help@example.com> [2025-11-17 09:12]:\n> {OLD}\n> x\n\nThe light.",
    ),
    "lotus": (
        "The light",
        "The light flickers.\n\n\n\nFrom:\tSupport <help@example.com>\nTo:\tann@example.org\n"
        "Date:\t17.11.2025 09:12\nSubject:\tRe: refund\n\n{OLD}",
    ),
    "groupwise": (
        "The light",
        "The light flickers.\n\n>>> Support <help@example.com> 17.11.2025 09:12 >>>\n{OLD}",
    ),
    "zimbra": (
        "The light",
        "The light flickers.\n\n----- Mail original -----\n"
        'De: "Support" <help@example.com>\nÀ: "ann" <ann@example.org>\n'
        "Envoyé: Lundi 17 Novembre 2025 09:12:33\nObjet: Re: refund\n\n{OLD}",
    ),
    "roundcube": (
        "Das Licht",
        "Am 2025-11-17 09:12, schrieb Support:\n> {OLD}\n> x\n\nDas Licht.",
    ),
    "kmail": (
        "The light",
        "The light\n\nOn Monday, November 17, 2025 9:12:33 AM CET Support wrote:\n> {OLD}\n> b",
    ),
    "em client": (
        "The light",
        'The light\n\n------ Original Message ------\nFrom: "Support" <help@example.com>\n'
        "To: ann@example.org\nSent: 17/11/2025 09:12:33\nSubject: Re: x\n\n>{OLD}",
    ),
    "em client2": (
        "The light",
        'The light\n\n------ Originalnachricht ------\nVon "Support" <help@example.com>\n'
        "An ann@example.org\nDatum 17.11.2025 09:12:33\nBetreff Re: x\n\n>{OLD}",
    ),
    "spark": (
        "The light",
        "The light\n\nBest\nOn 17 Nov 2025, 09:12 +0100, Support <help@example.com>, wrote:\n> {OLD}",
    ),
    "zendesk": (
        "still broken",
        "It is still broken\n\n##- Please type your reply above this line -##\n\n"
        "Your request (4711) has been updated.",
    ),
    "helpscout": (
        "still broken",
        "It is still broken\n\n--\nSupport\n\n"
        "On Nov 17, 2025, at 9:12 AM EST, Support <help@example.com> wrote:\n{OLD}",
    ),
    "pt br": (
        "A luz",
        "A luz pisca.\n\nDe: Suporte <help@example.com>\n"
        "Enviada em: segunda-feira, 17 de novembro de 2025 09:12\nPara: Ann\n"
        "Assunto: RES: x\n\n{OLD}",
    ),
    "ja outlook": (
        "点滅",
        "点滅します。\n\n差出人: サポート <help@example.com>\n送信日時: 2025年11月17日 9:12\n宛先: 山田\n"
        "件名: Re: 返金\n\n{OLD}",
    ),
}


@pytest.mark.parametrize("client", MAILS)
def test_only_the_own_words_are_read_of_a_reply_by_any_client(client: str) -> None:
    own, mail = MAILS[client]
    cleaned = clean_body(mail.replace("{OLD}", OLD))
    assert own in cleaned
    assert OLD not in cleaned
    assert "@" not in cleaned
