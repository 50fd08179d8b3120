"""What the actions of one process have at hand: content, billing records, and Saldo's own key."""

from __future__ import annotations

import logging
from functools import lru_cache

from saldo.answers.compose import ExplainedTopic
from saldo.billing import InvoiceQuery, Repository, explain, open_database
from saldo.billing.explain import explain_to_anyone
from saldo.conversation import Explain, TurnMetadata
from saldo.errors import DatabaseUnusable, place_of
from saldo.faq import Faq, load
from saldo.identity import key_of, verify
from saldo.insight.stages import stage
from saldo.settings import Settings, from_environment

log = logging.getLogger(__name__)


class Services:
    """Content, records and key of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faq: Faq = load(settings.faq)
        self.key = key_of(settings)
        self._repository: Repository | None = None

    def explainer(self, metadata: TurnMetadata) -> Explain:
        """Explains topics in the customer's own figures, for whom the channel signed a capability; else in nobody's."""
        capability = verify(self.key, metadata.identity)

        def explained(topic: str, language: str, query: InvoiceQuery) -> ExplainedTopic:
            if capability is None:
                return ExplainedTopic(topic, language, explain_to_anyone(topic, query))
            try:
                with stage("explain"):
                    account = self.records().account(capability.customer)
                    on, old_after = self.settings.day(account.customer.country), self.settings.records_old_after
                    found = explain(topic, account, on, query, old_after)
                return ExplainedTopic(found.topic if found else topic, language, found, on=on)
            except Exception as error:  # whatever fails costs the figures, never the reviewed answer
                # one whose words name the customer is told by its place alone
                why = str(error) if isinstance(error, DatabaseUnusable) else place_of(error)
                log.error("figures withheld: %s in %s: %s", topic, language, why)
                return ExplainedTopic(topic, language, figures_missing=True)

        return explained

    def records(self) -> Repository:
        """The billing records; a database that failed once is tried anew next time."""
        if self._repository is None:
            self._repository = Repository(open_database(self.settings.database_url, limited=True))
        return self._repository


@lru_cache(maxsize=1)
def services() -> Services:
    """This process's services."""
    return Services(from_environment())
