"""How long a customer waits for the widget, in Chromium, and what it weighs on the wire: `make times`.

    .venv/bin/python -m benchmarks.widget_times [--times 30]

The server and the browser share this machine; every page is loaded into an empty cache. Questions are typed as a
customer types them, so the widget's pause of 0.25 s after a question mark, in which more may follow, is in the times.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.load.servers import make_home, serving
from benchmarks.load.visitors import PATH
from saldo.commands.terminal import json_line, terminal
from saldo.errors import SaldoError
from saldo.faq import LANGUAGES, load
from saldo.settings import Settings

CUSTOMERS = {"nl": "NL-1001", "fi": "FI-2001"}
CODINGS = ("br", "gzip")
READY = """() => new Promise((resolve) => {
  const look = () => {
    const launcher = document.querySelector("saldo-chat")?.shadowRoot?.querySelector(".launcher:not([hidden])");
    if (launcher?.offsetHeight) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
})"""
"""Milliseconds from the navigation until the launcher can be clicked."""
ANSWERED = """(text) => new Promise((resolve) => {
  const root = document.querySelector("saldo-chat").shadowRoot, field = root.querySelector("#field");
  const cards = () => root.querySelectorAll(".card").length, before = cards();
  field.value = text;
  field.dispatchEvent(new Event("input"));
  const began = performance.now();
  const look = () => {
    if (cards() > before) requestAnimationFrame(() => resolve(performance.now() - began)); // it has been painted
    else requestAnimationFrame(look);
  };
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  look();
})"""
"""Milliseconds from Enter until the answer is seen."""


@dataclass(frozen=True)
class Waits:
    """Milliseconds, one for each time."""

    of: Sequence[float]

    @property
    def median(self) -> int:
        return round(statistics.median(self.of))

    @property
    def p95(self) -> int:
        """Below which 95 of 100 are."""
        return round(statistics.quantiles(self.of, n=20, method="inclusive")[-1])

    def __str__(self) -> str:
        return f"{self.median} ms median, {self.p95} ms for 95 of 100 ({len(self.of)} times)"


def main() -> None:
    options = _options()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SaldoError("There is no Chromium here: apt-get install chromium")
    with terminal(stderr=True).status("Loading pages and asking questions …"), ExitStack() as stack:
        home = make_home(Path(stack.enter_context(tempfile.TemporaryDirectory())), None)
        address = f"{stack.enter_context(serving(home, '--demo')).address}{PATH}/"
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        ready = Waits([_ready(browser, address) for _ in range(options.times)])
        each = options.times // len(LANGUAGES)
        answered = Waits([one for language in LANGUAGES for one in _answered(browser, address, language, each)])
        weights = {coding: _bytes(address, coding) for coding in CODINGS}
        browser.close()
    if options.json:
        print(json_line({"ready": ready.of, "answered": answered.of, "bytes": weights}))
        return
    print(f"ready: {ready}")
    print(f"send to answer: {answered}")
    print("bytes, script and words:", ", ".join(f"{weight:,} {coding}" for coding, weight in weights.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=30, help="how often each is measured; at least 4")
    parser.add_argument("--json", action="store_true", help="print one JSON object with every time")
    return parser.parse_args()


def _page(browser: Browser, address: str, language: str = "nl") -> Page:
    locale = f"{language}-{language.upper()}"
    page = browser.new_context(locale=locale, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(address, wait_until="commit")
    return page


def _ready(browser: Browser, address: str) -> float:
    page = _page(browser, address)
    took = page.evaluate(READY)
    page.context.close()
    return float(took)


def _answered(browser: Browser, address: str, language: str, times: int) -> list[float]:
    """One conversation of a customer's: each topic's question in turn, answered with figures where there are some."""
    faq = load(Settings().faq)
    questions = islice(cycle(faq.text(topic, language).question for topic in faq.topics), times)
    page = _page(browser, address, language)
    page.select_option("#customer", CUSTOMERS[language])
    page.locator("saldo-chat .launcher").click()
    page.locator("saldo-chat .card").first.wait_for()
    took = [float(page.evaluate(ANSWERED, question)) for question in questions]
    page.context.close()
    return took


def _bytes(address: str, coding: str) -> int:
    """What the script and the first words of a language weigh together, in the heavier one: all that a page loads."""

    def weight(name: str) -> int:
        asked = urllib.request.Request(f"{address}{name}", headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked) as reply:
            assert reply.headers["Content-Encoding"] == coding
            return len(reply.read())

    return weight("saldo-chat.js") + max(weight(f"words/{language}?part=first") for language in LANGUAGES)


if __name__ == "__main__":
    main()
