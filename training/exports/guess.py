"""Guesses by name: which column of an unknown table or JSON file holds what a ticket is made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from types import MappingProxyType

from models.word_lists import word_set

_NAMES = MappingProxyType(
    {
        "id": """
            id, ticket id, ticketid, ticketnumber, ticket number, ticket no, ticket nr,
            ticket #, ticket, number, no, nr, key, case number, case id, case no, issue
            id, issue key, request id, incident id, incident number, reference, ref,
            conversation id, ticketnummer, vorgangsnummer, vorgangsschlüssel,
            fallnummer, nummer, numéro, numéro de ticket, número, número de ticket,
            numero ticket, numero, lippunumero, tunnus, numer, numer zgłoszenia, číslo,
            номер, #, nº, n°, n º, ref no, ref nr, код, kood, numurs, numeris, jegyszám,
            ticketnr, 番号, 编号, 工单编号, 번호, №, 工单号, 受付番号, 접수 번호, č, nro, n, dossier, n
            dossier, n° dossier, ticket mask id, mask id, record id, vorgang, vorgang
            nr, réf, référence, referencia, riferimento, referência, referentie,
            referens, reference no, reference number, referenz, referenznummer,
            aktenzeichen, kenmerk, viite, viitenumero, viitenumber, viide, znak sprawy,
            sygnatura, spisová značka, atsauce, nuoroda, sagsnr, saksnr, ärendenr,
            dokumento nr, 参照番号, 参考编号, 参考号, rif, n rif, zaaknummer, zaak nr,
            tapausnumero, ид, 受付no, 管理番号, 참조번호, 참조 번호,
            접수번호, 문의번호, 요청번호, 티켓번호, 처리번호,
            案件番号, 案件编号, チケット番号, お問い合わせ番号
        """,
        "subject": """
            subject, subject line, title, headline, summary, short description, headline, topic,
            issue, email subject, ticket subject, betreff, titel, kurzbeschreibung, zusammenfassung,
            objet, sujet, titre, asunto, título, resumen, encabezado, oggetto, titolo, assunto,
            onderwerp, ämne, rubrik, emne, otsikko, aihe, temat, tytuł, předmět, název, pealkiri,
            teema, temats, virsraksts, tema, résumé, riepilogo, resumo, samenvatting, podsumowanie,
            sammanfattning, sammendrag, yhteenveto, souhrn, antraštė, тема, заголовок, резюме, 要約,
            摘要, 요약, thema, ticket name, názov, 件名, タイトル, 主题, tēma, nosaukums, pavadinimas,
            überschrift, overskrift, kop, название, 概要, 标题, 제목, 主旨
        """,
        "body": """
            body, text, message, description, content, details, detail, comment, comments, question,
            query, request, ticket description, ticket text, message body, email body, mail body,
            body text, full text, long description, problem description, issue description, first
            message, customer message, plain body, html body, body html, inquiry, note, notes,
            beschreibung, nachricht, inhalt, anfrage, mitteilung, contenu, message client, demande,
            descripción, mensaje, contenido, consulta, descrizione, messaggio, contenuto, testo,
            richiesta, descrição, mensagem, conteúdo, texto, omschrijving, bericht, inhoud, verzoek,
            aanvraag, anforderung, tekst, beskrivning, meddelande, beskrivelse, besked, melding,
            kuvaus, viesti, sisältö, teksti, opis, treść, wiadomość, popis, zpráva, text zprávy,
            kirjeldus, sõnum, apraksts, ziņojums, aprašymas, žinutė, описание, сообщение, текст,
            frage, vraag, fråga, spørgsmål, spørsmål, kysymys, küsimus, pregunta, domanda, pergunta,
            pytanie, вопрос, otázka, jautājums, klausimas, texte, innehåll, indhold, innhold, obsah,
            saturs, turinys, tekstas, teksts, sisu, メッセージ, 質問, 留言, 消息, 訊息,
            articletree, article tree, artikelbaum, 메시지, 질문,
            説明, 内容, 本文, 描述, 正文, 설명, 내용
        """,
        "created_at": """
            created at, created, createdon, created time, created on, created date, creation date,
            creation time, createdat, date created, date, opened, opened at, opened on, open date,
            opening date,
            submitted, submitted at, submitted on, reported, received, received at, timestamp, datetime,
            time, erstellt, erstellt am, erstellungsdatum, eröffnet, datum, créé le, date de création,
            date d'ouverture, fecha, fecha de creación, creado, data, data di creazione, data de
            criação, criado em, aangemaakt, aanmaakdatum, skapad, oprettet, opprettet, luotu, päiväys,
            utworzono, data utworzenia, vytvořeno, loodud, izveidots, sukurta, создан, дата создания,
            作成日, 作成日時, 创建时间, 생성일
        """,
        "language": """
            language, lang, locale, language code, sprache, langue, idioma, lingua, taal, språk, sprog, kieli,
            język, jazyk, язык, 言語, 语言, 언어
        """,
        "channel": "channel, source, via, origin, kanal, quelle, canal, canale, kanaal, kanava, kanał, канал",
        "thread": "thread id, conversation id, parent ticket, parent ticket id, follow up of",
        "requester": """
            requester, requester email, customer, customer email, from, sender, email, reporter,
            contact, contact email, submitter email, caller, user, kunde, absender, melder, demandeur,
            expéditeur, cliente, solicitante, richiedente, klant, kund, asiakas, klient
        """,
    }
)
_SEPARATORS = re.compile(r"[_\-.:/]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Words around the one that tells: Ticket description, Treść zgłoszenia, Problembeschreibung.
_AROUND = word_set(
    """
    ticket tickets case cases issue request incident problem fault error support service customer client
    conversation message messages initial original full first main detailed complete default the of
    article der des die das vom zum zur anfrage vorgang vorgangs fall störung fehler meldung kunden du
    de la le l d un demande del el do da di della dell dello incidencia caso chamado solicitação pedido
    solicitud richiesta segnalazione van het een melding zgłoszenia sprawy problemu požadavku ticketu
    hlášení ärendets ärende sagens sag sagen saken sakens tiketin pyynnön tapauksen заявки обращения
    запроса тикета проблемы kreipinio pieprasījuma pieteikuma problēmas užklausos pranešimo incidento
    pöördumise juhtumi taotluse zlecenia incydentu podnětu případu заявки инцидента pyyntö pyynnön
    palvelupyynnön meldings sak sag билета 티켓 문의 문제 요청 고객
    """
)
_OF_CUSTOMERS = re.compile(
    r"customer|client|kund|klant|asiakas|клиент|klient|service|support|客户|顧客|고객", re.I
)
_COMPOUNDS = re.compile(
    r"^(?:ticket|vorgangs?|fall|fehler|problem|störungs?|anfragen?|ärende|sags?|saks?|meldung(?:s|en)?|melding(?:s|en)?"
    r"|incident|verzoek|palvelu"
    r"|工单|问题|故障|チケット|お?問い?合わ?せ|案件|依頼|티켓|문의)(?=..)"
)
_QUALIFIER = re.compile(r"(?<=\S)\s*[(（\[][^()（）\[\]]{0,40}[)）\]]\s*$")  # Brief description (Details)
_SHORT = re.compile(
    r"\b(?:short|brief|korte?|kurze?|brève|courte|breve|corta|resumida|kort|lyhyt|krótki|stručný|krátký"
    r"|lühike|īss"
    r"|trumpas|краткое)\b|简短|简要|簡単|概要|간단|요약"
)
_SHORT_START = re.compile(r"(?:kurz|kort|lyhyt|short|brief|lühi|krótk|krátk|stručn|īs|trump|кратк)")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
# What is no name of a text beside other words, or ends like one by chance.
_VAGUE = word_set("issue topic thema tema teema temats tēma aihe objet note notes detail details")
_NO_COMPOUNDS = word_set("context kontext kontekst pretext hypertext subtitle untertitel")


@lru_cache(maxsize=10_000)
def _plain(name: str) -> str:
    return " ".join(_SEPARATORS.sub(" ", _CAMEL.sub(" ", name)).casefold().split())


_RANKS = {
    key: {_plain(name): rank for rank, name in enumerate(names.split(","))} for key, names in _NAMES.items()
}


_OPENED = re.compile(
    r"creat|\bopen|submitt|receiv|report|logged|raised|regist|erstell|eröffn|geöffnet|eingang"
    r"|eingegangen|angelegt"
    r"|gemeldet|meldedatum|erfasst|créa|créé|ouvert|récept|reçu|creaci|cread|apertura|abiert|recib"
    r"|criaç|criad|abertura"
    r"|abert|recebid|creazion|apert|ricev|ricez|aangemaakt|aanmaak|geopend|ontvang|utworz|otwar|zgłosz"
    r"|wpływ|przyj|skapa"
    r"|öppna|inkom|mottag|oprett|åbn|modtag|opprett|åpn|mottatt|luotu|luonti|avat|saapu|ilmoit|vytvo"
    r"|otevř|přija"
    r"|založen|lood|loomi|saab|izveid|atvērt|saņem|sukur|atidar|gaut|созда|откры|регистр|поступ|получ"
    r"|创建|提交|接收|受理"
    r"|受付|作成|登録|発生|생성|접수|등록",
    re.I,
)
_OTHER_TIMES = re.compile(
    r"clos|solv|updat|modif|chang|\bdue\b|deadline|\bsla|respon|reply|replied|birth|purchas|order"
    r"|contract|warrant|expir"
    r"|valid|last|assigned|escalat|geschlossen|gelöst|geänd|änder|aktualis|fällig|frist|antwort|geburt"
    r"|kauf|vertrag"
    r"|garanti|gültig|letzt|clôt|résol|mise à jour|éché|répon|naiss|achat|derni|cierre|cerrad|resuel"
    r"|actualiz|vencim"
    r"|respuest|nacim|compra|últim|chius|risol|aggiorn|scaden|rispost|nascit|acquist|ultim|fecham"
    r"|fechad|resolv|atualiz"
    r"|afgesl|geslot|opgelost|gewijzigd|bijgewerkt|verval|geboort|aankoop|laatst|zamkn|rozwiąz|zmian"
    r"|aktual|termin|urodz"
    r"|zakup|ostatni|stäng|löst|ändra|uppdat|förfall|född|köp|senast|lukk|løst|ændre|opdat|født|køb"
    r"|sidst|endret|oppdat"
    r"|sulje|suljet|ratkai|muut|muok|päivit|eräp|synt|osto|uzavř|vyřeš|změn|splatn|naroz|posledn"
    r"|suletud|muude|закр|решен"
    r"|обновл|измен|срок|рожд|покуп|послед|关闭|解决|更新|修改|截止|到期|生日|購入|終了|完了|解決|期限"
    r"|変更|종료|수정|마감",
    re.I,
)
_SOLUTIONS = re.compile(
    r"(?:ticket |final |the )?(?:solution|answer)(?: solution| text)?|resolution(?: notes?| text)?"
    r"|close notes?|closing notes?|lösung(?:sbeschreibung| lösung)?|abschluss(?:notizen|bemerkung(?:en)?)"
    r"|notes de (?:clôture|résolution)|soluci[oó]n(?: solución)?|notas de (?:cierre|resolución|encerramento)"
    r"|soluzione|risoluzione|note di chiusura|solução|resolução|oplossing|afsluitnotities|rozwiązanie|lösning"
    r"|løsning|ratkaisu|řešení|lahendus|risinājums|sprendimas|решение|解决方案|解決策|解決方法"
    r"|해결책|해결 방법",
    re.I,
)


def is_opening_time(name: str) -> bool:
    """Tell by its name whether a column of dates says when a ticket was opened.

    >>> [is_opening_time(n) for n in ("Eingang", "Date received", "Aangemaakt op", "Closed at")]
    [True, True, True, False]
    """
    plain = _plain(name)
    return _OPENED.search(plain) is not None and not is_other_time(name)


def is_other_time(name: str) -> bool:
    """Tell by its name whether a column of dates says another time than the ticket's opening."""
    return _OTHER_TIMES.search(_plain(name)) is not None


