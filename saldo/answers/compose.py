"""An answer: typed blocks that join the reviewed FAQ text with the customer's own figures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from saldo.answers.blocks import (
    NONE_OF_THESE,
    Block,
    ContactItem,
    Contacts,
    FactRow,
    Facts,
    Heading,
    LinkItem,
    Links,
    More,
    Option,
    Options,
    Paragraph,
    SeatsPicture,
    SourceItem,
    Sources,
    Steps,
    Timeline,
    TimelineRow,
    as_json,
)
from saldo.answers.formats import fill, plain, plain_formula, write, write_formula
from saldo.answers.provenance import unaccounted
from saldo.billing.explanation import Explanation, Fact, PeriodTimeline, Source
from saldo.faq import Faq
from saldo.faq.texts import Block as Text
from saldo.faq.texts import ParagraphText, TopicText

log = logging.getLogger(__name__)

FIGURES_PEOPLE = "invoicing"
"""The contact for someone whose figures could not be told."""


@dataclass(frozen=True)
class Answer:
    """What one turn says, whatever the channel."""

    kind: str
    """answer, clarify, small_talk, handover, out_of_scope or unsupported_language"""
    language: str
    blocks: tuple[Block, ...]
    topics: tuple[str, ...] = ()
    facts: tuple[Mapping[str, Any], ...] = ()
    """The computed figures for machines: name, value, formula, source."""
    sources: tuple[str, ...] = ()
    """The content files that the answer is made of."""

    def as_json(self) -> dict[str, Any]:
        """What channels and the tracker carry."""
        return {
            "kind": self.kind,
            "language": self.language,
            "topics": list(self.topics),
            "blocks": [as_json(block) for block in self.blocks],
            "facts": [dict(fact) for fact in self.facts],
            "sources": list(self.sources),
        }


@dataclass(frozen=True)
class Part:
    """One question's share of an answer: its topic, its language, and the customer's figures if there are any."""

    topic: str
    language: str
    explanation: Explanation | None = None
    figures_missing: bool = False
    """The customer is known but the figures could not be read."""


def answer(faq: Faq, parts: Sequence[Part], language: str, left_over: Sequence[str] = ()) -> Answer:
    """Answer the parts in order, each under its own heading if there are several; `left_over` quotes the rest."""
    parts = [_accounted(faq, part) for part in parts]
    several = len(parts) + len(left_over) > 1
    blocks: list[Block] = []
    for part in parts:
        if several:
            blocks.append(Heading(faq.text(part.topic, part.language).question))
        blocks.extend(_part(faq, part))
    for quote in left_over:
        blocks.append(Paragraph(fill(faq.says("out_of_scope_part", language), {"question": quote}, language)))
    if left_over:
        blocks.append(contacts(faq, ["support"], language))
    return Answer(
        "answer",
        language,
        tuple(blocks),
        tuple(part.topic for part in parts),
        tuple(fact for part in parts for fact in _facts_for_machines(part.explanation)),
        tuple(_file(part) for part in parts),
    )


def say(faq: Faq, kind: str, key: str, language: str, topics: Sequence[str] = (), **values: str) -> Answer:
    """One sentence of the interface words; contacts follow where the customer needs people."""
    blocks: list[Block] = [Paragraph(fill(faq.says(key, language), values, language))]
    if kind in ("handover", "out_of_scope"):
        blocks.append(contacts(faq, ["invoicing", "support"], language))
    return Answer(kind, language, tuple(blocks), tuple(topics), sources=(f"faq/{language}.yml",))


def clarify(faq: Faq, topics: Sequence[str], language: str) -> Answer:
    """Ask which of at most three topics is meant; the last choice is none of them."""
    if not topics:
        return say(faq, "clarify", "clarify_unknown", language)
    choices = [Option(topic, faq.text(topic, language).question) for topic in topics[:3]]
    none = Option(NONE_OF_THESE, faq.says("clarify_none", language))
    blocks = (Paragraph(faq.says("clarify", language)), Options((*choices, none)))
    return Answer("clarify", language, blocks, tuple(topics[:3]), sources=(f"faq/{language}.yml",))


def unsupported_language(faq: Faq, language: str) -> Answer:
    """The polite reply in English, Dutch and Finnish, with the addresses."""
    sentences = [faq.elsewhere.says["not_understood_language"]]
    sentences += [faq.says("not_understood_language", each) for each in faq.words]
    people = contacts(faq, ["invoicing", "support"], language)
    blocks: list[Block] = [*map(Paragraph, sentences), people]
    return Answer("unsupported_language", language, tuple(blocks), sources=("faq/en.yml",))


def contacts(faq: Faq, names: Iterable[str], language: str) -> Contacts:
    """The people of these names, as a block."""
    words = faq.words[language]
    people = (words.contacts[name] for name in names)
    return Contacts(words.says["contact_header"], tuple(ContactItem(p.label, p.email, p.url) for p in people))


def _accounted(faq: Faq, part: Part) -> Part:
    """The part as it is, or without figures if one of them comes from no fact and no reviewed text."""
    facts = part.explanation.facts if part.explanation else ()
    reviewed = tuple(_reviewed(faq.text(part.topic, part.language)))
    if not any(unaccounted(as_json(block), facts, reviewed) for block in _part(faq, part)):
        return part
    sentences = ", ".join(one.name for one in part.explanation.sentences) if part.explanation else "the reviewed text"
    log.error("figures withheld: a figure on %s in %s is in no fact (said: %s)", part.topic, part.language, sentences)
    return replace(part, explanation=None, figures_missing=True)


def _reviewed(text: TopicText) -> Iterator[str]:
    """The sentences of a topic as people approved them, the wordings of figures left out."""
    yield from (text.question, text.source.heading)
    for block in (*text.answer, *text.more):
        yield from [block.paragraph] if isinstance(block, ParagraphText) else block.steps


def _part(faq: Faq, part: Part) -> Iterator[Block]:
    text, words = faq.text(part.topic, part.language), faq.words[part.language]
    if part.explanation:
        yield from _figures(faq, part.explanation, part.language)
    if part.figures_missing:
        yield Paragraph(words.says["figures_unavailable"])
    yield from map(_block, text.answer)
    if text.more:
        yield More(words.says["more"], tuple(map(_block, text.more)))
    if people := text.contacts or ([FIGURES_PEOPLE] if part.figures_missing else []):
        yield contacts(faq, people, part.language)
    if text.links:
        yield Links(tuple(LinkItem(link.label, link.url) for link in text.links))
    source = fill(words.says["source_article"], {"heading": text.source.heading}, part.language)
    yield Sources(words.says["sources_header"], (SourceItem(source, _file(part)),))


def _figures(faq: Faq, explanation: Explanation, language: str) -> Iterator[Block]:
    """The customer's own figures: what they come to in words, in a picture, and in a table."""
    wordings, words = faq.text(explanation.topic, language).figures, faq.words[language]
    sentences = [statement for statement in explanation.sentences if statement.name in wordings]
    if sentences:
        yield Paragraph(" ".join(fill(wordings[one.name], one.values, language) for one in sentences))
    if seats := explanation.seats:
        free = max(seats.licences - seats.active, 0)
        used = fill(words.says["seats_used"], {"count": seats.active}, language)
        yield SeatsPicture(seats.active, free, used, fill(words.says["seats_free"], {"count": free}, language))
    if explanation.timeline:
        yield _timeline(explanation.timeline, wordings, words.facts["period"], language)
    if explanation.facts:
        rows = tuple(_row(fact, words.facts, words.sources, language) for fact in explanation.facts)
        yield Facts(words.says["figures_header"], rows)


