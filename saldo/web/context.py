"""What the channel has at hand: content, records, keys, limits, and the hosts it believes."""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any

from saldo.answers.compose import say
from saldo.billing import Customer, Repository, open_database
from saldo.errors import DatabaseUnusable, UnknownCustomer
from saldo.faq import Words, load
from saldo.identity import derived, key_of
from saldo.insight.handovers import HandoverBook
from saldo.insight.participants import Register
from saldo.insight.store import FeedbackBook, open_store
from saldo.locks import Hold, turn_locks
from saldo.mail.handover.taking import Handovers
from saldo.settings import Settings
from saldo.web.auth.host_tokens import Host, Key, Refused, read_keys
from saldo.web.auth.revocation import UsedIds, ended
from saldo.web.auth.sessions import LIFETIME, RENEWABLE, Session
from saldo.web.bundle import Script, packed
from saldo.web.limits import Limits
from saldo.web.readiness import Readiness
from saldo.web.requests import Problem

INTERFACE = re.compile(r"(?:widget|feedback|suggest)_|(?:input_label|send|yes|no|error|too_long)$")
"""The words that are said in the browser; all others come with the answers."""
LATER = re.compile(r"widget_(?:handover_(?!offer)|save|copy|copied|print)")
"""Of these, the words that only those need who pass a conversation on or keep it."""
PEOPLE = ("invoicing", "support")
"""The contacts that the widget always shows."""


class WebContext:
    """One server's content, records, keys and limits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faq = load(settings.faq)
        self.key = key_of(settings)
        self.limits = Limits(settings)
        self.script = Script(settings.state / "widget")
        self.words = {
            (language, part): packed(json.dumps(said, ensure_ascii=False).encode())
            for language, words in self.faq.words.items()
            for part, said in _interface(words, settings.demo).items()
        }
        self._store = open_store(settings)
        self.feedback, self._spent = FeedbackBook(self._store), UsedIds(self._store)
        self.register = Register(self._store)
        self.handed_over = HandoverBook(self._store)
        self.handovers = Handovers(settings, self.faq, self.handed_over, os.environ)
        self.demo_key = Key("HS256", derived(self.key, "demo"))  # in every process
        keys = read_keys(settings.identity_keys) if settings.identity_keys else {}
        customer_of = {**keys, "demo": self.demo_key} if settings.demo else keys
        self.host = Host(customer_of, settings.identity_issuer, self._once)
        self.readiness = Readiness()
        self._records: Repository | None = None

    def records(self) -> Repository:
        """The billing records; a database that could not be opened is tried anew next time."""
        if self._records is None:
            self._records = Repository(open_database(self.settings.database_url, limited=True))
        return self._records

    def checks(self) -> dict[str, Callable[[], object]]:
        """What a turn needs beside the conversation's store; each raises SaldoError while it cannot be used."""
        return {
            "The store of feedback and used ids": self._store.check,
            "The billing database": lambda: self.records().is_empty(),
        }

    def vouched(self, identity: Any) -> str:
        """The id of whom a host vouches for; a Problem 401 if it is not believed, never a silent anonymous session.

        DatabaseUnusable while the records cannot be read; the same identity is good again when they can.
        """
        try:
            return self.host.customer(str(identity), self._look_up)
        except Refused as refused:
            raise Problem(HTTPStatus.UNAUTHORIZED, str(refused)) from None

    def customer_of(self, session: Session) -> Customer | None:
        """The customer of a session; None if none, or not in the records yet. DatabaseUnusable while those are away."""
        return self._look_up(session.customer) if session.customer else None

    def known_by_name(self, session: Session) -> Customer | None:
        """As `customer_of`, but None too while the records cannot be read: for what can do without a name."""
        try:
            return self.customer_of(session)
        except DatabaseUnusable:
            return None

    def greeting(self, session: Session, customer: Customer | None) -> dict[str, Any]:
        """The first message of a conversation, the same each time it is asked for."""
        key, values = ("greet_without_figures" if session.customer else "greet"), {}
        if customer:
            key, values = "greet_known", {"name": customer.name}
        name = uuid.uuid5(uuid.NAMESPACE_URL, session.conversation).hex
        return {**say(self.faq, "small_talk", key, session.language, **values).to_json(), "id": name}

    def end(self, session: Session) -> None:
        """Make every token of a conversation worthless, at once and for as long as one could be renewed."""
        self._spent.spend(ended(session.conversation), time.time() + LIFETIME + RENEWABLE)

    def has_ended(self, session: Session) -> bool:
        """Whether somebody signed out of the conversation."""
        return self._spent.has(ended(session.conversation))

    def in_turn(self, conversation: str) -> AbstractAsyncContextManager[Hold]:
        """What a message holds while it is answered, so that the same one sent twice at once is answered once.

        On whatever server: see `saldo.locks`. TurnRefused where the conversation cannot be had alone.
        """
        return turn_locks().hold(conversation)

    def _look_up(self, customer: str) -> Customer | None:
        try:
            return self.records().customer(customer)
        except UnknownCustomer:
            return None

    def _once(self, jti: str, until: float) -> bool:
        return self._spent.spend(f"jti:{jti}", until)


def _interface(words: Words, demo: bool) -> dict[str | None, dict[str, Any]]:
    """What the widget says by itself, in parts: at first, with the people who can help; later; and (None) all there is.

    That has the words of the demonstration's page too, if there is one.
    """
    contacts = [words.contacts[name] for name in PEOPLE]
    people = {"contacts": [{"label": contact.label, "email": contact.email} for contact in contacts]}
    said = {name: text for name, text in words.says.items() if INTERFACE.match(name)}
    later = {name: text for name, text in said.items() if LATER.match(name)}
    first = {name: text for name, text in said.items() if name not in later}
    page = {name: text for name, text in words.says.items() if demo and name.startswith("demo_")}
    return {"first": {**first, **people}, "later": later, None: {**said, **page, **people}}
