"""Own words: logs, stories, forms, quotations and pasted mails that no cut may take from their sender."""

from __future__ import annotations

import pytest

from models.text import clean_body, clean_ticket

STORIES = {
    "cs": "Kolo je stále rozbité.\n3. 2. 2026 v 11:14 váš agent napsal:\n„Restartujte displej.“\nTeď E21.",
    "da": "Cyklen er stadig i stykker.\nDen 3. februar 2026 kl. 11.14 skrev jeres medarbejder:\n"
    '"Genstart."\nNu viser det E21.',
    "de": "Das Rad ist noch kaputt.\nAm 3. Februar 2026 um 11:14 schrieb Ihr Kollege:\n"
    "„Starten Sie das Display neu.“\nNun zeigt es E21.",
    "en": "It is still broken.\nOn 3 February 2026 at 11:14 your colleague wrote:\nPlease restart it.\n"
    "Now it shows E21.",
    "es": "Sigue rota.\nEl 3 de febrero de 2026 a las 11:14 su agente escribió:\n«Reinicie la pantalla».\n"
    "Ahora muestra E21.",
    "fr": "Le vélo est encore en panne.\nLe 3 février 2026 à 11:14 votre collègue a écrit :\n"
    "« Redémarrez l'écran. »\nMaintenant il affiche E21.",
    "it": "È ancora rotta.\nIl 3 febbraio 2026 alle 11:14 il vostro collega ha scritto:\n"
    '"Riavvii il display."\nOra mostra E21.',
    "lv": "Ritenis joprojām ir bojāts.\n2026. gada 3. februārī plkst. 11:14 jūsu darbinieks rakstīja:\n"
    '"Pārstartējiet displeju."\nTagad rāda E21.',
    "nb": "Sykkelen er fortsatt ødelagt.\nDen 3. februar 2026 kl. 11:14 skrev agenten deres:\n"
    "«Start displayet på nytt.»\nNå viser det E21.",
    "nl": "Hij is nog stuk.\nOp 3 februari 2026 om 11:14 schreef uw medewerker:\n'Herstart het scherm.'\n"
    "Nu staat er E21.",
    "pl": "Rower nadal nie działa.\n3 lutego 2026 o 11:14 wasz pracownik napisał:\n„Proszę zrestartować.”\n"
    "Teraz pokazuje E21.",
    "pt": "Continua avariada.\nEm 3 de fevereiro de 2026 às 11:14 o vosso agente escreveu:\n"
    "«Reinicie o ecrã.»\nAgora mostra E21.",
    "ru": "Не работает.\n3 февраля 2026 в 11:14 ваш сотрудник написал:\n«Перезапустите экран.»\nТеперь E21.",
    "sv": "Cykeln är fortfarande trasig.\nDen 3 februari 2026 kl. 11:14 skrev er medarbetare:\n"
    '"Starta om skärmen."\nNu visar den E21.',
    "zh": "车还是坏的。\n2026年2月3日11:14客服写道：\n“请重启显示器。”\n现在显示E21。",
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_of_what_somebody_wrote_stays_whole(story: str) -> None:
    assert clean_body(story) == story


@pytest.mark.parametrize(
    "log",
    [
        "App log:\n2026-02-03 11:14:07 rider@tablet WARN:\nno sensor\n2026-02-03 11:14:08 again\nMend it.",
        "Feb  3 11:14:07 mail postfix/smtp[42]: to=<ann@example.org>, relay=no:\nrefused\nWhy?",
        "[2026-02-03 11:14] ERROR user ann@example.org said:\n500\n[2026-02-03 11:15] retry",
        "11:14:07 Traceback (latest call last):\n  File \"ride.py\", line 42\nKeyError: 'x'\nWhat now?",
        "From the log:\nStatus: open\nUser: ann@example.org\nTime: 2026-02-03 11:14\nIt happens each day.",
        "$ ride --status\n> lamp: off\n> motor: on\n> error: E21\nWhat does it mean?",
        "(11:14) Agent Bo: Hello, can I help?\n(11:15) Ann: The lamp is off.\n(11:16) Bo: Please wait.",
        "Chat transcript\nBo 2026-02-03 11:14:\nHow can I help?\nAnn 2026-02-03 11:15:\nThe lamp is off.",
        "Visitor wrote on 3.2.2026 11:14:\nmy lamp is off\nBo wrote on 3.2.2026 11:15:\nwhich?\nVisitor:\nX",
    ],
)
def test_logs_and_transcripts_stay_whole(log: str) -> None:
    assert " ".join(clean_body(log).split()) == " ".join(log.split())


@pytest.mark.parametrize(
    "said",
    [
        "The page says:",
        "Auf der Seite steht:",
        "Sivulla lukee:",
        "La page affiche :",
        "页面显示：",
        "Siden sier:",
        "Here is the text from the leaflet",
    ],
)
def test_marked_lines_that_nobody_is_said_to_have_written_stay(said: str) -> None:
    body = f"{said}\n\n> Error E21: no sensor\n> Ask your dealer\n\nMy dealer is closed, what can I do?"
    cleaned = clean_body(body)
    assert "Error E21: no sensor" in cleaned
    assert "Ask your dealer" in cleaned
    assert cleaned.endswith("what can I do?")


@pytest.mark.parametrize(
    "attribution",
    [
        "Support Rullamo <help@example.com> wrote:",
        "Helpdesk schrieb:",
        "Ann Lee escribió:",
        "Support a écrit :",
        "2026/2/3 Ann via Forum <forum@example.com>",
        "Kundeservice <help@example.com> skrev:",
    ],
)
@pytest.mark.parametrize("mark", [">", "|", "> "])
def test_quotes_below_an_undated_attribution_go(attribution: str, mark: str) -> None:
    history = f"{mark}Good day,\n{mark}which model is it?\n{mark}\n{mark}Regards"
    assert clean_body(f"The lamp is off.\n\n{attribution}\n{history}") == "The lamp is off."
    assert clean_body(f"{attribution}\n{history}\n\nThe lamp is off.") == "The lamp is off."


@pytest.mark.parametrize(
    "line",
    [
        "---- On Tue, 03 Feb 2026 11:14:36 +0200 Helpdesk <help@example.com> wrote ----",
        "---- Il Tue, 03 Feb 2026 11:14:36 +0100 help@example.com ha scritto ----",
        "---- Am Di., 03 Feb. 2026 11:14:36 +0100 Helpdesk <help@example.com> schrieb ----",
        "--- On Tue, 2/3/26, Helpdesk <help@example.com> wrote:",
        "2026-02-03 11:14 GMT+02:00 Helpdesk",
        "On Tue, 3 Feb 2026 11:14:36 +0200 Helpdesk <help@example.com> wrote",
        "On Tue, Feb 3, 2026 at 11:14 AM Helpdesk\n\n<\nmailto:Helpdesk <help@example.com>\n> wrote:",
        "From: Helpdesk\nSent: Tuesday, February 3, 2026 11:14\nTo: Ann",
        "Von: Helpdesk\nGesendet: Dienstag, 3. Februar 2026 11:14\nAn: Ann",
    ],
)
def test_the_history_of_rarer_clients_goes(line: str) -> None:
    body = f"The lamp is off.\n\nRegards\nAnn\n\n{line}\n\nYour invoice has been paid back."
    assert clean_body(body) == "The lamp is off."


def test_a_forward_between_equals_signs_stays_below_a_signature() -> None:
    marker = "============ Forwarded message ============\nFrom: Helpdesk <help@example.com>"
    body = f"The lamp is off.\n\nRegards\nAnn\n\n{marker}\n\nYour invoice has been paid back."
    assert "Your invoice has been paid back." in clean_body(body)


PASTED = (
    "From: Parcels <track@parcel.example>\nSent: Tuesday, February 3, 2026 9:12 AM\n"
    "To: Ann\nSubject: Your parcel"
)


@pytest.mark.parametrize(
    "note",
    [
        "I got this e-mail today, is it really from you?",
        "Is this phishing?",
        "This is what I received:",
        "Ich habe diese Mail bekommen, ist die echt?",
        "Sain tällaisen viestin, onko se aito?",
        "J'ai reçu ce mail, est-ce une arnaque ?",
        "He recibido este correo, ¿es auténtico?",
        "Ho ricevuto questa mail, è vera?",
        "Ik kreeg deze e-mail, is die echt?",
        "Fikk denne e-posten, er den ekte?",
        "Jag fick det här mejlet, är det äkta?",
        "Otrzymałem taką wiadomość, czy to oszustwo?",
        "Saņēmu šādu e-pastu, vai tas ir īsts?",
        "Sain sellise kirja, kas see on õige?",
        "Gavau tokį laišką, ar jis tikras?",
        "Пришло такое письмо, это мошенники?",
        "收到这封邮件，是真的吗？",
        "このメールを受け取りましたが、本物ですか？",
        "Recebi este e-mail, é verdadeiro?",
    ],
)
def test_a_pasted_mail_that_is_asked_about_stays(note: str) -> None:
    cleaned = clean_body(f"{note}\n\n{PASTED}\n\nPay 1.99 here.\n\nThank you for your help, I am worried.")
    assert note in cleaned
    assert "Your parcel" in cleaned
    assert "Pay 1.99 here." in cleaned
    assert "I am worried." in cleaned


@pytest.mark.parametrize(
    "note",
    [
        "See my replies below in blue.",
        "Ich habe unten geantwortet.",
        "Antworten im Text, in Rot.",
        "J'ai répondu dans le corps du message.",
        "He contestado abajo.",
        "Ho risposto sotto.",
        "Antwoorden in rood in de tekst.",
        "Vastasin alle.",
        "Atbildēju tekstā ar sarkanu.",
        "Odpowiedziałem poniżej.",
        "Ответил ниже.",
        "返信は以下の通りです。",
        "回覆如下，紅色字。",
        "الإجابات أدناه",
        "התשובות למטה",
        "คำตอบอยู่ด้านล่าง",
    ],
)
def test_a_note_that_the_answers_are_below_keeps_the_mail_below(note: str) -> None:
    body = f"{note}\n\n{PASTED.replace('Your parcel', 'RE: Lamp')}\n\n1. Which lamp? The front one."
    assert "The front one." in clean_body(body)


@pytest.mark.parametrize(
    "reply", ["Got no answer yet, the red lamp is on.", "The lamp below the saddle is off."]
)
def test_a_reply_that_names_a_colour_or_a_place_loses_the_mail_below(reply: str) -> None:
    body = f"{reply}\n\n{PASTED.replace('Your parcel', 'RE: Lamp')}\n\n1. Which lamp?"
    assert clean_body(body) == reply


def test_a_pasted_mail_stays_below_a_long_text_that_announces_it() -> None:
    text = "The lamp of my bike went off. " * 30 + "\n\nThis is what the dealer wrote to me:"
    cleaned = clean_body(f"{text}\n\n{PASTED}\n\nSend the lamp in.")
    assert cleaned.endswith("Send the lamp in.")
    assert "Your parcel" in cleaned


def test_a_mail_with_the_subject_of_the_mail_below_it_was_sent_on() -> None:
    block = "From: Ann <ann@example.org>\nSent: 3.2.2026 11:14\nTo: Bo <bo@example.com>\nSubject: Lamp"
    body = f"Hi, she wrote to me directly. Yours?\n\nBest\nBo\n\n{block}\n\nThe lamp is off since Monday."
    assert "The lamp is off since Monday." in clean_ticket("Lamp", body)
    assert "The lamp is off since Monday." not in clean_ticket("Re: Lamp", body)
    assert "The lamp is off since Monday." in clean_ticket("Brakes", body)
    own = (
        "My brakes squeal on every ride since the bike was cleaned. I have washed both discs, they still do."
    )
    assert clean_ticket("Brakes", f"{own}\n\n{block}\n\nThe lamp is off.") == f"Brakes\n{own}"


def test_a_reply_that_speaks_of_a_mail_loses_the_mail_that_it_answers() -> None:
    body = f"I never got this e-mail from the shop.\n\n{PASTED}\n\nPay 1.99 here."
    assert clean_ticket("Re: Your parcel", body) == "Your parcel\nI never got this e-mail from the shop."
    assert "Pay 1.99 here." in clean_ticket("Is it real?", body)


@pytest.mark.parametrize(
    "form",
    [
        "From: Ann Lee\nEmail: ann@example.org\nDate: 2026-02-03\nTo: Support\nSubject: Lamp\n\nSince May.",
        "Von: Ann Lee\nE-Mail: ann@example.org\nDatum: 03.02.2026\nAn: Support\nBetreff: Lampe\n\nSeit Mai.",
        "De : Ann Lee\nCourriel : ann@example.org\nDate : 03/02/2026\nObjet : Lampe\n\nDepuis mai.",
        "Order: 4711\nDate: 2026-02-03\nTo: Riga\nFrom: Berlin\nSubject: Lost parcel\n\nWhere is it?",
        "Ask:\nOwner: Ann <ann@example.org>\nDeputy: Bo <bo@example.org>\nSince: 2026-02-03\n\nCall both.",
        "Name: Ann Lee\nE-mail: ann@example.org\nPhone: 555 0101\nModel: Tuki\n\nThe lamp is off.",
        "From: Riga\nTo: Berlin\nDate: 3 May 2026\nSubject: Two bikes\n\nPlease collect them.",
        "Nimi: Ann\nSähköposti: ann@example.org\nPäivä: 3.2.2026 11:14\nMalli: Tuki\n\nValo ei pala.",
    ],
)
def test_a_form_that_looks_like_a_header_stays(form: str) -> None:
    assert clean_body(form) == form


@pytest.mark.parametrize(
    "body",
    [
        "I typed\n>>> import lamp\n>>> lamp.on()\nTraceback: no sensor\nWhat is wrong?",
        "In Python:\n\n>>> lamp.state\n>>> lamp.on(5)\n\nWhy does it stay dark?",
        "I tap\n> Ride,\n> Lights,\n> Always on\nand it stays dark.",
        "Ich wähle\n> Menü öffnen\n> Licht\n> mit freundlichen Grüßen erscheint\nDann Absturz",
        "The app answered\n> Hello Ann,\n> your lamp is lost\nIs that so?",
    ],
)
@pytest.mark.parametrize("subject", ["Lamp", "Re: Lamp"])
def test_prompts_and_lists_that_somebody_typed_stay(body: str, subject: str) -> None:
    assert clean_ticket(subject, body) == f"Lamp\n{body}"


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_list_that_begins_a_first_mail_stays(gap: str) -> None:
    wishes = f"> a dark screen\n> larger letters{gap}These two, please."
    assert clean_ticket("Wishes", wishes) == f"Wishes\n{wishes}"
    assert clean_ticket("Re: Wishes", wishes).endswith("These two, please.")
    assert "dark screen" not in clean_ticket("Re: Wishes", wishes)


def test_a_prompt_below_the_answered_mail_stays_too() -> None:
    mail = "On 3.2.2026 at 11:14, Bo <bo@example.com> wrote:\n> Which error?\n\nThis one:\n>>> lamp.on()"
    assert clean_ticket("Re: Lamp", mail) == "Lamp\nThis one:\n>>> lamp.on()"


@pytest.mark.parametrize(
    "ticket",
    [
        "De : Lyon\nÀ : Nice\nDate : 3 mai 2026 10:20\nObjet : vélo perdu",
        "Von: Berlin\nAn: Hamburg\nDatum: 3.5.2026 10:20\nBetreff: Fahrrad im Zug",
        "Von: Berlin\nAn: Hamburg\nGesendet: 3.5.2026 10:20\nBetreff: Fahrrad per Spedition",
        "Da: Roma\nA: Bari\nData: 3/5/2026 10:20\nOggetto: bicicletta",
        "Van: Utrecht\nAan: Breda\nDatum: 3-5-2026 10:20\nOnderwerp: fiets in de trein",
        "Od: Brno\nKomu: Praha\nDatum: 3. 5. 2026 10:20\nPředmět: kolo ve vlaku",
        "Von: Berlin\nAn: Bonn\nDatum: Sonntag, 3. Mai 2026 10:20\nBetreff: Fahrrad am Wochenende",
        "От: Анна\nКому: Пётр\nОтправлено: 3 мая 2026 10:20\nТема: посылка не пришла",
        "发件人: 王明\n收件人: 李雷\n日期: 2026-05-03 10:20\n主题: 包裹丢失",
        "Name: Ann\nFrom: ann@example.org\nTo: shop@example.com\nDate: 3.3.2026 10:20\nSubject: x\nText: No",
        "Ordre: 7\nFra: ann@example.org\nTil: b@example.com\nEmne: Lykt\nDato: 3.3.2026 10:20\nTekst: Av.",
    ],
)
def test_journeys_and_forms_with_the_labels_of_a_mail_stay(ticket: str) -> None:
    body = f"Hello,\n\n{ticket}\n\nWhat does it cost?"
    assert clean_ticket("Question", body) == f"Question\n{body}"


def test_headers_in_a_log_stay() -> None:
    log = "10:20 mail: deferred\nFrom: a@example.org\nTo: b@example.com\nSubject: test\nIt hangs there."
    assert clean_body(log) == log
    raw = f"I get spam:\n\nReceived: from a\nFrom: Win <w@example.org>\n{PASTED[6:]}\n\nPlease block it."
    assert clean_body(raw) == raw


def test_a_marker_within_a_sentence_stays() -> None:
    text = "The report has a title\n-- Original Message --\nwhich is English; can I translate it?"
    assert clean_body(text) == text
    quoted = 'Hello,\nthe text "please reply above this line" is printed twice.\nPlease mend it.'
    assert clean_body(quoted) == quoted


def test_a_list_of_people_with_addresses_and_times_stays() -> None:
    people = (
        "Ask 2026-02-03 10:20 (ann@example.org):\nher phone.\nOr 2026-02-03 10:21 (bo@example.org):\nhis."
    )
    assert "his." in clean_body(people)
    assert "her phone." in clean_body(people)