def _timeline(turning: PeriodTimeline, wordings: Mapping[str, str], title: str, language: str) -> Timeline:
    period = turning.period

    def day(on: date) -> str:
        return write(on, language)

    rows = (
        TimelineRow(
            fill(wordings[one.sentence.name], one.sentence.values, language),
            day(one.days.start),
            day(one.days.last_day),
            (one.days.start - period.start).days,
            (one.days.end - period.start).days,
        )
        for one in turning.stretches
    )
    change_day, days = (turning.change_on - period.start).days, (period.end - period.start).days
    return Timeline(
        title, day(period.start), day(period.last_day), days, day(turning.change_on), change_day, tuple(rows)
    )


def _row(fact: Fact, labels: Mapping[str, str], sources: Mapping[str, str], language: str) -> FactRow:
    formula = write_formula(fact.formula, language) if fact.formula else None
    return FactRow(labels[fact.name], write(fact.value, language), formula, _source(fact.source, sources, language))


def _source(source: Source, wordings: Mapping[str, str], language: str) -> str:
    return fill(wordings[source.name], source.values, language)


def _block(text: Text) -> Block:
    return Paragraph(text.paragraph) if isinstance(text, ParagraphText) else Steps(tuple(text.steps))


def _facts_for_machines(explanation: Explanation | None) -> list[dict[str, Any]]:
    facts = explanation.facts if explanation else ()
    return [
        {
            "name": fact.name,
            "value": plain(fact.value),
            "formula": plain_formula(fact.formula),
            "source": str(fact.source),
        }
        for fact in facts
    ]


def _file(part: Part) -> str:
    return f"faq/{part.language}/{part.topic}.yml"
