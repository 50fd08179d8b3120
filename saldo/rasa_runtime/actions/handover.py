"""Names the people who can help."""

from __future__ import annotations

from saldo.answers.compose import say
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import Turn
from saldo.rasa_runtime.services import Services


class Handover(SaldoAction):
    """Rule: the customer wants a person, or none of the choices fits."""

    def name(self) -> str:
        return "action_handover"

    def reply(self, turn: Turn, at: Services) -> Reply:
        return Reply(say(at.faq, "handover", "human", turn.language, ["human"]))
