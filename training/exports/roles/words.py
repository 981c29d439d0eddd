"""Words for who wrote a message and who may see it, in the project's languages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from models.word_lists import word_set

Role = Literal["customer", "agent", "internal", "public", ""]
OPPOSITES: dict[Role, Role] = {
    "customer": "agent",
    "agent": "customer",
    "internal": "public",
    "public": "internal",
    "": "",
}
_MOST_CHARS = 40
_MOST_WORDS = 5
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Beginnings of words, to which an ending of a few letters may come.
_CUSTOMERS = """
    customer client kunde kundin kund klient klants klant asiaka asiakkaa klien requester requestor user
    enduser visitor reporter contact caller submitter guest consumer anwender benutzer nutzer anfrager
    anfragend melder besucher einsender utilisat demandeur visiteur usager usuari solicitant visitant
    utent richiedent usuári utilizador requerent gebruiker aanvrager bezoeker użytkowni zgłaszając
    användar besökar anmälar beställar bruger anmelder bruker innmelder käyttäj ilmoittaj pyytäj kasutaj
    lietotāj pieteicēj vartotoj pareiškėj клиент пользовател заявител заказчик покупател zákazní
    uživatel žadatel zadavatel
"""
_AGENTS = """
    agent operator staff admin employee support technician administrator helpdesk servicedesk system bot
    robot engineer consultant representative rep advisor handler mitarbeiter bearbeiter sachbearbeiter
    techniker berater kundenberater betreuer kundenbetreuer technicien opérat conseiller employé
    gestionnaire intervenant systèm técnic operador soport asesor empleado sistem operator tecnico
    supporto addett atendent suport analist medewerker behandelaar technicus systeem konsult pracowni
    obsług doradc techni handläggar medarbetar sagsbehandler medarbejder saksbehandler medarbeider
    kundebehandler käsittelij agentt työntekij järjestelm asiakaspalvelij töötaj teenindaj
    klienditeenindaj süsteem aģent darbinie darbuotoj агент оператор сотрудни специалист поддержк
    консультант исполнител систем менеджер operátor pracovní zaměstnan řešitel podpor systém assistance
    assistenza
"""
_INCOMING = """
    in inbound incoming received eingehend eingang eingegangen empfangen entrant reçu entrante recibid
    ricevut ingresso arrivo entrada recebid inkomend binnenkomend ontvangen przychodząc odebran
    inkommand mottag ingående indgående indkommend modtag innkommend inngående mottatt saapuv saapun
    tulev sissetulev saabuv saabun ienākoš saņemt gaunam gaut įeinan входящ получен příchozí přijat
"""
_OUTGOING = """
    out outbound outgoing sent ausgehend ausgang gesendet versandt versendet sortant envoyé salient
    salid enviad uscita uscent inviat saída uitgaand verzonden verstuurd wychodząc wysłan utgående
    skicka udgående sendt lähtev lähetet väljamin väljuv saadetud izejoš nosūtīt siunčiam išsiųst
    išeinan исходящ отправлен odchozí odeslan
"""
_PRIVATE = """
    intern internal private privat privad privé confidential hidden wewnętrzn sisäi sisem sisene iekšēj
    vidin внутренн служебн interní vnitřn neveřejn niepubliczn непубличн nichtöffentlich nepublic
    nonpublic prywatn soukrom частн приватн yksityi vertraulich confidenti riservat reservad
"""
_PUBLIC = """
    public publi öffentlich públic pubblic openba publiczn offentlig julki avali publisk vieš публичн
    общедоступн veřejn external extern externo estern zewnętrzn ulkoi внешн
"""
# What tells only where no word for a person does.
_QUESTIONS = """
    question request inquiry enquiry anfrage frage demande pregunta consulta domanda richiesta pergunta
    pedido vraag verzoek pytani zapytani zgłoszeni fråga förfråg spørgsmål henvendelse spørsmål kysymys
    küsimus jautājum klausim вопрос запрос обращени dotaz otázk požadav
"""
_ANSWERS = """
    reply replies response answer antwort réponse respuest rispost resposta antwoord odpowied svar
    vastaus vastus atbild atsakym ответ odpově
"""
_NOTES = """
    note notes notiz nota notitie notatka anteckning notat muistiinpano märkus piezīme pastaba заметка
    poznámka
