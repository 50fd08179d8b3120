"""Reads a whole message: its questions, what each is about, and what the message is about. No Rasa here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from saldo.language import OTHER, detect
from saldo.nlu.decision import OUT_OF_SCOPE, Decision
from saldo.nlu.followup import NOTHING_BEFORE, REFUND, Before, in_thread
from saldo.nlu.model import IntentModel
from saldo.nlu.segmentation.merge import QuestionSpan, questions
from saldo.nlu.underspecified import asked_back, complains, is_vague

FALLBACK = "nlu_fallback"
CLEAR = 0.9  # confidence from which a question has a language of its own
_CERTAIN = 1.0
_FIRST = ("answer", "clarify", "small_talk", OUT_OF_SCOPE)
_FOREIGN = Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, _CERTAIN, ((OUT_OF_SCOPE, _CERTAIN),))


@dataclass(frozen=True)
class Reading:
    """One question of a message, its language and the verdict on it."""

    question: QuestionSpan
    language: str
    verdict: Decision

    def properties(self) -> dict[str, Any]:
        """As the bot sees it in `questions`."""
        return {
            **vars(self.question),
            "topic": self.verdict.topic,
            "confidence": self.verdict.confidence,
            "ranking": [list(pair) for pair in self.verdict.ranking],
            "status": self.verdict.status,
            "choices": list(self.verdict.choices),
            "language": self.language,
        }


def read(text: str, language: str, model: IntentModel, before: Before = NOTHING_BEFORE) -> list[Reading]:
    """The questions of a message in their order, of an empty one none; `before` is what the conversation left open."""
    asked = questions(text, language, model.glance)
    if len(asked) == 1:
        return [_threaded(_opening(_read(asked[0], language, model), before), before, model)]
    readings: list[Reading] = []
    for question in asked:
        reading = _read(question, _own(question, language), model)
        if reading.verdict.status in ("clarify", OUT_OF_SCOPE) or reading.verdict.topic == REFUND:
            reading = _threaded(reading, before, model)
        if reading.verdict.status == "answer":
            before = Before(reading.verdict.topic)
        readings.append(reading)
    return readings


def chosen(text: str, topic: str, language: str) -> Reading:
    """The one question of a customer who tapped a choice."""
    verdict = Decision("answer", topic, _CERTAIN, ((topic, _CERTAIN),))
    return Reading(QuestionSpan(text, 0, len(text)), language, verdict)


def command(text: str, language: str) -> Reading:
    """What is written as a command is no question of ours."""
    return Reading(QuestionSpan(text, 0, len(text)), language, _FOREIGN)


def deciding(readings: Sequence[Reading]) -> Decision:
    """The verdict that decides for the message: the first to answer, else to clarify, else small talk."""
    verdicts = [reading.verdict for reading in readings] or [_FOREIGN]
    return min(verdicts, key=lambda verdict: _FIRST.index(verdict.status))


def intent_ranking(verdict: Decision) -> list[dict[str, Any]]:
    """Rasa's ranking, sorted by confidence, with the message's intent at its head."""
    intent = FALLBACK if verdict.status == "clarify" else verdict.topic
    rest = [(name, weight) for name, weight in verdict.ranking if name != intent]
    confidence = max(verdict.confidence, *(weight for _, weight in rest), 0.0)
    return [{"name": name, "confidence": weight} for name, weight in [(intent, confidence), *rest]]


def _read(question: QuestionSpan, language: str, model: IntentModel) -> Reading:
    """Another language is out of scope, unless it is small talk or asks for one of ours."""
    verdict = model.judge(question.text)
    if is_vague(question.text, language):
        verdict = asked_back(verdict)
    foreign = language == OTHER and verdict.status != "small_talk"
    return Reading(question, language, _FOREIGN if foreign else verdict)


def _opening(reading: Reading, before: Before) -> Reading:
    """What complains of nothing in particular is asked back, unless it answers what was said before."""
    if before.topic is None and complains(reading.question.text, reading.language):
        return replace(reading, verdict=asked_back(reading.verdict))
    return reading


def _threaded(reading: Reading, before: Before, model: IntentModel) -> Reading:
    verdict = in_thread(reading.question.text, reading.verdict, before, reading.language, model.judge)
    return replace(reading, verdict=verdict)


def _own(question: QuestionSpan, language: str) -> str:
    found = detect(question.text, language)
    return found.code if found.reason in ("model", "words") and found.confidence >= CLEAR else language
