"""The desk in a real browser: usable by everybody, by keyboard alone, with thousands of mails and hostile ones."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desk_visit import DeskVisit
from tests.mail.desk.hands import DeskServer, drafted, some_mails
from tests.mail.desk.worker import TOKEN
from tests.mail.mails import mail_bytes
from tests.waiting import DEADLINE, until

Begin = Callable[..., DeskVisit]
Serve = Callable[..., DeskServer]
LANGUAGES = ("nl", "fi", "en")
NASTY = "<img src=x onerror=\"document.title='bad'\"><script>document.title='bad'</script>"


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], DeskServer]]:
    """A desk in each language, on an empty folder; started when it is first needed."""
    begun: dict[str, DeskServer] = {}

    def desk(language: str) -> DeskServer:
        if language not in begun:
            begun[language] = DeskServer(tmp_path_factory.mktemp("desk"), language).start()
        return begun[language]

    yield desk
    for server in begun.values():
        server.stop()


@pytest.fixture
def serve(desks: Callable[[str], DeskServer], tmp_path: Path) -> Serve:
    """Puts the drafts of these mails into the desk's folder, in place of what was there."""

    def begin(mails: dict[str, bytes] | None = None, language: str = "nl") -> DeskServer:
        server = desks(language)
        for path in server.folder.iterdir():
            path.unlink()
        drafted(tmp_path, some_mails() if mails is None else mails, server.folder)
        return server

    return begin


@pytest.fixture
def visit(browser: Any, axe: str) -> Iterator[Begin]:
    """Opens the desk's page: `visit(server, 1024, 700, dark=True)`."""
    contexts = []

    def begin(server: DeskServer, width: int = 1440, height: int = 900, dark: bool = False, **more: Any) -> DeskVisit:
        address = more.pop("address", server.address)
        scheme, size = "dark" if dark else "light", {"width": width, "height": height}
        context = browser.new_context(color_scheme=scheme, viewport=size, **more)
        context.set_default_timeout(1000 * DEADLINE)
        contexts.append(context)
        return DeskVisit(context, address, axe)

    yield begin
    for context in contexts:
        context.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_any_state(serve: Serve, visit: Begin, language: str, dark: bool) -> None:
    one = visit(serve(language=language), 1440 if dark else 1024, 700, dark=dark).opened("Over fraud")
    assert one.violations() == []  # urgent, without a letter
    one.opened("Over question")
    assert one.violations() == []
    one.press("1")
    one.press("e")
    expect(one.part("#text")).to_be_focused()
    assert one.violations() == []
    one.page.keyboard.type("Hei. ")
    one.press("Control+Enter")
    expect(one.part("#subject")).to_be_focused()
    assert one.violations() == []  # edited, with a message
    one.press("?")
    expect(one.part("#help")).to_be_visible()
    assert one.violations() == []
    one.press("Escape", "h")
    expect(one.part("[data-show=done] .count")).to_have_text("1")
    one.part("[data-show=done]").click()
    one.opened("Over question")
    assert one.violations() == []
    one.part("#find").fill("xyzzy")
    expect(one.part("#nothing")).to_be_visible()
    assert one.violations() == []
    assert one.complaints == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (768, 1024), (390, 844), (320, 640)])
def test_nothing_sticks_out_and_targets_are_large_enough(serve: Serve, visit: Begin, width: int, height: int) -> None:
    one = visit(serve(language="fi"), width, height).opened("Over question")
    assert one.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert one.part("#mail").evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    for target in one.part("button:visible").all():
        box = target.bounding_box()
        assert box and min(box["width"], box["height"]) >= 24, target.inner_text()


