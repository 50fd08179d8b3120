"""Where things stand and where the reader is: questions with their answers, and nobody is thrown about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import SETTLED, Visit
from tests.waiting import until

Begin = Callable[..., Visit]
QUESTIONS = ("Hoe zeg ik Severa op?", "Ik heb dubbel betaald, wat nu?", "Hoe voeg ik licenties toe?")
SCROLLER = "const scroller = chat.shadowRoot.querySelector('.scroller');"
DUE = """const [name] = Object.keys(localStorage).filter((name) => name.endsWith(' outbox'));
return (JSON.parse(localStorage[name]).at(-1)?.due ?? 0) < Date.now();"""
TO_THE_END = """scroller.scrollTop = scroller.scrollHeight;
for (const _ of [1, 2]) await new Promise(requestAnimationFrame);"""
IN_ORDER = """return [...chat.shadowRoot.querySelectorAll(".mine, .card")].map((each) => each.innerText);"""
ABOVE_THE_FOOTER = """const last = [...chat.shadowRoot.querySelectorAll(".card, .options")].at(-1);
return scroller.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom;"""


def put(one: Visit, text: str) -> None:
    """Say something, and wait until nothing more would be joined to it."""
    one.part("#field").fill(text)
    one.part("#field").press("Enter")
    one.page.wait_for_function(f"() => {{ {DUE} }}")


def conversation(one: Visit) -> Visit:
    """More than fits in the window."""
    for question in QUESTIONS:
        one.ask(question)
    return one


def place(one: Visit, page: Page | None = None) -> float:
    one.script(SETTLED)
    return float(
        (page or one.page).evaluate(
            "document.querySelector('saldo-chat').shadowRoot.querySelector('.scroller').scrollTop"
        )
    )


def test_each_question_stands_over_its_answer_and_after_a_reload_too(visit: Begin) -> None:
    one = visit().open()
    one.context.set_offline(True)
    for question in QUESTIONS:
        put(one, question)
    expect(one.part(".mine.waiting")).to_have_count(3)
    one.context.set_offline(False)
    expect(one.part(".card")).to_have_count(4)
    expect(one.part(".waiting")).to_have_count(0)
    before = one.script(IN_ORDER)
    assert [text.endswith(QUESTIONS) for text in before] == [False, True, False, True, False, True, False]
    one.page.reload()
    expect(one.part(".card")).to_have_count(4)
    assert one.script(IN_ORDER)[1:] == before[1:]
    assert one.violations() == []


def test_what_another_tab_said_meanwhile_stands_where_the_server_heard_it(visit: Begin) -> None:
    one = visit().open()
    other = one.load()
    expect(one.part(".card", other)).to_have_count(1)
    one.script("window.addEventListener('storage', (event) => event.stopImmediatePropagation(), true);")
    one.script(  # this tab hears nothing of the other one
        "const chatOf = document.createElement('saldo-chat'); chat.remove(); document.body.append(chatOf);"
    )
    expect(one.part(".card")).to_have_count(1)
    one.part("#field", other).fill(QUESTIONS[0])
    one.part("#field", other).press("Enter")
    expect(one.part(".card", other)).to_have_count(2)
    one.part("#field").fill(QUESTIONS[1])
    one.part("#field").press("Enter")
    expect(one.part(".card")).to_have_count(3)
    expect(one.part(".mine").first).to_contain_text(QUESTIONS[0])
    assert [text.endswith(QUESTIONS) for text in one.script(IN_ORDER)] == [False, True, False, True, False]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (812, 375)])
def test_a_growing_footer_covers_nothing(visit: Begin, size: tuple[int, int]) -> None:
    one = conversation(visit("nl", *size, reduced_motion="reduce").open())
    one.script(SCROLLER + TO_THE_END)
    covered = SCROLLER + ABOVE_THE_FOOTER
    one.part("#field").fill("regel\n" * 5)
    until(lambda: one.script(covered) >= 0, "the footer covers the last answer")
    assert one.script(SCROLLER + "return scroller.scrollTop > 0;")
    one.context.set_offline(True)
    one.part("#field").press("Enter")
    expect(one.part(".state")).to_contain_text("internetverbinding")
    expect(one.part(".mine").last).to_be_in_viewport()


def test_trying_again_keeps_the_focus(visit: Begin) -> None:
    one = visit().open()
    one.page.route("**/messages", lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    one.part("#field").fill(QUESTIONS[0])
    one.part("#field").press("Enter")
    again = one.part(".state button")
    expect(again).to_be_visible()
    again.focus()
    one.page.unroute("**/messages")
    again.press("Enter")
    expect(one.part(".card")).to_have_count(2)
    expect(again).not_to_be_visible()
    assert one.script("return chat.shadowRoot.activeElement?.id;") == "field"


def ask_in_another_tab(one: Visit) -> None:
    other = one.load()
    expect(one.part(".card", other)).to_have_count(4)
    one.part("#field", other).fill(QUESTIONS[0])
    one.part("#field", other).press("Enter")
    expect(one.part(".card")).to_have_count(5)


def test_who_reads_further_up_is_not_thrown_to_the_end_by_another_tab(visit: Begin) -> None:
    one = conversation(visit().open())
    one.script(SCROLLER + "scroller.scrollTop = 0;")
    expect(one.part(".newest")).to_be_visible()
    ask_in_another_tab(one)
    assert place(one) == 0
    assert one.violations() == []
    one.part(".newest").click()
    expect(one.part(".card").last.locator("p").first).to_be_in_viewport()
    assert one.script("return chat.shadowRoot.activeElement?.id;") == "field"


def test_who_is_at_the_end_sees_what_another_tab_said(visit: Begin) -> None:
    one = conversation(visit(height=500).open())
    one.script(SCROLLER + TO_THE_END)
    expect(one.part(".newest")).not_to_be_visible()
    ask_in_another_tab(one)
    expect(one.part(".card").last.locator("p").first).to_be_in_viewport()


def test_reopening_keeps_the_place(visit: Begin) -> None:
    one = conversation(visit().open())
    one.script(SCROLLER + "scroller.scrollTop = 70;")
    expect(one.part(".newest")).to_be_visible()
    one.part("header button.round:last-child").click()
    one.part(".launcher").click()
    expect(one.part(".card").first).to_be_visible()
    assert place(one) == 70


@pytest.mark.parametrize("size", [(1280, 420), (390, 500)])
def test_a_reload_shows_the_beginning_of_the_last_answer(visit: Begin, size: tuple[int, int]) -> None:
    one = conversation(visit("nl", *size).sign_in("NL-1001").open())
    one.page.reload()
    expect(one.part(".card")).to_have_count(4)
    expect(one.part(".card").last.locator("p").first).to_be_in_viewport()
    assert place(one) > 0
    assert one.violations() == []
