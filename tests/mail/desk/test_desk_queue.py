"""The queue's order: what must not wait, what a person must look at, what may be wrong, and the rest."""

from __future__ import annotations

import ast
import json
import re
from typing import Any, get_args

from saldo.mail import handler, triage
from saldo.mail.desk import words
from saldo.mail.desk.queue import GRAVEST, OLDER_DRAFT, PER_PAGE, STATES, page, row_of, with_older_drafts
from saldo.nlu.messages import Act
from saldo.settings import Settings
from tests.support import CHECKOUT


def row(stem: str, **review: Any) -> Any:
    return row_of(stem, {"message_id": f"<{stem}@x>", "outcome": "draft", "draft": f"{stem}.eml", **review}, 0.0)


def order(*rows: Any) -> list[str]:
    return [each.stem for each in page(rows, "open", "", 0, {}).rows]


def test_by_group_then_by_the_gravest_risk_then_by_how_long_it_waits() -> None:
    rows = [
        row("thanks", outcome="none", draft=None),
        row("fine", arrived="2026-11-02T10:00:00+01:00"),
        row("earlier", arrived="2026-11-01T10:00:00+01:00"),
        row("unsure", risks=["low_confidence"]),
        row("strange", risks=["something_new"]),
        row("contradicts", risks=["low_confidence", "figure_contradicts"]),
        row("person", outcome="person", draft=None),
        row("urgent", outcome="person", draft=None, urgent=True, risks=["complaint"]),
    ]
    wanted = ["urgent", "person", "contradicts", "unsure", "strange", "earlier", "fine", "thanks"]
    assert order(*rows) == order(*reversed(rows)) == wanted


def test_a_review_of_an_earlier_saldo_has_its_place() -> None:
    old = row_of("x", json.loads('{"message_id": "", "draft": null, "skipped": null, "questions": []}'), 7.0)
    assert (old.outcome, old.arrived, old.thread, old.shown) == ("person", 7.0, "x", "open")


def test_days_without_a_zone_or_without_sense_break_nothing() -> None:
    found = [
        row(str(number), arrived=each).arrived for number, each in enumerate(["2026-11-01T10:00:00", "x", 3, None])
    ]
    assert found[0] > 0 and found[1:] == [0.0, 0.0, 0.0]


def test_only_the_later_of_a_thread_says_that_an_earlier_draft_is_open() -> None:
    rows = [row(day, thread="<t@x>", arrived=f"2026-11-0{day}T10:00:00Z".replace("Z", "+00:00")) for day in "123"]
    assert [OLDER_DRAFT in each.risks for each in with_older_drafts([*rows, row("other")])] == [
        False,
        True,
        True,
        False,
    ]


def test_pages_end_where_the_mails_end() -> None:
    rows = [row(f"{number:03}") for number in range(PER_PAGE + 1)]
    last = page(rows, "open", "", 99, {})
    assert (last.number, last.pages, len(last.rows), last.total) == (1, 2, 1, PER_PAGE + 1)
    assert page([], "done", "", 3, {}).pages == 1


def test_every_name_of_a_review_has_words_in_each_language() -> None:
    for language in words.DESK_LANGUAGES:
        said = words.load(Settings().faq, language)
        texts = said.texts
        assert {*GRAVEST} == {*said.risks}
        assert {*STATES} == {*texts.states} and {*get_args(triage.Outcome)} == {*texts.outcomes}
        assert {*get_args(Act)} <= {*texts.acts}


SAYING = {"skip", "for_a_person", "Verdict", "Identity", "Authentication"}
"""What is called with a sentence for the review; others are yielded, or are a function's reason to return."""
ROOMS = ("triage.py", "handler.py", "ask_bot.py", "review/review.py", "parse/incoming.py", "sender/identity.py",
         "sender/authentication.py", "sender/microsoft365.py", "sender/skipping.py")  # fmt: skip


PLACE = "x1 in x1, line x1"
"""Where in the code something failed: it is filled into a sentence."""


def sentences(source: str) -> set[str]:
    """The texts of several words that a module says about a mail, with `x` for what is filled in."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
            said: list[ast.expr | None] = list(node.args)
        elif isinstance(node, (ast.Yield, ast.Return)) or (
            isinstance(node, ast.Assign) and "reason" in ast.unparse(node.targets[0])
        ):
            said = [node.value]
        else:
            continue
        found |= {text(each) for each in said if isinstance(each, (ast.Constant, ast.JoinedStr))}
    return {each for each in found if len(each.split()) > 2 or "(" in each}


def _sets_reason(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and "reason" in ast.unparse(node.targets[0])


def text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "x1" for each in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


def test_every_reason_of_the_code_is_said_in_dutch_and_finnish() -> None:
    sources = ((CHECKOUT / "saldo" / "mail" / name).read_text(encoding="utf-8") for name in ROOMS)
    found = {*triage.SIGNALS.values(), triage.FOREIGN, handler.PICKED}.union(*map(sentences, sources)) - {PLACE}
    assert len(found) > 45
    for language in ("nl", "fi"):
        said = words.load(Settings().faq, language)
        assert [each for each in found if said.reason(each) == each] == [], language


def test_what_is_named_in_a_reason_stays() -> None:
    said = words.load(Settings().faq, "fi")
    assert said.reason("a@b.example is no contact of any customer").startswith("a@b.example ei ole")
    assert said.reason("looks automatic, and asks something: automatic reply (X-Loop)") == (
        "näyttää automaattiselta, mutta kysyy jotakin: automaattinen vastaus (X-Loop)"
    )
    assert said.reason("DMARC passed for x.example; contact of NL-1 only").endswith("asiakkaan NL-1 yhteyshenkilö")
    assert said.reason("something else {braces}") == "something else {braces}"


def test_what_the_page_says_stands_in_the_content_files() -> None:
    static = CHECKOUT / "saldo" / "mail" / "desk" / "static"
    source = "".join(file.read_text(encoding="utf-8") for file in sorted(static.iterdir()) if file.suffix != ".css")
    said = {*re.findall(r"""says(?:\.|\(|\[)"?(\w+)["). ]""", source), *re.findall(r'"(key_\w+)"', source)} - {
        "name",
        "find",
    }
    assert len(said) > 50
    assert said - {*words.load(Settings().faq, "en").texts.page} == set()
