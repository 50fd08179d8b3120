"""What the writer wrote, and what a program put around older messages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.parse.incoming import LONGEST_BODY
from saldo.mail.parse.quotes import own_parts

HEADS = [
    "Op ma 2 nov 2026 om 10:12 schreef Severa <a@visma.com>:",
    "Op ma 2 nov 2026 om 10:12 schreef Severa Klantenondersteuning <\na@visma.com>:",
    "Op 2 nov. 2026 om 10:12 heeft Severa\n<a@visma.com> het volgende geschreven:",
    "Op 02-11-2026 om 10:12 schreef Severa:",
    "ma 2. marrask. 2026 klo 10.12 Severa (a@visma.com) kirjoitti:",
    "ma 2. marrask. 2026 klo 10.12 Severa Asiakastuki (a@visma.com)\nkirjoitti:",
    "Severa <a@visma.com> kirjoitti 2.11.2026 kello 10.12:",
    "Severa kirjoitti 2.11.2026 klo 10.12:",
    "On Mon, Nov 2, 2026 at 10:12 AM Severa <a@visma.com>\nwrote:",
    "Den mån 2 nov. 2026 kl 10:12 skrev Severa <a@visma.com>:",
    "-----Oorspronkelijk bericht-----",
    "-----Alkuperäinen viesti-----",
    "-----Original Message-----",
    "-----Ursprungligt meddelande-----",
    "---------- Doorgestuurd bericht ---------",
    "---------- Välitetty viesti ---------",
    "Begin doorgestuurd bericht:",
    "Van: Severa <a@visma.com>\nVerzonden: maandag 2 november 2026 10:12\nAan: Daan\nOnderwerp: RE: x",
    "*Van:* Severa\n*Datum:* 2 november\n*Aan:* Daan\n*Onderwerp:* x",
    "________________________________\nLähettäjä: Severa\nLähetetty: 2. marraskuuta\nVastaanottaja: A\nAihe: VS: x",
    "Lähettäjä: Severa\nPäivämäärä: ma 2.11.2026 klo 10.12\nAihe: x\nVastaanottaja: A",
    "From: Severa\nSent: Monday\nTo: A\nCc: B\nSubject: x",
    "Från: Severa\nSkickat: den 2 november\nTill: A\nÄmne: x",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("mark", ["", "> "])
def test_history_below_a_head_is_left_out(head: str, mark: str) -> None:
    text = f"Mijn vraag.\n\n{head}\n\n{mark}oude tekst\n{mark}meer oude tekst\n"
    assert own_parts(text) == ["Mijn vraag."]


@pytest.mark.parametrize("head", HEADS[:10])
def test_answers_between_quoted_lines_stay(head: str) -> None:
    assert own_parts(f"Zie onder.\n\n{head}\n> Eerste vraag?\n\nJa.\n\n> Tweede?\n\nNee.") == [
        "Zie onder.",
        "Ja.",
        "Nee.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Op 3 maart schreef u mij het volgende:\nu krijgt een tegoed.",
        "Asiakaspalvelijanne kirjoitti näin:\nsaatte hyvityksen.",
        "Van: 10 licenties\nNaar: 5 licenties",
        "Aan: de boekhouding",
        "Lasku on maksettu kahdesti:\n- 1.3.\n- 5.3.",
        "From now on: we pay monthly.",
        "Onderwerp: factuur 2026-0142\nDatum: 3 maart\nIk heb een vraag.",
    ],
)
def test_people_may_write_like_programs(text: str) -> None:
    assert own_parts(text) == [text]


def test_everything_quoted_leaves_nothing() -> None:
    assert own_parts("> a\n> b\n>> c") == []


@given(st.text(alphabet=st.sampled_from("ab >:\n-_.@<schreef kirjoitti 1026VanLähettäjä"), max_size=400))
def test_any_text_is_parted_and_nothing_is_invented(text: str) -> None:
    lines = set(text.splitlines())
    assert all(line in lines for part in own_parts(text) for line in part.splitlines())


@pytest.mark.parametrize("piece", ["> ", "Van: x\n", "schreef a@b.c\n", "x" * 100, "kirjoitti: \n", "-", "\n", "Op 1 "])
def test_the_longest_body_takes_little_time(piece: str) -> None:
    text = piece * (LONGEST_BODY // len(piece))
    began = time.process_time()
    own_parts(text)
    assert time.process_time() - began < 5
