"""Short messages in a row are one question; a lone one does not wait for long. The browser's clock is the test's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit
from tests.waiting import until

Begin = Callable[..., Visit]
BURST = {
    "nl": ("hallo", "ik heb een vraag", "waarom staan er 60 licenties op mijn factuur"),
    "fi": ("moi", "mulla olisi kysymys", "miksi laskulla on 60 lisenssiä"),
}


def paused(one: Visit) -> tuple[Visit, list[Any]]:
    """A page whose time stands still unless the test lets it run; what was sent to the server."""
    sent: list[Any] = []
    one.page.clock.install()
    one.page.on("request", lambda request: sent.append(request.post_data_json) if is_message(request) else None)
    one.page.reload()
    one.open()
    one.page.clock.pause_at(one.page.evaluate("Date.now() + 30000"))
    return one, sent


def is_message(request: Any) -> bool:
    return bool(request.method == "POST" and request.url.endswith("/messages"))


def say(one: Visit, text: str) -> None:
    one.part("#field").fill(text)
    one.part("#field").press("Enter")


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_a_burst_is_one_question(visit: Begin, language: str) -> None:
    one, sent = paused(visit(language))
    for text in BURST[language]:
        say(one, text)
        one.page.clock.run_for(600)
        assert sent == []
    joined = "\n".join(BURST[language])
    expect(one.part(".mine")).to_have_count(1)
    expect(one.part(".mine")).to_contain_text(joined)
    one.page.clock.run_for(100)
    until(lambda: one.page.evaluate("1") and len(sent) == 1, "the question was not asked")
    assert sent[0]["text"] == joined
    one.page.clock.resume()
    expect(one.part(".card")).to_have_count(2)
    assert one.violations() == []
    one.page.reload()
    expect(one.part(".card")).to_have_count(2)
    expect(one.part(".mine")).to_have_count(1)
    expect(one.part(".mine")).to_contain_text(joined)


@pytest.mark.parametrize(("text", "milliseconds"), [("Hoe zeg ik Severa op?", 250), ("opzeggen Severa", 700)])
def test_a_lone_message_waits_no_longer_than_that(visit: Begin, text: str, milliseconds: int) -> None:
    one, sent = paused(visit())
    say(one, text)
    one.page.clock.run_for(milliseconds - 50)
    assert sent == []
    one.page.clock.run_for(50)
    until(lambda: one.page.evaluate("1") and len(sent) == 1, "the question was not asked")


def test_who_goes_on_typing_is_waited_for_but_not_for_ever(visit: Begin) -> None:
    one, sent = paused(visit())
    say(one, "hallo")
    for _ in range(7):  # 3.5 s of typing
        one.part("#field").press("a")
        one.page.clock.run_for(500)
    assert sent == []
    one.part("#field").press("a")
    one.page.clock.run_for(500)
    until(lambda: one.page.evaluate("1") and len(sent) == 1, "typing held the question back for ever")


def test_long_messages_choices_and_what_comes_after_the_quiet_stand_for_themselves(visit: Begin) -> None:
    one, sent = paused(visit())
    say(one, "Ik heb dubbel betaald. " + "Dat zit zo. " * 25)
    say(one, "Wat nu")
    expect(one.part(".mine")).to_have_count(2)
    one.page.clock.run_for(800)
    one.page.clock.resume()
    expect(one.part(".card")).to_have_count(3)
    say(one, "Hoe zeg ik Severa op")
    expect(one.part(".card")).to_have_count(4)
    assert len(sent) == 3
