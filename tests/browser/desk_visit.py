"""Somebody at the desk: a page in a real browser, its keys, and axe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.visit import AXE_RULES
from tests.waiting import until


@dataclass
class DeskVisit:
    """One page; what goes wrong in it is kept in `complaints`, where it asks in `asked`."""

    context: BrowserContext
    address: str
    axe: str
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(self.address)

    def opened(self, subject: str | None = None) -> DeskVisit:
        """Wait for a mail to be there; one with that subject if one is given."""
        expect(self.part("#subject")).to_be_visible()
        if subject:
            self.part(".row", has_text=subject).click()
            expect(self.part("#subject")).to_have_text(subject)
        return self

    def part(self, selector: str, **more: Any) -> Locator:
        return self.page.locator(selector, **more)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def status(self, text: str) -> None:
        """Wait until the desk has said that."""
        expect(self.part("#status")).to_contain_text(text)

    def focused(self) -> str:
        """What has the focus: the mail of a row, else its id or its text."""
        return str(
            self.page.evaluate(
                "(one => one.dataset.mail?.split('-')[0] || one.id || one.textContent.trim())(document.activeElement)"
            )
        )

    def holds(self, name: str) -> None:
        """Wait until that has the focus."""
        until(lambda: self.focused() == name, lambda: f"{self.focused()} has the focus, not {name}")

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page as it is now."""
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(self.axe)
        self.page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))")
        found = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)["violations"]
        return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
