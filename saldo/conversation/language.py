"""In which language a reply is: the customer's choice first, then the message, then the conversation."""

from __future__ import annotations

import re

from saldo.conversation.state import ConversationState, TurnMetadata
from saldo.language import DEFAULT, LANGUAGES, Detection

NAMES = {
    "nl": re.compile(r"nederl|vlaams|holl?an|alankoma|flaami|dutch|flemish|\bnl\b", re.IGNORECASE),
    "fi": re.compile(r"\bfins|finland|suom|finnish|\bfi\b", re.IGNORECASE),
}


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


def named_language(text: str, current: str) -> str:
    """The language that the text names last; the other one than now if it names none."""
    named = {language: [match.start() for match in pattern.finditer(text)] for language, pattern in NAMES.items()}
    latest = max(named, key=lambda language: max(named[language], default=-1))
    return latest if named[latest] else {"nl": "fi", "fi": "nl"}[current]
