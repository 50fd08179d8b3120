"""The letter: salutation, answers and closing, as blocks; a renderer makes text or HTML of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from babel.dates import format_time

from saldo.answers.answer import AnswerPart
from saldo.answers.blocks import block_to_json
from saldo.answers.formats import LOCALES, fill, write
from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.parse.headers import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.parse.words import word_lists
from saldo.mail.reply.wording import Wording

_NAME = re.compile(r"[^\W\d_][\w'’-]*\.?(?: (?:[^\W\d_]\.|[^\W\d_][\w'’-]+|'t)){0,4}")


def name_to_greet(sender: Address | None, language: str) -> str | None:
    """The full name in Dutch, the first name in Finnish; None if it may be an office, a company or a joke."""
    name = _turned(sender.name) if sender else ""
    if not sender or not _is_person(name, sender):
        return None
    first = name.split()[0]
    if language == "fi":
        return first if len(first.strip(".")) > 1 and "." not in first else None
    return name


def _turned(name: str) -> str:
    """ "Achterberg, Anneke" as "Anneke Achterberg"; quotes and what stands in brackets left out."""
    bare = re.sub(r"[(\[|/].*$", "", name.strip("\"' ")).strip()
    last, comma, first = bare.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else bare


def _is_person(name: str, sender: Address) -> bool:
    words = name.split()
    if not _NAME.fullmatch(name) or len(name) > 60 or not words[0][0].isupper() or not words[-1][0].isupper():
        return False
    if any(word.lower().strip(".") in word_lists().offices or word.lower() in word_lists().offices for word in words):
        return False
    if any(len(word) > 2 and word.isupper() for word in words):
        return False
    # one word may be a company; that it begins the address too speaks for a first name
    return len(words) > 1 or sender.local.startswith(name.lower())


Block = Mapping[str, Any]
LONGEST_QUOTE = 20_000
"""Characters of the customer's mail that are quoted below the letter."""
SHOWN = ("paragraph", "steps", "facts", "timeline", "links", "contacts")
"""The blocks that a letter shows: no seats (the table has their figures), no choices, no sources."""

ONCE = ("contacts", "timeline")
"""The blocks that a letter shows once, however many of its answers have them."""


def letter(incoming: IncomingMail, understood: MailUnderstanding, words: Wording) -> list[Block]:
    """A reply to the customer: each question in the order asked, then what happens next."""
    wording = words.letter
    name = name_to_greet(incoming.sender, understood.language)
    greeting = fill(wording.salutation_named, {"name": name}, understood.language) if name else wording.salutation
    blocks = [_paragraph(greeting), _paragraph(wording.opening), *_answers(understood.parts)]
    blocks += map(_paragraph, _later(understood, words))
    blocks.append(_paragraph(wording.ending))
    return [*blocks, _paragraph(f"{wording.closing}\n\n{wording.signature}")]


def _later(understood: MailUnderstanding, words: Wording) -> list[str]:
    """What a colleague comes back to: each question where it can be repeated, else the rest of the mail."""
    left = [question.in_short for question in understood.questions if question.status != "answered"]
    if any(each is None for each in left) or understood.notes:
        return [words.letter.later]
    wording = dict.fromkeys(
        fill(words.letter.later_about, {"question": each}, understood.language) for each in left if each
    )
    return list(wording)


def note(incoming: IncomingMail, language: str, words: Wording) -> list[Block]:
    """To a colleague: the mail as it came, and no invented answer."""
    wording, sender = words.note, incoming.sender
    blocks = [_paragraph(wording.opening)]
    if sender:
        values = {"name": sender.name or sender.email, "address": sender.email}
        blocks.append(_paragraph(fill(wording.sender, values, language)))
    if incoming.attachments:
        names = ", ".join(each.name for each in incoming.attachments[:20])
        blocks.append(_paragraph(fill(wording.attachments, {"names": names}, language)))
    return [*blocks, _paragraph(wording.transcript)]


def quoted(incoming: IncomingMail, language: str, words: Wording) -> tuple[str, str]:
    """The line above the quoted mail, as people of that language expect it, and the mail's text."""
    wording, sender, written = words.letter, incoming.sender, incoming.written
    name = (sender.name or sender.email) if sender else "?"
    if written is None:
        return fill(wording.quoted_undated, {"name": name}, language), incoming.body[:LONGEST_QUOTE]
    time = format_time(written.time(), "short", locale=LOCALES[language])
    values = {"name": name, "date": write(written.date(), language), "time": time}
    return fill(wording.quoted, values, language), incoming.body[:LONGEST_QUOTE]


def _answers(parts: Sequence[AnswerPart]) -> Iterator[Block]:
    """The answers; headings where there are several, the long form where there is one, contacts once."""
    several = len(parts) > 1
    shown: list[Any] = []
    for part in parts:
        if several:
            yield {"type": "heading", "text": part.heading}
        for block in _unfolded(map(block_to_json, part.blocks), more=not several):
            if fresh := _not_yet(block, shown):
                yield fresh


def _not_yet(block: Block, shown: list[Any]) -> Block | None:
    """The block as far as the letter has not shown it: contacts, and figures row by row; None for nothing new."""
    kind = block["type"]
    if kind not in SHOWN or (kind in ONCE and block in shown):
        return None
    if kind == "facts":
        rows = [row for row in block["rows"] if row not in shown]
        shown.extend(rows)
        return {**block, "rows": rows} if rows else None
    shown.append(block)
    return block


def _unfolded(blocks: Iterable[Block], *, more: bool) -> Iterator[Block]:
    for block in blocks:
        if block["type"] != "more":
            yield block
        elif more:
            yield from block["blocks"]


def _paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}
