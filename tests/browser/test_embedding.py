"""The widget in other people's pages: a strict policy, another origin, attributes, events, methods."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

Begin = Callable[..., Visit]


def test_works_under_a_strict_policy_on_another_origin(visit: Begin, host_page: str) -> None:
    one = visit(address=host_page).open()
    expect(one.ask("Hoe zeg ik Severa op?")).to_be_visible()
    assert one.violations() == []
    assert one.complaints == []


def test_an_origin_that_is_not_listed_gets_nothing(visit: Begin, host_page: str) -> None:
    one = visit(address=host_page.replace("127.0.0.1", "127.0.0.2"), bypass_csp=True)
    assert one.part(".card").count() == 0


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
    assert one.script("return getComputedStyle(chat).colorScheme;") == "dark"
    assert one.violations() == []


def test_a_refused_identity_is_told_and_never_taken_for_nobody(visit: Begin) -> None:
    one = visit()
    one.script("chat.identity = () => 'not.a.token';")
    one.part(".launcher").click()
    expect(one.part(".state")).to_contain_text("aanmelding")
    assert one.part(".card").count() == 0
    assert one.violations() == []


def test_is_light_and_whole(visit: Begin) -> None:
    one = visit()
    size = one.script(
        "const script = document.querySelector('[src$=chat\\\\.js]'); "
        "return performance.getEntriesByName(script.src)[0].encodedBodySize;"
    )
    assert 0 < size < 14 * 1024, "as it goes over the wire"
