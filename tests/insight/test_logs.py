"""What is logged: our lines with the turn's id, for people or as JSON; nothing of what libraries put into theirs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import clear_contextvars

from saldo.insight import logs, turn

IBAN = "NL91ABNA0417164300"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was, after each test."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    own = {name: logging.getLogger(name).level for name in logs.OURS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in own.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()
    clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    said = capsys.readouterr()
    assert said.out == "", "standard output belongs to answers"
    return [json.loads(line) for line in said.err.splitlines()]


def test_a_line_of_ours_carries_the_turn_and_what_it_may_tell(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    begun = turn.begin()
    logging.getLogger("saldo.web").info("turn", extra={"kind": "answer", "text": IBAN})
    (line,) = lines(capsys)
    assert (line["event"], line["turn"], line["kind"], line["level"]) == ("turn", begun, "answer", "info")
    assert IBAN not in json.dumps(line)


def test_for_people_it_is_one_line_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("text", "error")
    turn.go_on("0" * 32)
    logging.getLogger("saldo.web").info("not told")
    logging.getLogger("saldo.web").error("turn failed: %s", "KeyError in figures.py, line 3")
    said = capsys.readouterr().err
    assert said.endswith(f"error saldo.web: turn failed: KeyError in figures.py, line 3 turn={'0' * 32}\n")
    assert "not told" not in said


def test_of_an_exception_only_kind_and_place_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "info")
    try:
        raise ValueError(IBAN)
    except ValueError:
        logging.getLogger("saldo.web").exception("failed")
        logging.getLogger("asyncio").exception("failed")
    for line in lines(capsys):
        assert str(line["fault"]).startswith("ValueError in test_logs.py, line ")
        assert IBAN not in json.dumps(line)


def test_of_a_library_the_words_are_told_without_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "debug")
    library = logging.getLogger("somebody.elses")
    library.warning("heard %s", IBAN)
    library.error("could not store %s", IBAN, extra={"text": IBAN})
    library.error(f"could not store {IBAN}")
    assert [line["event"] for line in lines(capsys)] == ["could not store %s", "could not store [account]"]


def test_what_rasa_logs_of_a_message_stays_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json", "debug")
    rasas = structlog.get_logger("rasa.core.processor")
    rasas.warning("processor.message.parse", text=IBAN)
    rasas.error("rest.message.received.failure", text=IBAN)
    (line,) = lines(capsys)
    assert line["event"] == "rest.message.received.failure"


def test_a_turn_that_is_sent_again_has_the_same_id() -> None:
    first = turn.begin("conversation", "m-1732-abc")
    assert turn.begin("conversation", "m-1732-abc") == first
    assert turn.begin("another", "m-1732-abc") != first
    assert turn.begin("conversation") != turn.begin("conversation")


@pytest.mark.parametrize("told", [None, 7, IBAN, "0" * 31, "Z" * 32])
def test_what_is_no_id_of_a_turn_is_taken_for_none(told: object) -> None:
    clear_contextvars()
    assert turn.go_on(told) not in (told, "")


def test_a_turn_within_another_is_that_one_and_else_ends_with_itself() -> None:
    clear_contextvars()
    with turn.during("conversation") as alone:
        assert turn.current() == alone
    assert turn.current() == ""
    begun = turn.begin()
    with turn.during("conversation") as within:
        assert within == begun
    assert turn.current() == begun
