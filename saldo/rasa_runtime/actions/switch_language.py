"""Goes on in the language that was asked for."""

from __future__ import annotations

import re

from saldo.answers.compose import say
from saldo.rasa_runtime.actions.base import Reply, SaldoAction
from saldo.rasa_runtime.actions.turn import Turn
from saldo.rasa_runtime.services import Services

NAMES = {
    "nl": re.compile(r"nederl|vlaams|holl?an|alankoma|flaami|dutch|flemish|\bnl\b", re.IGNORECASE),
    "fi": re.compile(r"\bfins|finland|suom|finnish|\bfi\b", re.IGNORECASE),
}


class SwitchLanguage(SaldoAction):
    """Rule: the customer asks to go on in Dutch or in Finnish."""

    def name(self) -> str:
        return "action_switch_language"

    def reply(self, turn: Turn, at: Services) -> Reply:
        wanted = asked_for(turn.text, turn.language)
        key = "already_language" if wanted == turn.language else "switched"
        answer = say(at.faq, "small_talk", key, wanted, ["switch_language"])
        return Reply(answer, {"language": wanted, "language_chosen": True})


def asked_for(text: str, current: str) -> str:
    """The language that the text names last; the other one than now if it names none."""
    named = {language: [match.start() for match in pattern.finditer(text)] for language, pattern in NAMES.items()}
    latest = max(named, key=lambda language: max(named[language], default=-1))
    return latest if named[latest] else {"nl": "fi", "fi": "nl"}[current]
