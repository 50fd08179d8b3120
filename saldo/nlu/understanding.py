"""What one message was understood as: the seam between `nlu`, which makes it, and everything that acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saldo.language import DEFAULT, Detection
from saldo.nlu.decision import CHOICES, FALLBACK, OUT_OF_SCOPE, SMALL_TALK, Decision, Ranking, is_topic
from saldo.nlu.messages import Act, Facet

"""Rasa's intent of a message that is to be asked back."""


@dataclass(frozen=True)
class Entity:
    """Something named in a message: its label, place (characters), text and normalised value.

    `amount` is in cents, `months`, `licences`, `users` and `count` are whole numbers, `date` is ISO 8601 with
    what is not said left out ("2026-07-01", "--07-01", "2026-03", "--03"); the others are text.
    """

    entity: str
    start: int
    end: int
    text: str
    value: int | str


@dataclass(frozen=True)
class Question:
    """One question of a message: where it stands (characters), its language, and what is to be done about it.

    Where nothing is asked there is one all the same, which is small talk, and `act` says what is done instead.
    """

    text: str
    start: int
    end: int
    language: str
    decision: Decision
    act: Act = "ask"
    facet: Facet | None = None
    """What about its topic is asked; None where that was not read."""
    point: str | None = None
    """What exactly within its topic, if it is one of the points that its content files begin an answer with."""

    def to_json(self) -> dict[str, Any]:
        """As Rasa's tracker keeps it, flat."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "language": self.language,
            "status": self.decision.status,
            "topic": self.decision.topic,
            "confidence": self.decision.confidence,
            "ranking": [list(pair) for pair in self.decision.ranking],
            "choices": list(self.decision.choices),
            "act": self.act,
            "facet": self.facet,
            "point": self.point,
        }

    def published(self) -> dict[str, Any]:
        """As the answer's JSON tells it (design, section 4.1)."""
        decision = self.decision
        told = {"text": self.text, "topic": decision.topic, "confidence": round(decision.confidence, 4)}
        return {**told, "act": self.act, "facet": self.facet, "point": self.point}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Question:
        """What `to_json` wrote."""
        decision = Decision(
            content["status"],
            content["topic"],
            float(content["confidence"]),
            tuple((str(name), float(weight)) for name, weight in content["ranking"]),
            tuple(content["choices"]),
        )
        place = content["text"], content["start"], content["end"], content["language"]
        return cls(*place, decision, content.get("act", "ask"), content.get("facet"), content.get("point"))


@dataclass(frozen=True)
class Understanding:
    """A message with its language, its questions in the order asked, and what it names."""

    text: str
    language: Detection
    intent: str
    """The intent that decides for the whole message: a topic, small talk, out_of_scope or FALLBACK."""
    questions: tuple[Question, ...]
    entities: tuple[Entity, ...] = ()
    acts: tuple[Act, ...] = ()
    """What its segments do, each act once, in order."""

    @classmethod
    def from_rasa(cls, message: Mapping[str, Any]) -> Understanding:
        """What Rasa's `latest_message` holds; of a classifier that writes no questions, intent and ranking make one."""
        text = str(message.get("text") or "")
        intent = str((message.get("intent") or {}).get("name") or OUT_OF_SCOPE)
        language = Detection(**message["language"]) if message.get("language") else Detection(DEFAULT, 0.0, "short")
        if message.get("questions"):
            questions = tuple(map(Question.from_json, message["questions"]))
        else:
            ranking = [(one["name"], float(one["confidence"])) for one in message.get("intent_ranking") or ()]
            questions = (Question(text, 0, len(text), language.code, decision_of(intent, tuple(ranking))),)
        entities = tuple(
            Entity(one["entity"], one.get("start") or 0, one.get("end") or 0, one.get("text") or "", one["value"])
            for one in message.get("entities") or ()
        )
        return cls(text, language, intent, questions, entities, tuple(message.get("acts") or ()))


def decision_of(intent: str, ranking: Ranking) -> Decision:
    """The decision that any classifier's intent and ranking stand for."""
    topics = tuple(name for name, _ in ranking if is_topic(name))[:CHOICES]
    confidence = dict(ranking).get(intent, 0.0)
    if intent == FALLBACK:
        return Decision("clarify", topics[0] if topics else OUT_OF_SCOPE, confidence, ranking, topics)
    if intent in SMALL_TALK:
        return Decision("small_talk", intent, confidence, ranking)
    return Decision("out_of_scope" if intent == OUT_OF_SCOPE else "answer", intent, confidence, ranking)
