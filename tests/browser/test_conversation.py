"""Conversations as people hold them: both languages, choices, feedback, several questions, the ways to a person."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Response, Route, expect

from tests.browser.visit import Visit
from tests.support import DOUBTED
from tests.waiting import until

Begin = Callable[..., Visit]
WHY_60 = {
    "nl": ("NL-1001", "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?", "10 × 6"),
    "fi": ("FI-2001", "Miksi laskulla on 60 lisenssiä vaikka meillä on 10?", "10 × 6"),
}


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_answers_with_the_figures_of_who_is_signed_in(visit: Begin, language: str) -> None:
    customer, question, formula = WHY_60[language]
    one = visit(language).sign_in(customer).open()
    answer = one.ask(question)
    expect(answer).to_have_attribute("lang", language)
    expect(answer.locator("table").first).to_contain_text(formula)
    assert one.violations() == []
    assert one.complaints == []


def test_who_signs_in_while_a_conversation_begins_stays_signed_in(visit: Begin) -> None:
    """The answer to the stranger's beginning comes last, and is nobody's any more."""
    one, held = visit(), list[Route]()
    one.page.route("**/session", lambda route: held.append(route), times=1)
    one.part(".launcher").click()
    until(lambda: one.page.evaluate("true") and held, "no conversation begins")
    one.sign_in("NL-1001")
    expect(one.part(".card").first).to_contain_text("Kraanvogel")
    with one.page.expect_response("**/session"):
        held[0].continue_()
    expect(one.ask("Hoeveel licenties hebben wij?").locator("figure")).to_be_visible()


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_stranger_gets_the_rule_and_nobodys_figures(visit: Begin, language: str) -> None:
    answer = visit(language).open().ask(WHY_60[language][1])
    expect(answer.locator("p").first).to_be_visible()
    assert answer.locator("table").count() == 0
    assert not re.search(r"2026-\d{4}", answer.inner_text())


def test_seats_are_a_picture_with_a_name(visit: Begin) -> None:
    answer = visit().sign_in("NL-1001").open().ask("Hoeveel licenties hebben wij?")
    picture = answer.get_by_role("img")
    assert re.fullmatch(r"8 \D+, 2 \D+", str(picture.get_attribute("aria-label")))
    assert (picture.locator(".used").count(), picture.locator(".free").count()) == (8, 2)


def test_several_questions_are_answered_under_headings(visit: Begin) -> None:
    one = visit().open()
    answer = one.ask("Hoe zeg ik Severa op? En hoe kan ik licenties verwijderen?")
    assert answer.locator("h3").count() == 2
    assert one.violations() == []


def test_a_first_question_can_be_tapped(visit: Begin) -> None:
    one = visit("fi").open()
    one.part(".options button").first.click()
    expect(one.part(".card").nth(1)).to_be_visible()
    expect(one.part(".mine")).to_have_count(1)
    expect(one.part(".options:not(.next)")).to_have_count(0)


def test_a_choice_is_tapped_and_goes_to_a_person(visit: Begin) -> None:
    one = visit("fi").open()
    for vague in ("lasku", "laskutus", "maksu", "lisenssi"):  # which of them is too vague is for the model to say
        one.ask(vague)
        if one.part(".options").count():
            break
    asked = one.part(".card").count()
    one.part(".options button").last.click()
    expect(one.part(".card").nth(asked).locator("a[href^='mailto:']").first).to_be_visible()


def test_a_person_is_always_in_sight(visit: Begin) -> None:
    people = visit().open().part(".people a")
    assert [str(one.get_attribute("href"))[:7] for one in people.all()] == ["mailto:", "mailto:"]


def test_the_switch_wins_over_what_is_written(visit: Begin) -> None:
    one = visit("nl").open()
    one.part(".switch [lang=fi]").click()
    expect(one.part("#field")).to_have_attribute("placeholder", "Kysymys")
    expect(one.part(".card")).to_have_attribute("lang", "fi")
    expect(one.ask("Hoeveel licenties betalen we?")).to_have_attribute("lang", "fi")


def test_the_interface_follows_the_language_written(visit: Begin) -> None:
    one = visit("nl").open()
    expect(one.ask("Miten voimme irtisanoa Severan ja milloin se päättyy?")).to_have_attribute("lang", "fi")
    expect(one.part("#field")).to_have_attribute("placeholder", "Kysymys")


def test_markup_is_text(visit: Begin) -> None:
    one = visit().open()
    one.ask("<img src=x onerror=alert(1)><b>Hoe zeg ik op?</b>")
    expect(one.part(".mine")).to_contain_text("<b>Hoe zeg ik op?</b>")
    assert one.part(".mine b, .mine img").count() == 0


def test_a_long_text_is_told_before_it_is_sent(visit: Begin) -> None:
    one = visit().open()
    one.part("#field").fill("a" * 2001)
    expect(one.part("#count")).to_contain_text("2.000")
    one.part("#field").press("Enter")
    assert one.part(".mine").count() == 0
    assert one.violations() == []


@pytest.mark.parametrize(("language", "dark", "size"), [("nl", False, (1280, 800)), ("fi", True, (390, 844))])
def test_a_no_leads_on(visit: Begin, language: str, dark: bool, size: tuple[int, int]) -> None:
    one = visit(language, *size, dark=dark).open()
    for question in DOUBTED[language]:
        answer = one.ask(question)
        answer.locator(".verdict button").last.click()
        expect(answer.locator("textarea")).to_be_in_viewport()
        if answer.locator(".instead").count():
            break
    expect(answer.locator("[role=status]")).not_to_contain_text({"nl": "Dank u", "fi": "Kiitos"}[language])
    assert one.violations() == []
    answer.locator(".ways button").last.click()
    expect(one.part("#field")).to_have_value(question)
    assert one.script("return chat.shadowRoot.activeElement?.id;") == "field"
    one.part("#field").fill("")
    other = answer.locator(".instead").first
    label, cards = other.inner_text(), one.part(".card").count()
    other.click()
    expect(one.part(".card")).to_have_count(cards + 1)
    expect(one.part(".mine").last).to_contain_text(label)
    assert one.part(".instead").count() == 0
    assert one.part(".refused").count() == 0


def test_after_a_yes_nobody_is_asked_what_could_be_better(visit: Begin) -> None:
    answer = visit().open().ask("Hoe zeg ik Severa op?")
    answer.locator(".verdict button").first.click()
    expect(answer.locator("[role=status]")).to_contain_text("Dank u wel")
    assert not answer.locator("textarea, .ways").first.is_visible()


def with_comment(reply: Response) -> bool:
    return reply.url.endswith("/feedback") and "comment" in (reply.request.post_data or "")


def test_feedback_is_kept_and_the_last_one_counts(visit: Begin, home: Path) -> None:
    one = visit().open()
    answer = one.ask("Hoe zeg ik Severa op?")
    answer.get_by_role("button", name="Ja", exact=True).click()
    answer.get_by_role("button", name="Nee", exact=True).click()
    answer.locator("textarea").fill("Te kort, mis de datum")
    assert one.violations() == []
    with one.page.expect_response(with_comment) as heard:  # the two before it may still be on their way
        answer.locator("form button").click()
    assert heard.value.status == 204
    with sqlite3.connect(home / "var" / "widget.db") as store:
        rows = store.execute("SELECT helpful, comment FROM feedback WHERE comment LIKE 'Te kort%'").fetchall()
    assert rows == [(0, "Te kort, mis de datum")]
    one.page.reload()
    expect(one.part(".feedback [aria-pressed=true]")).to_have_text("Nee")
