"""The identity ladder: whose figures, if anybody's, may stand in the reply to a mail.

Figures are given only to an address that our own mail server has proven and that is a contact of exactly
one customer, when the reply goes to nobody else. Only for that level a capability is minted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.sender.authentication import authenticated

Level = Literal["authenticated", "known", "none"]


class Customers(Protocol):
    """Who is a contact of whom; the billing repository is one."""

    def customers_of_contact(self, email: str) -> list[str]: ...

    def name_of_contact(self, customer: str, email: str) -> str | None: ...


@dataclass(frozen=True)
class Identity:
    """What is known of a mail's sender; `customer` is there only if figures may be given."""

    level: Level
    reason: str
    customer: str | None = None
    name: str = ""
    """The contact's name in the billing records, of a sender who is proven."""
    readers: frozenset[str] = frozenset()
    """The addresses in Cc that are contacts of the same customer as the sender."""
    risks: tuple[str, ...] = ()
    """What is to be looked at before a letter goes to those whom the mail names."""


@dataclass(frozen=True)
class Ourselves:
    """Our own side of the correspondence."""

    servers: frozenset[str] = frozenset()
    """The authserv-ids that our mail servers write into Authentication-Results."""
    addresses: frozenset[str] = frozenset()
    """Our mail addresses and domains, in lower case."""
    lists: frozenset[str] = frozenset()
    """Addresses or List-Ids of the mailing lists and groups by which customers write to us, in lower case."""

    def include(self, address: Address) -> bool:
        return address.email in self.addresses or address.domain in self.addresses


def identify(incoming: IncomingMail, customers: Customers, ours: Ourselves) -> Identity:
    """The sender's level and why; DatabaseUnusable if the contacts cannot be looked up."""
    sender = incoming.sender
    if sender is None:
        return Identity("none", "the mail does not have exactly one From address")
    found = customers.customers_of_contact(sender.email)
    colleagues = frozenset(
        each.email for each in incoming.copied if {*found} & {*customers.customers_of_contact(each.email)}
    )
    who = _ladder(incoming, sender, found, customers, ours)
    return replace(who, readers=colleagues, risks=tuple(_risks(incoming, sender, colleagues, ours)))


def _risks(incoming: IncomingMail, sender: Address, colleagues: frozenset[str], ours: Ourselves) -> Iterator[str]:
    if any(each.email != sender.email for each in incoming.reply_to):
        yield "reply_to_elsewhere"
    if any(each.email not in {sender.email, *colleagues} and not ours.include(each) for each in incoming.copied):
        yield "stranger_in_cc"


def _ladder(
    incoming: IncomingMail, sender: Address, found: list[str], customers: Customers, ours: Ourselves
) -> Identity:
    if not found:
        return Identity("none", f"{sender.email} is no contact of any customer")
    if len(found) > 1:
        return Identity("known", f"{sender.email} is a contact of {len(found)} customers: {', '.join(found)}")
    verdict = authenticated(incoming.message, sender.domain, ours.servers)
    if not verdict.proven:
        return Identity("known", verdict.reason)
    if obstacle := _obstacle(incoming, sender, found[0], customers, ours):
        return Identity("known", obstacle)
    name = customers.name_of_contact(found[0], sender.email)
    return Identity("authenticated", f"{verdict.reason}; contact of {found[0]} only", found[0], name or "")


def _obstacle(
    incoming: IncomingMail, sender: Address, customer: str, customers: Customers, ours: Ourselves
) -> str | None:
    """Why figures would reach more people than the proven contact; None if they would not."""
    elsewhere = [each.email for each in incoming.reply_to if each.email != sender.email]
    if elsewhere:
        return f"replies go elsewhere (Reply-To {elsewhere[0]})"
    # a single address that we do not know is one of ours, or the mail had not come to us
    addressed = incoming.recipients if len(incoming.recipients) > 1 else ()
    readers = [*addressed, *incoming.copied]
    strangers = _strangers(readers, sender, customer, customers, ours)
    return f"others read along who are no contacts of {customer}: {', '.join(strangers)}" if strangers else None


def _strangers(
    readers: Iterable[Address], sender: Address, customer: str, customers: Customers, ours: Ourselves
) -> list[str]:
    return sorted(
        {
            reader.email
            for reader in readers
            if reader.email != sender.email
            and not ours.include(reader)
            and customer not in customers.customers_of_contact(reader.email)
        }
    )
