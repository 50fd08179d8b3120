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
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.parse.words import word_lists
from saldo.mail.reply.wording import Wording, Wordings
from saldo.nlu.change_pieces import direction

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
    if _names_company(words, sender):
        return False
    # one word may be a company; that it begins the address too speaks for a first name
    return len(words) > 1 or sender.local.startswith(name.lower())


def _names_company(words: list[str], sender: Address) -> bool:
    """Whether the name is in the address's domain, as a company's is, and not before the @, as a person's may be."""
    spoken = [word.lower().strip(".") for word in words]
    return all(word in sender.domain for word in spoken) and not any(
        word in sender.local for word in spoken if len(word) > 1
    )


Block = Mapping[str, Any]
LONGEST_QUOTE = 20_000
"""Characters of the customer's mail that are quoted below the letter."""
SHOWN = ("paragraph", "steps", "facts", "timeline", "links", "contacts")
"""The blocks that a letter shows: no seats (the table has their figures), no choices, no sources."""

ONCE = ("paragraph", "contacts", "timeline")
"""The blocks that a letter shows once, however many of its answers have them."""


def letter(
    to: Address | None, understood: MailUnderstanding, words: Wording, known_as: str = "", signature: str = ""
) -> list[Block]:
    """A reply to the customer: each question in the order asked, then what happens next.

    `known_as` is the contact's name in the records; without one the mail's own is taken. An empty signature is left to
    the mail program.
    """
    wording = words.letter
    blocks = [
        _paragraph(salutation(to, known_as, understood.language, words)),
        _paragraph(wording.opening),
    ]
    blocks += answers(understood, words)
    blocks += map(_paragraph, _later(understood, words))
    blocks.append(_paragraph(wording.ending))
    return [*blocks, _closing(words, signature)]


def receipt(
    to: Address | None, files: int, language: str, words: Wording, known_as: str = "", signature: str = ""
) -> list[Block]:
    """To one who handed in something: that it arrived, and nothing else."""
    received = words.letter.received if files == 1 else words.letter.received_several
    sentence = f"{words.letter.opening} {received}"
    return [_paragraph(salutation(to, known_as, language, words)), _paragraph(sentence), _closing(words, signature)]


def _closing(words: Wording, signature: str) -> Block:
    return _paragraph("\n\n".join(filter(None, (words.letter.closing, signature))))


def courtesy(words: Wordings) -> list[Block]:
    """To one who writes in another language: in English and each of ours, which ones we answer in."""
    ours = [each.letter for each in words.by_language.values()]
    paragraphs = [words.elsewhere.foreign, *(each.foreign for each in ours)]
    closing = "\n".join([words.elsewhere.closing, *(each.closing for each in ours)])
    return [*map(_paragraph, paragraphs), _paragraph(closing)]


def salutation(sender: Address | None, known_as: str, language: str, words: Wording) -> str:
    """The letter's first line: by title and surname where the records have one, else by name, else without."""
    wording, (first, _, rest) = words.letter, known_as.removeprefix("de ").partition(" ")
    if (title := words.titles.get(first.lower().rstrip("."))) and (surname := _surname(rest)):
        return fill(wording.salutation_titled, {"title": title, "name": surname}, language)
    named = Address(known_as, sender.email) if sender and known_as else sender
    name = name_to_greet(named, language) or name_to_greet(sender, language)
    return fill(wording.salutation_named, {"name": name}, language) if name else wording.salutation


def _surname(name: str) -> str:
    """ "J. de Vries" and "Jo de Vries" as "De Vries"; empty if there is none."""
    words = _turned(name).split()
    small = next((place for place, word in enumerate(words) if word[0].islower()), None)
    surname = " ".join(words[small:] if small is not None else words[-1:])
    return surname[:1].upper() + surname[1:]


def _later(understood: MailUnderstanding, words: Wording) -> list[str]:
    """What a colleague comes back to: each question where it can be repeated, else the rest of the mail."""
    left = [question.in_short for question in understood.questions if question.status != "answered"]
    if any(each is None for each in left) or understood.notes:
        return [words.letter.later]
    wording = dict.fromkeys(
        fill(words.letter.later_about, {"question": each}, understood.language) for each in left if each
    )
    return list(wording)


