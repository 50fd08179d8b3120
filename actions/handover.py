"""Names the people who can help."""

from __future__ import annotations

from actions.base import Reply, SaldoAction
from actions.desk import Desk
from actions.turn import Turn
from saldo.answer import say


class Handover(SaldoAction):
    """Rule: the customer wants a person, or none of the choices fits."""

    def name(self) -> str:
        return "action_handover"

    def reply(self, turn: Turn, at: Desk) -> Reply:
        return Reply(say(at.faq, "handover", "human", turn.language, ["human"]))
