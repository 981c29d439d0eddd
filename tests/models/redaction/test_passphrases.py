"""Passwords of plain words: after their word, between quotation marks, and before their word."""

from __future__ import annotations

import pytest

from models.redaction.redact import redact

AFTER = [
    "The passphrase is {lamp river stone cloud}.",
    "My new passphrase: {lamp river stone} and it fails.",
    "My password is {lamp river stone cloud}, still nothing.",
    "The password is {lamp-river-stone-cloud}",
    'The wifi password is "{my green lamp}".',
    "Das Passwort lautet {grüne lampe brennt leise}",
    "Mein Kennwort ist: {grüne Lampe am Fluss}.",
    "Mon mot de passe est : {lampe verte sous la pluie}.",
    "Ma phrase de passe est {lampe rivière pierre nuage}.",
    "La contraseña es «{lámpara verde brilla}» y no entra.",
    "La password è {lampada fiume pietra nuvola}",
    "A senha é {lâmpada rio pedra nuvem}.",
    "Het wachtwoord is {lamp rivier steen wolk}.",
    "Hasło to {lampa rzeka kamień chmura}.",
    "Lösenordet är {lampa flod sten moln}.",
    "Adgangskoden er {lampe flod sten sky}.",
    "Passordet er {lampe elv stein sky}.",
    "Salasana on {lamppu joki kivi pilvi}.",
    "Parool on {lamp jõgi kivi pilv}.",
    "Parole ir {lampa upe akmens mākonis}.",
    "Slaptažodis yra {lempa upė akmuo debesis}.",
    "Пароль: {лампа река камень облако}",
    "Heslo je {lampa řeka kámen mrak}.",
    "Şifre: {lamba nehir taş bulut}",
    "Jelszó: {lámpa folyó kő felhő}",
    "Lösenfrasen är: {lampa flod sten}",
    "パスワードは「{あおいそら}」です。",
    "密码是“{蓝天白云}”，不能登录。",
]
BEFORE = [
    'I used "{Rosebud}" as password.',
    "I chose '{Rosebud}' as my new password.",
    "{Rosebud42} is my password.",
    "{Rosebud42} (password) is refused.",
    'Ich habe "{Rosenduft}" als Passwort genommen.',
    "J'ai mis « {bouton de rose} » comme mot de passe.",
    'Puse "{Rosaleda}" como contraseña.',
    "Ho messo «{Bocciolo}» come password.",
    'Pus "{Botão}" como senha.',
    'Ik heb "{Rozenknop}" als wachtwoord.',
    "Wpisałem „{Pączek}” jako hasło.",
    'Jag valde "{Rosenknopp}" som lösenord.',
    'Jeg brugte "{Rosenknop}" som adgangskode.',
    'Jeg valgte "{Roseknopp}" som passord.',
    'Käytin "{Ruusunnuppu}" salasanana.',
    'Kasutasin "{Roosinupp}" paroolina.',
    'Ierakstīju "{Rožpumpurs}" kā paroli.',
    "Įvedžiau „{Pumpuras}“ kaip slaptažodį.",
    "Поставил «{Бутончик}» как пароль.",
    'Zadal jsem "{Poupátko}" jako heslo.',
    "我用「{玫瑰花}」作为密码。",
    "「{ばらのつぼみ}」をパスワードにしました。",
    'Avec "{Rosier}" en mot de passe, rien.',
    "'{Rosebud}' (that's my password) is refused.",
    "«{Бутончик}» — это мой пароль.",
    '"{장미꽃}"를 비밀번호로 썼어요.',
]
KEPT = [
    "The password is wrong every single time.",
    "My password is too short they say.",
    "Password: reset link never arrives.",
    "The password manager is better than nothing else.",
    'The password is "wrong username or password" it says.',
    'The password field shows "please enter a valid value".',
    'Error "401" for password login.',
    'I clicked "Forgot" as password reset.',
    "shop24 is password protected.",
    "The password is case-sensitive and up-to-date.",
    "Das Passwort ist leider falsch geschrieben worden.",
    "Mon mot de passe est encore refusé ce matin.",
    "La contraseña es demasiado corta y vieja.",
    "Salasana on liian lyhyt ja vanha.",
    "Пароль неверный, хотя вчера работал.",
]


def split(text: str) -> tuple[str, str]:
    """Return a text without its braces, and with "[secret]" in place of what they hold."""
    before, _, rest = text.partition("{")
    secret, _, after = rest.partition("}")
    return f"{before}{secret}{after}", f"{before}[secret]{after}"


@pytest.mark.parametrize("text", AFTER)
def test_a_password_of_plain_words_is_hidden(text: str) -> None:
    said, redacted = split(text)
    assert redact(said) == redacted


@pytest.mark.parametrize("text", BEFORE)
def test_a_password_before_its_word_is_hidden(text: str) -> None:
    said, redacted = split(text)
    assert redact(said) == redacted


@pytest.mark.parametrize("text", KEPT)
def test_what_is_said_of_a_password_stays(text: str) -> None:
    assert redact(text) == text
