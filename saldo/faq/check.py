"""What must hold over all content: both languages say the same, and everything can be said.

A difference in figures, addresses, links or named companies is a mistake unless `exceptions.yml` reviews it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from saldo.billing.message_catalogue import COMMON, FACTS, MESSAGES, SOURCES
from saldo.errors import Fault
from saldo.faq.texts import (
    ELSE,
    LANGUAGES,
    Block,
    ConditionalText,
    Faq,
    TopicText,
    placeholders,
    sentences_of,
    stray_braces,
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s)]+")
COMPANY = re.compile(r"Visma \w+")
INTERFACE = "interface"
"""What exceptions.yml calls `nl.yml` and `fi.yml`, which belong to no topic."""

SAID: Mapping[str, frozenset[str]] = {
    "greet_known": frozenset({"name"}),
    "out_of_scope_part": frozenset({"question"}),
    "too_long": frozenset({"limit"}),
    "away": frozenset({"invoicing", "support"}),
    "late": frozenset({"invoicing", "support"}),
    "source_article": frozenset({"heading"}),
    "source_article_read": frozenset({"heading"}),
    "widget_ask_invoice": frozenset({"invoice"}),
    "widget_figures_of": frozenset({"day"}),
    "widget_characters": frozenset({"count"}),
    "widget_handover_as": frozenset({"name"}),
    "widget_handover_done": frozenset({"reference"}),
    "seats_used": frozenset({"count"}),
    "seats_free": frozenset({"count"}),
}
"""Placeholders of the sentences in `says` that have any."""


def check(faq: Faq) -> list[Fault]:
    """Every mistake in the content, none if it is in order."""
    return sorted({*_topics(faq), *_texts(faq), *_statements(faq), *_words(faq), *_differences(faq)})


def _topics(faq: Faq) -> Iterator[Fault]:
    for language in LANGUAGES:
        for topic in sorted(set(faq.topics) - set(faq.texts[language])):
            yield Fault(f"faq/{language}/{topic}.yml", 0, "is missing, but faq/topics.yml names the topic")
        for topic in sorted(set(faq.texts[language]) - set(faq.topics)):
            yield Fault(f"faq/{language}/{topic}.yml", 0, f"faq/topics.yml does not name {topic}")
    for topic in sorted({one.topic for one in faq.exceptions} - {*faq.topics, INTERFACE}):
        file = "faq/exceptions.yml"
        yield Fault(file, _line(faq, file, topic), f"faq/topics.yml does not name {topic}")


def _texts(faq: Faq) -> Iterator[Fault]:
    for language, texts in faq.texts.items():
        for topic, text in texts.items():
            file = f"faq/{language}/{topic}.yml"
            for name in text.contacts:
                if name not in faq.words[language].contacts:
                    yield Fault(file, _line(faq, file, "contacts"), f"no contact {name!r} in faq/{language}.yml")
            if text.source.article != language:
                yield Fault(file, _line(faq, file, "article"), f"the source is the {language} article")
            for name in text.next:
                if name not in faq.topics or name == topic:
                    yield Fault(file, _line(faq, file, "next:"), f"next: {name!r} is no other topic of faq/topics.yml")
            yield from _figures(faq, file, topic, text.figures)
            yield from _leads(faq, file, topic, text)
            people = faq.words[language].contacts
            own = {people[name].email for name in text.contacts if name in people}
            yield from _replies(faq, file, text, own)


def _figures(faq: Faq, file: str, topic: str, figures: Mapping[str, str]) -> Iterator[Fault]:
    catalogued = MESSAGES.get(topic, {})
    for name, wording in figures.items():
        if name not in catalogued:
            yield Fault(file, _line(faq, file, name), f"no rule says {name!r}; {topic} has {', '.join(catalogued)}")
        else:
            yield from _wording(faq, file, name, wording, catalogued[name].placeholders)


def _leads(faq: Faq, file: str, topic: str, text: TopicText) -> Iterator[Fault]:
    """Leads and paragraphs name what a rule can say or, the latter, leads; no other placeholders than theirs."""
    catalogued = {name: message.placeholders for name, message in {**COMMON, **MESSAGES.get(topic, {})}.items()}
    catalogued[ELSE] = frozenset()
    for point, lead in text.leads.items():
        for name, wording in lead.items():
            if name not in catalogued:
                yield Fault(file, _line(faq, file, point), f"leads: {point}: no rule says {name!r}")
            else:
                yield from _wording(faq, file, f"leads: {point}", wording, catalogued[name])
    for block in (*text.answer, *text.more):
        for name in block.unless if isinstance(block, ConditionalText) else ():
            if name not in catalogued and name not in text.leads:
                yield Fault(file, _line(faq, file, name), f"unless: no rule says {name!r} and no lead is called so")


def _replies(faq: Faq, file: str, text: TopicText, own: set[str | None]) -> Iterator[Fault]:
    """A phrase that is replaced stands in the text, and no sentence tells to write to the address a letter is from."""
    leads = (wording for lead in text.leads.values() for wording in lead.values())
    sentences = [*_sentences(text.answer), *_sentences(text.more), *leads, *text.figures.values()]
    for phrase, instead in text.in_reply.items():
        if not any(phrase in sentence for sentence in sentences):
            yield Fault(file, _line(faq, file, phrase), f"in_reply: no sentence says {phrase!r}")
        if found_in(instead) or placeholders(instead) or stray_braces(instead):
            told = f"in_reply: {instead!r} is to name no figure, address, company or placeholder"
            yield Fault(file, _line(faq, file, instead), told)
    for address in sorted(filter(None, own)):
        if any(address in text.as_reply(sentence) for sentence in sentences):
            told = f"tells to write to {address}, also in a letter from there; in_reply has no words for that"
            yield Fault(file, _line(faq, file, address), told)


def _statements(faq: Faq) -> Iterator[Fault]:
    """What a rule can say has a wording; that both languages have it is checked with their differences."""
    for topic in faq.topics:
        worded = {name for texts in faq.texts.values() if topic in texts for name in texts[topic].figures}
        for name in sorted(set(MESSAGES.get(topic, {})) - worded):
            file = f"faq/{LANGUAGES[0]}/{topic}.yml"
            yield Fault(file, _line(faq, file, "figures"), f"figures: no language words {name!r}")


def _words(faq: Faq) -> Iterator[Fault]:
    wordings = {name for words in faq.words.values() for name in words.says}
    for language, words in faq.words.items():
        file = f"faq/{language}.yml"
        yield from _same_keys(faq, file, "facts", words.facts, FACTS)
        yield from _same_keys(faq, file, "sources", words.sources, SOURCES)
        yield from _same_keys(faq, file, "figures", words.figures, COMMON)
        yield from _same_keys(faq, file, "says", words.says, wordings)
        for name, wording in words.sources.items():
            yield from _wording(faq, file, name, wording, SOURCES.get(name, frozenset()))
        for name, wording in words.figures.items():
            yield from _wording(faq, file, name, wording, COMMON[name].placeholders if name in COMMON else frozenset())
        for name, wording in words.says.items():
            yield from _wording(faq, file, name, wording, SAID.get(name, frozenset()))


def _same_keys(faq: Faq, file: str, part: str, have: Mapping[str, str], want: Iterable[str]) -> Iterator[Fault]:
    for name in sorted(set(want) - set(have)):
        yield Fault(file, _line(faq, file, part), f"{part} lacks {name!r}")
    for name in sorted(set(have) - set(want)):
        yield Fault(file, _line(faq, file, name), f"{part}: nothing is called {name!r}")


def _wording(faq: Faq, file: str, name: str, wording: str, catalogued: frozenset[str]) -> Iterator[Fault]:
    """A wording renders if all its placeholders are known, and its braces are nothing but placeholders."""
    for unknown in sorted(placeholders(wording) - catalogued):
        allowed = ", ".join(f"{{{one}}}" for one in sorted(catalogued)) or "none"
        yield Fault(file, _line(faq, file, name), f"{name}: unknown placeholder {{{unknown}}}; allowed: {allowed}")
    if stray_braces(wording):
        yield Fault(file, _line(faq, file, name), f"{name}: a brace that belongs to no placeholder")


def _differences(faq: Faq) -> Iterator[Fault]:
    """Figures, addresses, links, companies and statements that one language has and the other has not."""
    for topic in faq.topics:
        if all(topic in faq.texts[language] for language in LANGUAGES):
            yield from _difference(faq, topic, {language: _values(faq, topic, language) for language in LANGUAGES})
    yield from _difference(faq, INTERFACE, {language: _interface(faq, language) for language in LANGUAGES})


def _difference(faq: Faq, topic: str, values: Mapping[str, set[str]]) -> Iterator[Fault]:
    for language in LANGUAGES:
        other = _other(language)
        excepted = {value for e in faq.exceptions if (e.topic, e.language) == (topic, language) for value in e.values}
        file = f"faq/{language}.yml" if topic == INTERFACE else f"faq/{language}/{topic}.yml"
        for value in sorted(values[language] - values[other] - excepted):
            yield Fault(
                file, _line(faq, file, value), f"{value!r} is not in {other}; mend it, or review it in exceptions.yml"
            )
        for value in sorted(excepted - (values[language] - values[other])):
            line = _line(faq, "faq/exceptions.yml", value)
            yield Fault(
                "faq/exceptions.yml", line, f"{topic}: {value!r} is no difference between the languages any more"
            )


def _values(faq: Faq, topic: str, language: str) -> set[str]:
    text = faq.texts[language][topic]
    found = found_in(" ".join([text.question, *_sentences(text.answer), *_sentences(text.more)]))
    leads = {f"lead {point}: {name}": wording for point, lead in text.leads.items() for name, wording in lead.items()}
    for wording in (*text.figures.values(), *leads.values()):
        found |= found_in(wording)
    for name in text.contacts:
        contact = faq.words[language].contacts.get(name)
        found |= {value for value in (contact.email, contact.url) if value} if contact else set()
    found |= {f"next: {name}" for name in text.next}
    return found | {link.url for link in text.links} | set(text.figures) | set(leads)


def _interface(faq: Faq, language: str) -> set[str]:
    words = faq.words[language]
    found = {value for contact in words.contacts.values() for value in (contact.email, contact.url) if value}
    labels = [contact.label for contact in words.contacts.values()]
    return found | found_in(" ".join([*words.says.values(), *words.figures.values(), *labels]))


def found_in(text: str) -> set[str]:
    """The figures, addresses, links and Visma companies that a text names."""
    addresses = set(ADDRESS.findall(text))
    rest = ADDRESS.sub(" ", text)
    return addresses | set(NUMBER.findall(rest)) | {_name(match) for match in COMPANY.findall(rest)}


def _name(company: str) -> str:
    return "Visma Amili" if company.startswith("Visma Amili") else company  # Finnish inflects it: "Visma Amilin"


def _sentences(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from sentences_of(block)


def _other(language: str) -> str:
    return LANGUAGES[1 - LANGUAGES.index(language)]


def _line(faq: Faq, file: str, what: str) -> int:
    """The first line of a content file that holds `what`; 1 where it does not stand as such."""
    path: Path = faq.folder / Path(file).relative_to("faq")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return next((number for number, line in enumerate(lines, 1) if what in line), 1)
