"""Mails of others below a longer note without a prefix: kept where the note is about them."""

from __future__ import annotations

import pytest

from models.text import clean_ticket

OLD = "Your pallet is held because the tariff code is missing."


def below(note: str, sender: str, subject: str = "Pallet held") -> str:
    header = f"From: {sender}\nSent: Monday, 2 February 2026 09:10\nTo: Ann Other\nSubject: {subject}"
    return f"{note}\n\n{header}\n\n{OLD}"


FROM_OTHERS = {
    "en": (
        "Hello, this is what the carrier wrote to me about our "
        "pallet, and I do not know which papers they mean."
    ),
    "de": (
        "Hallo, der Zoll hat mir heute früh dieses Schreiben geschickt, "
        "und ich weiß nicht, welche Papiere fehlen."
    ),
    "fr": (
        "Bonjour, le transporteur m'a envoyé ceci hier soir et "
        "je ne sais pas du tout quels papiers il réclame."
    ),
    "es": (
        "Hola, el transportista me ha enviado esto esta mañana y no sé qué papeles me pide ni quién los hace."
    ),
    "it": (
        "Buongiorno, lo spedizioniere mi ha scritto stamattina "
        "e non so proprio quali documenti vuole da me adesso."
    ),
    "pt": (
        "Olá, a transportadora me enviou isto hoje cedo e eu "
        "não sei que documentos ainda faltam para liberar."
    ),
    "nl": (
        "Hallo, de vervoerder heeft mij dit vanmorgen gestuurd "
        "en ik weet niet welke papieren er nu nog ontbreken."
    ),
    "pl": (
        "Dzień dobry, przewoźnik przysłał mi dziś rano takie pismo "
        "i nie wiem zupełnie, jakich dokumentów tu brakuje."
    ),
    "sv": (
        "Hej, speditören skickade det här till mig i morse och "
        "jag vet inte vilka papper som fattas hos tullen nu."
    ),
    "nb": (
        "Hei, speditøren sendte dette til meg i dag tidlig, og "
        "jeg vet ikke hvilke papirer de mangler hos tollen."
    ),
    "fi": (
        "Hei, huolitsija lähetti minulle tämän aamulla, enkä tiedä yhtään, "
        "mitkä paperit tullista vielä puuttuvat meiltä nyt."
    ),
    "ru": (
        "Здравствуйте, перевозчик прислал мне это сегодня утром, "
        "и я не знаю, каких бумаг там теперь не хватает."
    ),
    "cs": (
        "Dobrý den, dopravce mi poslal tohle dnes ráno a já vůbec nevím, které papíry na celnici ještě chybí."
    ),
    "zh": "您好，承运人今天早上发给我这个通知，我不知道海关还缺少哪些文件，请帮我看一下应该怎么办才好。",
    "ja": (
        "お世話になります。今朝、運送会社からメールが来ましたが、"
        "どの書類が足りないのか全く分かりません。ご確認いただけますか。"
    ),
}


@pytest.mark.parametrize("note", FROM_OTHERS.values(), ids=FROM_OTHERS)
def test_a_mail_stays_that_the_note_above_says_to_have_come_from_others(note: str) -> None:
    body = below(note, "Nordic Freight <ops@nordicfreight.example>")
    assert clean_ticket("Help with customs", body) == f"Help with customs\n{note}\n\n{OLD}"


def test_a_mail_stays_whose_sender_or_company_the_note_above_names() -> None:
    note = (
        "Moin, Nordfracht asks for a paper that nobody has told us about, and the pallet has been "
        "standing at the border for three days now."
    )
    for sender in ("Nordfracht Spedition <ops@nf.example>", "Jan Peters <jan.peters@nordfracht.example>"):
        assert OLD in clean_ticket("Help with customs", below(note, sender))


