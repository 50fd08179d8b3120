"""Answers the questions of a message: reviewed text, and the customer's own figures where the capability allows."""

from __future__ import annotations

from saldo.answers.compose import answer
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import Question, Turn, left_over, topics_to_answer
from saldo.rasa_runtime.services import Services, pointed_at


class AnswerQuestions(SaldoAction):
    """Rule: any of the ten topics."""

    def name(self) -> str:
        return "action_answer"

    def reply(self, turn: Turn, at: Services) -> Reply:
        questions = topics_to_answer(turn) or [Question(turn.text, turn.intent, "answer", turn.language)]
        parts = [at.part(question.topic, _language(question, turn), turn) for question in questions]
        remembered = {"topic": parts[-1].topic, **pointed_at(parts)}
        return Reply(answer(at.faq, parts, turn.language, left_over(turn)), remembered)


def _language(question: Question, turn: Turn) -> str:
    return turn.language if turn.language_chosen else question.language
