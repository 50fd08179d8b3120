"""The widget in other people's pages: a strict policy, another origin, attributes, events, methods."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.waiting import until

Begin = Callable[..., Visit]


@pytest.mark.parametrize("path", ["", "plain"])
def test_works_under_a_strict_policy_on_another_origin(visit: Begin, host_page: str, path: str) -> None:
    """Pinned as `saldo serve` prints it, and as docs/embedding.md has it."""
    one = visit(address=f"{host_page}{path}").open()
    expect(one.ask("Hoe zeg ik Severa op?")).to_be_visible()
    assert one.violations() == []
    assert one.complaints == []


def test_an_origin_that_is_not_listed_gets_nothing(visit: Begin, host_page: str) -> None:
    one = visit(address=host_page.replace("127.0.0.1", "127.0.0.2"), bypass_csp=True)
    until(
        lambda: one.script("return true;") and any("SALDO_ORIGINS" in said for said in one.complaints), "no complaint"
    )
    assert one.part(".launcher").is_hidden()
    assert one.part(".card").count() == 0


def test_an_identity_that_is_no_function_is_told_on_the_console(visit: Begin) -> None:
    one = visit()
    one.script("chat.identity = 'eyJ.not.once';")
    until(
        lambda: one.script("return true;") and any("identity must be a function" in said for said in one.complaints),
        "no complaint",
    )


TRANSFORMED = """document.querySelector("main").append(chat);
document.querySelector("main").style.cssText = "transform: translate(40px, 60px); overflow: hidden; z-index: 0";"""


def same(part: str, one: Visit, other: Visit) -> bool:
    """Whether it stands in the same place on both pages."""
    return one.part(part).bounding_box() == other.part(part).bounding_box()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_no_ancestor_of_the_element_holds_it(visit: Begin, size: tuple[int, int]) -> None:
    one, free = visit("nl", *size, reduced_motion="reduce"), visit("nl", *size, reduced_motion="reduce")
    one.script(TRANSFORMED)
    for part, each in itertools.product((".launcher", "dialog"), (one, free)):
        if part == "dialog":
            each.open()
        expect(each.part(part)).to_be_visible()
    for part in ("dialog", "#field"):
        until(lambda part=part: same(part, one, free), part)  # type: ignore[misc]
    for each in (one, free):
        each.part("header button.round:last-child").click()
        expect(each.part(".launcher")).to_be_visible()
    until(lambda: same(".launcher", one, free), "the launcher")
    assert one.violations() == []


def test_a_page_may_name_a_layer_of_its_own(visit: Begin) -> None:
    one = visit()
    layered = "chat.style.setProperty('--saldo-layer', 7); document.body.append(chat); return chat.shadowRoot;"
    one.script(layered)
    expect(one.part(".launcher")).to_be_visible()
    assert not one.script("return chat.shadowRoot.querySelector('.saldo').matches(':popover-open');")
    assert one.part(".launcher").evaluate("launcher => getComputedStyle(launcher).zIndex") == "7"


def test_tells_the_page_what_happens(visit: Begin) -> None:
    one = visit()
    heard = one.script(
        """const heard = [];
        const hear = ({ type }) => heard.push(type.slice(6));
        for (const type of ["open", "message", "feedback"]) chat.addEventListener(`saldo:${type}`, hear);
        await chat.open();
        const answered = new Promise((resolve) => chat.addEventListener("saldo:message", resolve, { once: true }));
        await chat.send("Hoe zeg ik Severa op?");
        await answered;
        chat.shadowRoot.querySelector(".feedback button").click();
        chat.close();
        return heard;"""
    )
    assert heard == ["open", "message", "feedback"]
    expect(one.part("dialog")).not_to_be_visible()


@pytest.mark.parametrize(("position", "left"), [("left", True), ("right", False)])
def test_stands_where_the_page_wants_it(visit: Begin, position: str, left: bool) -> None:
    one = visit()
    one.script("chat.setAttribute('position', given[0]);", position)
    box = one.open().part("dialog").bounding_box()
    assert box is not None
    assert (box["x"] < 200) == left


def test_can_fill_a_place_in_the_page(visit: Begin) -> None:
    one = visit("fi")
    one.script("chat.remove(); chat.setAttribute('position', 'inline'); document.querySelector('main').append(chat);")
    expect(one.part(".card")).to_be_visible()
    assert not one.part(".launcher").is_visible()
    assert one.violations() == []


def test_has_the_theme_and_language_the_page_wants(visit: Begin) -> None:
    one = visit("nl")
    one.script("chat.setAttribute('theme', 'dark'); chat.setAttribute('language', 'fi');")
    one.open()
    expect(one.part("#field")).to_have_attribute("placeholder", "Kysymys")
    assert one.script("return getComputedStyle(chat.shadowRoot.firstChild).colorScheme;") == "dark"
    assert one.violations() == []


def test_a_refused_identity_is_told_and_never_taken_for_nobody(visit: Begin) -> None:
    one = visit()
    one.script("chat.identity = () => 'not.a.token';")
    one.part(".launcher").click()
    expect(one.part(".state")).to_contain_text("aanmelding")
    assert one.part(".card").count() == 0
    assert one.violations() == []


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_all_that_a_page_loads_is_light_and_loaded_once(visit: Begin, language: str) -> None:
    one = visit(language)
    expect(one.part(".launcher")).to_be_visible()
    loaded = "return performance.getEntriesByType('resource').filter(({ name }) => /saldo-chat|words/.test(name));"
    until(lambda: len(one.script(loaded)) >= 2, "the words are not listed")
    sizes = {each["name"].rpartition("/")[2]: each["encodedBodySize"] for each in one.script(loaded)}
    assert set(sizes) == {"saldo-chat.js", f"{language}?part=first"}
    assert 0 < sum(sizes.values()) < 14 * 1024, sizes
    one.page.reload()
    expect(one.part(".launcher")).to_be_visible()
    assert [each["transferSize"] for each in one.script(loaded) if each["transferSize"] > 1000] == []


def test_the_page_is_printed_without_it(visit: Begin) -> None:
    one = visit().open()
    one.page.emulate_media(media="print")
    expect(one.part("dialog")).not_to_be_visible()
    one.page.emulate_media(media="screen")
    one.part("header button.round:last-child").click()
    expect(one.part(".launcher")).to_be_visible()
    one.page.emulate_media(media="print")
    expect(one.part(".launcher")).not_to_be_visible()


SECOND = """const second = document.createElement("saldo-chat");
second.id = "second";
second.setAttribute("position", "inline");
document.querySelector("main").append(second);"""


def test_two_elements_on_a_page_are_one_conversation(visit: Begin) -> None:
    """As two tabs are. Who is signed in is told to one of them."""
    one = visit(height=1600, reduced_motion="reduce").sign_in("NL-1001")
    one.script(SECOND)
    first, second = (one.page.locator(f"saldo-chat{which}") for which in (":not(#second)", "#second"))
    expect(second.locator(".card")).to_contain_text("Kraanvogel")
    expect(first.locator("dialog")).not_to_be_visible()  # one that is always open opens no other
    first.locator(".launcher").click()
    for asking, answers in ((second, 2), (first, 3)):
        asking.locator("#field").fill("Hoeveel licenties hebben wij?")
        asking.locator("#field").press("Enter")
        for each in (first, second):
            expect(each.locator(".card")).to_have_count(answers)
    second.locator("#field").fill("half geschreven")
    expect(first.locator("#field")).to_have_value("half geschreven")
    one.script("await chat.signOut();")
    for each in (first, second):
        expect(each.locator(".mine")).to_have_count(0)
    assert one.violations() == []
    assert one.complaints == []
