"""Everybody can use it: keyboard alone, focus, small and magnified screens, both themes, little motion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.waiting import until

Begin = Callable[..., Visit]
FOCUSED = "return chat.shadowRoot.activeElement?.id || chat.shadowRoot.activeElement?.className;"
SIZES = [(320, 640), (390, 844), (844, 390), (768, 1024), (1440, 900), (320, 256)]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_axe_finds_nothing(visit: Begin, language: str, dark: bool) -> None:
    one = visit(language, dark=dark)
    assert one.violations() == []
    one.sign_in("NL-1003" if language == "nl" else "FI-2003").open()
    assert one.violations() == []
    one.ask("Hoe worden extra licenties berekend?" if language == "nl" else "Miten lisätyt lisenssit laskutetaan?")
    one.part("summary").first.click()
    assert one.violations() == []
    one.ask("factuur" if language == "nl" else "lasku")
    assert one.violations() == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_sticks_out(visit: Begin, width: int, height: int) -> None:
    one = visit("fi", width, height).sign_in("FI-2003").open()
    one.ask("Miten lisätyt lisenssit laskutetaan?")
    wider = "const box = chat.shadowRoot.querySelector('.scroller'); return box.scrollWidth - box.clientWidth;"
    assert one.script(wider) == 0
    assert one.script("return document.documentElement.scrollWidth - innerWidth;") <= 0
    one.part("#field").scroll_into_view_if_needed()
    expect(one.part("#field")).to_be_in_viewport()
    assert one.violations() == []


def test_the_keyboard_is_enough(visit: Begin) -> None:
    one = at_launcher(visit)
    one.page.keyboard.press("Enter")
    expect(one.part(".card")).to_be_visible()
    assert one.script(FOCUSED) == "field"
    one.page.keyboard.type("Hoe zeg ik Severa op?")
    one.page.keyboard.press("Enter")
    expect(one.part(".card")).to_have_count(2)
    reach(one, ".feedback button")
    assert one.violations() == []
    one.page.keyboard.press("Space")
    expect(one.part(".feedback [aria-pressed=true]")).to_have_count(1)
    one.page.keyboard.press("Escape")
    expect(one.part("dialog")).not_to_be_visible()
    assert one.script(FOCUSED) == "launcher"


def test_the_keyboard_reaches_choices_the_other_language_and_a_person(visit: Begin) -> None:
    one = at_launcher(visit)
    one.page.keyboard.press("Enter")
    expect(one.part(".options button")).to_have_count(3)
    reach(one, ".options button")
    one.page.keyboard.press("Enter")
    expect(one.part(".card")).to_have_count(2)
    reach(one, ".switch [lang=fi]")
    one.page.keyboard.press("Space")
    expect(one.part("#field")).to_have_attribute("placeholder", "Kysymys")
    reach(one, ".people a")
    assert one.script("return chat.shadowRoot.activeElement.protocol;") == "mailto:"


def at_launcher(visit: Begin) -> Visit:
    """A page with the focus on the launcher, which is hidden, and takes none, until its words are there."""
    one = visit()
    expect(one.part(".launcher")).to_be_visible()
    one.part(".launcher").focus()
    return one


def reach(one: Visit, selector: str) -> None:
    """Go on with Shift+Tab, as one does from the field upwards and round, until such a part has the focus."""
    for _ in range(40):
        if one.script("return Boolean(chat.shadowRoot.activeElement?.matches(given[0]));", selector):
            return
        one.page.keyboard.press("Shift+Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_on_a_phone_the_page_behind_is_out_of_reach(visit: Begin) -> None:
    one = visit(width=390, height=844, has_touch=True, is_mobile=True).open()
    for _ in range(12):
        one.page.keyboard.press("Tab")
        assert one.page.evaluate("document.activeElement.id !== 'customer'")
    one.part("header button.round:last-child").click()
    assert one.script(FOCUSED) == "launcher"


def test_a_reload_does_not_take_the_focus(visit: Begin) -> None:
    one = visit().open()
    one.page.reload()
    expect(one.part(".card")).to_be_visible()
    assert one.page.evaluate("document.activeElement === document.body")


def test_answers_are_announced_politely_and_a_replay_is_not(visit: Begin) -> None:
    log = visit().open().part(".log")
    assert log.get_attribute("role") == "log"
    expect(visit().part(".state p")).to_have_attribute("role", "status")


SMALL = """(targets, least) => targets.map((target) => [target.outerHTML.slice(0, 80), target.getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.min(width, height) < least).map(([name]) => name)"""
"""Looked at all at once: what comes and goes by itself does so between two looks."""


def test_targets_are_large_enough(visit: Begin) -> None:
    one = visit().open()
    one.ask("Hoe zeg ik Severa op?")
    targets = one.part("button:visible, summary:visible")
    assert targets.count() > 5
    assert targets.evaluate_all(SMALL, 24) == []


def test_targets_are_large_for_fingers(visit: Begin) -> None:
    one = (
        visit(width=390, height=844, has_touch=True, is_mobile=True, reduced_motion="reduce").sign_in("NL-1001").open()
    )
    answer = one.ask("Hoe zeg ik Severa op?")
    answer.locator(".verdict button").last.click()
    expect(one.part(".ways")).to_be_visible()
    targets = one.part("button:visible, summary:visible, a:visible, textarea:visible, input:visible")
    assert targets.count() > 10
    assert targets.evaluate_all(SMALL, 44) == []
    assert one.violations() == []
    answer.locator(".handover .send").click()
    expect(answer.locator("input")).to_be_visible()
    assert targets.evaluate_all(SMALL, 44) == []
    answer.locator(".handover .send").click()
    expect(answer.locator(".handover a")).to_be_visible()
    assert targets.evaluate_all(SMALL, 44) == []


KEYBOARD = """Object.defineProperty(visualViewport, "height", { get: () => 420, configurable: true });
visualViewport.dispatchEvent(new Event("resize"));"""


def test_over_a_phones_keyboard_the_panel_keeps_to_what_is_left(visit: Begin) -> None:
    """No browser here has such a keyboard; what it does to the visual viewport is told as it would be."""
    one = visit(width=390, height=844, has_touch=True, is_mobile=True, reduced_motion="reduce").open()
    one.ask("Hoe zeg ik Severa op?")
    one.script(KEYBOARD)
    box = one.part("dialog").bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) == (0, 420)
    expect(one.part("header .round:last-child")).to_be_in_viewport(ratio=1)


def test_magnifying_with_two_fingers_leaves_the_panel_as_it_is(visit: Begin) -> None:
    one = visit(width=390, height=844, has_touch=True, is_mobile=True, reduced_motion="reduce").open()
    before = one.part("dialog").evaluate("dialog => dialog.offsetHeight")
    one.context.new_cdp_session(one.page).send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    until(lambda: one.script("return visualViewport.scale === 2;"), "the page is not magnified")
    assert one.part("dialog").evaluate("dialog => dialog.offsetHeight") == before


def test_little_motion_where_little_is_wanted(visit: Begin) -> None:
    one = visit(reduced_motion="reduce").open()
    one.ask("Hoe zeg ik Severa op?")
    assert one.violations() == []
    assert one.part(".card").first.evaluate("card => getComputedStyle(card).animationName") == "none"


LOW = [(812, 375), (480, 300), (360, 225)]
"""A phone on its side, and a desk at 300 and at 400 %."""


@pytest.mark.parametrize(("width", "height"), LOW)
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_in_a_low_window_the_conversation_alone_scrolls(visit: Begin, language: str, width: int, height: int) -> None:
    one = visit(language, width, height, reduced_motion="reduce").sign_in("NL-1001").open()
    answer = one.ask({"nl": "Hoe zeg ik Severa op?", "fi": "Miten irtisanon Severan?"}[language])
    expect(answer.locator("p").first).to_be_in_viewport()
    one.part("#field").fill("regel\n" * 8)
    for fixed in ("header .round:last-child", ".switch", "#field", "h2"):
        expect(one.part(fixed)).to_be_in_viewport(ratio=1)
    scrolled = "const seen = (name) => chat.shadowRoot.querySelector(name); return [seen('dialog').scrollHeight - "
    scrolled += "seen('dialog').clientHeight, seen('.scroller').clientHeight, seen('.scroller').scrollTop > 0];"
    beyond, seen, moved = one.script(scrolled)
    assert (beyond, moved) == (0, True)
    assert seen >= height * 0.35
    one.part(".people a").last.scroll_into_view_if_needed()
    expect(one.part("header .round:last-child")).to_be_in_viewport(ratio=1)
    assert one.violations() == []


def test_with_forced_colours_everything_has_a_frame(visit: Begin) -> None:
    one = visit(forced_colors="active").sign_in("NL-1001").open()
    one.ask("Hoeveel licenties hebben wij?")
    for framed in (".mine", ".card >> nth=1", ".launcher"):
        frame = one.part(framed).evaluate(
            "part => [getComputedStyle(part).borderTopWidth, getComputedStyle(part).borderTopColor]"
        )
        assert frame == ["1px", "rgb(0, 0, 0)"], framed
    assert one.part(".used").first.evaluate("seat => getComputedStyle(seat).fill") == "rgb(0, 0, 0)"
    assert one.part(".typing i").first.evaluate("dot => getComputedStyle(dot).backgroundColor") == "rgb(0, 0, 0)"
    assert one.violations() == []


def test_with_forced_colours_a_button_that_is_off_looks_so(visit: Begin) -> None:
    one = visit(forced_colors="active").open()
    colour = "part => getComputedStyle(part).color"
    off = one.part(".send").evaluate(colour)
    one.part("textarea").fill("Hoeveel licenties hebben wij?")
    assert one.part(".send").evaluate(colour) != off
