"""Asks which of at most three topics is meant, and hands over when asking again would not help."""

from __future__ import annotations

from saldo.answers.compose import clarify, say
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import FAILED_TRIES, Turn
from saldo.rasa_runtime.services import Services


class Clarify(SaldoAction):
    """Rule: the NLU is unsure."""

    def name(self) -> str:
        return "action_clarify"

    def reply(self, turn: Turn, at: Services) -> Reply:
        if turn.failures + 1 >= FAILED_TRIES:
            return Reply(say(at.faq, "handover", "handover", turn.language))
        unclear = next((question for question in turn.questions if question.status == "clarify"), None)
        topics = [topic for topic in unclear.choices if topic in at.faq.topics] if unclear else []
        asked = clarify(at.faq, topics, turn.language)
        return Reply(asked, {"offered": list(asked.topics), "failures": turn.failures + 1})
