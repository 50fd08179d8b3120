"""What was read of a mail is marked in it, wherever blanks, quotes and signatures stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.desk.marking import Piece, pieces
from tests.mail.mails import mail


def test_quotes_and_signatures_are_not_read_and_questions_are_marked() -> None:
    body = (
        "Hoi,\n\nHoe zeg ik\nop? En wat kost het?\n\nOp 3 november schreef Visma:\n> Beste klant,\n> Hoe zeg ik op?\n"
    )
    own = "Hoi,\n\nHoe zeg ik\nop? En wat kost het?"
    found = pieces(body, own, ["Hoe zeg ik op?", "En wat kost het?"])
    assert [(each.text, each.question) for each in found if each.question is not None] == [
        ("Hoe zeg ik\nop?", 0),
        ("En wat kost het?", 1),
    ]
    assert "".join(each.text for each in found if not each.read) == (
        "\n\nOp 3 november schreef Visma:\n> Beste klant,\n> Hoe zeg ik op?\n"
    )


def test_answers_between_quoted_lines_are_read() -> None:
    body = "> Wilt u opzeggen?\nJa, hoe doe ik dat?\n> Groet\n"
    found = pieces(body, "Ja, hoe doe ik dat?", [])
    assert [each.text for each in found if each.read] == ["Ja, hoe doe ik dat?"]


def test_a_quote_that_stands_nowhere_or_within_another_is_left_out() -> None:
    found = pieces("Hoe zeg ik op?", "Hoe zeg ik op?", ["niets", "", "Hoe zeg ik op?", "zeg ik"])
    assert found == [Piece("Hoe zeg ik op?", True, 2)]


@pytest.mark.parametrize("body", ["Hallo\n\n-- \nJan de Vries\nKlant BV", "Hei\n\nTerveisin\nAino Ahovaara"])
def test_of_a_real_mail_what_is_read_is_its_own_text(body: str) -> None:
    incoming = mail(body)
    found = pieces(incoming.body, incoming.own, [])
    assert "".join(each.text for each in found if each.read).split() == incoming.own.split()


words = st.lists(st.sampled_from(["a", "b?", ">", "> a", "", " ", "c d", "\t", "\r", "\u2028"]), max_size=12)


@given(words, words, st.lists(st.text("ab? \n>c", max_size=6), max_size=4))
def test_no_character_is_lost_or_moved(body: list[str], own: list[str], quotes: list[str]) -> None:
    text = "\n".join(body)
    found = pieces(text, "\n".join(own), quotes)
    assert "".join(each.text for each in found) == text
