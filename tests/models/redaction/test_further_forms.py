"""Redaction in further languages and scripts, of numbers right behind a word, and of settings of programs."""

from __future__ import annotations

import pytest

from models.redaction.redact import redact

_KEY = "Wq7mZ2pL9xT4vR8k"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Tel.0301234567 ab neun", "Tel.[phone] ab neun"),
        ("Handy01761234567", "Handy[phone]"),
        ("tél.0145678912", "tél.[phone]"),
        ("tel.kom.601234567", "tel.kom.[phone]"),
        ("TEL03-1234-5678", "TEL[phone]"),
        ("Mob.:0701740612", "Mob.:[phone]"),
        ("<tel:+447700900123>", "<tel:[phone]>"),
        ("https://wa.me/447700900123?text=a", "https://wa.me/[phone]?text=a"),
        ("art.0301234567 and AB0301234567", "art.0301234567 and AB0301234567"),
        ("Bestell-Nr.0301234567", "Bestell-Nr.0301234567"),
    ],
)
def test_a_phone_number_is_replaced_right_behind_its_word(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("98765432 (mobil)", "[phone] (mobil)"),
        ("98765432 is my phone number", "[phone] is my phone number"),
        ("512345678 to mój telefon", "[phone] to mój telefon"),
        ("9123456789 - мой номер", "[phone] - мой номер"),
        ("\u260e 98765432", "\u260e [phone]"),
        ("\U0001f4de98765432", "\U0001f4de[phone]"),
        ("skambinkite 861234567", "skambinkite [phone]"),
        ("helistage 51234567", "helistage [phone]"),
        ("Номер: 8-912-345-67-89", "Номер: [phone]"),
        ("Item 12345678 (phone case)", "Item 12345678 (phone case)"),
        ("order 12345678 (mobile)", "order 12345678 (mobile)"),
        ("12345678 is my number in the queue", "12345678 is my number in the queue"),
        ("12345678 - mobile cover", "12345678 - mobile cover"),
        ("Best.-Nr. 06123456", "Best.-Nr. 06123456"),
    ],
)
def test_a_phone_number_is_replaced_before_its_word_and_after_a_sign(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("hetu 131052 - 308T", "hetu [id]"),
        ("认证码 482910", "认证码 [secret]"),
        ("kod BLIK 771204", "kod BLIK [secret]"),
        ("Geheimzahl 4821", "Geheimzahl [secret]"),
        ("recovery code: 402771", "recovery code: [secret]"),
        ("rek.nr. 417164300", "rek.nr. [iban]"),
    ],
)
def test_a_secret_number_is_replaced_after_its_word(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (
            "携帯：０９０－１２３４－５６７８、注文番号０９０１２３４５６７８",
            "携帯：[phone]、注文番号０９０１２３４５６７８",
        ),
        ("３個 届かない、０３ー１２３４ー５６７８まで", "３個 届かない、[phone]まで"),
        ("هاتفي ٠٥٠١٢٣٤٥٦٧ والطلب رقم ٤٧١١", "هاتفي [phone] والطلب رقم ٤٧١١"),
        ("شماره تماس ۰۹۱۲۳۴۵۶۷۸۹", "شماره تماس [phone]"),
        ("मोबाइल ९८७६५४३२१०, ऑर्डर ९८७६५४३२१०", "मोबाइल [phone], ऑर्डर ९८७६५४३२१०"),
        ("[phone] ٣", "[phone] ٣"),
    ],
)
def test_digits_of_all_scripts_are_read_and_others_stay_as_they_were(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "phrase",
    [
        "a jelszavam {}",
        "jelszó: {}",
        "parola mea este {}",
        "şifrem {}",
        "parolam: {}",
        "ο κωδικός μου είναι {}",
        "κωδικός πρόσβασης: {}",
        "пароль: {}",
        "паролата ми е {}",
        "moja lozinka je {}",
        "geslo: {}",
        "heslo je {}",
        "كلمة المرور: {}",
        "رمز عبور {}",
        "הסיסמה שלי {}",
        "mật khẩu là {}",
        "kata sandi saya {}",
        "รหัสผ่านคือ {}",
        "पासवर्ड {}",
        "login ann / pass {}",
        "WiFi key: {}",
        "WLAN-Schlüssel {}",
    ],
)
def test_passwords_are_replaced_in_further_languages(phrase: str) -> None:
    assert redact(phrase.format("Yaz77!Mar")) == phrase.format("[secret]")


