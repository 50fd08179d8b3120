"""The way to a person: one sees what is passed on before it is, says where to answer, and gets a reference."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.visit import Visit

Begin = Callable[..., Visit]
ASKED = {"nl": "Ik wil graag een medewerker spreken.", "fi": "Haluan puhua asiakaspalvelijan kanssa."}
QUESTION = {"nl": "Waarom betaal ik voor meer licenties dan er gebruikers zijn?", "fi": "Miten irtisanon Severan?"}
WORDS = {
    "nl": {"offer": "Een collega vragen", "send": "Doorgeven", "bad": "klopt niet", "done": "Uw kenmerk is"},
    "fi": {"offer": "Kysy asiakaspalvelijalta", "send": "Välitä", "bad": "on virhe", "done": "Viitteenne on"},
}
ADDRESS = "piet@klant.example"
FOCUSED = "const held = chat.shadowRoot.activeElement; return [held?.localName, held?.textContent];"


def look(one: Visit, name: str) -> None:
    """A picture for whoever wants to see it: SALDO_SCREENSHOTS names a folder."""
    if folder := os.environ.get("SALDO_SCREENSHOTS"):
        one.page.screenshot(path=str(Path(folder) / f"handover-{name}.png"))


def opened(one: Visit, card: Locator, language: str) -> Locator:
    card.get_by_role("button", name=WORDS[language]["offer"]).click()
    form = card.locator(".handover form")
    expect(form).to_be_visible()
    return form


def review_of(home: Path, said: str) -> dict[str, Any]:
    (reference,) = re.findall(r"[A-Z0-9]{4}-[A-Z0-9]{4}", said)
    return dict(json.loads((home / "var" / "mail" / f"handover-{reference}.review.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("language", "dark", "size"), [("nl", False, (1280, 800)), ("fi", True, (390, 844)), ("nl", True, (320, 640))]
)
def test_a_conversation_is_passed_on_by_keyboard(
    visit: Begin, home: Path, language: str, dark: bool, size: tuple[int, int]
) -> None:
    one, words, name = visit(language, *size, dark=dark).open(), WORDS[language], f"{language}-{size[0]}"
    one.ask(QUESTION[language])
    card = one.ask(ASKED[language])
    look(one, f"{name}-offer")
    assert one.violations() == []
    card.get_by_role("button", name=words["offer"]).focus()
    one.page.keyboard.press("Enter")
    form = card.locator(".handover form")
    expect(form).to_be_visible()
    assert one.script(FOCUSED)[0] == "h3"
    expect(form.locator("h3")).to_be_in_viewport()
    expect(form.locator("input")).to_be_in_viewport()
    look(one, f"{name}-form")
    assert one.violations() == []
    form.locator("summary").press("Enter")
    expect(form.locator("details")).to_contain_text(QUESTION[language])
    look(one, f"{name}-shown")
    assert one.violations() == []
    form.locator("input").fill("piet")
    one.page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text(words["bad"])
    assert one.script(FOCUSED)[0] == "input"
    for part in (form.get_by_role("alert"), form.locator("input")):
        expect(part).to_be_in_viewport(ratio=1)
    look(one, f"{name}-refused")
    assert one.violations() == []
    form.locator("input").fill(ADDRESS)
    form.locator("textarea").fill("Vandaag nog?")
    one.page.keyboard.press("Tab")
    one.page.keyboard.press("Enter")
    done = card.locator(".handover p").first
    expect(done).to_contain_text(words["done"])
    assert one.script(FOCUSED)[1] == done.inner_text()
    look(one, f"{name}-done")
    assert one.violations() == []
    link = card.locator(".handover a").get_attribute("href") or ""
    assert link.startswith("mailto:severa.") and "body=Vandaag%20nog%3F" in link
    review = review_of(home, done.inner_text())
    assert (review["from"], review["handover"]["text"]) == (ADDRESS, "Vandaag nog?")
    assert review["handover"]["transcript"][0]["text"] == QUESTION[language]
    assert one.complaints == []


def test_after_a_no_a_person_can_be_asked(visit: Begin, home: Path) -> None:
    one = visit("nl").open()
    card = one.ask(QUESTION["nl"])
    card.get_by_role("button", name="Nee").click()
    card.get_by_role("button", name="Ja").click()
    card.get_by_role("button", name="Nee").click()
    form = opened(one, card, "nl")
    look(one, "nl-no")
    assert one.violations() == []
    form.locator("input").fill(ADDRESS)
    form.get_by_role("button", name="Doorgeven").click()
    done = card.locator(".handover p").first
    expect(done).to_contain_text("Uw kenmerk is")
    assert review_of(home, done.inner_text())["handover"]["reason"] == "not_helpful"


def test_who_is_signed_in_need_give_no_address(visit: Begin, home: Path) -> None:
    one = visit("fi").sign_in("FI-2001").open()
    one.ask("Tämä on jo kolmas kerta, kun lasku on väärin. Tämä ei käy.")
    card = one.part(".card").last
    form = opened(one, card, "fi")
    expect(form).to_contain_text("Kirjautuneena: Kurkiaura Konsultointi Oy")
    look(one, "fi-signed-in")
    assert one.violations() == []
    form.get_by_role("button", name="Välitä").click()
    done = card.locator(".handover p").first
    expect(done).to_contain_text("Viitteenne on")
    review = review_of(home, done.inner_text())
    assert (review["handover"]["customer"]["id"], review["handover"]["reason"]) == ("FI-2001", "escalation")


def test_one_who_changes_their_mind_has_passed_on_nothing(visit: Begin, home: Path) -> None:
    one = visit("nl").open()
    card = one.ask(ASKED["nl"])
    before = set((home / "var").glob("mail/handover-*"))
    opened(one, card, "nl").get_by_role("button", name="Toch niet").click()
    expect(card.locator(".handover form")).to_have_count(0)
    assert one.script(FOCUSED)[1] == WORDS["nl"]["offer"]
    assert set((home / "var").glob("mail/handover-*")) == before


def test_what_fails_is_told_and_nothing_typed_is_lost(visit: Begin) -> None:
    one = visit("nl", dark=True).open()
    card = one.ask(ASKED["nl"])
    form = opened(one, card, "nl")
    form.locator("input").fill(ADDRESS)

    def fail(route: Route) -> None:
        route.fulfill(status=503, json={"detail": "no"}) if route.request.method == "POST" else route.continue_()

    one.page.route("**/handover", fail)
    form.get_by_role("button", name="Doorgeven").click()
    expect(form.get_by_role("alert")).to_contain_text("Er is niets verloren gegaan")
    expect(form.locator("input")).to_have_value(ADDRESS)
    assert one.violations() == []
    one.page.unroute("**/handover")
    form.get_by_role("button", name="Doorgeven").click()
    expect(card.locator(".handover p").first).to_contain_text("Uw kenmerk is")


def test_the_page_hears_of_it(visit: Begin) -> None:
    one = visit("nl").open()
    one.script("addEventListener('saldo:handover', ({ detail }) => { window.heard = detail; });")
    card = one.ask(ASKED["nl"])
    form = opened(one, card, "nl")
    form.locator("input").fill(ADDRESS)
    form.get_by_role("button", name="Doorgeven").click()
    expect(card.locator(".handover p").first).to_contain_text("Uw kenmerk is")
    assert re.fullmatch(r"[A-Z0-9-]{9}", one.page.evaluate("window.heard.reference"))
