"""Composes answers: the reviewed FAQ text joined with the customer's own figures."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from saldo.answers.answer import Answer, AnswerPart, FactRecord
from saldo.answers.blocks import (
    NONE_OF_THESE,
    Block,
    ContactItem,
    Contacts,
    FactRow,
    Facts,
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
    block_to_json,
)
from saldo.answers.formats import fill, plain, plain_formula, write, write_formula
from saldo.answers.provenance import unaccounted
from saldo.billing.explanation import Explanation, Fact, PeriodTimeline, Source
from saldo.errors import place_of
from saldo.faq import Faq
from saldo.faq.texts import ELSE, ExampleText, ParagraphText, StepsText, TopicText, sentences_of
from saldo.faq.texts import Block as Text

log = logging.getLogger(__name__)

FIGURES_PEOPLE = "invoicing"
"""The contact for someone whose figures could not be told."""


@dataclass(frozen=True)
class ExplainedTopic:
    """One question's topic and language, and the customer's figures on it if there are any."""

    topic: str
    language: str
    explanation: Explanation | None = None
    figures_missing: bool = False
    """The customer is known but the figures could not be read."""
    point: str | None = None
    """What exactly within the topic was asked: the answer begins with it, if the content files have a lead for it."""


def answer(faq: Faq, topics: Sequence[ExplainedTopic], language: str, unanswered: Sequence[str] = ()) -> Answer:
    """Answer the topics in order, each under its own heading if there are several; `unanswered` quotes the rest."""
    rest: list[Block] = [
        Paragraph(fill(faq.says("out_of_scope_part", language), {"question": quote}, language)) for quote in unanswered
    ]
    if unanswered:
        rest.append(contacts(faq, ["support"], language))
    return Answer("answer", language, tuple(_part(faq, each) for each in topics), tuple(rest))


def say(faq: Faq, kind: str, key: str, language: str, topics: Sequence[str] = (), **values: str) -> Answer:
    """One sentence of the interface words; contacts follow where the customer needs people."""
    blocks: list[Block] = [Paragraph(fill(faq.says(key, language), values, language))]
    if kind in ("handover", "out_of_scope"):
        blocks.append(contacts(faq, ["invoicing", "support"], language))
    return Answer(kind, language, (), tuple(blocks), tuple(topics), (f"faq/{language}.yml",))


def clarify(faq: Faq, topics: Sequence[str], language: str) -> Answer:
    """Ask which of at most three topics is meant; the last choice is none of them."""
    if not topics:
        return say(faq, "clarify", "clarify_unknown", language)
    choices = [Option(topic, faq.text(topic, language).question) for topic in topics[:3]]
    none = Option(NONE_OF_THESE, faq.says("clarify_none", language))
    blocks = (Paragraph(faq.says("clarify", language)), Options((*choices, none)))
    return Answer("clarify", language, (), blocks, tuple(topics[:3]), (f"faq/{language}.yml",))


def unsupported_language(faq: Faq, language: str) -> Answer:
    """The polite reply in English, Dutch and Finnish, with the addresses."""
    sentences = [faq.elsewhere.says["not_understood_language"]]
    sentences += [faq.says("not_understood_language", each) for each in faq.words]
    people = contacts(faq, ["invoicing", "support"], language)
    blocks: list[Block] = [*map(Paragraph, sentences), people]
    return Answer("unsupported_language", language, (), tuple(blocks), (), ("faq/en.yml",))


def contacts(faq: Faq, names: Iterable[str], language: str) -> Contacts:
    """The people of these names, as a block."""
    words = faq.words[language]
    people = (words.contacts[name] for name in names)
    return Contacts(words.says["contact_header"], tuple(ContactItem(p.label, p.email, p.url) for p in people))


def _part(faq: Faq, explained: ExplainedTopic) -> AnswerPart:
    """A topic's part. Whatever fails in its figures, or is in no fact, costs the figures and never the text."""
    text = faq.text(explained.topic, explained.language)
    try:
        part = _composed(faq, explained)
        facts = explained.explanation.facts if explained.explanation else ()
        reviewed = tuple(_reviewed(text))
        if not any(unaccounted(block_to_json(block), facts, reviewed) for block in part.blocks):
            return part
        sentences = explained.explanation.sentences if explained.explanation else ()
        why = f"a figure is in no fact ({', '.join(each.name for each in sentences) or 'the reviewed text'})"
    except Exception as error:  # a customer must not lose the answer over a figure
        why = place_of(error)
    log.error("figures withheld: %s in %s: %s", explained.topic, explained.language, why)
    return _composed(faq, replace(explained, explanation=None, figures_missing=True))