"""
_NOT = frozenset(["not", "nicht", "non", "no", "não", "niet", "ikke", "inte", "ei", "не", "nie"])
_NO_PRIVATE = frozenset({"internet", "internist", "internat"})
_SERVICE = r"servic\w*|support\w*|care|desk|team|dienst|bureau"
# Of writing without spaces; a longer word goes before one that is a part of it.
_WIDE: tuple[tuple[str, Role], ...] = (
    (r"非公開|非公开|非公開|私密|私有|内部|社内|內部|비공개|내부", "internal"),
    (r"公開|公开|공개|外部|社外|외부", "public"),
    (
        r"客服|坐席|座席|员工|員工|工作人员|系统|系統|管理员|管理員|技术支持|专员|客户服务|客戶服務|客户经理"
        r"|担当|オペレータ|エージェント|スタッフ|サポート|システム|社員|管理者|(?:顧客|お客様|客户|客戶|고객)(?:へ|宛|에게)"
        r"|(?:致|给)客户|상담|담당|직원|시스템|관리자|운영자|고객 ?센터",
        "agent",
    ),
    (
        r"顧客|お客|ユーザ|利用者|依頼者|客户|客戶|用户|用戶|顾客|买家|访客|고객|사용자|손님|문의자",
        "customer",
    ),
    (r"質問|問い?合わ?せ|咨询|提问|문의|질문", "customer"),
    (r"回答|返信|回复|回覆|답변|답글", "agent"),
    (r"受信|着信|收到|接收|入站|来信|来电|수신|인바운드", "customer"),
    (r"送信|発信|发送|发出|出站|寄出|發送|발신|송신|아웃바운드", "agent"),
)
_TO = word_set("""
    to an à au aux al alla ao para naar aan voor do dla till til for для к pro
    """)

_ARTICLES = frozenset(
    [
        "the",
        "den",
        "die",
        "le",
        "la",
        "les",
        "l",
        "il",
        "lo",
        "el",
        "los",
        "un",
        "une",
        "o",
        "os",
        "de",
        "het",
        "our",
        "unseren",
    ]
)


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of words that begin so; the shortest ones have no ending, short ones a short one."""
    endings = {word: 0 if len(word) < 4 else 2 if len(word) == 4 else 4 for word in words.split()}
    longest = sorted(endings, key=len, reverse=True)
    return re.compile("|".join(rf"{word}[^\W\d_]{{0,{endings[word]}}}" for word in longest))


_IN_OUT: dict[Role, re.Pattern[str]] = {"customer": _pattern(_INCOMING), "agent": _pattern(_OUTGOING)}
_OF_CUSTOMERS, _OF_AGENTS = _pattern(_CUSTOMERS), _pattern(_AGENTS)
_OF_PRIVATE, _OF_PUBLIC = _pattern(_PRIVATE), _pattern(_PUBLIC)
_WEAK: tuple[tuple[re.Pattern[str], Role], ...] = (
    (_pattern(_ANSWERS), "agent"),
    (_pattern(_QUESTIONS), "customer"),
    (_pattern(_NOTES), "internal"),
)
_OF_SERVICE = re.compile(_SERVICE)
_SERVICE_WORD = re.compile(
    r"(?:kunden?|kunde|klanten?|asiakas|klient\w?|kliendi)(?:service|dienst|support|tjänst|senter|center|palvelu"
    r"|tuki|tugi|teenindus)\w*"
)
_MESSAGE_WORD = re.compile(
    r"(kunden?|klant|klient|asiakas|agenten|mitarbeiter)-?"
    r"(?:nachricht|mail|antwort|anfrage|meddeland|meddelels|besked|melding|bericht|viesti|sõnum|kommentar)\w*"
)


@lru_cache(maxsize=10_000)
def role_of(text: str) -> Role:
    """Return what a short text says of a message: its author's side, or who may see it; "" for nothing.

    >>> [role_of(t) for t in ("Kunde", "Agent", "Eingehend", "Reply to customer", "Customer service")]
    ['customer', 'agent', 'customer', 'agent', 'agent']
    >>> [role_of(t) for t in ("Interne Notiz", "Publique", "Internet", "Hardware", "Kundenportal")]
    ['internal', 'public', '', '', '']
    """
    if len(text) > _MOST_CHARS:
        return ""
    words = _words(text)
    wide: Role = next((role for pattern, role in _WIDE if re.search(pattern, text)), "")
    return wide or ("" if len(words) > _MOST_WORDS else _of_words(words))


def names_side(text: str) -> bool:
    """Tell whether a text names a customer or an agent.

    >>> names_side("Klient"), names_side("Question"), names_side("Incoming")
    (True, False, False)
    """
    words = _words(text)
    is_named = any(_is(word, pattern) for word in words for pattern in (_OF_CUSTOMERS, _OF_AGENTS))
    return is_named or any(re.search(pattern, text) for pattern, _ in _WIDE[2:4])


def _words(text: str) -> list[str]:
    return _WORD.findall(_CAMEL.sub(" ", text).casefold())


def _of_words(words: list[str]) -> Role:
    is_private = any(_is(word, _OF_PRIVATE) and word not in _NO_PRIVATE for word in words)
    is_public = any(_is(word, _OF_PUBLIC) for word in words)
    if is_private or (is_public and not _NOT.isdisjoint(words)):
        return "internal"
    return _side(words) or ("public" if is_public else _weakly(words))


def _weakly(words: list[str]) -> Role:
    """Return what words for questions, answers and notes tell of a message."""
    for pattern, role in _WEAK:
        if any(_is(word, pattern) for word in words):
            return role
    return ""


def _side(words: list[str]) -> Role:
    """Return the side of the first word that tells one; a message to customers is of agents."""
    for position, word in enumerate(words):
        if message := _MESSAGE_WORD.fullmatch(word):
            return "agent" if message[1] in ("agenten", "mitarbeiter") else "customer"
        if _SERVICE_WORD.fullmatch(word) or _is(word, _OF_AGENTS):
            return "agent"
        if _is(word, _OF_CUSTOMERS):
            before = [other for other in words[:position] if other not in _ARTICLES]
            is_to = bool(before) and before[-1] in _TO
            is_service = position + 1 < len(words) and _OF_SERVICE.fullmatch(words[position + 1]) is not None
            return "agent" if is_to or is_service else "customer"
    sides = {side for side, pattern in _IN_OUT.items() if any(_is(word, pattern) for word in words)}
    return sides.pop() if len(sides) == 1 else ""


def _is(word: str, pattern: re.Pattern[str]) -> bool:
    return pattern.fullmatch(word) is not None