def note(incoming: IncomingMail, risks: Iterable[str], language: str, words: Wording) -> list[Block]:
    """To a colleague: what is to be looked at, in words, then the mail as it came, and no invented answer."""
    wording, sender = words.note, incoming.sender
    blocks = [_paragraph(wording.opening)]
    if sender:
        values = {"name": sender.name or sender.email, "address": sender.email}
        blocks.append(_paragraph(fill(wording.sender, values, language)))
    if incoming.attachments:
        names = ", ".join(each.name for each in incoming.attachments[:20])
        blocks.append(_paragraph(fill(wording.attachments, {"names": names}, language)))
    if named := "; ".join(risks):
        blocks.append(_paragraph(fill(wording.look_at, {"risks": named}, language)))
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


def answers(understood: MailUnderstanding, words: Wording) -> Iterator[Block]:
    """The answers; headings where there are several, the long form where there is one; nothing is said twice."""
    several = len(understood.parts) > 1
    parts = [(part, _part(part, understood, more=not several)) for part in understood.parts]
    openings = [blocks[0] for _, blocks in parts if blocks]
    shown: list[Any] = []
    for part, blocks in parts:
        if several:
            yield {"type": "heading", "text": _heading(part, understood, words)}
        for place, block in enumerate(blocks):
            if place and block in openings:
                continue  # it is what another question is answered with
            if fresh := _not_yet(block, shown, keep=not place):
                yield fresh


def _part(part: AnswerPart, understood: MailUnderstanding, *, more: bool) -> list[Block]:
    """An answer's blocks as a letter has them: one table, what was asked about before its opposite, people last."""
    blocks = [block for block in _unfolded(map(block_to_json, part.blocks), more=more) if block["type"] in SHOWN]
    asked = " ".join(each.quote for each in understood.questions if each.topic == part.topic)
    text = "\n".join(block["text"] for block in blocks if block["type"] == "paragraph")
    ordered = _asked_first(list(_one_table(blocks)), direction(asked, part.language), part.language)
    people = [block for block in ordered if block["type"] in ("contacts", "links")]
    rest = [block for block in ordered if block not in people]
    return [*rest, *filter(None, (_unnamed(block, text) for block in people))]


def _asked_first(blocks: list[Block], change: str | None, language: str) -> list[Block]:
    """The blocks, with what is said of adding after what is said of removing where that was asked, and the reverse."""
    about = [direction(block["text"], language) if block["type"] == "paragraph" else None for block in blocks]
    last = max((place for place, each in enumerate(about) if change and each == change), default=-1)
    later = [block for place, block in enumerate(blocks) if about[place] not in (None, change) and place < last]
    return [*(block for block in blocks if block not in later), *later]


def _one_table(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with all figures in the first table, what is reckoned below what it is reckoned from."""
    rows = [row for block in blocks if block["type"] == "facts" for row in block["rows"]]
    first = next((block for block in blocks if block["type"] == "facts"), None)
    for block in blocks:
        if block is first:
            yield {**block, "rows": sorted(rows, key=lambda row: bool(row["formula"]))}
        elif block["type"] != "facts":
            yield block


def _unnamed(block: Block, text: str) -> Block | None:
    """The block, of contacts without an address that the text names or a page it does not speak of; None if empty."""
    if block["type"] != "contacts":
        return block
    items = [item for item in block["items"] if (item["label"] in text if item["url"] else item["email"] not in text)]
    return {**block, "items": items} if items else None


def _heading(part: AnswerPart, understood: MailUnderstanding, words: Wording) -> str:
    """Which of the customer's questions comes now, counted as they asked them, and what it is about."""
    asked = list(dict.fromkeys(question.topic for question in understood.questions))
    place = (
        words.places[min(asked.index(part.topic), len(words.places) - 1)] if part.topic in asked else words.places[-1]
    )
    values = {"place": place, "subject": words.subjects.get(part.topic, part.heading)}
    return fill(words.letter.heading, values, understood.language)


def _not_yet(block: Block, shown: list[Any], *, keep: bool) -> Block | None:
    """The block as far as the letter has not shown it, figures row by row; None for nothing new, or what is to stay."""
    if block["type"] == "facts":
        rows = [row for row in block["rows"] if row not in shown]
        shown.extend(rows)
        return {**block, "rows": rows} if rows else None
    if block["type"] in ONCE and block in shown and not keep:
        return None
    shown.append(block)
    return block


def _unfolded(blocks: Iterable[Block], *, more: bool) -> Iterator[Block]:
    """The blocks with nothing folded; of what was, the figures alone unless `more`."""
    for block in blocks:
        if block["type"] != "more":
            yield block
        else:
            yield from (inner for inner in block["blocks"] if more or inner["type"] == "facts")


def _paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}
