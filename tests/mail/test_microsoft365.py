"""Microsoft 365 vouches without an authserv-id; it is trusted for what it strips and for where its word stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.parse.incoming import read
from saldo.mail.sender.identity import Ourselves, identify
from tests.mail.mails import CONTACT, Customers, mail_bytes

DOMAIN = "kurkiaura-konsultointi.example"
HOST = "AMS0EPF000001B5"
CUSTOMERS = Customers({CONTACT: ["FI-2001"]})
OURS = Ourselves(frozenset({"microsoft365"}))

INNER = (
    "Received: from AS9PR04CA0101.eurprd04.prod.outlook.com (2603:10a6:20b:50e::1)\r\n"
    " by DB9PR04MB8461.eurprd04.prod.outlook.com (2603:10a6:10:2cf::20) with Microsoft SMTP Server;\r\n"
    " Mon, 2 Nov 2026 08:12:03 +0000\r\n"
)
RESULTS = (
    "Authentication-Results: spf=pass (sender IP is 192.0.2.7)\r\n"
    f" smtp.mailfrom={DOMAIN}; dkim=pass (signature was verified)\r\n"
    f" header.d={DOMAIN};dmarc=pass action=none\r\n header.from={DOMAIN};compauth=pass reason=100\r\n"
)
ENTRY = (
    f"Received: from mail.{DOMAIN} (192.0.2.7) by {HOST}.mail.protection.outlook.com\r\n"
    " (10.167.16.169) with Microsoft SMTP Server; Mon, 2 Nov 2026 08:12:02 +0000\r\n"
)
STAMPS = (
    f"X-MS-Exchange-Organization-AuthSource:\r\n\t{HOST}.eurprd05.prod.outlook.com\r\n"
    "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n"
)
FORGED = RESULTS.replace("spf=pass", "spf=none").replace("192.0.2.7", "198.51.100.9")
"""What a stranger writes into a mail: it cannot be told from Exchange's by its words."""


def level(head: str, ours: Ourselves = OURS) -> tuple[str, str]:
    """How surely the sender of a mail with these fields on top is known, and why."""
    top, _, rest = mail_bytes().partition(b"\r\n")
    found = identify(read(top + b"\r\n" + head.encode() + rest), CUSTOMERS, ours)
    return found.level, found.reason


def test_what_exchange_stamped_and_checked_is_proven() -> None:
    assert level(INNER + RESULTS + ENTRY + STAMPS)[0] == "authenticated"


def test_it_is_trusted_only_where_it_is_configured() -> None:
    head = INNER + RESULTS + ENTRY + STAMPS
    assert level(head, Ourselves(frozenset({"mx.saldo.example"})))[0] == "known"
    assert level(head, Ourselves())[0] == "known"
    assert level(head, Ourselves(frozenset({"mx.saldo.example", "Microsoft365"})))[0] == "authenticated"


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (INNER + RESULTS + ENTRY, "did not stamp"),
        (INNER + RESULTS + ENTRY + STAMPS + STAMPS, "did not stamp"),
        (INNER + RESULTS + ENTRY + STAMPS.replace("Anonymous", "Internal"), "from outside"),
        (INNER + RESULTS + ENTRY + STAMPS.replace("prod.outlook.com", "evil.example"), "not a server of Exchange"),
        (INNER + RESULTS + ENTRY + STAMPS.replace("prod.outlook.com", "prod.outlook.com.evil.example"), "not a server"),
        (INNER + ENTRY + FORGED + STAMPS, "came with it"),
        (INNER + ENTRY + FORGED + ENTRY + STAMPS, "came with it"),
        (INNER + FORGED + STAMPS, "came with it"),
        (INNER + ENTRY + STAMPS, "did not check the sender"),
        (INNER + RESULTS.replace("dmarc=pass", "dmarc=fail") + ENTRY + FORGED + STAMPS, "DMARC failed"),
        (INNER + RESULTS.replace(DOMAIN, "evil.example") + ENTRY + FORGED + STAMPS, "neither DMARC nor"),
        (INNER + RESULTS.replace("m=pass", "m=none").replace("c=pass", "c=none") + ENTRY + STAMPS, "neither"),
        (INNER + RESULTS.replace("Results: ", "Results: microsoft365; ") + ENTRY + STAMPS, "foreign"),
        (INNER + RESULTS.replace("Results: ", "Results: mx.evil.example; ") + ENTRY + STAMPS, "foreign"),
    ],
)  # fmt: skip
def test_whatever_else_is_not(head: str, why: str) -> None:
    found, reason = level(head)
    assert found == "known"
    assert why in reason


OWN = st.lists(
    st.sampled_from([FORGED, ENTRY, INNER, FORGED.replace("Results:", "Results: mx.example.com;"), "X-Spam: no\r\n"])
)
"""Fields a stranger can write: all but those that Exchange strips."""


@given(own=OWN)
def test_nothing_a_stranger_writes_outweighs_what_exchange_found(own: list[str]) -> None:
    """Exchange strips its own fields, puts them on top of what came, and found that DMARC failed, or did not look."""
    failed = RESULTS.replace("dkim=pass", "dkim=fail").replace("dmarc=pass", "dmarc=fail")
    for found in (failed, ""):
        assert level(INNER + found + ENTRY + "".join(own) + STAMPS)[0] == "known"
