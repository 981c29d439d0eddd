"""Passwords in everyday notes: after "pass", after a network's name, beside a user name."""

from __future__ import annotations

import pytest

from models.redaction.redact import redact


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *(("My pass is Kettle42go", "Kettle42go"), ("the new pass is Kettle!42", "Kettle!42")),
        *(("your pass was Kettle42go, I think", "Kettle42go"), ("use pass Kettle42go please", "Kettle42go")),
        *(("мой пасс Kettle42go", "Kettle42go"), ("пасс: Kettle42go", "Kettle42go")),
        *(("Wifi key of the small guest network: tea-4411-cup", "tea-4411-cup"),),
        *(("hasło do wifi Herbata42x", "Herbata42x"), ("Passwort fürs WLAN Kessel42x", "Kessel42x")),
        *(("mot de passe du wifi Tasse42x", "Tasse42x"), ("contraseña del wifi Taza42x", "Taza42x")),
        *(("heslo k wifi Hrnek42x", "Hrnek42x"), ("пароль от вайфая Chai42x", "Chai42x")),
        *(("wachtwoord van de wifi Kopje42x", "Kopje42x"), ("lösenord till wifi Kopp42xy", "Kopp42xy")),
    ],
)
def test_a_password_after_its_word_needs_no_colon(text: str, secret: str) -> None:
    assert redact(text) == text.replace(secret, "[secret]")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *(("user eva pass Kettle42go", "Kettle42go"), ("Benutzer eva, pw Kessel42x", "Kessel42x")),
        *(("usuario eva pass Taza42xy", "Taza42xy"), ("käyttäjä eva / pwd Kuppi42x", "Kuppi42x")),
        *(("pwd eva Kettle42go", "Kettle42go"), ("heslo mám Hrnek42x", "Hrnek42x")),
        *(("logins: eva Kettle42go", "Kettle42go"), ("credentials eva/Kettle42go", "Kettle42go")),
        *(("inloggen met eva / Kopje42x", "Kopje42x"), ("eva@example.org : Kettle42go", "Kettle42go")),
        *(("아이디 eva 비번 Kettle42go", "Kettle42go"), ("wachtwoordje: Kopje42x", "Kopje42x")),
        *(("Das Losungswort heißt Kessel42x", "Kessel42x"), ("salasanaksi tuli Kuppi42x", "Kuppi42x")),
        *(("the password, which is Kettle42go, fails", "Kettle42go"),),
        *(('The password is still "copper kettle lid"', "copper kettle lid"),),
    ],
)
def test_a_password_beside_its_user_needs_no_signs(text: str, secret: str) -> None:
    redacted = redact(text)
    assert secret not in redacted
    assert "[secret]" in redacted


@pytest.mark.parametrize(
    "text",
    [
        "user eva passed Kettle42go",
        "user eva cannot print on Laserjet4200",
        "login with Office365 / Windows2019",
        "pwd of the shop Server2019 expired",
        "the password, which is v2.3.4",
    ],
)
def test_names_of_programs_beside_a_login_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "words",
    [
        *("Zugangsdaten: ", "Anmeldedaten: ", "Login: ", "login/pass ", "login/pass: ", "credentials: "),
        *("identifiants : ", "credenciales: ", "credenziali: ", "inloggegevens: ", "dane logowania: "),
        *("логин/пароль ", "логин/пароль: ", "Benutzer/Passwort: ", "user/pass ", "username & password: "),
    ],
)
@pytest.mark.parametrize("sign", [" / ", "/", ", "])
def test_a_password_beside_a_user_name_is_hidden(words: str, sign: str) -> None:
    redacted = redact(f"{words}eva{sign}Kettle42x")
    assert redacted in (f"{words}eva{sign}[secret]", f"{words}[secret]")


@pytest.mark.parametrize(
    "text",
    [
        *("My bus pass is valid until 2026", "The boarding pass is A12345", "the pass rate is 98%"),
        *("Does the test pass in v2.1?", "pass order 4711 on", "login page / step2", "пассажир А12 ждёт"),
        *(
            "Login: the page / Version2 does not open",
            "credentials: invalid / error 403",
            "login: page / index2",
        ),
        *("Zugangsdaten: nicht angekommen / falsch", "Wifi key of the guest network: does not work"),
        *("password of the wifi WPA2 fails", "the pass for the museum"),
        *("Bestelnummer 0612345678", "bestelnr. 0612345678", "Bestel-nr: 0612345678", "bestelbon 0612345678"),
        *("订单号13812345678，快递单号SF1234567890123，密码不正确。", "运单SF1234567890123，密码忘记了"),
    ],
)
def test_passes_pages_and_orders_are_no_passwords_or_phones(text: str) -> None:
    assert redact(text) == text


def test_a_password_right_before_its_word_in_chinese_is_hidden_alone() -> None:
    assert redact("订单号13812345678，用Kettle42x作为密码") == "订单号13812345678，用[secret]作为密码"


def test_a_dutch_call_is_still_a_phone_number() -> None:
    assert redact("Bel 0612345678", "nl") == "Bel [phone]"
