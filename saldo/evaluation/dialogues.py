"""Measures what takes the whole bot: messages with several questions, and conversations of several turns."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Optional

from saldo.answers.plain_text import plain_text
from saldo.errors import Fault, FaultyFiles, UnusableFile
from saldo.evaluation.scores import Share
from saldo.mail.ask_bot import understand
from saldo.mail.parse.incoming import IncomingMail, read
from saldo.nlu.decision import is_topic
from saldo.nlu.messages import MarkedMessage

Answer = Mapping[str, Any]
Ask = Callable[[str, str, Optional[str], bool], Awaitable[Answer]]
"""Text, conversation, customer and whether it is a mail in; out comes an answer as `saldo.answers.answer` writes it."""

_FORM = (
    '{"turns": [{"text", "kind", "topics", "language"}, …]} or {"text", "topics"}; a turn may be {"user", "expect"}, '
    'a message a mail ({"subject", "body", "labels"}) or marked segments ({"segments"})'
)
LED_NOWHERE = ("clarify", "out_of_scope")


@dataclass(frozen=True)
class Expected:
    """What a turn should come to; topics only where one is to be answered, None where any will do."""

    text: str
    kind: str
    topics: tuple[str, ...] | None
    language: str
    says: tuple[str, ...] = ()
    """Words or figures that the answer must hold."""


@dataclass(frozen=True)
class ExpectedConversation:
    """Turns that follow each other, and the customer who takes them if one is signed in."""

    turns: tuple[Expected, ...]
    customer: str | None = None


@dataclass(frozen=True)
class ExpectedMessage:
    """A message alone in its conversation, and the topics asked about in it, in their order."""

    text: str
    topics: tuple[str, ...]
    mail: bool = False


@dataclass(frozen=True)
class ExpectedMail:
    """A mail as it came, quotes, signature and all, and the topics asked about in it."""

    incoming: IncomingMail
    topics: tuple[str, ...]


@dataclass(frozen=True)
class TurnResult:
    """A turn with what came of it."""

    expected: Expected
    kind: str
    topics: tuple[str, ...]
    language: str
    answer: str = ""

    @property
    def right(self) -> bool:
        """Right in kind, topic, language and words; whether nonsense is asked about or refused does not matter."""
        expected = self.expected
        kinds = LED_NOWHERE if expected.kind in LED_NOWHERE and not self.topics else (expected.kind,)
        if expected.kind == "answer_or_clarify":
            kinds = ("answer", "clarify")
        language = expected.language == "other" or self.language == expected.language
        answered = expected.topics in (None, self.topics) or self.kind != "answer"
        return self.kind in kinds and language and answered and all(words in self.answer for words in expected.says)


@dataclass(frozen=True)
class MessageResult:
    """A message that holds several questions, and the topics it was answered about."""

    text: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        """The same topics, in the order asked."""
        return self.expected == self.found


@dataclass(frozen=True)
class DialogueScores:
    """One file: conversations turn by turn, or messages."""

    name: str
    turns: tuple[TurnResult, ...] = ()
    messages: tuple[MessageResult, ...] = ()

    @property
    def all(self) -> tuple[TurnResult | MessageResult, ...]:
        """Turns and messages alike."""
        return (*self.turns, *self.messages)

    @property
    def right(self) -> Share:
        """Those that are wholly right."""
        return Share(sum(one.right for one in self.all), len(self.all))

    @property
    def extra(self) -> Share:
        """The messages that are answered about something not asked."""
        return Share(sum(bool({*one.found} - {*one.expected}) for one in self.messages), len(self.messages))

    @property
    def f1(self) -> float:
        """Micro-F1 over the topics of messages."""
        return micro_f1((one.expected, one.found) for one in self.messages)


async def measure_all(paths: Iterable[Path], ask: Ask, progress: Callable[[], object] = bool) -> list[DialogueScores]:
    """`measure` for each file."""
    return [await measure(path, ask, progress) for path in paths]


async def measure(path: Path, ask: Ask, progress: Callable[[], object] = bool) -> DialogueScores:
    """Hold the conversations of a file, or send its messages and mails; `progress` is called after each."""
    turns: list[TurnResult] = []
    messages: list[MessageResult] = []
    for line in read_dialogues(path):
        if isinstance(line, ExpectedConversation):
            turns += await hold(line, ask)
        elif isinstance(line, ExpectedMail):
            mail, understood = line.incoming, await understand(_AsMail(ask), line.incoming, None, None)
            topics = tuple(part.topic for part in understood.parts)
            messages.append(MessageResult(f"{mail.subject}\n\n{mail.own}", line.topics, topics))
        else:
            messages.append(MessageResult(line.text, line.topics, await topics_of(line, ask)))
        progress()
    return DialogueScores("/".join(path.parts[-2:]), tuple(turns), tuple(messages))


def read_dialogues(path: Path) -> list[ExpectedConversation | ExpectedMessage | ExpectedMail]:
    """A conversation, a message or a mail per line, in one of the forms above. All mistakes are reported at once."""
    dialogues: list[ExpectedConversation | ExpectedMessage | ExpectedMail] = []
    faults = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            content = json.loads(line)
            if "turns" in content:
                turns = tuple(_expected(turn) for turn in content["turns"])
                dialogues.append(ExpectedConversation(turns, content.get("customer")))
            else:
                dialogues.append(_message(content))
        except (ValueError, KeyError, TypeError):
            faults.append(Fault(str(path), number, f"not a dialogue; expected {_FORM}"))
    if faults:
        raise FaultyFiles(faults)
    return dialogues


async def hold(conversation: ExpectedConversation, ask: Ask) -> list[TurnResult]:
    """Say the turns of one conversation one after the other."""
    name, judged = uuid.uuid4().hex, []
    for turn in conversation.turns:
        answer = await ask(turn.text, name, conversation.customer, False)
        topics = tuple(answer["topics"]) if answer["kind"] == "answer" else ()
        said = plain_text(answer["blocks"]) if turn.says else ""
        judged.append(TurnResult(turn, answer["kind"], topics, answer["language"], said))
    return judged


async def topics_of(message: ExpectedMessage, ask: Ask) -> tuple[str, ...]:
    """The topics that a message is answered about."""
    answer = await ask(message.text, uuid.uuid4().hex, None, message.mail)
    return tuple(answer["topics"]) if answer["kind"] == "answer" else ()


@dataclass(frozen=True)
class _AsMail:
    """Asks for the reading of mails."""

    ask: Ask

    async def turn(
        self, text: str, conversation: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return dict(await self.ask(text, conversation or uuid.uuid4().hex, None, True))


def micro_f1(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> float:
    """F1 over all (expected, found) topics together; 1.0 where there is nothing to find and nothing is found."""
    both = found = expected = 0
    for wanted, got in pairs:
        both += len(set(wanted) & set(got))
        found += len(set(got))
        expected += len(set(wanted))
    return 2 * both / (found + expected) if found + expected else 1.0


def _expected(turn: Mapping[str, Any]) -> Expected:
    if "expect" in turn:
        wanted = turn["expect"]
        topic = wanted.get("topic")
        topics = None if topic is None else (str(topic),)
        return Expected(turn["user"], wanted["kind"], topics, wanted["language"], tuple(wanted.get("says") or ()))
    return Expected(turn["text"], turn["kind"], tuple(turn["topics"]), turn["language"])


def _message(content: Mapping[str, Any]) -> ExpectedMessage | ExpectedMail:
    if "segments" in content:
        marked = MarkedMessage.from_json(dict(content), "")
        return ExpectedMessage(marked.text, tuple(filter(is_topic, marked.asked)), marked.mail)
    topics = tuple(filter(is_topic, content["topics"] if "topics" in content else content["labels"]))
    if "text" in content:
        return ExpectedMessage(str(content["text"]), topics)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = content.get("from", "customer@example.com"), content["subject"]
    mail.set_content(content["body"])
    return ExpectedMail(read(mail.as_bytes()), topics)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFile(path, f"cannot be read as UTF-8 text ({error})") from error
