"""An answer with the customer's own figures is seen whole, together with its question, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing import explain, sample_accounts
from saldo.faq import load
from saldo.web.endpoints import as_message
from tests.browser.visit import Visit
from tests.support import CHECKOUT, TODAY
from tests.waiting import START

ON = date.fromisoformat(TODAY)
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
SHARE = 0.9
"""Of the answers, how many are to be seen whole: nine in ten."""
HEIGHTS = """
const root = chat.shadowRoot, window = root.querySelector(".scroller").clientHeight;
return [...root.querySelectorAll(".mine")].map((asked) => {
  const answer = asked.nextElementSibling;
  return [answer.offsetTop + answer.offsetHeight - asked.offsetTop + 12, window];  // 12: `reveal` in panel.js
});"""

BEYOND = """
return [...chat.shadowRoot.querySelectorAll(".card")].flatMap((card) => {
  const style = getComputedStyle(card), edge = card.getBoundingClientRect().right - parseFloat(style.paddingRight);
  return [...card.querySelectorAll(":not(.hidden)")]
    .filter((each) => each.getBoundingClientRect().right > edge + 1).map((each) => each.textContent.slice(0, 80));
});"""


def conversation(language: str) -> Iterator[dict[str, Any]]:
    """Every topic, and everything there is a lead for, asked by each sample customer with figures on it."""
    faq = load(CHECKOUT / "faq")
    for account in sample_accounts(ON):
        for topic in faq.topics:
            figures, text = explain(topic, account, ON), faq.text(topic, language)
            for point in (None, *text.leads) if figures else ():
                name = f"{account.customer.id} {topic} {point or ''}"
                said = answer(faq, [ExplainedTopic(topic, language, figures, point=point)], language)
                yield {"id": f"asked {name}", "from": "customer", "text": text.question}
                yield as_message({"id": name, **said.to_json()})


def replay(one: Visit, messages: list[dict[str, Any]]) -> None:
    """The widget replays a conversation, as after a reload."""
    greeting = {**messages[1], "id": "greeting", "blocks": [], "feedback": False}
    told = {"greeting": greeting, "messages": messages, "cursor": len(messages)}
    one.page.route("**/messages?*", lambda route: route.fulfill(json=told))
    one.page.reload()
    expect(one.part(".mine")).to_have_count(len(messages) // 2, timeout=1000 * START)


@pytest.mark.long
@pytest.mark.parametrize("language", ["nl", "fi"])
def test_on_the_narrowest_phone_everything_stays_within_its_card(visit: Callable[..., Visit], language: str) -> None:
    one = visit(language, 320, 640, reduced_motion="reduce").open()
    replay(one, list(conversation(language)))
    one.script("for (const more of chat.shadowRoot.querySelectorAll('details')) more.open = true;")
    assert one.script(BEYOND) == []


@pytest.mark.long
@pytest.mark.parametrize("language", ["nl", "fi"])
@pytest.mark.parametrize("size", SIZES)
def test_nine_in_ten_answers_are_seen_whole_with_their_question(
    visit: Callable[..., Visit], language: str, size: str
) -> None:
    one, messages = visit(language, *SIZES[size], reduced_motion="reduce").open(), list(conversation(language))
    replay(one, messages)
    expect(one.part(".state p")).to_be_empty(timeout=1000 * START)  # a word on waiting takes a line of the window
    heights = one.script(HEIGHTS)
    assert all(window > 300 for _, window in heights)
    higher = {
        said["id"]: height for said, (height, window) in zip(messages[1::2], heights, strict=True) if height > window
    }
    assert len(higher) <= (1 - SHARE) * len(heights), higher