def _reviewed(text: TopicText) -> Iterator[str]:
    """The sentences of a topic as people approved them, the wordings of figures left out."""
    yield from (text.question, text.source.heading)
    for lead in text.leads.values():
        yield from [lead[ELSE]] if ELSE in lead else []
    for block in (*text.answer, *text.more):
        yield from sentences_of(block)


def _composed(faq: Faq, explained: ExplainedTopic) -> AnswerPart:
    topic, language, explanation = explained.topic, explained.language, explained.explanation
    text, words, file = faq.text(topic, language), faq.words[language], f"faq/{language}/{topic}.yml"
    lead, led = _lead(text, explained)
    blocks: list[Block] = [Paragraph(lead)] if lead else []
    blocks += _figures(faq, explanation, language, led) if explanation else []
    if explained.figures_missing:
        blocks.append(Paragraph(words.says["figures_unavailable"]))
    blocks += _blocks(text.answer, explanation)
    if more := _blocks(text.more, explanation):
        blocks.append(More(words.says["more"], tuple(more)))
    if people := text.contacts or ([FIGURES_PEOPLE] if explained.figures_missing else []):
        blocks.append(contacts(faq, people, language))
    if text.links:
        blocks.append(Links(tuple(LinkItem(link.label, link.url) for link in text.links)))
    source = fill(words.says["source_article"], {"heading": text.source.heading}, language)
    blocks.append(Sources(words.says["sources_header"], (SourceItem(source, file),)))
    facts = tuple(
        FactRecord(fact.name, plain(fact.value), plain_formula(fact.formula), str(fact.source))
        for fact in (explanation.facts if explanation and explanation.own else ())
    )
    return AnswerPart(topic, language, text.question, tuple(blocks), facts, file)


def _lead(text: TopicText, explained: ExplainedTopic) -> tuple[str | None, str | None]:
    """The sentence that answers the point, and the name of the statement that it says in its stead."""
    lead: Mapping[str, str] = text.leads.get(explained.point or "", {})
    said = {one.name: one for one in reversed(explained.explanation.sentences)} if explained.explanation else {}
    for name, wording in lead.items():
        if name in said:
            return fill(wording, said[name].values, explained.language), name
    return lead.get(ELSE), None


def _blocks(texts: Iterable[Text], explanation: Explanation | None) -> list[Block]:
    """The reviewed text, without what the customer's own figures contradict or show better."""
    said = {one.name for one in explanation.sentences} if explanation else set()
    return [
        Steps(tuple(text.steps)) if isinstance(text, StepsText) else Paragraph(*sentences_of(text))
        for text in texts
        if not (isinstance(text, ExampleText) and said)
        and not (isinstance(text, ParagraphText) and said & {*text.unless})
    ]


def _figures(faq: Faq, explanation: Explanation, language: str, led: str | None) -> Iterator[Block]:
    """The customer's own figures: what they come to in words, in a picture, and in a table.

    The first statement named `led` is said by the answer's lead.
    """
    wordings, words = faq.text(explanation.topic, language).figures, faq.words[language]
    sentences = [statement for statement in explanation.sentences if statement.name in wordings]
    if led:
        sentences.remove(next(one for one in sentences if one.name == led))
    if sentences:
        yield Paragraph(" ".join(fill(wordings[one.name], one.values, language) for one in sentences))
    if seats := explanation.seats:
        free = max(seats.licences - seats.active, 0)
        used = fill(words.says["seats_used"], {"count": seats.active}, language)
        yield SeatsPicture(seats.active, free, used, fill(words.says["seats_free"], {"count": free}, language))
    if explanation.timeline:
        yield _timeline(explanation.timeline, wordings, words.facts["period"], language)
    if explanation.facts and explanation.own:
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
