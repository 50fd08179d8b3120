"""What a conversation remembers, what a channel says about one turn, and which language both lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from saldo.language import DEFAULT, LANGUAGES, Detection


@dataclass(frozen=True)
class ConversationState:
    """What the slots of `domain.yml` hold; none of it says who the customer is."""

    language: str | None = None
    """The language spoken so far; None before the first message."""
    language_chosen: bool = False
    """Whether the customer asked for that language, and has not written in it since."""
    topic: str | None = None
    """The topic answered last."""
    invoice: str | None = None
    """The number of the invoice told of last."""
    suggested: str | None = None
    """The number of the invoice that was asked back just now: "did you mean …?"."""
    licences: int | None = None
    """The number of licences that was supposed last, and …"""
    months: int | None = None
    """… the length of a period, in months: "10 licences, 6 months?"."""
    change: int | None = None
    """How many licences more (below zero: fewer) were supposed in the question answered just before, and …"""
    change_from: str | None = None
    """… the day from which, as far as it was said: "and if I take three more on 1 March?"."""
    offered: tuple[str, ...] = ()
    """The topics of a clarification that the next message may answer."""
    failures: int = 0
    """Messages in a row that led nowhere."""
    answered: str | None = None
    """A digest of the answer given just before."""

    def to_slots(self) -> dict[str, Any]:
        """The value of each slot, in the types that Rasa keeps."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "offered": list(self.offered)}

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> ConversationState:
        """The state that slots hold; a slot that is missing or empty is as before the first message."""
        language = slots.get("language")
        return cls(
            language=language if language in LANGUAGES else None,
            language_chosen=bool(slots.get("language_chosen")),
            topic=slots.get("topic") or None,
            invoice=slots.get("invoice") or None,
            suggested=slots.get("suggested") or None,
            answered=slots.get("answered") or None,
            licences=int(slots["licences"]) if slots.get("licences") else None,
            months=int(slots["months"]) if slots.get("months") else None,
            change=int(slots["change"]) if slots.get("change") else None,
            change_from=slots.get("change_from") or None,
            offered=tuple(slots.get("offered") or ()),
            failures=int(slots.get("failures") or 0),
        )


@dataclass(frozen=True)
class TurnMetadata:
    """What a channel vouches for in one turn; it travels in Rasa's metadata."""

    identity: str | None = None
    """The signed capability (see `saldo.identity`); anything else that stands there grants nothing."""
    language: str | None = None
    """The language that the channel knows or was told."""
    language_chosen: bool = False
    """Whether the customer has just chosen that language in the channel."""
    option: str | None = None
    """The topic of a choice that the customer tapped."""
    mail: bool = False
    """Whether the text is a mail's."""

    def to_json(self) -> dict[str, Any]:
        """Only what is set."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, held: object) -> TurnMetadata:
        """What a channel wrote; whatever has another shape, as a stock channel's metadata may, is passed over."""
        if not isinstance(held, Mapping):
            return cls()
        text = {name: value for name in ("identity", "option") if isinstance(value := held.get(name), str) and value}
        language = held.get("language")
        return cls(
            **text,
            language=language if language in LANGUAGES else None,
            language_chosen=bool(held.get("language_chosen")),
            mail=bool(held.get("mail")),
        )


def reply_language(detected: Detection, state: ConversationState, metadata: TurnMetadata) -> tuple[str, bool]:
    """The language to reply in, and whether it is still held by the customer's own choice.

    A choice holds until the customer has written in the chosen language; from then on each message speaks for itself.
    """
    chosen = metadata.language_chosen or state.language_chosen
    spoken = metadata.language if metadata.language_chosen else state.language or metadata.language
    if detected.code not in LANGUAGES:
        return spoken or DEFAULT, chosen
    if not chosen or not spoken:
        return detected.code, False
    if detected.code != spoken:
        return spoken, True
    return spoken, detected.reason in ("conversation", "short")
