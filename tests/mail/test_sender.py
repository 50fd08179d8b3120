"""The identity ladder: every way up, and every way to be refused."""

from __future__ import annotations

import pytest

from saldo.mail.sender.identity import Ourselves, identify
from tests.mail.mails import CONTACT, PROVEN, Customers, mail

OURS = Ourselves(frozenset({"mx.saldo.example", "mx2.saldo.example"}), frozenset({"severa.support@visma.com"}))
CUSTOMERS = Customers({CONTACT: ["FI-2001"], "kollega@kurkiaura.example": ["FI-2001"], "muu@x.example": ["FI-2002"]})
DOMAIN = "kurkiaura-konsultointi.example"


@pytest.mark.parametrize(
    "results",
    [
        PROVEN,
        f"MX.Saldo.Example 1; dmarc=pass (p=reject; sp=none) header.from={DOMAIN.upper()}",
        f"mx2.saldo.example; spf=fail; dkim=pass header.d={DOMAIN} header.s=x; dmarc=none",
        f'mx.saldo.example; dkim=pass (1024-bit key; "unprotected") header.d={DOMAIN}',
        f"mx.saldo.example;\r\n\tdkim=fail header.d=x.example;\r\n\tdmarc=pass header.from={DOMAIN}",
    ],
)
def test_a_proven_contact_gets_figures(results: str) -> None:
    found = identify(mail(authentication_results=results), CUSTOMERS, OURS)
    assert (found.level, found.customer) == ("authenticated", "FI-2001")


@pytest.mark.parametrize(
    ("results", "why"),
    [
        (None, "did not check"),
        ("mx.evil.example; dmarc=pass header.from=" + DOMAIN, "foreign"),
        ("", "unnamed"),
        (f"mx.evil.example; dmarc=pass header.from={DOMAIN}\r\nAuthentication-Results: {PROVEN}", "foreign"),
        (f"mx.saldo.example; dmarc=fail header.from={DOMAIN}; dkim=pass header.d={DOMAIN}", "DMARC failed"),
        (f"mx.saldo.example; dmarc=fail header.from={DOMAIN}\r\nAuthentication-Results: {PROVEN}", "DMARC failed"),
        ("mx.saldo.example; dmarc=pass header.from=evil.example", "neither"),
        ("mx.saldo.example; dmarc=pass", "neither"),
        (f"mx.saldo.example; dkim=pass header.d=evil.example (header.d={DOMAIN})", "neither"),
        (f"mx.saldo.example; dkim=pass header.d=mail.{DOMAIN}", "neither"),
        ("mx.saldo.example; dkim=pass header.d=example", "neither"),
        (f"mx.saldo.example; spf=pass smtp.mailfrom={DOMAIN}", "neither"),
        (f"mx.saldo.example; none (dmarc=pass header.from={DOMAIN})", "neither"),
        (f'mx.saldo.example; spf=fail reason="; dmarc=pass header.from={DOMAIN}"', "neither"),
        (f"(mx.saldo.example) mx.evil.example; dmarc=pass header.from={DOMAIN}", "foreign"),
    ],
)
def test_without_proof_there_are_no_figures(results: str | None, why: str) -> None:
    found = identify(mail(authentication_results=results), CUSTOMERS, OURS)
    assert (found.level, found.customer) == ("known", None)
    assert why in found.reason


@pytest.mark.parametrize(
    ("headers", "level", "why"),
    [
        ({"from": "x@elsewhere.example"}, "none", "no contact"),
        ({"from": f"{CONTACT}, x@elsewhere.example"}, "none", "exactly one"),
        ({"from": f'"{CONTACT}" <x@elsewhere.example>'}, "none", "no contact"),
        ({"from": f"{CONTACT}\r\nFrom: x@elsewhere.example"}, "none", "exactly one"),
        ({"from": None}, "none", "exactly one"),
        ({"reply_to": "x@elsewhere.example"}, "known", "Reply-To x@elsewhere.example"),
        ({"cc": "x@elsewhere.example"}, "known", "x@elsewhere.example"),
        ({"cc": "muu@x.example"}, "known", "muu@x.example"),
        ({"to": "severa.support@visma.com, x@elsewhere.example"}, "known", "x@elsewhere.example"),
    ],
)
def test_who_else_would_read_the_figures(headers: dict[str, str | None], level: str, why: str) -> None:
    found = identify(mail(authentication_results=PROVEN, **headers), CUSTOMERS, OURS)  # type: ignore[arg-type]
    assert (found.level, found.customer) == (level, None)
    assert why in found.reason


@pytest.mark.parametrize(
    "headers",
    [
        {"cc": "kollega@kurkiaura.example"},
        {"cc": "severa.support@visma.com"},
        {"reply_to": CONTACT.upper()},
        {"to": "laskut@another-name-of-ours.example"},
    ],
)
def test_the_customers_own_people_and_we_may_read_along(headers: dict[str, str]) -> None:
    assert identify(mail(authentication_results=PROVEN, **headers), CUSTOMERS, OURS).level == "authenticated"  # type: ignore[arg-type]


def test_a_contact_of_two_customers_gets_none() -> None:
    found = identify(mail(authentication_results=PROVEN), Customers({CONTACT: ["FI-2001", "FI-2002"]}), OURS)
    assert (found.level, found.customer) == ("known", None)
    assert "FI-2001, FI-2002" in found.reason


def test_without_a_configured_server_nobody_is_proven() -> None:
    assert identify(mail(authentication_results=PROVEN), CUSTOMERS, Ourselves()).level == "known"