@pytest.mark.parametrize(
    "text",
    [
        "a jelszó visszaállítás 10:30 óta nem megy",
        "parola trebuie să aibă 12 caractere",
        "şifre sıfırlama sayfası 404 veriyor",
        "ο κωδικός σφάλματος 4821",
        "lozinka mora imati 12 znakova",
        "hibakód 4821, hata kodu 4821, cod eroare 4821, код помилки 4821, mã lỗi 4821",
    ],
)
def test_words_about_passwords_and_codes_stay_in_further_languages(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "code", ["PIN kódom 4821", "PIN kodum 4821", "codul PIN 4821", "ПІН-код 4821", "OTP-482913"]
)
def test_codes_are_replaced_in_further_languages(code: str) -> None:
    assert redact(code).endswith("[secret]")


@pytest.mark.parametrize(
    "label",
    [
        "rendelésszám",
        "számlaszám:",
        "comanda nr.",
        "factura",
        "sipariş no",
        "kargo takip",
        "αριθμός παραγγελίας",
        "τιμολόγιο",
        "номер замовлення",
        "рахунок №",
        "поръчка",
        "broj narudžbe",
        "račun",
        "naročilo",
        "objednávka",
        "رقم الطلب",
        "הזמנה",
        "ऑर्डर",
        "คำสั่งซื้อ",
        "đơn hàng",
        "pesanan",
        "the meter reads",
    ],
)
def test_a_number_after_a_word_for_an_order_stays_in_further_languages(label: str) -> None:
    assert redact(f"{label} 0721234567") == f"{label} 0721234567"


@pytest.mark.parametrize(
    "label",
    [
        "telefonszámom",
        "telefonul meu este",
        "telefonum",
        "κινητό",
        "мобільний",
        "mobitel",
        "הטלפון שלי",
        "เบอร์โทร",
        "số điện thoại",
    ],
)
def test_a_number_after_a_word_for_a_phone_is_replaced_in_further_languages(label: str) -> None:
    assert redact(f"{label} 721 234 567") == f"{label} [phone]"


@pytest.mark.parametrize(
    "text",
    [
        "ΑΜΚΑ 01018012345",
        "αριθμός ταυτότητας ΑΒ 123456",
        "TAJ szám: 111 111 110",
        "TC kimlik no 10000000146",
        "РНОКПП 1759013776",
        "ЕГН 7523169263",
        "OIB 33392005961",
        "EMŠO 0101006500006",
        "kennitala 450401-3150",
        "driver's license D1234567",
        "תעודת זהות 123456782",
    ],
)
def test_identity_numbers_are_replaced_in_further_languages(text: str) -> None:
    assert redact(text).endswith("[id]")


