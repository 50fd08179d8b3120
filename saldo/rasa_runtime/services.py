"""What every action needs at hand: the content, the billing records, the key. Opened once, on first use."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from saldo.answers.compose import Part
from saldo.billing import Repository, explain, open_database
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.errors import SaldoError
from saldo.faq import Faq, load
from saldo.identity import Capability, capability_in, key_of
from saldo.nlu.query import read_query
from saldo.rasa_runtime.actions.turn import Turn
from saldo.settings import Settings, from_environment

log = logging.getLogger(__name__)


class Services:
    """Content, records and key of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faq: Faq = load(settings.faq)
        self.key = key_of(settings)
        self._repository: Repository | None = None

    def part(self, topic: str, language: str, turn: Turn, asked: InvoiceQuery | None = None) -> Part:
        """A topic's share of the answer; the customer's own figures only with a valid capability, whatever is said.

        `asked` instead of what the message names, where that was said before.
        """
        capability = capability_in(turn.metadata, self.key)
        if capability is None:
            return Part(topic, language)
        try:
            return Part(topic, language, self._explain(topic, capability, asked or asked_in(turn)))
        except SaldoError as error:
            log.error("figures withheld: %s", error)
            return Part(topic, language, figures_missing=True)

    def _explain(self, topic: str, capability: Capability, asked: InvoiceQuery) -> Explanation | None:
        account = self.records().account(capability.customer)
        return explain(topic, account, self.settings.day(), asked)

    def records(self) -> Repository:
        """The billing records; a database that failed once is tried anew next time."""
        if self._repository is None:
            self._repository = Repository(open_database(self.settings.database_url))
        return self._repository


def asked_in(turn: Turn) -> InvoiceQuery:
    """What the message names; "the previous one" counts from the invoice that the conversation spoke of last."""
    asked = read_query(turn.text, turn.entities, turn.language)
    return replace(asked, before=turn.invoice) if asked.place == "previous" and turn.invoice else asked


def pointed_at(parts: Iterable[Part]) -> dict[str, Any]:
    """What the conversation is to remember of invoices: the one told of last, and the one asked back."""
    remembered: dict[str, Any] = {}
    for explanation in (part.explanation for part in parts if part.explanation):
        invoices = [fact.value for fact in explanation.facts if fact.name == "invoice"]
        suggested = [one.values["invoice"] for one in explanation.sentences if one.name == "did_you_mean"]
        remembered |= {"invoice": invoices[0]} if invoices else {}
        remembered |= {"suggested": suggested[0]} if suggested else {}
    return remembered


@lru_cache(maxsize=1)
def services() -> Services:
    """This process's desk."""
    return Services(from_environment())
