"""Measures what takes the whole bot: messages with several questions, and conversations of several turns."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saldo.errors import Fault, FaultyFiles, UnusableFile
from saldo.evaluation.scores import Share

Answer = Mapping[str, Any]
Ask = Callable[[str, str], Awaitable[Answer]]
"""Text and conversation in, the bot's answer out (see `saldo.answers.compose.Answer.as_json`)."""

_FORM = '{"turns": [{"text", "kind", "topics", "language"}, …]} or {"text", "topics"}'
LED_NOWHERE = ("clarify", "out_of_scope")


@dataclass(frozen=True)
class Expected:
    """What a turn should come to; topics only where one is to be answered."""

    text: str
    kind: str
    topics: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class TurnResult:
    """A turn with what came of it."""

    expected: Expected
    kind: str
    topics: tuple[str, ...]
    language: str

    @property
    def right(self) -> bool:
        """Right in kind, topic and language; whether nonsense is asked about or refused does not matter."""
        kinds = LED_NOWHERE if self.expected.kind in LED_NOWHERE and not self.topics else (self.expected.kind,)
        language = self.expected.language == "other" or self.language == self.expected.language
        answered = self.topics == self.expected.topics or self.expected.kind != "answer"
        return self.kind in kinds and language and answered


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
    def f1(self) -> float:
        """Micro-F1 over the topics of messages."""
        return micro_f1((one.expected, one.found) for one in self.messages)


async def measure_all(paths: Iterable[Path], ask: Ask, progress: Callable[[], object] = bool) -> list[DialogueScores]:
    """`measure` for each file."""
    return [await measure(path, ask, progress) for path in paths]


async def measure(path: Path, ask: Ask, progress: Callable[[], object] = bool) -> DialogueScores:
    """Hold the conversations of a file, or send its messages; `progress` is called after each."""
    turns: list[TurnResult] = []
    messages: list[MessageResult] = []
    for line in read_dialogues(path):
        if isinstance(line, list):
            turns += await hold(line, ask)
        else:
            text, expected = line
            messages.append(MessageResult(text, expected, await topics_of(text, ask)))
        progress()
    return DialogueScores("/".join(path.parts[-2:]), tuple(turns), tuple(messages))


def read_dialogues(path: Path) -> list[list[Expected] | tuple[str, tuple[str, ...]]]:
    """A conversation or a message per line: `{"turns": [{"text", "kind", "topics", "language"}, …]}` or
    `{"text", "topics"}`. All mistakes are reported at once.
    """
    read: list[list[Expected] | tuple[str, tuple[str, ...]]] = []
    faults = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        try:
            content = json.loads(line)
            conversation = [_expected(turn) for turn in content["turns"]] if "turns" in content else None
            read.append(conversation or (str(content["text"]), tuple(content["topics"])))
        except (ValueError, KeyError, TypeError):
            faults.append(Fault(str(path), number, f"not a dialogue; expected {_FORM}"))
    if faults:
        raise FaultyFiles(faults)
    return read


async def hold(turns: Iterable[Expected], ask: Ask) -> list[TurnResult]:
    """Say the turns of one conversation one after the other."""
    conversation, judged = uuid.uuid4().hex, []
    for turn in turns:
        answer = await ask(turn.text, conversation)
        topics = tuple(answer["topics"]) if answer["kind"] == "answer" else ()
        judged.append(TurnResult(turn, answer["kind"], topics, answer["language"]))
    return judged


async def topics_of(text: str, ask: Ask) -> tuple[str, ...]:
    """The topics that a message, alone in its conversation, is answered about."""
    answer = await ask(text, uuid.uuid4().hex)
    return tuple(answer["topics"]) if answer["kind"] == "answer" else ()


def micro_f1(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> float:
    """F1 over all (expected, found) topics together; 1.0 where there is nothing to find and nothing is found."""
    both = found = expected = 0
    for wanted, got in pairs:
        both += len(set(wanted) & set(got))
        found += len(set(got))
        expected += len(set(wanted))
    return 2 * both / (found + expected) if found + expected else 1.0


def _expected(turn: Mapping[str, Any]) -> Expected:
    topics = tuple(turn["topics"]) if turn["kind"] == "answer" else ()
    return Expected(turn["text"], turn["kind"], topics, turn["language"])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFile(path, f"cannot be read as UTF-8 text ({error})") from error
