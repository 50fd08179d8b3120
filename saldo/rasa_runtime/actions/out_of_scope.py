"""Says that a question is not Saldo's, or that it does not speak the language, and who can help."""

from __future__ import annotations

from saldo.answers.compose import say, unsupported_language
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import FAILED_TRIES, Turn
from saldo.rasa_runtime.services import Services


class OutOfScope(SaldoAction):
    """Rule: anything that is none of the topics."""

    def name(self) -> str:
        return "action_out_of_scope"

    def reply(self, turn: Turn, at: Services) -> Reply:
        if turn.unsupported:
            return Reply(unsupported_language(at.faq, turn.language), {"failures": turn.failures})
        if turn.failures + 1 >= FAILED_TRIES:
            return Reply(say(at.faq, "handover", "handover", turn.language))
        answer = say(at.faq, "out_of_scope", "out_of_scope", turn.language, ["out_of_scope"])
        return Reply(answer, {"failures": turn.failures + 1})
