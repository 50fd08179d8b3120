"""Rasa's SQL store of conversations, which keeps to itself what they hold when it fails."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore


class Conversations(SQLTrackerStore):
    """Where a failed statement would be logged with its values, these are left out: they are what customers wrote."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.engine.hide_parameters = True
