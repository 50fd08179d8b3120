"""The widget in an iframe, for pages that cannot load a script: who may frame it, and whom it believes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.conftest import BROWSERS, QUIET
from tests.browser.host import CUSTOMER, identity_of
from tests.browser.visit import AXE_RULES, Visit
from tests.fault_table import Seen
from tests.serving import Server
from tests.waiting import DEADLINE, until

Begin = Callable[..., Visit]
ASKED = {"nl": "Hoeveel licenties hebben wij?", "fi": "Kuinka monta lisenssiä meillä on?"}
CUSTOMERS = {"nl": ("NL-1001", "Kraanvogel Advies"), "fi": ("FI-2001", "Hei")}
PHONE, DESK = (390, 844), (1280, 800)
THEFT = "token => opener.frames[0].postMessage({ type: 'saldo:identity', identity: token }, '*')"
UNASKED = "token => frames[0].postMessage({ type: 'saldo:identity', identity: token }, '*')"


def framed(page: Page, selector: str) -> Locator:
    """A part of the widget in the page's frame."""
    return page.frame_locator("#saldo").locator(f"saldo-chat {selector}")


def inside(page: Page) -> Frame:
    """The frame of the page."""
    (frame,) = page.main_frame.child_frames
    return frame


def ask(page: Page, text: str) -> Locator:
    """Say something in the frame; the card that answers it."""
    expect(framed(page, ".card").first).to_be_visible()
    cards = framed(page, ".card").count()
    framed(page, "#field").fill(text)
    framed(page, "#field").press("Enter")
    answer = framed(page, ".card").nth(cards)
    expect(answer).to_be_visible()
    return answer


def signed_in(one: Visit, host_page: str, customer: str) -> Page:
    """The host's page, when its own session is a customer's."""
    one.context.add_cookies([{"name": CUSTOMER, "value": customer, "url": host_page}])
    one.page.reload()
    return one.page


def complains(one: Visit, word: str) -> None:
    """Wait until the console says so."""
    until(lambda: one.page.evaluate("true") and any(word in said for said in one.complaints), "nothing is said")


def violations(one: Visit) -> list[Any]:
    """What axe-core finds wrong with the page and the frame in it."""
    for frame in one.page.frames:
        frame.evaluate(one.axe)
    found = one.page.evaluate("rules => axe.run(document, { runOnly: rules })", AXE_RULES)
    assert any(node["target"][0] == "#saldo" for each in found["passes"] for node in each["nodes"]), (
        "it never looked in"
    )
    return list(found["violations"])


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_listed_page_frames_it_and_says_who_is_signed_in(
    visit: Begin, host_page: str, language: str, size: tuple[int, int]
) -> None:
    one = visit(language, *size, address=f"{host_page}framed?{language}", reduced_motion="reduce")
    customer, name = CUSTOMERS[language]
    assert ask(one.page, ASKED[language]).locator("figure").count() == 0, "figures for nobody"
    signed_in(one, host_page, customer)
    expect(framed(one.page, ".card").first).to_contain_text(name)
    answer = ask(one.page, ASKED[language])
    expect(answer.locator("figure").first).to_be_visible()
    box, panel = one.page.locator("#saldo").bounding_box(), framed(one.page, "dialog").bounding_box()
    assert box == panel, "it fills the frame"
    assert violations(one) == []
    assert one.complaints == []


def test_a_page_that_is_not_listed_cannot_frame_it(visit: Begin, host_page: str) -> None:
    one = visit(address=f"{host_page.replace('127.0.0.1', '127.0.0.2')}framed?nl")
    complains(one, "frame-ancestors")
    assert framed(one.page, ".card").count() == 0
    assert inside(one.page).url.startswith("chrome-error:")


def test_an_identity_from_another_window_is_ignored(visit: Begin, host_page: str, bot_server: Server) -> None:
    """Of a listed origin, even: only the page around the frame knows who sits before it."""
    one = visit(address=f"{host_page}framed?nl")
    ask(one.page, ASKED["nl"])
    with one.page.expect_popup() as opened:
        one.page.evaluate("window.open('/framed?nl'), null")
    opened.value.evaluate(THEFT, identity_of(bot_server, "NL-1001"))
    complains(one, "ignored")
    assert ask(one.page, ASKED["nl"]).locator("figure").count() == 0


def test_an_identity_from_an_origin_that_is_not_listed_is_ignored(visit: Begin, bot_server: Server) -> None:
    """A page of Saldo's own may frame it, but signs nobody in."""
    one = visit(bypass_csp=True)
    one.page.evaluate("document.body.innerHTML = '<iframe id=saldo src=frame></iframe>'")
    ask(one.page, ASKED["nl"])
    one.page.evaluate(UNASKED, identity_of(bot_server, "NL-1001"))
    complains(one, "ignored")
    assert ask(one.page, ASKED["nl"]).locator("figure").count() == 0


