"""Notes that say where the answers stand: at the foot, between quotation marks, below the signature."""

from __future__ import annotations

import pytest

from models.text import clean_body, clean_ticket

HISTORY = (
    "From: Helpdesk <help@example.com>\nSent: Tuesday, 3 February 2026 11:14\nTo: Ann <ann@example.org>\n"
    "Subject: RE: Lamp\n\nWhich lamp is it?\n«The front one, since Monday.»"
)
AT_THE_FOOT = {
    "bg": "Отговорите ми са в края на имейла.",
    "cs": "Odpovědi jsou na konci e-mailu.",
    "da": "Se mine svar nederst i mailen.",
    "de": "Siehe am Ende der Mail.",
    "el": "Οι απαντήσεις είναι στο τέλος του μηνύματος.",
    "en": "Please see at the bottom of this mail.",
    "es": "Véase al pie del correo.",
    "et": "Vastused on kirja lõpus.",
    "fi": "Vastaukset ovat viestin lopussa.",
    "fr": "Voir en bas de page.",
    "he": "התשובות בסוף ההודעה",
    "hr": "Odgovori su na dnu poruke.",
    "hu": "A válaszok a levelem végén vannak.",
    "id": "Jawaban di akhir email.",
    "it": "Vedi in calce.",
    "ja": "メールの末尾をご覧ください。",
    "ko": "메일 하단을 참조하세요.",
    "lt": "Atsakymai laiško gale.",
    "lv": "Skatīt vēstules beigās.",
    "nb": "Se nederst i e-posten.",
    "nl": "Zie onderaan deze mail.",
    "pl": "Odpowiedzi na dole wiadomości.",
    "pt": "Ver no rodapé da mensagem.",
    "ro": "Vezi la finalul mesajului.",
    "ru": "Смотрите в конце письма.",
    "sk": "Odpovede sú na konci správy.",
    "sl": "Odgovori so na koncu sporočila.",
    "sv": "Se längst ner i mejlet.",
    "th": "ดูท้ายอีเมล",
    "tr": "Yanıtlar mesajın sonunda.",
    "uk": "Відповіді в кінці листа.",
    "vi": "Xem ở cuối email.",
    "zh": "请看邮件末尾。",
}
UNDER_SIGNATURE = {
    "cs": "Odpovědi jsou pod podpisem.",
    "da": "Se under min underskrift.",
    "de": "Bitte sehen Sie unter meiner Signatur nach.",
    "en": "My answers are below my signature.",
    "es": "Ver debajo de mi firma.",
    "et": "Vastused on allkirja all.",
    "fi": "Katso allekirjoituksen alta.",
    "fr": "Mes réponses sont sous ma signature.",
    "hu": "Lásd az aláírásom alatt.",
    "it": "Si veda sotto la mia firma.",
    "ja": "署名の下をご覧ください。",
    "lt": "Žr. po parašu.",
    "lv": "Skat. zem paraksta.",
    "nb": "Se under signaturen min.",
    "nl": "Zie onder mijn handtekening.",
    "pl": "Proszę zobaczyć pod podpisem.",
    "pt": "Veja abaixo da minha assinatura.",
    "ru": "См. под подписью.",
    "sv": "Se under min signatur.",
    "tr": "İmzamın altına bakın.",
    "zh": "请看签名下方。",
}
BETWEEN_QUOTES = {
    "cs": "Odpovědi jsou v uvozovkách.",
    "da": "Mine svar står i anførselstegn.",
    "de": "Meine Antworten stehen in Anführungszeichen.",
    "en": "My replies are in quotation marks.",
    "es": "Respuestas entre comillas.",
    "et": "Vastused on jutumärkides.",
    "fi": "Vastaukset lainausmerkeissä.",
    "fr": "Réponses entre guillemets.",
    "it": "Risposte tra virgolette.",
    "ja": "返信は引用符で囲みました。",
    "ko": "답변은 따옴표 안에 있습니다.",
    "lt": "Atsakymai kabutėse.",
    "lv": "Atbildes ir pēdiņās.",
    "nl": "Antwoorden tussen aanhalingstekens.",
    "pl": "Odpowiedzi w cudzysłowie.",
    "pt": "Respostas entre aspas.",
    "ru": "Ответы в кавычках.",
    "sv": "Svaren står inom citattecken.",
    "zh": "回复在引号内。",
}
ELSEWHERE = [
    "Odpowiedzi umieściłem pod każdym pytaniem.",
    "Meine Antworten stehen unter den Fragen, kursiv.",
    "Kommentit tekstin seassa kursiivilla.",
    "Respuestas intercaladas en tu correo.",
    "Risposte nel corpo della mail.",
    "Atbildes skatīt iekavās.",
    "请看我在原文中的批注。",
    "回答は本文中に記入しました。",
    "Please see my replies marked with my name.",
    "Meine Antworten sind mit meinem Namen gekennzeichnet.",
    "Odpowiedzi oznaczone inicjałami.",
]
CLOSING = "Best regards,\nAnn Other\nOther Ltd"


@pytest.mark.parametrize("note", [*AT_THE_FOOT.values(), *BETWEEN_QUOTES.values(), *ELSEWHERE])
def test_answers_in_the_old_mail_stay_where_a_note_says_so(note: str) -> None:
    assert "The front one, since Monday." in clean_ticket("RE: Lamp", f"{note}\n\n{HISTORY}")


@pytest.mark.parametrize("note", UNDER_SIGNATURE.values())
def test_what_stands_below_the_signature_stays_where_a_note_says_so(note: str) -> None:
    cleaned = clean_body(f"{note}\n\n{CLOSING}\n\nThe front lamp in black\nSince Monday at night")
    assert cleaned == f"{note}\n\nThe front lamp in black\nSince Monday at night"


@pytest.mark.parametrize(
    "reply",
    [
        "I see a crack at the bottom.",
        "Vedo una crepa in fondo alla bici.",
        "Ik zie onderaan het frame een barst.",
        "Find the prices in your quotes too high.",
        "Längst ner på ramen ser jag en spricka.",
    ],
)
def test_a_reply_about_the_bottom_of_a_thing_loses_the_old_mail(reply: str) -> None:
    assert clean_ticket("RE: Lamp", f"{reply}\n\n{HISTORY}") == f"Lamp\n{reply}"


def test_a_signature_goes_where_a_text_only_speaks_of_signatures() -> None:
    text = "The signature on the contract is not mine."
    assert clean_body(f"{text}\n\n{CLOSING}\n\nOther Ltd, Main Street") == text
