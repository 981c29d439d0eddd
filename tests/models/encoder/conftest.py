"""Texts to try encoders on, and encoders that only their own tests need."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.encoder import Encoder
from models.encoder.sentence_transformer import open_sentence_transformers
from tests.models.encoder.st_folder import write_sentence_transformers_folder

TICKETS = {
    "en": [
        "I can't log in to my account after the password reset, it says 'invalid token'.",
        "My card was charged twice for the same order #48213; please refund EUR 49.90",
        "The app crashes on start-up (Android 14, Pixel 7) — stack trace attached",
        "How do I change the billing address?",
    ],
    "de": [
        "Nach dem Zurücksetzen des Passworts kann ich mich nicht anmelden, Fehler »ungültiges Token«.",
        "Meine Karte wurde für dieselbe Bestellung zweimal belastet, bitte erstatten Sie 49,90 €.",
        "Die App stürzt beim Start ab (Android 14).",
        "Wie ändere ich die Rechnungsadresse?",
    ],
    "fi": [
        "En pääse kirjautumaan tililleni salasanan vaihdon jälkeen, virhe: 'virheellinen tunnus'.",
        "Korttiani veloitettiin kahdesti samasta tilauksesta, pyydän hyvitystä 49,90 €.",
        "Sovellus kaatuu käynnistyksessä (Android 14).",
        "Miten vaihdan laskutusosoitteen?",
    ],
    "lv": [
        "Pēc paroles maiņas nevaru pieteikties savā kontā, rāda kļūdu 'nederīgs marķieris'.",
        "No manas kartes par vienu pasūtījumu nauda noņemta divas reizes, lūdzu atmaksāt.",
        "Lietotne avarē palaišanas brīdī (Android 14).",
        "Kā nomainīt norēķinu adresi?",
    ],
    "nb": [
        "Jeg får ikke logget inn på kontoen min etter at jeg endret passordet, det står 'ugyldig token'.",
        "Kortet mitt ble belastet to ganger for samme bestilling, vennligst refunder 49,90 kr.",
        "Appen krasjer ved oppstart på Android 14.",
        "Hvordan endrer jeg fakturaadressen?",
    ],
    "fr": [
        "Je ne peux plus me connecter à mon compte après avoir changé de mot de passe : « jeton invalide ».",
        "Ma carte a été débitée deux fois pour la même commande, merci de me rembourser 49,90 €.",
        "L'application plante au démarrage (Android 14).",
        "Comment modifier l'adresse de facturation ?",
    ],
    "pl": [
        "Po zresetowaniu hasła nie mogę zalogować się na konto, pojawia się „nieprawidłowy token”.",
        "Z mojej karty dwukrotnie pobrano opłatę za to samo zamówienie, proszę o zwrot 49,90 €.",
        "Aplikacja zawiesza się przy uruchamianiu (Android 14).",
        "Jak zmienić adres do faktury?",
    ],
    "ru": [
        "После сброса пароля не могу войти в аккаунт, пишет «недействительный токен».",
        "С моей карты дважды списали деньги за один и тот же заказ, прошу вернуть 49,90 €.",
        "Приложение падает при запуске (Android 14).",
        "Как изменить платёжный адрес?",
    ],
    "zh": [
        "重置密码后我无法登录我的帐户,提示“令牌无效”。",
        "我的银行卡同一个订单被扣了两次款,请退款49.90欧元。",
        "应用程序启动时崩溃(安卓14)。",
        "如何更改账单地址?",
    ],
    "ja": [
        "パスワードをリセットした後、アカウントにログインできません。「無効なトークン」と表示されます。",
        "同じ注文でカードに二重請求されました。返金をお願いします。",
        "アプリが起動時にクラッシュします(Android 14)。",
        "請求先住所を変更するにはどうすればよいですか?",
    ],
    "ar": [
        "لا أستطيع تسجيل الدخول إلى حسابي بعد إعادة تعيين كلمة المرور، تظهر رسالة «رمز غير صالح».",
        "تم خصم المبلغ من بطاقتي مرتين لنفس الطلب، أرجو استرداد 49.90 يورو.",
        "يتعطل التطبيق عند بدء التشغيل (أندرويد 14).",
        "كيف أغير عنوان الفواتير؟",
    ],
}
"""The same four requests in eleven languages."""

ODD_TEXTS = [
    "",
    " \n\t ",
    "a",
    "😡😡 it STILL doesn't work!!! 👩‍👩‍👧‍👦🇫🇮 ❤️",
    "tabs\tand\nnew\r\nlines\u00a0nbsp\u2003em\u3000ideographic",
    "fullwidth ＡＢＣ１２３ ㈱ ㎏ ① ½ … ﬁ ™",
    "zero\u200bwidth\u200djoin\ufeffbom soft\u00adhyphen",
    "decomposed: pa\u0308a\u0308sta\u0308 e\u0301te\u0301 Ka\u0304 Vie\u0323\u0302t",
    "ERR_0x80070005 C:\\Users\\x\\AppData\\Local\\Temp\\a.log https://example.com/a?b=c&d=e%20f",
    "null\x00 control\x01\x1f del\x7f",
    "𝒜𝓁𝓅𝒽𝒶 𝟙𝟚𝟛 ﷺ 한국어 \u1112\u1161\u11ab",
    "RTL \u200fمرحبا\u200f mix <b>bold</b>",
    "half a pair \ud83d, the other half \ude00, both \ud83d\ude00",
    "=" * 80 + " Forwarded message " + "-" * 80,
]


@pytest.fixture(scope="session")
def tickets() -> dict[str, list[str]]:
    """The same four requests in each of eleven languages."""
    return TICKETS


@pytest.fixture(scope="session")
def odd_texts() -> list[str]:
    """Texts that break careless code: empty, half characters, control characters, no words."""
    return ODD_TEXTS


@pytest.fixture(scope="session")
def all_texts() -> list[str]:
    """Tickets in eleven languages, odd texts, and one that is cut."""
    tickets = [text for texts in TICKETS.values() for text in texts]
    return [*tickets, *ODD_TEXTS, " ".join(tickets)]


@pytest.fixture(scope="session")
def built_in_embeddings(built_in: Encoder, all_texts: list[str]) -> NDArray[np.float32]:
    """`all_texts` as the built-in encoder's queries."""
    return built_in.encode(all_texts)


@pytest.fixture(scope="session")
def written_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in encoder written as a sentence-transformers folder."""
    folder = tmp_path_factory.mktemp("sentence-transformers") / "e5"
    write_sentence_transformers_folder(folder)
    return folder


@pytest.fixture(scope="session")
def written_encoder(written_folder: Path) -> Encoder:
    """That folder as sentence-transformers runs it."""
    return open_sentence_transformers(str(written_folder))


@pytest.fixture(scope="session")
def minilm(minilm_folder: Path) -> Encoder:
    """The English model as sentence-transformers runs it."""
    return open_sentence_transformers(str(minilm_folder))
