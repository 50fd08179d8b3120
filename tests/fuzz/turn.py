"""A whole turn as the channel has it, without Rasa: cleaned, read, and answered with a customer's own figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from saldo.answers.compose import ExplainedTopic
from saldo.billing import InvoiceQuery, explain, sample_accounts
from saldo.conversation import ConversationState, Reply, TurnMetadata, respond
from saldo.evaluation.predictor import message_model
from saldo.faq import load
from saldo.language import detect
from saldo.nlu.entity_extraction import find_entities
from saldo.nlu.pipeline import deciding, intent_ranking, understand
from saldo.nlu.tokenizer import tokens
from saldo.nlu.understanding import Understanding
from saldo.settings import Settings
from saldo.text import EmptyText, usable
from tests.support import TODAY

WARM = ("Hoeveel licenties heb ik op 1 maart, a.u.b.? Factuur 2026-0142.", "Montako lisenssiä minulla on 1.3.2026?")


def turner() -> Callable[[str], Reply | None]:
    """Takes a text through a turn; None for one in which nothing is left to read."""
    settings, day = Settings(), date.fromisoformat(TODAY)
    model, faq = message_model(settings.model), load(settings.faq)
    account = next(one for one in sample_accounts(day) if one.customer.id == "NL-1002")

    def explained(topic: str, language: str, query: InvoiceQuery) -> ExplainedTopic:
        found = explain(topic, account, day, query)
        return ExplainedTopic(found.topic if found else topic, language, found)

    def turn(text: str) -> Reply | None:
        try:
            text = usable(text).lstrip("/ \n\t")
        except EmptyText:
            return None
        language = detect(text)
        tokens(text, language.code)
        entities, found = find_entities(text, language.code), understand(text, language.code, model)
        intent = intent_ranking(deciding(found.questions))[0][0]
        understanding = Understanding(text, language, intent, found.questions, tuple(entities), found.acts)
        return respond(understanding, ConversationState(), TurnMetadata(), faq, explained)

    for text in WARM:
        turn(text)
    return turn
