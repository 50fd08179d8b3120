"""What is logged, and how: lines for people, or JSON lines for a program that gathers them (`SALDO_LOG=json`).

Each line of a turn carries its id. Of ours only the fields in `FIELDS` are written, which hold names and figures.
Of libraries, and Rasa logs whole messages, only errors are, and of these the words without the values put into them; of
an exception only its kind and place.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.types import EventDict, Processor

from saldo.errors import place_of
from saldo.insight.redaction import redacted
from saldo.settings import LogForm

OURS = ("saldo", "actions")
FIELDS = (
    "kind", "language", "topics", "acts", "action", "stage", "milliseconds", "route", "method", "status", "outcome",
)  # fmt: skip
"""What our lines may tell beside their words."""


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what is the standard error at that moment: standard output belongs to answers."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr


def configure(form: LogForm, level: str) -> None:
    """From now on, in this process; `level` is for our own lines. A second call changes form and level."""
    root = logging.getLogger()
    handler = next((each for each in root.handlers if isinstance(each, _Stderr)), None)
    if handler is None:
        root.addHandler(handler := _Stderr())
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _for_people
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars, add_logger_name, add_log_level, ExtraAdder(FIELDS), _harmless,
                structlog.processors.TimeStamper("iso", utc=form == "json"),
            ],
            processors=[ProcessorFormatter.remove_processors_meta, render],
        )
    )  # fmt: skip
    root.setLevel(logging.ERROR)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    structlog.configure(  # Rasa's own lines: what happened, without the values
        processors=[_event_alone],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    )


def _event_alone(_: Any, __: str, event: EventDict) -> str:
    return str(event["event"])


def _harmless(_: Any, __: str, event: EventDict) -> EventDict:
    """Takes out what may be a customer's."""
    record: logging.LogRecord = event["_record"]
    if record.name.partition(".")[0] not in OURS:
        event["event"] = redacted(str(record.msg))
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    if record.exc_info and record.exc_info[1]:
        event["fault"] = place_of(record.exc_info[1])
    return event


def _for_people(_: Any, __: str, event: EventDict) -> str:
    begin = f"{event.pop('timestamp').replace('T', ' ')[:19]} {event.pop('level')} {event.pop('logger')}:"
    words = event.pop("event")
    return " ".join([begin, words, *(f"{name}={value}" for name, value in event.items())])
