"""What the writer wrote, and what a program put around older messages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.parse.html import text_of
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
    "Von: Severa <a@visma.com>\nGesendet: Montag, 2. November 2026 10:12\nAn: A\nBetreff: AW: x",
    "De : Severa <a@visma.com>\nEnvoyé : lundi 2 novembre 2026 10:12\nÀ : A\nObjet : RE: x",
    "Fra: Severa <a@visma.com>\nSendt: 2. november 2026 10:12\nTil: A\nEmne: SV: x",
    "Saatja: Severa <a@visma.com>\nSaadetud: esmaspäev, 2. november 2026 10:12\nAdresaat: A\nTeema: RE: x",
    "Od: Severa <a@visma.com>\nWysłano: poniedziałek, 2 listopada 2026 10:12\nDo: A\nTemat: RE: x",
    "Remitente: Severa <a@visma.com>\nEnviado el: lunes, 2 de noviembre de 2026 10:12\nPara: A\nAsunto: RE: x",
    "Nuo: Severa <a@visma.com>\nIšsiųsta: 2026-11-02 10:12\nKam: A\nTema: RE: x",
    "Van: Severa <a@visma.com> Verzonden: maandag 2 november 2026 10:12 Aan: A Onderwerp: RE: x",
    "Nuo: Severa <a@visma.com> Išsiųsta: 2026-11-02 10:12 Kam: A Tema: RE: x",
    "---- Op ma, 02 nov. 2026 10:12:00 +0100 Severa <a@visma.com> schreef ----",
    "---- On Mon, 02 Nov 2026 10:12:00 +0100 Severa <a@visma.com> wrote ---",
    "##- Typ uw antwoord boven deze regel -##",
    "##- Please type your reply above this line -##",
    "-- Kirjoita vastauksesi tämän rivin yläpuolelle --",
    "-- reply above this line --",
    "Op ma 2 nov. 2026 om 10:12 schreef Severa <a@visma.com>",
    "Severa <a@visma.com> kirjoitti 2.11.2026 klo 10.12 (a@visma.com)",
    "On 2 Nov 2026, at 10:12, Severa <a@visma.com> wrote",
    "Am 02.11.2026 um 10:12 schrieb Severa:",
    "Am Mo., 2. Nov. 2026 um 10:12 Uhr schrieb Severa <a@visma.com>:",
    "Le 02/11/2026 à 10:12, Severa a écrit :",
    "Le lun. 2 nov. 2026 à 10:12, Severa <a@visma.com> a écrit :",
    "Den man. 2. nov. 2026 kl. 10.12 skrev Severa <a@visma.com>:",
    "Kontakt Severa (<a@visma.com>) kirjutas kuupäeval E, 2. november 2026 kell 10:12:",
    "W dniu 2.11.2026 o 10:12, Severa pisze:",
    "pon., 2 lis 2026 o 10:12 Severa <a@visma.com> napisał(a):",
    "-- Please reply above this line --",
    "[Reply above this line]",
    "=-=-=-= Antwoord boven deze regel =-=-=-=",
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
        "Naam: Piet\nE-mail: piet@klant.example\nDatum: 2-11-2026 10:12\nVraag: hoe zeg ik op?",
        "Beste support,\n\nKlantnummer: 12\nE-mail: piet@klant.example\nTelefoon: 030-1234567\n\nHoe zeg ik op?",
        "Op 2 november 2026 om 10:12 schreef u aan piet@klant.example dat wij een tegoed krijgen.",
        "-- Wij betalen op 3 maart 2026.",
        "OK, dat was 10 > 5 licenties.",
    ],
)
def test_people_may_write_like_programs(text: str) -> None:
    assert own_parts(text) == [text]


@pytest.mark.parametrize("head", ["2.11.2026 10:12, Severa rašė:", "Severa, 2026-11-02 10:12:"])
def test_a_day_and_a_time_above_quoted_lines_are_a_head_in_any_language(head: str) -> None:
    assert own_parts(f"Mijn vraag.\n\n{head}\n> oude tekst") == ["Mijn vraag."]
    assert own_parts(f"Mijn vraag.\n\n{head}\nmijn tekst") == [f"Mijn vraag.\n\n{head}\nmijn tekst"]


def test_lines_marked_with_initials_are_quoted() -> None:
    assert own_parts("Ja.\n\nAH> Eerste vraag?\nAH>> Tweede?\n\nNee.") == ["Ja.", "Nee."]


@pytest.mark.parametrize(
    "thread",
    [
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Xx: y</div><div>oude tekst</div>',
        '<div id="x_divRplyFwdMsg">Xx: y</div><div>oude tekst</div>',
        '<div id="mail-editor-reference-message-container"><div>oude tekst</div></div>',
        '<div class="yahoo_quoted"><div>Xx yy</div><div>oude tekst</div></div>',
        '<div class="protonmail_quote">oude tekst</div>',
        '<div class="zmail_extra">oude tekst</div>',
        '<div class="gmail_quote"><div class="gmail_attr">Xx yy</div><blockquote>oude tekst</blockquote></div>',
        '<div class="moz-cite-prefix">Xx yy</div><blockquote type="cite">oude tekst</blockquote>',
    ],
)
def test_threads_in_html_are_known_by_what_programs_call_them(thread: str) -> None:
    assert own_parts(text_of(f"<p>Mijn vraag.</p>{thread}")) == ["Mijn vraag."]


def test_answers_inside_gmails_quote_stay() -> None:
    quote = '<div class="gmail_quote"><blockquote>Eerste?</blockquote><div>Ja.</div></div>'
    assert own_parts(text_of(f"<p>Zie onder.</p>{quote}")) == ["Zie onder.", "Ja."]


def test_everything_quoted_leaves_nothing() -> None:
    assert own_parts("> a\n> b\n>> c") == []


@given(st.text(alphabet=st.sampled_from("ab >:\n-_.@<schreef kirjoitti 1026VanLähettäjä"), max_size=400))
def test_any_text_is_parted_and_nothing_is_invented(text: str) -> None:
    lines = set(text.splitlines())
    assert all(line in lines for part in own_parts(text) for line in part.splitlines())


@pytest.mark.parametrize(
    "piece",
    [
        "> ",
        "Van: x\n",
        "schreef a@b.c\n",
        "x" * 100,
        "kirjoitti: \n",
        "-",
        "\n",
        "Op 1 ",
        "a: b@c.d 2-11-2026 10:12\n",
        "## above this line ",
        "Van: a: b: c: ",
        "-- 1-1-2026 a@b ",
    ],
)
def test_the_longest_body_takes_little_time(piece: str) -> None:
    text = piece * (LONGEST_BODY // len(piece))
    began = time.process_time()
    own_parts(text)
    assert time.process_time() - began < 5