def test_the_keyboard_is_enough(serve: Serve, visit: Begin) -> None:
    server = serve()
    one = visit(server).opened()
    expect(one.part("#subject")).to_have_text("Over fraud")
    one.holds("fraud")
    one.press("j")
    expect(one.part("#subject")).to_have_text("Over foreign")
    one.press("ArrowDown")
    expect(one.part("#subject")).to_have_text("Over question")
    one.press("k")
    expect(one.part("#subject")).to_have_text("Over foreign")
    one.holds("foreign")
    one.press("Enter")
    expect(one.part("#subject")).to_be_focused()
    one.press("7", "1", "r")  # topics, and draft again
    expect(one.part(".letter")).to_contain_text("Over seat_count.")
    expect(one.part(".letter")).to_contain_text("Over paid_twice.")
    one.press("1", "r")  # one of them not, after all
    expect(one.part(".letter")).not_to_contain_text("Over seat_count.")
    one.press("e")
    one.page.keyboard.type("Goedemiddag. ")
    one.press("Control+Enter")
    expect(one.part(".letter")).to_contain_text("Goedemiddag. Beste Aino")
    with one.page.expect_download() as downloading:
        one.press("d")
    assert b"Goedemiddag. Beste Aino" in Path(downloading.value.path()).read_bytes()
    one.press("Escape")
    one.holds("foreign")
    one.press("h")  # the next mail comes, and the focus with it
    expect(one.part("#subject")).to_have_text("Over question")
    one.holds("question")
    one.press("u")
    expect(one.part("#subject")).to_have_text("Over foreign")
    one.press("n")
    expect(one.part("#subject")).to_have_text("Over question")
    one.press("/")
    one.holds("find")
    one.page.keyboard.type("fraud")
    expect(one.part(".row")).to_have_count(1)
    one.press("Enter")
    one.holds("fraud")
    one.press("h")
    expect(one.part("#nothing")).to_be_visible()
    one.press("/", "Escape")
    expect(one.part(".row")).to_have_count(1)
    done = {"handled", "not_a_question"}
    until(lambda: {row["state"] for row in server.ask("queue", show="done")["rows"]} == done, "not all is done")
    assert one.complaints == []


def test_tab_reaches_all_that_can_be_done(serve: Serve, visit: Begin) -> None:
    one = visit(serve()).opened("Over question")
    one.part("#find").focus()
    seen = []
    for _ in range(30):
        one.press("Tab")
        seen.append(one.focused())
    wanted = [
        "question",
        "Downloadend",
        "Bewerkene",
        "Afgehandeldh",
        "Geen vraagn",
        "1Aantal gebruikers",
        "again",
    ]
    assert [each for each in seen if each in wanted][: len(wanted)] == wanted


def test_single_keys_can_be_switched_off(serve: Serve, visit: Begin) -> None:
    one = visit(serve()).opened()
    one.press("?")
    one.part("#keys-on").uncheck()
    one.press("Escape", "h", "n", "e", "?")
    expect(one.part("#help")).not_to_be_visible()
    one.page.reload()
    one.opened().press("h")
    one.press("ArrowDown")
    expect(one.part("#subject")).to_have_text("Over foreign")
    expect(one.part("[data-show=done] .count")).to_have_text("0")
    one.part("#help-open").click()
    one.part("#keys-on").check()
    one.press("Escape")
    one.opened("Over foreign").press("h")
    expect(one.part("[data-show=done] .count")).to_have_text("1")


def test_what_is_typed_is_not_lost_on_the_way_to_another_mail(serve: Serve, visit: Begin) -> None:
    one = visit(serve()).opened("Over question")
    one.press("e")
    one.page.keyboard.type("Half af")
    one.part(".row", has_text="Over fraud").click()
    expect(one.part("#text")).to_have_count(0)
    one.opened("Over question")
    expect(one.part("#text")).to_have_value(re.compile("^Half afBeste"))
    one.part("#text").press("Escape")
    expect(one.part(".letter")).not_to_contain_text("Half af")


def test_a_draft_that_went_on_elsewhere_is_told_and_shown(serve: Serve, visit: Begin) -> None:
    server = serve()
    one = visit(server).opened("Over question")
    (path,) = server.folder.glob("question*.eml")
    path.write_bytes(path.read_bytes().replace(b"Per e-mail.", b"Per brief."))
    one.press("e")
    one.page.keyboard.type("Mijn tekst. ")
    one.press("Control+Enter")
    one.status("nothing was overwritten")
    one.press("Control+Enter")
    expect(one.part("#text")).to_have_value(re.compile("^Mijn tekst[.] "))
    assert b"Per brief." in path.read_bytes()
    one.press("Escape")
    expect(one.part(".letter")).to_contain_text("Per brief.")
    expect(one.part("#subject")).to_be_focused()


