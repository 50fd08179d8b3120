"""Which class an event has, looked up once per name; Rasa searches all of its classes for each event that it reads."""

from __future__ import annotations

from functools import lru_cache

from rasa.shared.core.events import Event


def look_up_once() -> None:
    """From now on, in this process. A name that is not known is searched for again: it may be defined by then."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))
