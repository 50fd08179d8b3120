"""What a customer sees while something is slow, refused or pasted; nothing is wrong with any of it for axe either."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Route, expect

from saldo.identity import key_of
from saldo.settings import Settings
from saldo.web.auth.sessions import LIFETIME, Session, seal
from tests.browser.visit import Visit
from tests.waiting import until

Begin = Callable[..., Visit]
QUESTION = {"nl": "Hoe zeg ik Severa op?", "fi": "Miten irtisanon Severan?"}
STORED = "const name = Object.keys(localStorage).find((name) => name.endsWith(' session'));"


def say(one: Visit, text: str) -> None:
    one.part("#field").fill(text)
    one.part("#field").press("Enter")


def refused_once(one: Visit, path: str) -> list[tuple[float, Route]]:
    """The server has too much to do once; the next try is held, for the test to let it go on. When each was made."""
    asked: list[tuple[float, Route]] = []

    def hear(route: Route) -> None:
        asked.append((time.monotonic(), route))
        if len(asked) == 1:
            route.fulfill(status=429, headers={"Retry-After": "2"}, json={"detail": "Too many requests"})

    one.page.route(f"**/{path}", hear)
    return asked


@pytest.mark.parametrize(
    ("language", "dark", "told"), [("nl", True, "laat even op zich wachten"), ("fi", False, "kestää")]
)
def test_a_slow_answer_is_told_beside_the_dots(visit: Begin, language: str, dark: bool, told: str) -> None:
    one, held = visit(language, dark=dark).open(), []
    one.page.route("**/messages", lambda route: held.append(route))
    say(one, QUESTION[language])
    expect(one.part(".typing")).to_be_visible()
    assert one.violations() == []
    expect(one.part(".state p")).to_contain_text(told)
    expect(one.part(".typing")).to_be_visible()
    assert not one.part(".state button").is_visible()  # it is on its way: nothing to retry
    assert one.violations() == []
    held[0].continue_()
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".typing")).not_to_be_visible()
    expect(one.part(".state p")).to_be_empty()


@pytest.mark.parametrize(
    ("language", "dark", "told"), [("nl", False, "veel berichten"), ("fi", True, "monta peräkkäin")]
)
def test_too_many_messages_wait_as_long_as_the_server_asks(visit: Begin, language: str, dark: bool, told: str) -> None:
    one = visit(language, 390, 844, dark=dark).open()
    asked = refused_once(one, "messages")
    say(one, QUESTION[language])
    expect(one.part(".state p")).to_contain_text(told)
    expect(one.part(".state button")).to_be_visible()
    assert one.violations() == []
    until(lambda: one.script("return true;") and len(asked) == 2, "it is not tried again")
    asked[1][1].continue_()
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".mine")).to_have_count(1)
    assert len(asked) == 2
    assert asked[1][0] - asked[0][0] > 1.9


def test_a_refused_message_says_why_and_the_next_one_is_sent(visit: Begin) -> None:
    one = visit(dark=True).open()
    problem = {"detail": "Uw bericht was leeg. Wat wilt u weten?"}
    one.page.route("**/messages", lambda route: route.fulfill(status=400, json=problem), times=1)
    say(one, "?")
    expect(one.part(".notice[role=alert]")).to_have_text(problem["detail"])
    assert one.violations() == []
    one.part("#field").fill("en verder")
    one.part(".edit").click()
    expect(one.part("#field")).to_have_value("?\nen verder")
    assert one.script("return chat.shadowRoot.activeElement?.id;") == "field"
    expect(one.part(".refused, .notice, .edit")).to_have_count(0)
    expect(one.ask(QUESTION["nl"])).to_be_visible()


@pytest.mark.parametrize(("language", "told"), [("nl", "Het is op dit moment druk"), ("fi", "Juuri nyt on ruuhkaa")])
def test_too_many_at_opening_is_told_and_no_message_is_made_up(visit: Begin, language: str, told: str) -> None:
    one = visit(language)
    asked = refused_once(one, "session")
    one.part(".launcher").click()
    expect(one.part(".state p")).to_contain_text(told)
    assert one.violations() == []
    until(lambda: one.script("return true;") and len(asked) == 2, "it is not tried again")
    asked[1][1].continue_()
    expect(one.part(".card")).to_have_count(1)


@pytest.mark.parametrize(("language", "told"), [("nl", "cijfers zijn nog niet"), ("fi", "lukujanne ei ole vielä")])
def test_who_is_not_in_the_records_yet_is_told_so_and_answered(visit: Begin, language: str, told: str) -> None:
    one = visit(language)
    signed = (
        "const reply = await fetch('demo/identity', {method: 'POST', headers: {'Content-Type': 'application/json'},"
    )
    signed += "body: JSON.stringify({customer: 'NL-4711'})}); return (await reply.json()).identity;"
    one.script(f"chat.identity = async () => {{ {signed} }};")
    one.open()
    expect(one.part(".card")).to_contain_text(told)
    expect(one.ask(QUESTION[language])).to_be_visible()
    assert one.part("table").count() == 0
    assert one.violations() == []


def test_a_text_of_the_longest_length_is_sent_and_one_more_is_not(visit: Begin) -> None:
    one = visit("fi", dark=True).open()
    one.part("#field").fill("ä" * 2001)
    expect(one.part("#count")).to_contain_text("2 000")
    expect(one.part("#field")).to_have_attribute("aria-invalid", "true")
    assert one.violations() == []
    one.part("#field").fill("ä" * 2000)
    expect(one.part("#field")).to_have_attribute("aria-invalid", "false")
    one.part("#field").press("Enter")
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".mine")).to_contain_text("ä" * 2000)


def test_pasted_markup_is_its_text(visit: Begin) -> None:
    """What is copied from a page brings its markup along; only what one could read of it is pasted."""
    one = visit().open()
    one.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.script(
        """const kinds = { "text/html": "<h1>Hoe zeg <b>ik</b> op?</h1>",
                           "text/plain": "Hoe zeg ik op?" };
        const parts = Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);"""
    )
    one.part("#field").focus()
    one.page.keyboard.press("Control+V")
    expect(one.part("#field")).to_have_value("Hoe zeg ik op?")
    one.part("#field").press("Enter")
    expect(one.part(".card")).to_have_count(2)
    assert one.part(".mine").locator("h1, b, img").count() == 0
    assert one.complaints == []


def test_a_session_that_expired_on_the_server_goes_on(visit: Begin, home: Path) -> None:
    """The browser's clock is late, so it shows a token that has ended; the conversation is renewed, not begun anew."""
    one = visit().sign_in("NL-1001").open()
    one.ask(QUESTION["nl"])
    held = json.loads(one.script(STORED + "return localStorage[name];"))
    claims = jwt.decode(held["token"], options={"verify_signature": False})
    session = Session(claims["sub"], claims["language"], claims["customer"])
    old = seal(key_of(Settings(home=home)), session, now=time.time() - LIFETIME - 60)
    one.script(
        STORED + "localStorage[name] = JSON.stringify({...JSON.parse(localStorage[name]), token: given[0]});", old
    )
    answer = one.ask("Waarom staan er 60 licenties op mijn factuur?")
    expect(answer.locator("table").first).to_contain_text("2026-0142")
    expect(one.part(".mine")).to_have_count(2)
    assert one.part(".notice").count() == 0


def test_an_identity_that_cannot_be_had_any_more_ends_the_figures(visit: Begin) -> None:
    """The host's own session ran out: nothing is answered as for nobody, and the customer is told to sign in."""
    one = visit().sign_in("NL-1001").open()
    one.ask(QUESTION["nl"])
    one.script(STORED + "localStorage[name] = JSON.stringify({...JSON.parse(localStorage[name]), expires: 0});")
    one.page.route("**/demo/identity", lambda route: route.fulfill(status=401, json={}))
    one.script("chat.identity = async () => { throw new Error('signed out'); };")
    expect(one.part(".state p")).to_contain_text("aanmelding")
    assert one.part("table").count() == 0
    assert one.violations() == []
