"""What one side said in a conversation, however the channel keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any


@dataclass(frozen=True)
class Utterance:
    """One side's message in a conversation: the customer's id and text, or the JSON of what was answered."""

    id: str | None
    text: str = ""
    answer: Mapping[str, Any] | None = None
    at: float | None = None
    """When, in seconds since 1970."""


def instant(seconds: float) -> str:
    """A time, in seconds since 1970, as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
