"""What stands below a letter."""

from __future__ import annotations

import pytest

from saldo.mail.parse.signatures import without_signature


@pytest.mark.parametrize(
    "signature",
    [
        "Met vriendelijke groet,\n\nAnneke\nTel. 030-1234567", "Mvg Anneke", "Groeten,\nA.", "Gr. Anneke",
        "Hoogachtend,\nA",
        "Ystävällisin terveisin\n\nAino Ahovaara\nToimitusjohtaja", "Terveisin Aino", "T: Aino", "Terv. Aino",
        "Yt, Aino",
        "Kind regards,\nA", "Med vänlig hälsning\nA", "-- \nAino | Oy", "--\nAino", "*Met vriendelijke groet,*\nA",
        "Verzonden vanaf mijn iPhone", "Lähetetty iPhonesta", "Hanki Outlook for iOS", "Outlook voor iOS downloaden",
        "Sent from my Galaxy", "Skickat från min iPhone",
    ],
)  # fmt: skip
def test_signatures_are_taken_off(signature: str) -> None:
    assert without_signature(f"Mijn vraag?\n\n{signature}") == "Mijn vraag?"


def test_the_afterword_below_it_stays() -> None:
    text = "Vraag een?\n\nMet vriendelijke groet,\nAnneke\n\nPS: vraag twee?\n\nDisclaimer"
    assert without_signature(text) == "Vraag een?\n\nPS: vraag twee?"


@pytest.mark.parametrize(
    "line", ["Aino Ahovaara", "Aino", "Aino Ahovaara, taloushallinto", "Aino Ahovaara | Kurkiaura"]
)
def test_the_writers_own_name_closes_a_letter(line: str) -> None:
    assert without_signature(f"Kysymys?\n\n{line}\nKurkiaura Oy", "Aino Ahovaara") == "Kysymys?"


@pytest.mark.parametrize(
    "text", ["Groeten uit Utrecht, hoe zeg ik op?", "Beste support,\n\nvraag?", "T-shirt besteld?", "Ainoa kysymys?"]
)
def test_what_is_said_stays(text: str) -> None:
    assert without_signature(text, "Aino Ahovaara") == text


def test_a_mail_that_begins_with_a_greeting_word_is_kept() -> None:
    assert without_signature("Terveiset\n\nMiten irtisanon?") == "Terveiset\n\nMiten irtisanon?"
