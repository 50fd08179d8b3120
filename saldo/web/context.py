"""What the channel has at hand: content, records, keys, limits, and the hosts it believes."""

from __future__ import annotations

import asyncio
import time
import uuid
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

from saldo.answers.compose import say
from saldo.billing import Customer, Repository, open_database
from saldo.errors import SaldoError
from saldo.faq import load
from saldo.identity import key_of
from saldo.insight.store import FeedbackBook, open_store
from saldo.settings import Settings
from saldo.web.auth.host_tokens import Host, Key, Refused, read_keys
from saldo.web.auth.revocation import UsedIds
from saldo.web.auth.sessions import LIFETIME, RENEWABLE, Session
from saldo.web.bundle import Script
from saldo.web.limits import Limits
from saldo.web.requests import Problem


class WebContext:
    """One server's content, records, keys and limits."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.faq = load(settings.faq)
        self.key = key_of(settings)
        self.limits = Limits(settings)
        self.script = Script(settings.state / "widget")
        store = open_store(settings)
        self.feedback, self._spent = FeedbackBook(store), UsedIds(store)
        self.demo_key = Key("HS256", uuid.uuid4().hex + uuid.uuid4().hex)
        keys = read_keys(settings.identity_keys) if settings.identity_keys else {}
        customer_of = {**keys, "demo": self.demo_key} if settings.demo else keys
        self.host = Host(customer_of, settings.identity_issuer, self._once)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def records(self) -> Repository:
        """The billing records; opened anew each time, so that a database that comes back is used at once."""
        return Repository(open_database(self.settings.database_url))

    def customer(self, identity: Any) -> Customer:
        """The customer a host vouches for; a Problem 401 if it is not believed, never a silent anonymous session."""
        try:
            return self.records().customer(self.host.customer(str(identity)))
        except Refused as refused:
            raise Problem(HTTPStatus.UNAUTHORIZED, str(refused)) from None
        except SaldoError:
            raise Problem(HTTPStatus.UNAUTHORIZED, "identity: no such customer.") from None

    def customer_of(self, session: Session) -> Customer | None:
        """The customer of a session, to be greeted by name; None too while the records cannot be read."""
        try:
            return self.records().customer(session.customer) if session.customer else None
        except SaldoError:
            return None

    def greeting(self, session: Session, customer: Customer | None) -> dict[str, Any]:
        """The first message of a conversation, the same each time it is asked for."""
        key, values = ("greet_known", {"name": customer.name}) if customer else ("greet", {})
        name = uuid.uuid5(uuid.NAMESPACE_URL, session.conversation).hex
        return {**say(self.faq, "small_talk", key, session.language, **values).to_json(), "id": name}

    def end(self, session: Session) -> None:
        """Make every token of a conversation worthless, at once and for as long as one could be renewed."""
        self._spent.spend(_ended(session), time.time() + LIFETIME + RENEWABLE)

    def has_ended(self, session: Session) -> bool:
        """Whether somebody signed out of the conversation."""
        return self._spent.has(_ended(session))

    def in_turn(self, conversation: str) -> asyncio.Lock:
        """What a message holds while it is answered, so that the same one sent twice at once is answered once."""
        return self._turns.setdefault(conversation, asyncio.Lock())

    def _once(self, jti: str, until: float) -> bool:
        return self._spent.spend(f"jti:{jti}", until)


def _ended(session: Session) -> str:
    return f"ended:{session.conversation}"
