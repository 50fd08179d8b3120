"""The page that `saldo serve` prints the address of, and what it loads: nothing from elsewhere, nothing inline."""

from __future__ import annotations

import gzip
import html
import re
from html.parser import HTMLParser

import pytest

from saldo.faq import load
from tests.support import CHECKOUT, Caller, own_figures


class Loaded(HTMLParser):
    """What a page loads, and what stands in it that a strict policy forbids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.files: set[str] = set()
        self.inline: list[str] = []
        self._script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._script = tag == "script" and "src" not in known
        self.inline += [name for name in known if name.startswith("on") or name == "style"]
        loaded = known.get("src") or (known.get("href") if tag == "link" else None)
        if loaded:
            self.files.add(loaded)

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.inline.append(data)


def test_the_page_loads_only_its_own_files_and_runs_nothing_inline(caller: Caller) -> None:
    reply = caller.get("/")
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "text/html")
    loaded = Loaded(reply.body.decode())
    assert loaded.inline == []
    assert any(name.endswith(".js") for name in loaded.files)
    for name in loaded.files:
        assert "://" not in name
        assert caller.get(f"/{name.removeprefix('./')}").status == 200


def test_the_page_has_a_strict_policy(caller: Caller) -> None:
    headers = caller.get("/").headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in ("'none'", "'self'")
    assert policy["base-uri"] == "'none'"
    assert not re.search(r"unsafe|\*|data:|https?:", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_address_without_its_last_slash_leads_to_the_page(caller: Caller) -> None:
    reply = caller.get("")
    assert (reply.status, reply.headers["location"]) == (302, "/webhooks/widget/")


@pytest.mark.parametrize(
    ("name", "kind"), [("saldo-chat.js", "text/javascript"), ("demo.js", "text/javascript"), ("demo.css", "text/css")]
)
def test_a_file_has_its_type(caller: Caller, name: str, kind: str) -> None:
    reply = caller.get(f"/{name}")
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, kind)
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_the_widgets_words_come_from_the_content(caller: Caller, language: str) -> None:
    told = caller.get(f"/words/{language}").json()
    assert told["send"] == {"nl": "Versturen", "fi": "Lähetä"}[language]


def test_the_demonstration_picks_a_customer(caller: Caller) -> None:
    customers = caller.get("/demo/customers").json()
    assert {"id": "NL-1001", "name": "Kraanvogel Advies B.V.", "language": "nl"} in customers
    identity = caller.post("/demo/identity", {"customer": "NL-1001"}).json()["identity"]
    message = caller.ask(caller.begin(identity=identity), "Waarom staan er 60 licenties op mijn factuur?")
    assert "2026-0142" in own_figures(message)


@pytest.mark.parametrize("body", [{}, {"customer": 1001}, {"customer": None}, []], ids=str)
def test_the_demonstration_signs_for_an_id_only(caller: Caller, body: object) -> None:
    assert caller.post("/demo/identity", body).is_problem(400)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fi-FI,fi;q=0.9,en;q=0.8", "fi"), ("nl", "nl"), ("en-US,fi;q=0.5", "fi"), ("sv", "nl"), ("", "nl")],
)
def test_the_page_comes_with_its_words_in_the_readers_language(caller: Caller, accepted: str, language: str) -> None:
    """It once came empty and fetched them by script: who read at once, or aloud, met an empty heading."""
    page = caller.get("/", headers={"Accept-Language": accepted}).body.decode()
    says = load(CHECKOUT / "faq").words[language].says
    assert f'<html lang="{language}">' in page
    for name in ("demo_title", "demo_intro", "demo_banner", "demo_customer", "demo_nobody"):
        assert f'data-says="{name}">{html.escape(says[name], quote=False)}<' in page
    assert not re.search(r"<(h1|p|strong|label|option|button)[^>]*></", page)


def test_the_script_goes_compressed_over_the_wire(caller: Caller) -> None:
    plain = caller.get("/saldo-chat.js")
    packed = caller.get("/saldo-chat.js", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in packed.headers["vary"] and "Origin" in packed.headers["vary"]
