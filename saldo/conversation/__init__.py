"""The heart, free of Rasa: an understanding, the conversation's state and the customer's figures make a reply."""

from saldo.conversation.respond import Explain, Reply, respond
from saldo.conversation.state import ConversationState, TurnMetadata

__all__ = ["ConversationState", "Explain", "Reply", "TurnMetadata", "respond"]
