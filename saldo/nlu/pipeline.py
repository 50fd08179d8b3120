"""Understands a whole message: its questions, what each is about, and what the message is about. No Rasa here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from saldo.language import OTHER, detect
from saldo.nlu.decision import OUT_OF_SCOPE, Decision, Ranking
from saldo.nlu.followup import NOTHING_BEFORE, REFUND, Before, in_thread
from saldo.nlu.model import IntentModel
from saldo.nlu.segmentation.merge import QuestionSpan, questions
from saldo.nlu.underspecified import asked_back, complains, is_vague
from saldo.nlu.understanding import FALLBACK, Question

CLEAR = 0.9  # confidence from which a question has a language of its own
_CERTAIN = 1.0
_FIRST = ("answer", "clarify", "small_talk", OUT_OF_SCOPE)
_FOREIGN = Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, _CERTAIN, ((OUT_OF_SCOPE, _CERTAIN),), rule="language")


def understand(text: str, language: str, model: IntentModel, before: Before = NOTHING_BEFORE) -> list[Question]:
    """The questions of a message in their order, of an empty one none; `before` is what the conversation left open."""
    spans = questions(text, language, model.glance)
    if len(spans) == 1:
        question = _read(spans[0], language, model)
        if before.topic is None and complains(question.text, language):
            # what complains of nothing in particular is asked back, unless it answers what was said before
            question = replace(question, decision=asked_back(question.decision))
        return [_threaded(question, before, model)]
    found: list[Question] = []
    for span in spans:
        own = detect(span.text, language)
        clear = own.reason in ("model", "words") and own.confidence >= CLEAR
        question = _read(span, own.code if clear else language, model)
        if question.decision.status in ("clarify", OUT_OF_SCOPE) or question.decision.topic == REFUND:
            question = _threaded(question, before, model)
        if question.decision.status == "answer":
            before = Before(question.decision.topic)
        found.append(question)
    return found


def chosen(text: str, topic: str, language: str) -> Question:
    """The one question of a customer who tapped a choice."""
    return Question(
        text, 0, len(text), language, Decision("answer", topic, _CERTAIN, ((topic, _CERTAIN),), rule="choice")
    )


def command(text: str, language: str) -> Question:
    """What is written as a command is no question of ours."""
    return Question(text, 0, len(text), language, _FOREIGN)


def deciding(found: Sequence[Question]) -> Decision:
    """The decision on the whole message: the first question to answer, else to clarify, else small talk."""
    decisions = [question.decision for question in found] or [_FOREIGN]
    return min(decisions, key=lambda decision: _FIRST.index(decision.status))


def intent_ranking(decision: Decision) -> Ranking:
    """Intents sorted by weight, with the message's intent at the head as Rasa wants it."""
    intent = FALLBACK if decision.status == "clarify" else decision.topic
    rest = [(name, weight) for name, weight in decision.ranking if name != intent]
    return ((intent, max(decision.confidence, *(weight for _, weight in rest), 0.0)), *rest)


def _read(span: QuestionSpan, language: str, model: IntentModel) -> Question:
    """Another language is out of scope, unless it is small talk or asks for one of ours."""
    decision = model.judge(span.text)
    if is_vague(span.text, language):
        decision = asked_back(decision)
    foreign = language == OTHER and decision.status != "small_talk"
    return Question(span.text, span.start, span.end, language, _FOREIGN if foreign else decision)


def _threaded(question: Question, before: Before, model: IntentModel) -> Question:
    decision = in_thread(question.text, question.decision, before, question.language, model.judge)
    return replace(question, decision=decision)
