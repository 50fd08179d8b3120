"""What survives: reloads, new tabs, a lost network, a restarted server, an ended session; and what must not."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visit import Visit
from tests.serving import Server

pytestmark = pytest.mark.long

Begin = Callable[..., Visit]
QUESTION = "Hoe zeg ik Severa op?"
EXPIRE = "const key = Object.keys(localStorage).find((name) => name.endsWith(' session'));"


def test_a_reload_keeps_everything(visit: Begin) -> None:
    one = visit().sign_in("NL-1001").open()
    one.ask("Hoeveel licenties hebben wij?")
    before = one.part(".log").inner_text()
    one.part("#field").fill("half geschreven")
    one.page.reload()
    expect(one.part(".card")).to_have_count(2)
    assert one.part(".log").inner_text() == before
    expect(one.part("#field")).to_have_value("half geschreven")
    assert one.complaints == []


def test_two_tabs_are_one_conversation(visit: Begin) -> None:
    one = visit().open()
    one.ask(QUESTION)
    other = one.load()
    expect(one.part(".card", other)).to_have_count(2)
    one.part("#field", other).fill("Ik heb dubbel betaald, wat nu?")
    one.part("#field", other).press("Enter")
    expect(one.part(".card", other)).to_have_count(3)
    expect(one.part(".card")).to_have_count(3)
    expect(one.part(".mine")).to_have_count(2)
    assert one.violations() == []


def test_a_lost_network_loses_and_doubles_nothing(visit: Begin) -> None:
    one = visit().open()
    one.context.set_offline(True)
    one.part("#field").fill(QUESTION)
    one.part("#field").press("Enter")
    expect(one.part(".state")).to_contain_text("internetverbinding")
    assert one.violations() == []
    one.context.set_offline(False)
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".mine")).to_have_count(1)


FILL = """for (let size = 1 << 22; size; size >>= 1) {
  try { while (true) localStorage[`full ${localStorage.length}`] = "x".repeat(size); } catch {}
}"""


@pytest.mark.fault("the browser's storage is full", expected="the conversation goes on")
def test_a_full_storage_stops_nobody(visit: Begin) -> None:
    one = visit().open()
    one.script(FILL)
    one.ask(QUESTION)
    one.ask("Ik heb dubbel betaald, wat nu?")
    expect(one.part(".mine")).to_have_count(2)
    assert one.complaints == []


def test_an_answer_lost_on_its_way_is_fetched_again(visit: Begin) -> None:
    one = visit().open()
    lost = []  # type: ignore[var-annotated]

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().json())  # the server has answered; nobody hears of it
        route.abort()

    one.page.route("**/messages", lose)
    one.part("#field").fill(QUESTION)
    one.part("#field").press("Enter")
    expect(one.part(".card")).to_have_count(2)
    one.page.reload()
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".mine")).to_have_count(1)


def test_a_failing_server_is_told_and_tried_again(visit: Begin) -> None:
    one = visit("fi").open()
    one.page.route("**/messages", lambda route: route.fulfill(status=503, json={"detail": "busy"}))
    one.part("#field").fill("Miten irtisanon Severan?")
    one.part("#field").press("Enter")
    expect(one.part(".state")).to_contain_text("Mitään ei kadonnut")
    assert one.violations() == []
    expect(one.part(".state button")).to_be_visible()
    one.page.unroute("**/messages")
    one.part(".state button").dispatch_event("click")  # the widget may just be trying by itself
    expect(one.part(".card")).to_have_count(2)


def test_a_restarted_server_goes_on(visit: Begin, bot_server: Server) -> None:
    one = visit().sign_in("NL-1001").open()
    one.ask(QUESTION)
    assert bot_server.stop(signal.SIGINT) == 0
    one.part("#field").fill("Hoeveel licenties hebben wij?")
    one.part("#field").press("Enter")
    expect(one.part(".state")).to_contain_text("niet bereikbaar")
    assert one.violations() == []
    expect(one.part(".state button")).to_be_visible()
    bot_server.start()
    one.part(".state button").dispatch_event("click")
    expect(one.part(".card")).to_have_count(3)
    expect(one.part(".mine")).to_have_count(2)


def test_an_expired_session_is_renewed_unnoticed(visit: Begin) -> None:
    one = visit().open()
    one.ask(QUESTION)
    one.script(EXPIRE + "localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), expires: 0});")
    one.ask("Ik heb dubbel betaald, wat nu?")
    expect(one.part(".mine")).to_have_count(2)
    assert one.part(".notice").count() == 0
    assert one.violations() == []


def test_a_forged_session_begins_anew_and_says_so(visit: Begin) -> None:
    one = visit().open()
    one.ask(QUESTION)
    one.script(EXPIRE + "localStorage[key] = JSON.stringify({...JSON.parse(localStorage[key]), token: 'a.b.c'});")
    one.part("#field").fill("Ik heb dubbel betaald, wat nu?")
    one.part("#field").press("Enter")
    expect(one.part(".notice")).to_be_visible()
    expect(one.part(".mine")).to_have_count(1)
    expect(one.part(".card")).to_have_count(2)
    assert one.violations() == []


def test_another_customer_sees_nothing_of_the_first(visit: Begin) -> None:
    one = visit().sign_in("NL-1001").open()
    one.ask("Hoeveel licenties hebben wij?")
    token = one.script(EXPIRE + "return JSON.parse(localStorage[key]).token;")
    one.sign_in("NL-1002")
    expect(one.part(".card")).to_have_count(1)
    assert replayed(one, token) == 401


def test_signing_out_ends_it_everywhere(visit: Begin) -> None:
    one = visit().sign_in("NL-1001").open()
    one.ask("Hoeveel licenties hebben wij?")
    other = one.load()
    expect(one.part(".card", other)).to_have_count(2)
    token = one.script(EXPIRE + "return JSON.parse(localStorage[key]).token;")
    one.script("chat.identity = () => null; await chat.signOut();")
    expect(one.part(".card")).to_have_count(1)
    expect(one.part(".card", other)).to_have_count(1)
    assert replayed(one, token) == 401
    assert one.violations() == []


def replayed(one: Visit, token: str) -> int:
    """What the server says to a token by itself."""
    return int(
        one.script(
            "const headers = {Authorization: `Bearer ${given[0]}`};"
            "return (await fetch('messages?after=0', {headers})).status;",
            token,
        )
    )
