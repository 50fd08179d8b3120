"""Greets, thanks, says goodbye; takes a yes or a no to what was asked back for what it means."""

from __future__ import annotations

from saldo.answers.compose import answer, say
from saldo.billing import InvoiceQuery
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import Turn
from saldo.rasa_runtime.services import Services, pointed_at


class SmallTalk(SaldoAction):
    """Rule: greet, goodbye, thank, affirm, deny, help."""

    def name(self) -> str:
        return "action_small_talk"

    def reply(self, turn: Turn, at: Services) -> Reply:
        if turn.intent == "affirm" and len(turn.offered) == 1:
            (topic,) = turn.offered
            return Reply(answer(at.faq, [at.part(topic, turn.language, turn)], turn.language), {"topic": topic})
        if turn.intent == "affirm" and turn.suggested and turn.topic:
            part = at.part(turn.topic, turn.language, turn, InvoiceQuery(invoice=turn.suggested))
            return Reply(answer(at.faq, [part], turn.language), pointed_at([part]))
        if turn.intent == "deny" and turn.offered:
            return Reply(say(at.faq, "handover", "human", turn.language))
        kept = {"offered": list(turn.offered), "failures": turn.failures}
        return Reply(say(at.faq, "small_talk", turn.intent, turn.language, [turn.intent]), kept)
