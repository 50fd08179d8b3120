"""Brings Saldo's actions to where Rasa looks for them; they live in `saldo.rasa_runtime.actions`."""

from saldo.rasa_runtime.action_server import guard_action_server
from saldo.rasa_runtime.actions import AnswerTopics, AskBack, HandOver, Refuse, SmallTalk, SwitchLanguage

__all__ = ["AnswerTopics", "AskBack", "HandOver", "Refuse", "SmallTalk", "SwitchLanguage"]

guard_action_server()
