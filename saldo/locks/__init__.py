"""One conversation is worked on by one server at a time, and its turns are answered in the order they arrived.

Needs neither Rasa nor a web server: `saldo.rasa_runtime.locks` gives it to Rasa, `saldo.web.context` to the widget.
"""

from saldo.locks.turns import Hold, Line, TurnLocks, TurnRefused, line_of, turn_locks

__all__ = ["Hold", "Line", "TurnLocks", "TurnRefused", "line_of", "turn_locks"]