def near_alikes(key: str, names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return the columns with a known name among other words, as in Ticket description.

    >>> near_alikes("body", ["Treść zgłoszenia", "Problembeschreibung", "问题描述", "Short description"])
    ['Problembeschreibung', 'Treść zgłoszenia', '问题描述']
    >>> near_alikes("subject", ["Short description", "Descrição do chamado", "Krótki opis"])
    ['Short description', 'Krótki opis']
    """
    ranks = _RANKS[key]
    found = {name: core for name in names if name not in taken and (core := _core(key, name)) in ranks}
    return sorted(found, key=lambda name: ranks[found[name]])


def among_others(key: str, names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return the columns with a known name of a subject, text or id among any words, also within a compound.

    A name of both a subject and a text is that of a subject: Betreff der Nachricht.

    >>> among_others("body", ["Meldungstext (Kunde)", "Betreff / Kurztext", "Texte saisi par le client"])
    ['Meldungstext (Kunde)', 'Texte saisi par le client']
    >>> among_others("subject", ["Betreff / Kurztext", "Mailbetreff", "Subjective text", "Kurztext"])
    ['Betreff / Kurztext', 'Mailbetreff', 'Kurztext']
    """
    if key not in ("id", "subject", "body"):
        return []
    return [name for name in names if name not in taken and _part_among(name) == key]


def _part_among(name: str) -> str:
    """Return the part of a ticket that words of a name tell, the subject before the text; "" for none."""
    words = [word for word in re.split(r"[\W_]+", _plain(name)) if word]
    outer = [w for w in re.split(r"[\W_]+", _plain(_QUALIFIER.sub("", name)).replace("#", " nr ")) if w]
    own = [word for word in outer if word not in _AROUND]
    if own and all(word in _RANKS["id"] for word in own) and not _OF_CUSTOMERS.search(name):
        return "id"
    spans = ((i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1))
    groups = [" ".join(words[i:j]) for i, j in spans]
    texts = [word for word in groups if _ends_as("body", word)]
    if any(_ends_as("subject", word) for word in groups):
        return "subject"
    is_short = _SHORT.search(" ".join(words)) or any(map(_SHORT_START.match, texts))
    return ("subject" if is_short else "body") if texts else ""


def _ends_as(key: str, word: str) -> bool:
    """Tell whether a word is a known name, or ends with one behind another word: Meldungstext, お客様本文."""
    ranks = _RANKS[key].keys() - _VAGUE
    if word in ranks:
        return True
    if word in _NO_COMPOUNDS or " " in word:
        return False
    return any(
        word.endswith(name)
        and (
            (not name.isascii() and _WIDE.fullmatch(name) is not None)
            or (len(name) > 3 and len(word) > len(name) + 2)
        )
        for name in ranks
    )


def _core(key: str, name: str) -> str:
    """Return a name without the words around the one that tells; "" for one of another kind."""
    bare = _QUALIFIER.sub("", name)
    if bare != name and _plain(bare) in _RANKS[key]:
        return _plain(bare)
    plain = _plain(bare.replace("#", " # "))
    is_short = _SHORT.search(plain) is not None
    plain = " ".join(word for word in re.split(r"[\s'’]+", plain) if word not in _AROUND)
    if not plain or (key == "id" and _OF_CUSTOMERS.search(name)):
        return ""
    plain = _COMPOUNDS.sub("", plain).removeprefix("の")
    if is_short and key in ("subject", "body"):
        rest = " ".join(_SHORT.sub("", plain).split()) or "summary"
        is_text = rest in _RANKS["body"] or rest in _RANKS["subject"]
        return next(iter(_RANKS["subject"])) if key == "subject" and is_text else ""
    return plain


def solution_alikes(names: Iterable[str]) -> list[str]:
    """Return the columns or keys that are called as the text that solved a ticket, the outer ones first.

    >>> solution_alikes(["Number", "attributes.solution", "Close notes"])
    ['Close notes', 'attributes.solution']
    """
    found = [name for name in names if _SOLUTIONS.fullmatch(_plain(name.rpartition(".")[2]))]
    return sorted(found, key=lambda name: name.count("."))


def look_alikes(key: str, names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """Return the columns whose names say that they hold a part of a ticket, the likeliest first.

    >>> look_alikes("body", ["Ticket ID", "Description", "Summary", "message_body"])
    ['Description', 'message_body']
    """
    ranks = _RANKS[key]
    found = [name for name in names if name not in taken and _plain(name) in ranks]
    return sorted(found, key=lambda name: ranks[_plain(name)])
