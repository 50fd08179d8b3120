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
    block_to_json,
)
from saldo.answers.figures import rows_of, told
from saldo.answers.formats import fill, plain, plain_formula
from saldo.answers.provenance import unaccounted
from saldo.billing.explanation import Explanation
from saldo.billing.message_catalogue import DISAGREEING, FOR_PEOPLE, IN_ITS_STEAD, NOT_FOUND, UNKNOWN, YES_OR_NO
from saldo.errors import place_of
from saldo.faq import Faq
from saldo.faq.texts import ELSE, ConditionalText, ExampleText, StepsText, TopicText, sentences_of
from saldo.faq.texts import Block as Text

log = logging.getLogger(__name__)

FIGURES_PEOPLE = "invoicing"
"""The contact for someone whose figures could not be told, or are to be looked at."""
RISKS = {"records_disagree": DISAGREEING, "number_not_found": NOT_FOUND}
"""What a support agent is to look at in an answer that tells one of these."""


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
    on: date | None = None
    """The day that the figures are told for."""


def answer(faq: Faq, topics: Sequence[ExplainedTopic], language: str, unanswered: Sequence[str] = ()) -> Answer:
    """Answer the topics in order, each under its own heading if there are several; `unanswered` quotes the rest."""
    rest: list[Block] = [
        Paragraph(fill(faq.says("out_of_scope_part", language), {"question": quote}, language)) for quote in unanswered
    ]
    if unanswered:
        rest.append(contacts(faq, ["support"], language))
    return Answer("answer", language, tuple(_part(faq, each) for each in topics), tuple(rest))


def again(faq: Faq, said: Answer) -> Answer:
    """An answer that was given just now: people who can say more, and of each part its first sentences."""
    people = contacts(faq, ["invoicing", "support"], said.language)
    more = Paragraph(faq.says("again", said.language))
    parts = [replace(part, blocks=part.blocks[:1]) for part in said.parts]
    first = replace(parts[0], blocks=(more, people, *parts[0].blocks))
    return replace(said, parts=(first, *parts[1:]), rest=())


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
    blocks += told(faq, explanation, language, led) if explanation else []
    said = {one.name for one in explanation.sentences} if explanation else set()
    general, more = (
        ([], []) if said & YES_OR_NO else (_blocks(part, explained, lead) for part in (text.answer, text.more))
    )
    shown, used = rows_of(faq, explanation, language) if explanation else ((), ())
    if any(isinstance(block, (SeatsPicture, Timeline, Steps)) for block in (*blocks, *general)):
        shown, used = (), (*used, *shown)  # beside a picture or steps no table
    blocks += [Facts(words.says["figures_header"], shown)] if shown else []
    if explained.figures_missing:
        blocks.append(Paragraph(words.says["figures_unavailable"]))
    blocks += general
    lookers = [FIGURES_PEOPLE] if said & FOR_PEOPLE or (explained.figures_missing and not text.contacts) else []
    ours = [name for name in text.contacts if not _elsewhere(words.contacts[name].country, explanation)]
    if people := dict.fromkeys([*ours, *lookers]):
        blocks.append(contacts(faq, people, language))
    if text.links:
        blocks.append(Links(tuple(LinkItem(link.label, link.url) for link in text.links)))
    named = "source_article_read" if text.source.url else "source_article"
    source = fill(words.says[named], {"heading": text.source.heading}, language)
    sources = Sources(words.says["sources_header"], (SourceItem(source, file, text.source.url),))
    table = Facts(words.says["figures_used" if shown else "figures_header"], used)
    folds: list[tuple[str, list[Block]]] = [(words.says["how_reckoned"], [table])] if used else []
    folds += [(words.says["more"], more)] if more else []
    (folds[-1][1] if folds else blocks).append(sources)
    blocks += (More(label, tuple(inner)) for label, inner in folds)
    facts = tuple(
        FactRecord(fact.name, plain(fact.value), plain_formula(fact.formula), str(fact.source))
        for fact in (explanation.facts if explanation and explanation.own else ())
    )
    risks = tuple(risk for risk, names in RISKS.items() if said & names)
    figures_of = explained.on.isoformat() if explained.on and facts else None
    return AnswerPart(topic, language, text.question, tuple(blocks), facts, file, risks, figures_of)


def _lead(text: TopicText, explained: ExplainedTopic) -> tuple[str | None, str | None]:
    """The sentence that answers the point, and the name of the statement that it says in its stead.

    None of them if that is said of several subscriptions, one after the other, or of another invoice than was named, or
    if a statement answers by itself.
    """
    lead: Mapping[str, str] = text.leads.get(explained.point or "", {})
    said = {one.name: one for one in reversed(explained.explanation.sentences)} if explained.explanation else {}
    if YES_OR_NO & {*said}:
        return None, None
    for name, wording in lead.items():
        if name in said and said.keys() & {"of_subscription", *IN_ITS_STEAD}:
            return None, None
        if name in said:
            return fill(wording, said[name].values, explained.language), name
    return lead.get(ELSE), None


def _blocks(texts: Iterable[Text], explained: ExplainedTopic, lead: str | None) -> list[Block]:
    """The reviewed text, without what the lead or the customer's own figures contradict or say as well."""
    figures = {one.name for one in explained.explanation.sentences} if explained.explanation else set()
    said = figures | {explained.point} if lead else figures
    return [
        Steps(tuple(text.steps)) if isinstance(text, StepsText) else Paragraph(*sentences_of(text))
        for text in texts
        if not (isinstance(text, ExampleText) and figures - UNKNOWN)
        and not (isinstance(text, ConditionalText) and said & {*text.unless})
        and not (isinstance(text, ConditionalText) and _elsewhere(text.country, explained.explanation))
    ]


def _elsewhere(country: str | None, explanation: Explanation | None) -> bool:
    """Whether it is for customers of one country, and this one is known to be of another."""
    return bool(country and explanation and explanation.country not in (None, country))
