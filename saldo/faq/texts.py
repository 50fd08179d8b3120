"""What stands in the content files, typed: a topic's text, and the interface words of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Optional, Union

from pydantic import Field, root_validator, validator

from saldo.language import LANGUAGES
from saldo.yaml_files import Strict

PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}")


def placeholders(wording: str) -> set[str]:
    """The names that a wording wants filled."""
    return {match.group(1) for match in PLACEHOLDER.finditer(wording)}


def stray_braces(wording: str) -> bool:
    """Whether braces stand in a wording that are no placeholder, as after a slip of the pen."""
    return bool(set("{}") & set(PLACEHOLDER.sub("", wording)))


__all__ = ["LANGUAGES", "Block", "ContactText", "Faq", "Link", "TopicText", "Words"]


def _is_worded(value: Any) -> bool:
    """Whether it is a mapping to texts, none of them empty."""
    return isinstance(value, dict) and all(text and isinstance(text, str) for text in value.values())


class TopicList(dict[str, str]):
    """`faq/topics.yml`: the one list of topics, each with a line that says what it is about."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Any]:
        yield cls._lines

    @classmethod
    def _lines(cls, value: Any) -> TopicList:
        if not _is_worded(value):
            raise ValueError("should be a mapping from topic to one line about it")
        return cls(value)


class ConditionalText(Strict):
    """A block that is left out where it is said already, or a customer's own figures contradict it."""

    unless: list[str] = Field(default_factory=list)
    """Left out if a rule said one of these statements, or the answer began with one of these leads."""
    country: Optional[Literal["NL", "FI"]] = None
    """Left out for customers of another country."""


class ParagraphText(ConditionalText):
    """A block of one or a few sentences."""

    paragraph: str


class ExampleText(Strict):
    """A textbook example; left out where the customer's own figures show the same."""

    example: str


class StepsText(ConditionalText):
    """A block of instructions, done in this order."""

    steps: list[str] = Field(min_items=1)


Block = Union[ParagraphText, ExampleText, StepsText]


def sentences_of(block: Block) -> list[str]:
    """What a block says."""
    if isinstance(block, StepsText):
        return block.steps
    return [block.paragraph if isinstance(block, ParagraphText) else block.example]


class LeadText(dict[str, str]):
    """The first sentence of an answer to a point: by what a rule said of the customer, and "else" without it."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Any]:
        yield cls._wordings

    @classmethod
    def _wordings(cls, value: Any) -> LeadText:
        if isinstance(value, str):
            return cls({ELSE: value})
        if not _is_worded(value):
            raise ValueError("should be a sentence, or a mapping from statements (and else) to sentences")
        return cls(value)


ELSE = "else"


class Link(Strict):
    """A page to go on to."""

    label: str
    url: str


class ContactText(Strict):
    """People who can help, and the one way to reach them."""

    label: str
    email: Optional[str] = None
    url: Optional[str] = None
    country: Optional[Literal["NL", "FI"]] = None
    """They help customers of this country only."""

    @root_validator(skip_on_failure=True)
    def _one_way(cls, values: dict[str, Any]) -> dict[str, Any]:
        if bool(values.get("email")) == bool(values.get("url")):
            raise ValueError("a contact has either an email or a url")
        return values


class ArticleHeading(Strict):
    """Where a text comes from: the article, the heading in it, verbatim, and the address to read it at."""

    article: Literal["nl", "fi"]
    heading: str
    url: Optional[str] = Field(default=None, regex="^https?://")


class TopicText(Strict):
    """One topic in one language: `faq/<language>/<topic>.yml`."""

    question: str
    keywords: list[str] = Field(min_items=1)
    answer: list[Block] = Field(min_items=1)
    more: list[Block] = Field(default_factory=list)
    leads: dict[str, LeadText] = Field(default_factory=dict)
    figures: dict[str, str] = Field(default_factory=dict)
    contacts: list[str] = Field(default_factory=list)
    links: list[Link] = Field(default_factory=list)
    in_reply: dict[str, str] = Field(default_factory=dict)
    """Phrase → what a letter from the address of one of `contacts` says instead: nobody is told to write to whom they
    have written."""
    source: ArticleHeading
    next: list[str] = Field(default_factory=list)
    """Topics that are offered after this one's answer."""

    def as_reply(self, sentence: str) -> str:
        """A sentence of this text as a letter from its contact's own address has it."""
        if not self.in_reply:
            return sentence
        phrases = "|".join(map(re.escape, sorted(self.in_reply, key=len, reverse=True)))
        return re.sub(phrases, lambda match: self.in_reply[match[0]], sentence)

    @validator("answer", "more", pre=True, each_item=True)
    def _by_its_key(cls, value: Any) -> Block:
        """A block's key says what it is, so a mistake in it is told once and not for every kind of block."""
        kinds: dict[str, type[Block]] = {"paragraph": ParagraphText, "example": ExampleText, "steps": StepsText}
        names = [name for name in value if name in kinds] if isinstance(value, dict) else []
        if len(names) != 1:
            raise ValueError("a block is a paragraph, an example or steps")
        kind = kinds[names[0]]
        return kind(**value)


class Words(Strict):
    """What Saldo says outside the topics: `faq/<language>.yml`."""

    contacts: dict[str, ContactText]
    facts: dict[str, str]
    sources: dict[str, str]
    figures: dict[str, str]
    """What may be said of a customer's own on any topic; worded as those of a topic."""
    says: dict[str, str]


class Elsewhere(Strict):
    """What Saldo says to people who write in a language it does not answer in: `faq/en.yml`."""

    contacts: dict[str, dict[str, str]]
    says: dict[str, str]


class Exception_(Strict):
    """A reviewed difference between the languages: these values stand in `language` only."""

    topic: str
    language: Literal["nl", "fi"]
    values: list[str]
    why: str


@dataclass(frozen=True)
class Faq:
    """All content, by language and topic."""

    folder: Path
    topics: Mapping[str, str]
    """Topic → what it is about, in the order of the articles."""
    texts: Mapping[str, Mapping[str, TopicText]]
    words: Mapping[str, Words]
    elsewhere: Elsewhere
    exceptions: tuple[Exception_, ...]

    def text(self, topic: str, language: str) -> TopicText:
        return self.texts[language][topic]

    def says(self, key: str, language: str) -> str:
        return self.words[language].says[key]
