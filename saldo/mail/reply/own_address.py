"""Answers as they read in a letter from an address that they name: nobody is told to mail whom they have mailed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from saldo.answers.answer import AnswerPart
from saldo.answers.blocks import Block, Contacts, More, Paragraph
from saldo.faq import Faq
from saldo.faq.texts import TopicText


def as_reply_from(sender: str, part: AnswerPart, faq: Faq) -> AnswerPart:
    """The part without `sender` among the people to write to; where they are the topic's own, in the words for that."""
    text = faq.text(part.topic, part.language)
    people = faq.words[part.language].contacts
    is_theirs = sender in {people[name].email for name in text.contacts}
    return replace(part, blocks=tuple(_blocks(part.blocks, sender, text if is_theirs else None)))


def _blocks(blocks: Iterable[Block], sender: str, text: TopicText | None) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Paragraph) and text:
            yield Paragraph(text.as_reply(block.text))
        elif isinstance(block, More):
            yield replace(block, blocks=tuple(_blocks(block.blocks, sender, text)))
        elif isinstance(block, Contacts):
            if others := tuple(item for item in block.items if item.email != sender):
                yield replace(block, items=others)
        else:
            yield block