@pytest.mark.parametrize(
    "reply",
    [
        (
            "Hello, your colleague wrote to me that the lamp would come "
            "on Monday, and now it is Thursday and nothing came."
        ),
        (
            "Hello, you sent me a link that works neither on my phone "
            "nor on my computer, so please send me another one."
        ),
        (
            "Hallo, Sie haben mir letzte Woche einen Link geschickt, der "
            "weder am Telefon noch am Rechner geht, bitte prüfen."
        ),
        (
            "Hi Tom, since the last update the lamp below the saddle "
            "flickers and the app says that there is no connection."
        ),
        (
            "Hello, my Acme lamp stopped working after the rain, and "
            "I would like to know whether the guarantee covers it."
        ),
        (
            "Hi, I got an e-mail address from my provider that has "
            "a plus sign in it and your form refuses it each time."
        ),
    ],
)
@pytest.mark.parametrize("subject", ["New problem", "Re: Pallet held"])
def test_a_reply_with_a_subject_of_its_own_loses_the_mail_that_it_answers(reply: str, subject: str) -> None:
    body = below(reply, "Tom at Acme Support <support@acme.example>")
    assert OLD not in clean_ticket(subject, body)


def test_a_note_on_others_in_a_reply_loses_the_mail_that_it_answers() -> None:
    body = below(FROM_OTHERS["en"], "Nordic Freight <ops@nordicfreight.example>", "Re: Help with customs")
    assert OLD not in clean_ticket("Re: Help with customs", body)
    assert OLD not in clean_ticket("Help with customs now", body)


@pytest.mark.parametrize(
    "note",
    [
        (
            "Buongiorno, vi giro la comunicazione ricevuta dallo spedizioniere: "
            "non capiamo quali documenti manchino ancora."
        ),
        (
            "Dobrý den, přeposílám zprávu od dopravce, protože opravdu "
            "vůbec nevím, jaké doklady po mně teď ještě chtějí."
        ),
        (
            "Guten Tag, ich leite Ihnen die Meldung des Zolls weiter, "
            "denn wir wissen nicht, welche Papiere noch fehlen."
        ),
    ],
)
def test_a_mail_stays_that_the_note_above_says_to_pass_on(note: str) -> None:
    assert OLD in clean_ticket("Help with customs", below(note, "Nordic Freight <ops@nordicfreight.example>"))


def test_a_quoted_mail_below_an_attribution_stays_where_the_note_says_that_others_wrote_it() -> None:
    quoted = f"On Mon, 2 Feb 2026 at 09:10, Nordic Freight <ops@nordicfreight.example> wrote:\n> {OLD}"
    assert OLD in clean_ticket("Help with customs", f"{FROM_OTHERS['en']}\n\n{quoted}")
    assert OLD not in clean_ticket("Re: Help with customs", f"{FROM_OTHERS['en']}\n\n{quoted}")


NOTES_WITHOUT_SUBJECT = [
    "Please handle the complaint below.",
    "Asiakkaan viesti alla, vastatkaa hänelle.",
    "Hier die Nachricht der Kundin zur Info:",
    "Voici le message d'une cliente :",
    "Štai klientės laiškas:",
    "Oto wiadomość klientki:",
]


@pytest.mark.parametrize("note", NOTES_WITHOUT_SUBJECT)
def test_a_mail_without_a_subject_keeps_what_its_note_passes_on(note: str) -> None:
    attributed = f"{note}\n\nAm 03.02.2026 um 11:14 schrieb Eva Klein:\n> The mixer smokes."
    marked = (
        f"{note}\n\n-------- Original Message --------\nSubject: \tMixer\n"
        "Date: \tTue, 3 Feb 2026 11:14:01 +0100\n"
        "From: \tEva Klein <eva@garden.example>\nTo: \tshop@corp.example\n\nThe mixer smokes."
    )
    for body in (attributed, marked):
        assert clean_ticket("", body).startswith(note)
        assert "The mixer smokes." in clean_ticket("", body)


def test_a_mail_that_is_asked_about_without_a_subject_stays_with_its_header() -> None:
    header = "From: Parcel <pay@parcel.example>\nDate: 3 February 2026 11:14\nSubject: Pay 2.49"
    body = f"I received this e-mail, is it genuine?\n\n{header}\n\nPay 2.49 to get your parcel."
    assert clean_ticket("", body) == body
