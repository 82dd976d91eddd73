"""Passwords that are refused because attackers try them first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.weak_passwords import holds_email, is_common, own_words


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "password1234",
        "Password123!",
        "P@ssw0rd1234",
        "qwertyuiop12",
        "qwerty123456",
        "123456789012",
        "121212121212",
        "112233445566",
        "aaaaaaaaaaaa",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "abcd1234abcd",
        "1qaz2wsx3edc",
        "1q2w3e4r5t6y",
        "q1w2e3r4t5y6",
        "asdfghjkl123",
        "zaq12wsxcde3",
        "letmeinletmein",
        "correcthorsebatterystaple",
        "iloveyou1234",
        "administrator",
        "changemechangeme",
        "welcome12345",
        "football1234",
        "liverpool123",
        "manchesterunited",
        "dragondragon",
        "trustno1trustno1",
        "Summer2026!!",
        "AdminAdmin123",
        "iloveyou!!!!",
        "ｐａｓｓｗｏｒｄ1234",
        "849302817465",
        "justinbieber",
        "finalfantasy",
        "professional",
        "international",
        "supernatural",
        "transformers",
        "sonyericsson",
        "needforspeed",
        "1234567890qw",
        "12qw34er56ty",
        "devilmaycry4",
    ],
)
def test_words_walks_and_repetitions_are_common(password):
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "paper-lantern-42",
        "correct horse battery staple",
        "kX9!mQ2z#Lp7",
        "drei-kleine-enten",
        "violet harbour 93",
        "TestPassword123!",
        "тихая-выдра-поёт",
    ],
)
def test_unrelated_words_are_not(password):
    assert not is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "ichliebedich",
        "Ich liebe dich sehr!",
        "1ch-l1ebe-d1ch",
        "ichliebedich-Anna",
        "jet'aimemoncœur",
        "Te quiero mucho 2026",
        "tiamotantoamoremio",
        "ikhouvanjou1",
        "kochamciebardzo",
        "jegelskerdeg1",
        "Miluji tě moc!!",
        "Я тебя люблю!!!",
        "мойпароль123",
        "пароль123456",
        "йцукенгшщзхъ",
        "wo ai ni yiwannian",
        "Fußball-Sommer",
        "motdepasse2026!",
        "Mera Bharat Mahan",
    ],
)
def test_sentences_and_words_of_other_languages_are_common(password):
    assert is_common(password)


OWN = own_words("https://shop.fog-press.example:8443", "Fog & Quay")


@pytest.mark.parametrize(
    "password",
    [
        "MyKiosque2026!",
        "Kiosque-2026-Kiosque",
        "kiosque_fog-press_1",
        "FogPress2026!!",
        "Quay2026Quay2026!",
        "K1osque!K1osque",
        "press-password-9",
    ],
)
def test_words_of_the_site_itself_make_no_password(password):
    assert is_common(password, OWN)


@pytest.mark.parametrize("password", ["violet-kiosque-harbour", "gulls-do-not-press", "paper-lantern-42"])
def test_a_word_of_the_site_spoils_no_good_password(password):
    assert not is_common(password, OWN)


@pytest.mark.parametrize("password", ["MyKiosque2026!", "ichliebedich"])
def test_sign_ups_and_changes_of_a_password_refuse_them(client_as, password):
    client, new = client_as("customer"), {"email": "eve@kiosque.test", "password": password, "name": "Eve"}

    answers = [
        client.simulate_post("/v1/accounts", json=new),
        client.simulate_put("/v1/me/password", json={"current": "paper-lantern-42", "new": password}),
    ]

    assert [answer.json["code"] for answer in answers] == ["weak-password"] * 2


@pytest.mark.parametrize("size", [20, 21, 64, 256])
def test_no_password_takes_long_to_judge(size):
    worst = ("4@8({[6<3&9!1|0$5+7%2" * 13)[:size]

    assert not is_common(worst)


@given(st.text(min_size=12, max_size=256))
def test_any_text_can_be_asked_about(password):
    assert is_common(password) in (True, False)


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_alone_are_common(number):
    assert is_common(f"{number:012}")


@pytest.mark.parametrize(
    ("password", "holds"),
    [
        ("my-Ada.Lovelace-1815", True),
        ("ada.lovelace@kiosque.test", True),
        ("ada-and-the-engine", False),
    ],
)
def test_the_e_mail_and_its_local_part_are_found_in_any_case(password, holds):
    assert holds_email(password, "ada.lovelace@Kiosque.test") is holds


def test_a_local_part_of_three_is_too_short_to_matter():
    assert not holds_email("quiet-ada-sings", "ada@kiosque.test")
    assert holds_email("quiet-adas-sings", "adas@kiosque.test")
