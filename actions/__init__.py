"""Brings Saldo's actions to where Rasa looks for them; they live in `saldo.rasa_runtime.actions`."""

from saldo.rasa_runtime.actions import answer, clarify, handover, out_of_scope, small_talk, switch_language

__all__ = ["answer", "clarify", "handover", "out_of_scope", "small_talk", "switch_language"]
