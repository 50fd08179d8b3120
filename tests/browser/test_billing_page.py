"""What a billing page needs of the widget: questions from its lines, words of its own, what follows, days, keeping."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from saldo.answers.compose import ExplainedTopic, answer
from saldo.faq import load
from saldo.web.endpoints import as_message
from tests.browser.visit import Visit
from tests.support import CHECKOUT
from tests.waiting import until

Begin = Callable[..., Visit]
LANGUAGES = ["nl", "fi"]
CUSTOMER = {"nl": "NL-1001", "fi": "FI-2001"}
INVOICE = {"nl": "2026-0142", "fi": "2026-0482"}
ABOUT = {"nl": "Hoe is factuur 2026-0142 opgebouwd?", "fi": "Mistä lasku 2026-0482 koostuu?"}
BILLED = {"nl": "Op factuur 2026-0142 staan 60 stuks", "fi": "Laskulla 2026-0482 on 60 kpl"}
LEAVE = {"nl": "Hoe zeg ik Severa op?", "fi": "Miten irtisanon Severan?"}
PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E"
PICTURE += "%3Crect width='9' height='9'/%3E%3C/svg%3E"
HEARD = """window.heard = [];
const hear = ({ type }) => heard.push([type.slice(6), document.querySelector("saldo-chat").opened]);
for (const type of ["ready", "open", "close"]) addEventListener(`saldo:${type}`, hear);"""


def look(one: Visit, name: str) -> None:
    """A picture for whoever wants to see it: SALDO_SCREENSHOTS names a folder."""
    if folder := os.environ.get("SALDO_SCREENSHOTS"):
        one.page.wait_for_timeout(300)
        one.page.screenshot(path=str(Path(folder) / f"page-{name}.png"))


def seen(visit: Begin, language: str, **more: Any) -> Visit:
    """Dutch on a phone in light colours, Finnish on a desk in dark ones."""
    size, dark = ((390, 844), False) if language == "nl" else ((1280, 900), True)
    return visit(language, *size, dark=dark, **more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_mark_beside_an_invoice_opens_with_its_question(visit: Begin, language: str) -> None:
    one = seen(visit, language).sign_in(CUSTOMER[language])
    one.script("await chat.open({ invoice: given[0] });", INVOICE[language])
    expect(one.part(".mine")).to_contain_text(ABOUT[language])
    expect(one.part(".card").last).to_contain_text(BILLED[language])
    look(one, f"{language}-invoice")
    assert one.violations() == []
    one.script("await chat.open({ text: given[0] });", LEAVE[language])
    expect(one.part(".mine").last).to_contain_text(LEAVE[language])
    assert one.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_invoice_that_the_page_shows_is_offered_first_and_not_asked(visit: Begin, language: str) -> None:
    one = seen(visit, language).sign_in(CUSTOMER[language])
    one.script("chat.setAttribute('context', `invoice:${given[0]}`);", INVOICE[language])
    one.open()
    chip = one.part(".card button").first
    expect(chip).to_have_text(ABOUT[language])
    look(one, f"{language}-context")
    assert one.violations() == []
    assert one.part(".mine").count() == 0
    chip.click()
    expect(one.part(".card").last).to_contain_text(BILLED[language])
    assert one.part(".about").count() == 0
    one.script("chat.setAttribute('context', 'invoice:2026-0999');")
    expect(one.part(".card").last.locator(".next button").first).to_contain_text("2026-0999")


def test_what_is_no_invoice_is_told_on_the_console(visit: Begin) -> None:
    one = visit()
    one.script("await chat.open({ invoice: 'the last one' }); chat.setAttribute('context', 'order:7');")
    one.script("chat.setAttribute('logo', 'javascript:alert(1)');")
    for wrong in ("invoice:the last one", "order:7", "logo must be"):
        until(lambda wrong=wrong: one.script("return 1;") and any(wrong in said for said in one.complaints), wrong)  # type: ignore[misc]
    assert one.part(".mine").count() == 0
    expect(one.part("header img")).to_be_hidden()


def test_a_page_hears_that_it_is_ready_opened_and_closed(visit: Begin) -> None:
    one = visit()
    one.page.add_init_script(HEARD)
    one.page.reload()
    one.open()
    one.page.keyboard.press("Escape")
    expect(one.part("dialog")).not_to_be_visible()
    assert one.page.evaluate("heard") == [["ready", False], ["open", True], ["close", False]]
    assert one.script("try { chat.opened = true; } catch {} chat.close(); return [chat.opened, heard.length];") == [
        False,
        3,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_may_give_it_a_name_a_logo_and_words_of_its_own(visit: Begin, language: str) -> None:
    one = seen(visit, language, bypass_csp=True)
    own = {"name": "Severa", "logo": PICTURE, "launcher": "Vraag Severa", "greeting": "<b>Dag</b>, ik ben er."}
    one.script("for (const [name, value] of Object.entries(given[0])) chat.setAttribute(name, value);", own)
    expect(one.part(".launcher")).to_have_accessible_name("Vraag Severa")
    one.open()
    expect(one.part("h2")).to_have_text("Severa")
    expect(one.part("header img")).to_be_visible()
    expect(one.part(".card p").first).to_have_text("<b>Dag</b>, ik ben er.")
    look(one, f"{language}-own")
    assert one.violations() == []
    one.page.set_viewport_size({"width": 320, "height": 640})
    one.script("chat.setAttribute('name', 'Asiakaspalvelun laskutusneuvonta');")
    beyond = "title => title.scrollWidth - title.clientWidth"
    until(lambda: one.part("h2").evaluate(beyond) == 0, "a long name runs into what is beside it")
    one.script("chat.removeAttribute('name'); chat.removeAttribute('logo');")
    expect(one.part("h2")).to_have_text("Saldo")
    expect(one.part("header img")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_asked_next_stands_under_the_newest_answer(visit: Begin, language: str) -> None:
    one = seen(visit, language).open()
    first = one.ask(LEAVE[language])
    chips = first.locator(".next button")
    expect(chips).to_have_count(2)
    look(one, f"{language}-next")
    assert one.violations() == []
    one.page.reload()
    expect(chips).to_have_count(2)  # still of the newest answer
    label = chips.first.inner_text()
    chips.first.focus()
    one.page.keyboard.press("Enter")
    expect(one.part(".mine").last).to_contain_text(label)
    expect(first.locator(".next")).to_have_count(0)
    expect(one.part(".card").last.locator(".next button")).to_have_count(2)
    assert one.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_that_were_not_taken_can_still_be_read(visit: Begin, language: str) -> None:
    one, faq = seen(visit, language).open(), load(CHECKOUT / "faq")
    label = faq.text("cancel_service", language).question
    choice = {"id": "cancel_service", "label": label}
    asked = {"id": "asked", "from": "saldo", "kind": "clarify", "topics": [], "language": language, "feedback": False,
             "blocks": [{"type": "options", "items": [choice]}], "instead": []}  # fmt: skip
    replayed(one, [asked])
    expect(one.part(".card").last.get_by_role("button")).to_have_text([label])
    one.ask(LEAVE[language])
    card = one.part(".card").nth(1)
    expect(card.locator("li")).to_have_text([label])
    assert card.get_by_role("button").count() == 0
    look(one, f"{language}-past")
    assert one.violations() == []


def replayed(one: Visit, messages: list[dict[str, Any]], **more: Any) -> None:
    """The widget reads these messages after a reload; the server answers the rest."""

    def told(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, json={**reply.json(), "messages": messages, **more})

    one.page.route("**/messages?after=0*", told)
    one.page.reload()
    expect(one.part(".mine, .card")).to_have_count(1 + len(messages))


def past(language: str) -> list[dict[str, Any]]:
    """A question and its answer of three days ago, of yesterday and of today."""
    now = datetime.now(timezone.utc)
    said = answer(load(CHECKOUT / "faq"), [ExplainedTopic("cancel_service", language)], language).to_json()
    said["parts"][0]["figures_of"] = "2026-11-26"
    messages = []
    for ago in (3, 1, 0):
        at = (now - timedelta(days=ago)).isoformat()
        messages.append({"id": f"asked {ago}", "from": "customer", "text": LEAVE[language], "at": at})
        messages.append(as_message({"id": f"{ago}", **said, "at": at}))
    return messages


@pytest.mark.parametrize(
    ("language", "days", "figures"),
    [
        ("nl", ["gisteren", "vandaag"], "Gegevens van 26 nov 2026"),
        ("fi", ["eilen", "tänään"], "Tilanne 26.11.2026"),
    ],
)
def test_days_are_told_apart_and_figures_have_their_day(
    visit: Begin, language: str, days: list[str], figures: str
) -> None:
    one = seen(visit, language, timezone_id="Europe/Helsinki").open()
    one.ask(LEAVE[language])
    expect(one.part(".day")).to_have_count(0)  # all of today
    replayed(one, past(language))
    lines = one.part(".day")
    expect(lines).to_have_count(3)
    assert lines.all_inner_texts()[1:] == [day.capitalize() for day in days] or lines.all_inner_texts()[1:] == days
    assert str(date.today().year) in lines.first.inner_text()
    expect(one.part(".card").last.locator(".quiet").first).to_have_text(figures)
    look(one, f"{language}-days")
    assert one.violations() == []


KEEP = {"nl": ("Gesprek bewaren", ["Opslaan", "Kopiëren", "Afdrukken"]),
        "fi": ("Tallenna keskustelu", ["Tallenna", "Kopioi", "Tulosta"])}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_conversation_is_saved_copied_and_printed_under_a_strict_policy(
    visit: Begin, host_page: str, language: str, tmp_path: Path
) -> None:
    one = seen(visit, language, address=host_page, permissions=["clipboard-read", "clipboard-write"])
    one.script("chat.setAttribute('language', given[0]);", language)
    one.open().ask(LEAVE[language])
    name, ways = KEEP[language]
    one.part("header").get_by_role("button", name=name).press("Enter")
    buttons = one.part(".keep button")
    expect(buttons).to_have_text(ways)
    look(one, f"{language}-keep")
    assert one.violations() == []
    with one.page.expect_download() as download:
        buttons.nth(0).click()
    download.value.save_as(tmp_path / "kept.html")
    kept = (tmp_path / "kept.html").read_text(encoding="utf-8")
    assert kept.startswith("<!doctype html>") and LEAVE[language] in kept and "<button" not in kept
    buttons.nth(1).click()
    expect(one.part(".keep p")).not_to_be_empty()
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert LEAVE[language] in copied and "severa.support@visma.com" in copied and ways[0] not in copied
    buttons.nth(2).click()
    sheet = one.part("iframe").content_frame
    expect(sheet.locator("section")).to_have_count(3)
    assert sheet.locator("button").count() == 0
    assert sheet.locator("h1").evaluate("title => getComputedStyle(title).fontSize") == "20px"
    if folder := os.environ.get("SALDO_SCREENSHOTS"):
        page = one.context.new_page()
        page.goto((tmp_path / "kept.html").as_uri())
        page.emulate_media(media="print")
        page.screenshot(path=str(Path(folder) / f"page-{language}-kept.png"), full_page=True)
    assert one.complaints == []


@pytest.mark.parametrize(("language", "label"), [("nl", "Lees meer in het artikel"), ("fi", "Lue lisää artikkelista")])
def test_an_article_with_an_address_is_linked(visit: Begin, tmp_path: Path, language: str, label: str) -> None:
    folder = tmp_path / "faq"
    shutil.copytree(CHECKOUT / "faq", folder)
    file = folder / language / "cancel_service.yml"
    text = file.read_text(encoding="utf-8").replace("source:\n", "source:\n  url: https://help.example/article\n")
    file.write_text(text, encoding="utf-8")
    said = answer(load(folder), [ExplainedTopic("cancel_service", language)], language).to_json()
    one = seen(visit, language).open()
    replayed(one, [as_message({"id": "linked", **said})])
    link = one.part(".card").last.get_by_role("link", name=label, include_hidden=True)
    expect(link).to_have_attribute("href", "https://help.example/article")
    expect(link).to_have_attribute("target", "_blank")
    assert "noopener" in (link.get_attribute("rel") or "").split()
    one.script("for (const more of chat.shadowRoot.querySelectorAll('details')) more.open = true;")
    look(one, f"{language}-article")
    assert one.violations() == []


PERSON = {"nl": "Ik wil graag een medewerker spreken.", "fi": "Haluan puhua asiakaspalvelijan kanssa."}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_of_what_was_passed_on_is_there_after_a_reload(visit: Begin, language: str) -> None:
    one = seen(visit, language).open()
    card = one.ask(PERSON[language])
    card.locator(".handover .send").click()
    card.locator("input").fill("piet@klant.example")
    card.locator("form .send").click()
    done = card.locator(".handover > p").first
    expect(done).to_contain_text("-")
    said = done.inner_text()
    one.page.reload()
    expect(one.part(".handed")).to_have_text(said)
    look(one, f"{language}-handed")
    assert one.violations() == []