def test_who_signs_out_takes_the_conversation_along(visit: Begin, host_page: str) -> None:
    one = visit(address=f"{host_page}framed?nl")
    signed_in(one, host_page, "NL-1001")
    expect(framed(one.page, ".card").first).to_contain_text("Kraanvogel")
    expect(ask(one.page, ASKED["nl"]).locator("figure").first).to_be_visible()
    one.context.clear_cookies()
    one.page.evaluate(UNASKED, None)
    expect(framed(one.page, ".mine")).to_have_count(0)
    expect(framed(one.page, ".card").first).not_to_contain_text("Kraanvogel")
    assert ask(one.page, ASKED["nl"]).locator("figure").count() == 0


@pytest.fixture
def tab(browser: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    """A tab of a browser whose owner has chosen what pages may keep."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps({"profile": request.param}))
    path = next(filter(None, map(shutil.which, BROWSERS)))
    context = browser.browser_type.launch_persistent_context(tmp_path, executable_path=path, args=QUIET, locale="nl-NL")
    context.set_default_timeout(1000 * DEADLINE)
    yield context.pages[0]
    context.close()


ALL_KEEP, FRAMED_KEEP_NOTHING = {"cookie_controls_mode": 0}, {"cookie_controls_mode": 1}
NONE_KEEPS = {"default_content_setting_values": {"cookies": 2}}
KEPT = "() => { try { return localStorage.length } catch (error) { return error.name } }"


@pytest.mark.fault(
    "the browser lets no page, or no framed one, keep anything", expected="the conversation goes on until a reload"
)
@pytest.mark.parametrize("tab", [FRAMED_KEEP_NOTHING, NONE_KEEPS], ids=["framed", "all"], indirect=True)
def test_works_where_storage_is_blocked(tab: Page, host_page: str, seen: Seen) -> None:
    """Locks are blocked together with storage: once no message was ever sent there."""
    tab.goto(f"{host_page}framed?nl")
    assert inside(tab).evaluate(KEPT) == "SecurityError"
    ask(tab, "Hoe zeg ik Severa op?")
    ask(tab, ASKED["nl"])
    expect(framed(tab, ".mine")).to_have_count(2)
    tab.reload()
    expect(framed(tab, ".card")).to_have_count(1)
    seen("2 of 2 questions answered; after a reload the conversation begins anew")


@pytest.mark.parametrize("tab", [ALL_KEEP], ids=["all keep"], indirect=True)
def test_goes_on_after_a_reload_where_it_is_not(tab: Page, host_page: str) -> None:
    tab.goto(f"{host_page}framed?nl")
    ask(tab, "Hoe zeg ik Severa op?")
    assert inside(tab).evaluate(KEPT) > 0
    tab.reload()
    expect(framed(tab, ".card")).to_have_count(2)
    expect(framed(tab, ".mine")).to_have_count(1)


@pytest.mark.fault(
    "the page around the frame says no more who is signed in", expected="the customer is told; they are never nobody"
)
def test_a_page_that_falls_silent_signs_nobody_out(visit: Begin, host_page: str, seen: Seen) -> None:
    one = visit(address=f"{host_page}framed?nl")
    signed_in(one, host_page, "NL-1001")
    expect(framed(one.page, ".card").first).to_contain_text("Kraanvogel")
    one.page.route("**/saldo-identity", lambda route: route.abort())
    ended = iter([401])
    one.page.route(
        "**/webhooks/widget/messages",
        lambda route: route.fulfill(status=401, json={}) if next(ended, None) else route.continue_(),
    )
    framed(one.page, "#field").fill(ASKED["nl"])
    framed(one.page, "#field").press("Enter")
    expect(framed(one.page, ".state")).to_contain_text("aanmelding")
    expect(framed(one.page, ".mine.waiting")).to_have_count(1)
    one.page.unroute("**/saldo-identity")
    framed(one.page, ".state button").click()
    expect(framed(one.page, "figure").first).to_be_visible()
    seen("told after 10 s with the message kept; sent by a tap once the page answers")


def test_a_sandbox_needs_what_the_document_says(visit: Begin, host_page: str) -> None:
    one = visit(address=f"{host_page}framed?nl")
    one.page.evaluate(
        """() => { const frame = document.querySelector("#saldo");
        frame.sandbox = "allow-scripts allow-same-origin allow-forms allow-popups";
        frame.src = frame.src; }"""
    )
    ask(one.page, "Hoe zeg ik Severa op?")
