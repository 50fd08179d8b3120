"""How it looks on other people's pages: their styles stay outside, their colours are readable in both schemes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.visit import SETTLED, Visit
from tests.support import CHECKOUT
from tests.waiting import until

Begin = Callable[..., Visit]
PAGE_STYLES = {
    "small root": "html:root { font-size: 62.5%; }",
    "inherited": "body { text-align: center; letter-spacing: .3em; word-spacing: 1em; text-transform: uppercase;"
    " font: italic 700 30px/3 serif; color: red; cursor: wait; white-space: pre; text-indent: 2em; direction: rtl; }",
    "unset": "* { all: unset; }",
    "everything": "* { font-size: 9px; line-height: 3; text-align: right; letter-spacing: 2px; color-scheme: dark; }",
}
LOOKS = """
return [...chat.shadowRoot.querySelectorAll("*")].map((each) => {
  const style = getComputedStyle(each);
  return [each.tagName, each.className.toString(), [...style].map((name) => `${name}: ${style[name]}`)];
});"""
"""Every property of every part."""


@pytest.mark.parametrize("page_style", PAGE_STYLES)
def test_the_pages_styles_do_not_reach_it(visit: Begin, page_style: str) -> None:
    one = visit("fi", bypass_csp=True).sign_in("FI-2003").open()
    one.ask("Miten lisätyt lisenssit laskutetaan?")
    one.script(SETTLED)
    until(lambda: one.script(LOOKS) == one.script(LOOKS), "the card is laid out")
    before = one.script(LOOKS)
    one.page.add_style_tag(content=PAGE_STYLES[page_style])
    differing = [
        (tag, name, sorted({*now} - {*was}))
        for (tag, name, was), (_, _, now) in zip(before, one.script(LOOKS), strict=True)
        if was != now
    ]
    assert differing == []
    assert one.part(".card").first.evaluate("card => getComputedStyle(card).fontSize") == "16px"


ACCENTS = ("", "#4338ca", "#ffd400", "#d4006a", "#000", "#fff", "#7aa2c8")
SURFACES = ("", "#fff", "#101418", "#fdf3e3")
CONTRASTS = """
const root = chat.shadowRoot, pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const light = (colour) => {
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((of) => of / 255)
    .map((of) => (of <= .04045 ? of / 12.92 : ((of + .055) / 1.055) ** 2.4));
  return .2126 * r + .7152 * g + .0722 * b;
};
const look = (selector, what) => light(getComputedStyle(root.querySelector(selector))[what]);
const contrast = (one, other) => (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
const surface = look(".card", "backgroundColor"), ground = look("dialog", "backgroundColor");
const mine = look(".mine", "backgroundColor"), told = look(".notice", "color");
return {
  text: contrast(look(".card p", "color"), surface), muted: contrast(look("small", "color"), surface),
  link: contrast(look(".people a", "color"), surface), warn: contrast(told, ground),
  mine: contrast(look(".mine", "color"), mine), edge: 1.5 * contrast(look("#field", "borderTopColor"), surface),
};"""
"""How well each reads; an edge needs no more than 3:1."""


def told_off(visit: Begin, dark: bool, language: str = "nl", **more: bool) -> Visit:
    """A page on which all colours are seen: figures, choices, a warning, the customer's words."""
    one = visit(language, dark=dark, reduced_motion="reduce", **more).sign_in("NL-1001").open()
    one.page.route("**/messages", lambda route: route.fulfill(status=400, json={"detail": "Leeg."}), times=1)
    one.part("#field").fill("?")
    one.part("#field").press("Enter")
    expect(one.part(".notice[role=alert]")).to_be_visible()
    one.ask("Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?")
    one.part(".feedback button").first.click()
    return one


@pytest.mark.parametrize("dark", [False, True])
def test_every_accent_and_surface_gives_readable_colours(visit: Begin, dark: bool) -> None:
    one = told_off(visit, dark)
    for surface in SURFACES:
        for accent in ACCENTS:
            colours = {"--saldo-accent": accent, "--saldo-surface": surface}
            one.script(
                "for (const [name, colour] of given[0]) chat.style.setProperty(name, colour);", [*colours.items()]
            )
            poor = {name: round(seen, 2) for name, seen in one.script(CONTRASTS).items() if seen < 4.5}
            assert not poor, colours
    assert one.violations() == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_documented_sample_is_readable_in_both_schemes(visit: Begin, dark: bool) -> None:
    one = told_off(visit, dark, bypass_csp=True)
    sample = re.search(r"^saldo-chat \{.*?^\}", (CHECKOUT / "docs" / "widget.md").read_text(), re.MULTILINE | re.DOTALL)
    assert sample
    one.page.add_style_tag(content=sample[0])
    assert one.violations() == []
    assert min(one.script(CONTRASTS).values()) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_a_browser_without_new_colours_shows_the_light_ones(visit: Begin, dark: bool) -> None:
    one = visit(dark=dark)

    def of_before(route: Route) -> None:
        script = route.fetch()
        route.fulfill(response=script, body=script.text().replace("light-dark(", "no(").replace("(from ", "(no "))

    one.page.route("**/saldo-chat.js", of_before)
    one.page.reload()
    one.open().ask("Hoe zeg ik Severa op?")
    assert one.part(".card").first.evaluate("card => getComputedStyle(card).backgroundColor") == "rgb(255, 255, 255)"
    assert one.part(".mine").evaluate("mine => getComputedStyle(mine).backgroundColor") == "rgb(15, 102, 87)"
    assert one.violations() == []
