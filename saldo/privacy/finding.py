"""Finds all by which somebody is known: conversations, addresses, handovers and mails, before the first is erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from saldo.errors import SaldoError, UnknownCustomer
from saldo.insight.handovers import handovers
from saldo.insight.participants import participants
from saldo.insight.store import feedback
from saldo.mail.store.claims import entries, is_known
from saldo.mail.store.layout import writing
from saldo.privacy.kept import Who
from saldo.privacy.mails import Mail, mails_in
from saldo.privacy.rows import any_of, either
from saldo.privacy.stores import Stores
from saldo.storage.conversations import events


class NobodyKept(SaldoError):
    """A name of which nothing is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nothing is kept of {name!r}: it is no customer of the records, no conversation and no mail address here."
        )


def find(stores: Stores, name: str) -> Who | None:
    """Whose name it is; None if nothing is kept of it."""
    mails = [mail for folder in stores.folders for mail in mails_in(folder)]
    if _is_customer(stores, name, mails):
        return _with_mails(stores, _customer(stores, name), mails)
    if "@" in name:
        return _with_mails(stores, Who(name, "address", addresses=frozenset({name.casefold()})), mails)
    if _is_conversation(stores, name):
        return _with_mails(stores, Who(name, "conversation", conversations=frozenset({name})), mails)
    return None


def _is_customer(stores: Stores, name: str, mails: Iterable[Mail]) -> bool:
    try:
        if stores.repository and stores.repository.customer(name):
            return True
    except UnknownCustomer:
        pass
    if _column(stores.insight, participants.c.conversation, participants.c.customer == name):
        return True
    handed = _column(stores.insight, handovers.c.reference, handovers.c.customer == name)
    return bool(handed) or any(mail.customer == name for mail in mails)


def _is_conversation(stores: Stores, name: str) -> bool:
    columns = (participants.c.conversation, feedback.c.conversation, handovers.c.conversation)
    spoken = _column(stores.conversations, events.c.sender_id, events.c.sender_id == name)
    return bool(spoken) or any(_column(stores.insight, column, column == name) for column in columns)


def _customer(stores: Stores, name: str) -> Who:
    """A customer with conversations, handovers and the addresses of contacts."""
    spoken = _column(stores.insight, participants.c.conversation, participants.c.customer == name)
    handed = _column(stores.insight, handovers.c.conversation, handovers.c.customer == name)
    who = Who(name, "customer", name, frozenset(spoken | handed))
    repository = stores.repository
    if repository is None:
        return who
    try:
        emails = {contact.email.casefold() for contact in repository.account(name).contacts}
    except UnknownCustomer:
        return who
    own = {email for email in emails if repository.customers_of_contact(email) == [name]}
    return replace(who, addresses=frozenset(own), shared=frozenset(emails - own))


def _with_mails(stores: Stores, who: Who, mails: Iterable[Mail]) -> Who | None:
    """The same with handovers and mails; None if it is an address of which there is nothing."""
    in_conversation = either(
        any_of(handovers.c.conversation, who.conversations), handovers.c.customer == (who.customer or "")
    )
    references = _column(stores.insight, handovers.c.reference, in_conversation)
    mine = [
        mail
        for mail in mails
        if (who.customer and mail.customer == who.customer)
        or (mail.reference in references)
        or (who.addresses & mail.addresses and mail.customer in (None, who.customer or mail.customer))
    ]
    references |= {mail.reference for mail in mine if mail.reference}
    stems = frozenset(mail.stem for mail in mine)
    by_sender = func.lower(entries.c.sender)
    claimed = is_known() & either(any_of(by_sender, who.addresses), any_of(entries.c.name, stems))
    keys = _column(stores.records, entries.c.message_id, claimed)
    if who.kind == "address" and not (stems or keys):
        return None
    return replace(who, references=frozenset(references), stems=stems, mails=frozenset(keys))


def _column(engine: Engine | None, column: Any, which: Any) -> set[str]:
    if engine is None:
        return set()
    with writing(engine) as connection:
        return set(connection.execute(select(column).where(which).distinct()).scalars())
