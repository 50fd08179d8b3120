"""A real browser, a server of its own, and axe-core; skipped with the reason where one is missing."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.browser.host import host_of
from tests.browser.visit import Visit
from tests.serving import Server
from tests.support import one_at_a_time
from tests.waiting import DEADLINE

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
AXE = "axe-core@4.14.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser(needs_service: Callable[[str], NoReturn]) -> Iterator[Any]:
    """The system's Chromium."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        needs_service("no Chromium here: apt-get install chromium")
    playwright.expect.set_options(timeout=1000 * DEADLINE)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe(needs_service: Callable[[str], NoReturn]) -> str:
    """axe-core's script, fetched from npm into var/ once."""
    folder = CHECKOUT / "var" / "axe"
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if shutil.which("npm") is None and not script.is_file():
        needs_service("no npm here, which fetches axe-core: apt-get install npm")
    with one_at_a_time(folder):
        if not script.is_file():
            subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, AXE], check=False)
    if not script.is_file():
        needs_service(f"npm could not fetch {AXE}")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def visit(browser: Any, axe: str, bot_server: Server) -> Iterator[Callable[..., Visit]]:
    """Visits the page: `visit("fi", 390, 844, dark=True)`."""
    contexts = []

    def begin(language: str = "nl", width: int = 1280, height: int = 800, dark: bool = False, **more: Any) -> Visit:
        address = more.pop("address", bot_server.address)
        locale, scheme = {"nl": "nl-NL", "fi": "fi-FI"}[language], "dark" if dark else "light"
        size = {"width": width, "height": height}
        context = browser.new_context(locale=locale, color_scheme=scheme, viewport=size, **more)
        context.set_default_timeout(1000 * DEADLINE)
        contexts.append(context)
        return Visit(context, address, axe)

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def host_page(bot_server: Server, host_port: int) -> Iterator[str]:
    """The address of another application, whose pages embed the widget."""
    with http.server.ThreadingHTTPServer(("", host_port), host_of(bot_server)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{host_port}/"
        server.shutdown()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: Playwright keeps an event loop running, and nothing can start one beside it."""
    items.sort(key=lambda item: HERE in item.path.parents)
