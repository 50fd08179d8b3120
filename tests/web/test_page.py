"""The page that `saldo serve` prints the address of, and what it loads: nothing from elsewhere, nothing inline."""

from __future__ import annotations

import gzip
import html
import re
from html.parser import HTMLParser

import brotli
import pytest

from saldo.faq import load
from tests.serving import Server
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


@pytest.mark.parametrize("page", ["/", "/frame?language=fi&theme=dark"])
def test_a_page_loads_only_its_own_files_and_runs_nothing_inline(caller: Caller, page: str) -> None:
    reply = caller.get(page)
    assert (reply.status, reply.headers["content-type"].partition(";")[0]) == (200, "text/html")
    loaded = Loaded(reply.body.decode())
    assert loaded.inline == []
    assert any(name.endswith(".js") for name in loaded.files)
    for name in loaded.files:
        assert "://" not in name
        assert caller.get(f"/{name.removeprefix('./')}").status == 200


@pytest.mark.parametrize("page", ["/", "/frame"])
def test_a_page_has_a_strict_policy(caller: Caller, page: str) -> None:
    headers = caller.get(page).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] in ("'none'", "'self'")
    assert policy["base-uri"] == "'none'"
    assert not re.search(r"unsafe|\*|data:|https?:", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_pages_of_the_listed_origins_may_frame_the_frame_and_nothing_else(bot_server: Server, host_port: int) -> None:
    caller, listed = Caller(bot_server.port, "127.0.0.1"), f"http://127.0.0.1:{host_port}"
    for page, ancestors in (("/", "'self'"), ("/frame", f"'self' {listed}")):
        headers = caller.get(page).headers
        assert headers["content-security-policy"].rpartition("frame-ancestors ")[2] == ancestors
        assert "x-frame-options" not in headers, "it would contradict"


@pytest.mark.parametrize(
    ("query", "language", "shown"),
    [
        ("language=fi-FI&theme=dark", "fi", 'language="fi" theme="dark"'),
        ("", "nl", ""),
        ("language=sv&theme=%22%3E%3Cscript%3E", "nl", ""),
    ],
)
def test_the_frame_has_the_language_and_theme_of_its_address(
    caller: Caller, query: str, language: str, shown: str
) -> None:
    page = caller.get(f"/frame?{query}").body.decode()
    assert f'<html lang="{language}">' in page
    assert " ".join(f'<saldo-chat position="inline" {shown}'.split()) + "></saldo-chat>" in page


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


@pytest.mark.parametrize("name", ["saldo-chat.js", "words/nl", "words/fi"])
def test_what_a_browser_has_is_not_sent_again(caller: Caller, name: str) -> None:
    first = caller.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
    assert (first.status, first.headers["content-encoding"]) == (200, "gzip")
    again = caller.get(f"/{name}", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert caller.get(f"/{name}", headers={"If-None-Match": '"another"'}).status == 200


def test_the_words_are_those_that_the_widget_and_its_page_say(caller: Caller) -> None:
    static = CHECKOUT / "saldo" / "web" / "static"
    source = "".join(path.read_text() for path in [*static.glob("chat/*.js"), static / "index.html"])
    told, says = caller.get("/words/nl").json(), load(CHECKOUT / "faq").words["nl"].says
    said = {name for name in says if re.search(rf"""["']{name}["']|says[.]{name}\b""", source)}
    said |= {name for name in says if re.match(r"widget_in_|suggest_\d", name)}
    said -= {"handover"}  # a kind of answer, too
    assert said - told.keys() == set()
    assert not {"greet", "clarify", "handover"} & told.keys()


def test_the_script_goes_compressed_over_the_wire(caller: Caller) -> None:
    plain = caller.get("/saldo-chat.js")
    assert "content-encoding" not in plain.headers
    for accepted, coding, decompress in (("gzip, br", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)):
        packed = caller.get("/saldo-chat.js", headers={"Accept-Encoding": accepted})
        assert packed.headers["content-encoding"] == coding
        assert decompress(packed.body) == plain.body
        assert "Accept-Encoding" in packed.headers["vary"] and "Origin" in packed.headers["vary"]
