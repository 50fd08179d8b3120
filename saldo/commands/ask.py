"""`saldo ask`: one question in a fresh conversation, or many from stdin, one JSON object per line."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from enum import Enum
from typing import TYPE_CHECKING, Any, Optional

import typer

from saldo.answers.blocks import NONE_OF_THESE
from saldo.answers.plain_text import plain_text
from saldo.commands.conversing import customer_of, load_bot, metadata
from saldo.commands.render import show
from saldo.commands.terminal import json_line, terminal
from saldo.errors import SaldoError
from saldo.settings import Settings, from_environment
from saldo.text import usable

if TYPE_CHECKING:
    from saldo.billing import Customer
    from saldo.rasa_runtime.agent import Bot


class Language(str, Enum):
    """The languages Saldo speaks."""

    nl = "nl"
    fi = "fi"


def ask(
    text: Optional[str] = typer.Argument(None, help="The question; read from stdin if left out."),
    customer: Optional[str] = typer.Option(None, help="Answer with this customer's own figures."),
    language: Optional[Language] = typer.Option(None, help="The language of an ambiguous question."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object."),
    why: bool = typer.Option(False, "--why", help="Show how the question is read, and which rule decided."),
    jsonl: bool = typer.Option(False, "--jsonl", help="Read a JSON object per line from stdin, write one per line."),
) -> None:
    """Ask one question, in a fresh conversation."""
    settings = from_environment()
    if jsonl:
        if text is not None or customer is not None or language is not None:
            raise SaldoError(
                "With --jsonl each line on stdin brings its own text, customer and language; leave them out."
            )
        asyncio.run(_many(settings))
        return
    question = usable(sys.stdin.read() if text is None else text)
    if why:
        from saldo.commands.why import explain_reading

        explain_reading(settings, question, language.value if language else None)
        return
    who = customer_of(settings, customer)
    result = asyncio.run(_one(load_bot(settings), settings, question, who, language.value if language else None))
    if as_json:
        typer.echo(json_line(public(result)))
    else:
        show(terminal(), result["blocks"])


async def _one(
    bot: Bot, settings: Settings, text: str, customer: Customer | None, language: str | None
) -> dict[str, Any]:
    began = time.perf_counter()
    answer = await bot.turn(text, metadata=metadata(settings, customer, language))
    return {"text": text, **answer, "milliseconds": round((time.perf_counter() - began) * 1000, 1)}


async def _many(settings: Settings) -> None:
    bot = load_bot(settings)
    for line in sys.stdin.buffer:
        result = await _line(bot, settings, line)
        typer.echo(json_line(result))
        sys.stdout.flush()


async def _line(bot: Bot, settings: Settings, line: bytes) -> dict[str, Any]:
    """One line's result; a line that cannot be read gets an error in its place."""
    try:
        asked = _read(line)
        who = customer_of(settings, asked.get("customer"))
        return public(await _one(bot, settings, usable(asked["text"]), who, asked.get("language")))
    except SaldoError as error:
        return {"error": str(error)}


def _read(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise SaldoError('This line is no JSON in UTF-8; write {"text": "…"}.') from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise SaldoError('This line has no text; write {"text": "…"}.')
    if not isinstance(asked.get("customer"), (str, type(None))):
        raise SaldoError("The customer must be an id, as text.")
    if asked.get("language") not in (None, *(each.value for each in Language)):
        raise SaldoError("The language must be nl or fi.")
    return asked


def public(result: dict[str, Any]) -> dict[str, Any]:
    """The result in the published shape."""
    options = [item["id"] for block in result["blocks"] if block["type"] == "options" for item in block["items"]]
    return {
        "text": result["text"],
        "language": result["language"],
        "kind": result["kind"],
        "questions": result["questions"],
        "options": [option for option in options if option != NONE_OF_THESE],
        "answer": plain_text(result["blocks"]),
        "facts": result["facts"],
        "sources": result["sources"],
        "milliseconds": result["milliseconds"],
    }
