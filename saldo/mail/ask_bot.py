"""What a mail asks and what is answered: one Rasa turn for its text, parted by question."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from saldo.answers.answer import Answer, AnswerPart, FactRecord
from saldo.conversation import TurnMetadata
from saldo.mail.parse.incoming import IncomingMail

Json = Mapping[str, Any]
Status = Literal["answered", "needs_person", "out_of_scope"]
Outcome = Literal["draft", "person", "none"]
FOR_A_PERSON = {
    "escalate": "a complaint, a legal step or a hardship",
    "notice": "something is ordered, cancelled, handed in or announced in it",
}
"""Acts that no standard letter answers, and how the review names them."""

LONGEST_TURN = 2000
"""Characters of one turn."""
MOST_TURNS = 4
"""A mail longer than so many turns is read that far; its rest is for a person."""
FEW_WORDS = 25
"""A mail of no more words may lean on its subject."""
LONGEST_REPEATED = 140
"""Characters of a question that the letter repeats, to say that a colleague comes back to it."""
FEW_ASKED = 4
"""Words of a question that may be courtesy ("alles goed?")."""
FEW_TOLD = 7
"""Words of a sentence without a question mark that may be small talk; courtesy may be longer."""
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "help", "switch_language"})
COURTESY = frozenset({"greet", "goodbye", "thank"})
_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.?!])\s+|\n")


class Answering(Protocol):
    """Answers a message; `saldo.rasa_runtime.agent.Bot` does."""

    async def turn(
        self, text: str, conversation: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]: ...


@dataclass(frozen=True)
class MailQuestion:
    """One question of the mail, and what became of it."""

    quote: str
    topic: str
    confidence: float
    status: Status
    sources: tuple[str, ...] = ()
    act: str = "ask"
    facet: str | None = None

    @property
    def in_short(self) -> str | None:
        """The sentence that asks, if it can be repeated to the customer: one, with a question mark, and not long."""
        sentences = [" ".join(each.split()) for each in _SENTENCE.split(self.quote)]
        asked = [each for each in sentences if each.endswith("?")]
        return asked[-1] if asked and len(asked[-1]) <= LONGEST_REPEATED else None


@dataclass(frozen=True)
class MailUnderstanding:
    """All that the turns came to."""

    language: str
    questions: tuple[MailQuestion, ...] = ()
    parts: tuple[AnswerPart, ...] = ()
    notes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = field(default=())
    acts: tuple[str, ...] = ()
    """What the mail does, each act once: asks, tells, announces, complains, …."""

    @property
    def outcome(self) -> tuple[Outcome, str]:
        """What is to become of the mail, and why: a letter, a person's look first, or nothing."""
        for act, reason in FOR_A_PERSON.items():
            if act in self.acts:
                return "person", reason
        if self.parts:
            return "draft", "what is asked can be answered"
        if self.questions or self.notes or "ask" in self.acts:
            return "person", "what is asked cannot be answered from the reviewed texts"
        return "none", "nothing is asked"

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """The figures of all parts."""
        return tuple(fact for part in self.parts for fact in part.facts)

    @property
    def leaves_something(self) -> bool:
        """Whether a person has to come back to the customer for more."""
        return bool(self.notes) or any(question.status != "answered" for question in self.questions)


async def understand(
    bot: Answering, incoming: IncomingMail, capability: str | None, language: str | None
) -> MailUnderstanding:
    """Ask the bot; the subject is read with the text only where a short text alone says too little."""
    texts = pieces(incoming.own)
    turn_metadata = TurnMetadata(identity=capability, language=language, mail=True).to_json()
    read = _together([_read(await _turn(bot, text, turn_metadata)) for text in texts[:MOST_TURNS]], language or "nl")
    if not read.parts and _may_lean_on_subject(incoming):
        text = f"{incoming.subject.rstrip('.?! ')}.\n\n{incoming.own}"[:LONGEST_TURN]
        with_subject = _read(await _turn(bot, text, turn_metadata))
        read = with_subject if with_subject.parts else read
    return _shortened(read, texts)


def pieces(text: str) -> list[str]:
    """The text in pieces of at most one turn, parted at paragraphs where there are any, else at sentences."""
    found: list[str] = []
    for part in _split(text, _PARAGRAPH):
        if found and len(found[-1]) + len(part) + 2 <= LONGEST_TURN:
            found[-1] += f"\n\n{part}"
        else:
            found.append(part)
    return found


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    parts: list[str] = []
    for part in filter(None, map(str.strip, at.split(text))):
        if len(part) <= LONGEST_TURN:
            parts.append(part)
        elif at is _PARAGRAPH:
            parts.extend(_split(part, _SENTENCE))
        else:
            parts.extend(part[start : start + LONGEST_TURN] for start in range(0, len(part), LONGEST_TURN))
    return parts


async def _turn(bot: Answering, text: str, turn_metadata: Json) -> dict[str, Any]:
    # a mail's text is text: a slash at its beginning must not reach Rasa as a command
    return await bot.turn(text.lstrip("/ \n\t") or "-", uuid.uuid4().hex, turn_metadata)


def _may_lean_on_subject(incoming: IncomingMail) -> bool:
    return bool(incoming.subject) and not incoming.is_reply and len(incoming.own.split()) <= FEW_WORDS


def _read(content: Json) -> MailUnderstanding:
    """What one turn came to; a question is answered where the answer has a part on its topic."""
    answer = Answer.from_json(content)
    sources = {part.topic: part.source for part in answer.parts}
    questions = tuple(_asked(question, sources) for question in content["questions"] if not _is_talk(question))
    acts = tuple(content.get("acts") or ())
    return MailUnderstanding(answer.language, questions, answer.parts, kinds=(answer.kind,), acts=acts)


def _is_talk(question: Json) -> bool:
    """Whether it is no more than courtesy; a whole sentence that asks is a person's, whatever it sounds like."""
    topic, words = question["topic"], len(question["text"].split())
    asks = words > (FEW_ASKED if "?" in question["text"] else FEW_TOLD if topic not in COURTESY else words)
    return topic in SMALL_TALK and not asks


def _asked(question: Json, sources: Mapping[str, str]) -> MailQuestion:
    topic = question["topic"]
    status: Status = "needs_person"
    if topic in sources:
        status = "answered"
    elif topic == "out_of_scope":
        status = "out_of_scope"
    elif topic in SMALL_TALK:  # it asks something, and nobody knows what
        topic = "out_of_scope"
    found = (sources[topic],) if topic in sources else ()
    act, facet = question.get("act", "ask"), question.get("facet")
    return MailQuestion(question["text"], topic, question["confidence"], status, found, act, facet)


def _together(reads: Sequence[MailUnderstanding], language: str) -> MailUnderstanding:
    """Several turns as one, each topic once."""
    if len(reads) == 1:
        return reads[0]
    parts = {part.topic: part for read in reversed(reads) for part in read.parts}
    order = list(dict.fromkeys(part.topic for read in reads for part in read.parts))
    return MailUnderstanding(
        next((read.language for read in reads if read.parts), reads[0].language if reads else language),
        tuple(question for read in reads for question in read.questions),
        tuple(parts[topic] for topic in order),
        kinds=tuple(kind for read in reads for kind in read.kinds),
        acts=tuple(dict.fromkeys(act for read in reads for act in read.acts)),
    )


def _shortened(read: MailUnderstanding, texts: Sequence[str]) -> MailUnderstanding:
    left = sum(map(len, texts[MOST_TURNS:]))
    if not left:
        return read
    note = f"the mail is long: its last {left:,} characters were not read"
    return replace(read, notes=(note,))
