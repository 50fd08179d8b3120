"""The heart, free of Rasa: an understanding, the conversation's state and the customer's figures make a reply."""

from saldo.conversation.respond import competing, following, respond
from saldo.conversation.state import ConversationState, TurnMetadata
from saldo.conversation.turn import Explain, Reply
from saldo.conversation.utterance import Utterance, instant

__all__ = [
    "ConversationState",
    "Explain",
    "Reply",
    "TurnMetadata",
    "Utterance",
    "competing",
    "following",
    "instant",
    "respond",
]
