"""A visitor's hands and eyes: one page with the widget on it, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.waiting import until

AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATE = "return chat.shadowRoot.querySelectorAll('*').length;"
"""What tells whether something came or went."""
SETTLED = """
const moving = chat.shadowRoot.getAnimations().filter((one) => one.effect.getTiming().iterations === 1);
await Promise.all(moving.map((one) => one.finished.catch(() => {})));"""
"""Cards rise for 0.2 s, and half-faded text has half the contrast."""


@dataclass
class Visit:
    """One page; what goes wrong in it is kept in `complaints`."""

    context: BrowserContext
    address: str
    axe: str
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.load()

    def load(self) -> Page:
        """A tab of the same browser, on the same address."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(self.address)
        return page

    def part(self, selector: str, page: Page | None = None) -> Locator:
        """A part of the widget; Playwright looks into open shadow roots."""
        return (page or self.page).locator(f"saldo-chat {selector}")

    def open(self) -> Visit:
        self.part(".launcher").click()
        expect(self.part(".card").first).to_be_visible()
        return self

    def sign_in(self, customer: str) -> Visit:
        """Pick a sample customer on the demonstration's page."""
        self.page.select_option("#customer", customer)
        return self

    def ask(self, text: str) -> Locator:
        """Say something; the card that answers it."""
        cards = self.part(".card").count()
        self.part("#field").fill(text)
        self.part("#field").press("Enter")
        answer = self.part(".card").nth(cards)
        expect(answer).to_be_visible()
        return answer

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page as it is now."""
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(self.axe)
        found: list[Any] = []

        def looked_at_rest() -> bool:
            """On a busy machine an answer may come in while axe looks, and what fades in has too little contrast."""
            self.script(SETTLED)
            before = self.script(STATE)
            found[:] = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)["violations"]
            return bool(self.script(STATE) == before)

        until(looked_at_rest, "the page does not come to rest")
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]

    def script(self, code: str, *given: Any) -> Any:
        """Run something with the widget as `chat`."""
        return self.page.evaluate(
            f"async given => {{ const chat = document.querySelector('saldo-chat'); {code} }}", given
        )
