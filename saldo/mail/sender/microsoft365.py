"""Whether Exchange Online itself wrote a mail's Authentication-Results, which it does without an authserv-id.

It rests on what Exchange does with every mail from outside: it takes away all `X-MS-Exchange-Organization-*` fields
that come with it and writes its own (the header firewall), and it writes its results above the Received field of the
server that took the mail. So the fields of the firewall say which server that was, and what stands above that server's
Received field is Exchange's own. https://learn.microsoft.com/en-us/exchange/header-firewall-exchange-2013-help
"""

from __future__ import annotations

import re
from email.message import Message

from saldo.mail.parse.headers import fields

NAME = "microsoft365"
"""The value of SALDO_MAIL_AUTHSERV_ID that says: our mailbox is in Exchange Online."""
_ENTRY = re.compile(r"([a-z0-9-]+)\.(?:[a-z0-9-]+\.)*(?:prod|protection)\.outlook\.com")
"""A server of Exchange Online; the name before the first dot is the same in AuthSource and in Received."""
_BY = re.compile(r"\bby\s+([a-z0-9-]+)\.(?:[a-z0-9-]+\.)*outlook\.com\b", re.IGNORECASE)


def obstacle(message: Message) -> str | None:
    """Why the topmost Authentication-Results cannot be taken for Exchange's own; None if it can."""
    came, source = (fields(message, f"x-ms-exchange-organization-{name}") for name in ("authas", "authsource"))
    if len(came) != 1 or len(source) != 1:
        return "Exchange did not stamp the mail (X-MS-Exchange-Organization-AuthAs, -AuthSource)"
    if came[0].strip().lower() != "anonymous":
        return "Exchange did not take the mail from outside, and so did not check its sender"
    entry = _ENTRY.fullmatch(source[0].strip().lower())
    if not entry:
        return "it was not a server of Exchange Online that took the mail"
    if not _stands_above_entry(message, entry[1]):
        return "the Authentication-Results stand below the server that took the mail: they came with it"
    return None


def _stands_above_entry(message: Message, entry: str) -> bool:
    """Whether the first Authentication-Results stands above the Received field of the server that took the mail.

    What a sender wrote is below that field. If it cannot be found, nothing below any Received field is trusted.
    """
    names = [name.lower() for name in message]
    results = names.index("authentication-results")
    above = fields(message, "received")[: names[:results].count("received")]
    every = fields(message, "received")
    ours = next((index for index, each in enumerate(every) if _server(each) == entry), 0)
    return len(above) <= ours


def _server(received: str) -> str:
    found = _BY.search(received)
    return found[1].lower() if found else ""