@pytest.mark.parametrize(
    "iban",
    [
        "DE89.3704.0044.0532.0130.00",
        "DE89/3704/0044/0532/0130/00",
        "DE89_3704_0044_0532_0130_00",
        "DE89-3704-0044-0532-0130-00",
        "DE 89 370 400 440 532 013 000",
        "61 1090 1014 0000 0712 1981 2874",
    ],
)
def test_bank_accounts_are_replaced_however_they_are_grouped(iban: str) -> None:
    assert redact(f"Konto {iban}, danke") == "Konto [iban], danke"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("nr konta 61109010140000071219812874", "nr konta [iban]"),
        ("kontonr 8601 11 17947", "kontonr [iban]"),
        ("clearing 8327-9, konto 123 456 789-0", "clearing [iban]"),
        ("reg. 0040 konto 0440116243", "reg. [iban]"),
        ("číslo účtu 19-2000145399/0800", "číslo účtu [iban]"),
        ("11773016-11111018-00000000", "[iban]"),
        ("Sort code: 12-34-56, account no 12345678", "Sort code: [iban]"),
        ("계좌번호 110-123-456789", "계좌번호 [iban]"),
        ("口座番号は1234567", "口座番号は[iban]"),
        ("Karte 4111.1111.1111.1111", "Karte [card]"),
        ("account 12345678, order 8601 11 17947", "account 12345678, order 8601 11 17947"),
        ("rendelésszám 11773016-11111018", "rendelésszám 11773016-11111018"),
    ],
)
def test_bank_accounts_without_a_country_are_replaced(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"client_secret={_KEY}", "client_secret=[secret]"),
        (f'"apiKey": "{_KEY}", "id": 7', '"apiKey": "[secret]", "id": 7'),
        (f"AccountKey={_KEY}==;EndpointSuffix=core", "AccountKey=[secret];EndpointSuffix=core"),
        ("Server=db;User Id=sa;Password=Gr33nTea;", "Server=db;User Id=sa;Password=[secret];"),
        ("jdbc:mysql://db/crm?user=app&password=T1gerLily", "jdbc:mysql://db/crm?user=app&password=[secret]"),
        ("redis://:hunter77@cache.example:6379", "redis://[secret]@cache.example:6379"),
        ("export DB_PASSWORD=Lem0nade7", "export DB_PASSWORD=[secret]"),
        ("curl -u ann:S3same99 https://example.com", "curl -u ann:[secret] https://example.com"),
        ("mysql -u root -pS3same99 crm", "mysql -u root -p[secret] crm"),
        (f"hooks.slack.com/services/T0/B0/{_KEY}", "hooks.slack.com/services/[secret]"),
        (f"X-Api-Key: {_KEY}", "X-Api-Key: [secret]"),
        ("max_tokens=4096, client_id=portal", "max_tokens=4096, client_id=portal"),
        ("token: expired, secret: version-12", "token: expired, secret: version-12"),
        ("api_key=$API_KEY or %KEY1%", "api_key=$API_KEY or %KEY1%"),
        ("write to ann(at)example.com or ann [at] example.com", "write to [mail] or [mail]"),
    ],
)
def test_settings_of_programs_lose_their_secrets(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "beginning", ["api_key=", "a-a_", "curl -u a", "mysql -p", "Tel.0301234567 ", "٠٥٠ ", "DE89.3704."]
)
def test_long_texts_of_beginnings_come_to_an_end(beginning: str) -> None:
    assert redact(beginning * (60_000 // len(beginning)))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("the confirmation code was 402 771, too late", "the confirmation code was [secret], too late"),
        ("le code de sécurité est 40-27-71", "le code de sécurité est [secret]"),
        ("PIN lautet: 7 3 0 5", "PIN lautet: [secret]"),
        ("kod weryfikacyjny to 402-771 i nie działa", "kod weryfikacyjny to [secret] i nie działa"),
        ("one-time code 402771", "one-time code [secret]"),
        ("codice monouso: 402771", "codice monouso: [secret]"),
        ("PIN 7305 3 times", "PIN [secret] 3 times"),
        ("pins 2 3 4 5 of the plug are bent", "pins 2 3 4 5 of the plug are bent"),
        ("error code 402 771", "error code 402 771"),
    ],
)
def test_a_code_is_replaced_as_a_whole_however_it_is_spelt(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my passwords are Maple77 and Cedar88.", "my passwords are [secret] and [secret]."),
        (
            "das Passwort war Ahorn77 und das neue ist Zeder88 seit gestern",
            "das Passwort war [secret] und das neue ist [secret] seit gestern",
        ),
        (
            "I changed the password from Maple77 to Cedar88",
            "I changed the password from [secret] to [secret]",
        ),
        (
            "j'ai changé le mot de passe de Erable77 en Cedre88",
            "j'ai changé le mot de passe de [secret] en [secret]",
        ),
        (
            "the password is Maple77 and order AB7712 is late",
            "the password is [secret] and order AB7712 is late",
        ),
        ("lösenordet är Lönn77 och appen2 kraschar", "lösenordet är [secret] och appen2 kraschar"),
        ("I cannot reset the password from iPhone12", "I cannot reset the password from iPhone12"),
    ],
)
def test_a_second_password_is_replaced_too(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("helistage 5123 6789", "helistage [phone]"),
        ("numer do mnie: 602 345 678", "numer do mnie: [phone]"),
        ("zvaniet pa telefona numuram 29765432 no rīta", "zvaniet pa telefona numuram [phone] no rīta"),
        ("numer do zamówienia: 602 345 678", "numer do zamówienia: 602 345 678"),
        ("pasūtījuma numuram 29765432", "pasūtījuma numuram 29765432"),
    ],
)
def test_numbers_after_inflected_words_are_known(text: str, redacted: str) -> None:
    assert redact(text) == redacted