@pytest.mark.parametrize("token", ["", "#wrong"])
def test_without_the_token_the_page_says_where_it_is(serve: Serve, visit: Begin, token: str) -> None:
    server = serve()
    one = visit(server, address=f"http://127.0.0.1:{server.port}/{token}")
    one.status("Open het adres")
    expect(one.part(".row")).to_have_count(0)
    assert one.violations() == []


def test_it_asks_this_machine_alone_and_puts_the_token_in_no_address(serve: Serve, visit: Begin) -> None:
    server = serve()
    one = visit(server).opened("Over question")
    one.press("1", "r")
    one.status("nieuw antwoord")
    assert all(each.startswith(f"http://127.0.0.1:{server.port}/") for each in one.asked)
    assert not [each for each in one.asked if TOKEN in each.partition("#")[0]]


def test_whatever_a_mail_holds_is_text(serve: Serve, visit: Begin) -> None:
    raw = (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHoe kan ik opzeggen? {NASTY} \x1b[2J\u202egnp\r\n"
        f'--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename="{NASTY.replace(chr(34), "")}"'
        "\r\n\r\nx\r\n--b--\r\n"
    )
    nasty = mail_bytes(
        raw=raw.encode(), content_type="multipart/mixed; boundary=b", subject=f"Over {NASTY}\u202e",
        message_id="<nasty@x.example>", **{"from": f'"{NASTY.replace(chr(34), "")}" <x@evil.example>'},
    )  # fmt: skip
    server = serve({"nasty": nasty, "question": some_mails()["question"]})
    for path in server.folder.glob("nasty*.review.json"):
        review = json.loads(path.read_text())
        for name in ("outcome_reason", "identity_reason"):
            review[name] = NASTY
        review["notes"] = review["risks"] = [NASTY]
        review["facts"] = [{"name": NASTY, "value": NASTY, "formula": NASTY, "source": NASTY}]
        path.write_text(json.dumps(review))
    one = visit(server).opened()
    one.part(".row", has_text="Over <img").click()
    expect(one.part("#subject")).to_contain_text("<script>document.title='bad'</script>")
    expect(one.part(".mail-text")).to_contain_text("<img src=x onerror=")
    shown = one.part("#mail").inner_text()
    assert not {*shown} & {"\x1b", "\u202e"}
    assert (
        one.page.evaluate("document.querySelectorAll('#mail img, #mail script, #mail iframe, #rows img').length") == 0
    )
    one.press("e")
    one.page.keyboard.type(NASTY)
    one.press("Control+Enter")
    expect(one.part(".letter")).to_contain_text("<script>")
    assert one.page.title() == "Berichten afhandelen"
    assert one.violations() == [] and one.complaints == []


def test_thousands_of_mails_make_neither_a_long_page_nor_a_slow_one(serve: Serve, visit: Begin) -> None:
    server = serve({"question": some_mails()["question"]})
    (source,) = server.folder.glob("*.review.json")
    review = json.loads(source.read_text())
    for number in range(5000):
        one_of_many = {**review, "draft": None, "subject": f"Mail {number}", "thread": f"<{number}@x>"}
        (server.folder / f"{number:05}.review.json").write_text(json.dumps(one_of_many))
    server.ask("queue")  # the first look reads them all; each later one only what is new
    begun = time.perf_counter()
    for number in range(5):
        server.ask("queue", page=str(number * 20), find="mail")
    assert (time.perf_counter() - begun) / 5 < 2
    one = visit(server).opened()
    expect(one.part(".row")).to_have_count(50)
    assert one.page.evaluate("document.documentElement.scrollHeight") <= 900
    assert one.part("#rows").evaluate("rows => rows.scrollHeight") < 8000
    expect(one.part("#pages")).to_have_text("Pagina 1 van 101")
    for _ in range(50):
        one.press("j")
    expect(one.part("#pages")).to_have_text("Pagina 2 van 101")
    one.press("k")
    expect(one.part("#pages")).to_have_text("Pagina 1 van 101")
    one.part("#next").click()
    expect(one.part("#pages")).to_have_text("Pagina 2 van 101")
    one.part("#find").fill("Mail 4999")
    expect(one.part(".row")).to_have_count(1)
    assert one.complaints == []
