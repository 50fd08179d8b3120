"""What a mail asks and what is answered: one Rasa turn for its text, parted by question."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from saldo.answers.answer import Answer, AnswerPart, FactRecord
from saldo.conversation import TurnMetadata
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.signals import SENTENCE, without_payments_told
from saldo.nlu.decision import OUT_OF_SCOPE

Json = Mapping[str, Any]
Status = Literal["answered", "needs_person", "out_of_scope"]
WEIGHED = frozenset({"notice", "withdraw"})
"""Acts of which it matters what they are about; a mail with one is read once more, sentence by sentence."""

LONGEST_TURN = 2000
"""Characters of one turn."""
MOST_TURNS = 4
"""A mail longer than so many turns is read that far; its rest is for a person."""
SURELY_ABOUT = 0.8
"""The weight from which a sentence is held to be about its likeliest topic."""
MOST_SENTENCES = 40
"""So many sentences of a mail are read by themselves."""
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
        sentences = [" ".join(each.split()) for each in SENTENCE.split(self.quote)]
        asked = [each for each in sentences if each.endswith("?")]
        return asked[-1] if asked and len(asked[-1]) <= LONGEST_REPEATED else None


@dataclass(frozen=True)
class Deed:
    """An act that one sentence of the mail does, and the intent that it is surely about, else out_of_scope."""

    act: str
    topic: str


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
    deeds: tuple[Deed, ...] = ()
    """What of that is a notice or a withdrawal, and what it is about."""

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """The figures of all parts."""
        return tuple(fact for part in self.parts for fact in part.facts)

    @property
    def leaves_something(self) -> bool:
        """Whether a person has to come back to the customer for more."""
        return bool(self.notes) or any(question.status != "answered" for question in self.questions)


async def understand(
    bot: Answering, incoming: IncomingMail, capability: str | None, language: str | None, topics: Sequence[str] = ()
) -> MailUnderstanding:
    """Ask the bot; the subject is read with the text only where a short text alone says too little.

    With `topics`, which a person picked, these are answered and nothing else.
    """
    own = without_payments_told(incoming.own)
    texts = pieces(own)
    turn_metadata = TurnMetadata(identity=capability, language=language, mail=True).to_json()
    if incoming.own and not texts and not topics:
        whole = read_turn(await _turn(bot, incoming.own[:LONGEST_TURN], turn_metadata))
        return MailUnderstanding(whole.language, acts=("tell",))
    turns = [read_turn(await _turn(bot, text, turn_metadata)) for text in texts[:MOST_TURNS]]
    read = together(turns, language or "nl")
    if not read.parts and own == incoming.own and _may_lean_on_subject(incoming):
        text = f"{incoming.subject.rstrip('.?! ')}.\n\n{incoming.own}"[:LONGEST_TURN]
        with_subject = read_turn(await _turn(bot, text, turn_metadata))
        read = with_subject if with_subject.parts else read
    if WEIGHED & {*read.acts}:
        read = replace(read, deeds=await _deeds(bot, own, turn_metadata))
    if topics:
        text = next(iter(texts), incoming.own[:LONGEST_TURN] or incoming.subject)
        read = await _picked(bot, read, text, topics, turn_metadata)
    return _shortened(read, texts)


async def _picked(
    bot: Answering, read: MailUnderstanding, text: str, topics: Sequence[str], turn_metadata: Json
) -> MailUnderstanding:
    """What was read, with the answers on these topics instead; each is asked for as by a tap on a choice."""
    turns = [read_turn(await _turn(bot, text, {**turn_metadata, "option": topic})) for topic in topics]
    parts = {part.topic: part for turn in turns for part in turn.parts}
    quotes = {question.topic: question.quote for question in reversed(read.questions)}
    questions = tuple(
        MailQuestion(quotes.get(topic, ""), topic, 1.0, "answered", (part.source,)) for topic, part in parts.items()
    )
    language = next((part.language for part in parts.values()), read.language)
    return replace(read, language=language, questions=questions, parts=tuple(parts.values()))


async def _deeds(bot: Answering, text: str, turn_metadata: Json) -> tuple[Deed, ...]:
    """The notices and withdrawals in a text, each sentence of it read by itself."""
    sentences = [each for each in SENTENCE.split(text) if each.strip()][:MOST_SENTENCES]
    turns = [await _turn(bot, each[:LONGEST_TURN], turn_metadata) for each in sentences]
    return tuple(dict.fromkeys(deed for turn in turns for deed in _deeds_in(turn)))


def _deeds_in(content: Json) -> Iterator[Deed]:
    topic, weight = next(iter(content.get("about") or ()), (OUT_OF_SCOPE, 0.0))
    for act in sorted(WEIGHED & {*content.get("acts", ())}):
        yield Deed(act, topic if weight >= SURELY_ABOUT else OUT_OF_SCOPE)


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
            parts.extend(_split(part, SENTENCE))
        else:
            parts.extend(part[start : start + LONGEST_TURN] for start in range(0, len(part), LONGEST_TURN))
    return parts


async def _turn(bot: Answering, text: str, turn_metadata: Json) -> dict[str, Any]:
    # a mail's text is text: a slash at its beginning must not reach Rasa as a command
    return await bot.turn(text.lstrip("/ \n\t") or "-", uuid.uuid4().hex, turn_metadata)


def _may_lean_on_subject(incoming: IncomingMail) -> bool:
    return bool(incoming.subject) and not incoming.is_reply and len(incoming.own.split()) <= FEW_WORDS


def read_turn(content: Json) -> MailUnderstanding:
    """What one turn came to; a question is answered where the answer has a part on its topic."""
    answer = Answer.from_json(content)
    sources = {part.topic: part.source for part in answer.parts}
    questions = tuple(_asked(question, sources) for question in content["questions"] if not _is_talk(question))
    acts = tuple(content.get("acts") or ())
    return MailUnderstanding(answer.language, questions, answer.parts, kinds=(answer.kind,), acts=acts)


def _is_talk(question: Json) -> bool:
    """Whether nothing is asked, or mere courtesy; a whole sentence that asks is a person's, however it sounds."""
    if question.get("act", "ask") != "ask" and "?" not in question["text"]:
        return True
    topic, words = question["topic"], len(question["text"].split())
    asks = words > (FEW_ASKED if "?" in question["text"] else FEW_TOLD if topic not in COURTESY else words)
    return topic in SMALL_TALK and not asks


def _asked(question: Json, sources: Mapping[str, str]) -> MailQuestion:
    topic = question["topic"]
    status: Status = "needs_person"
    if topic in sources:
        status = "answered"
    elif topic == OUT_OF_SCOPE:
        status = OUT_OF_SCOPE
    elif topic in SMALL_TALK:  # it asks something, and nobody knows what
        topic = OUT_OF_SCOPE
    found = (sources[topic],) if topic in sources else ()
    act, facet = question.get("act", "ask"), question.get("facet")
    return MailQuestion(question["text"], topic, question["confidence"], status, found, act, facet)


def together(reads: Sequence[MailUnderstanding], language: str) -> MailUnderstanding:
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
