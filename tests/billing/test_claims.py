"""No sentence says more than the records: each is held against an independent reckoning, over random histories.

So many: SALDO_HISTORIES=1000 .venv/bin/python -m pytest tests/billing/test_claims.py (some minutes)
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from inspect import signature
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.answers.answer import Answer
from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import plain_text
from saldo.billing import MESSAGES, Account, Explanation, InvoiceQuery, Repository, create_database, explain
from saldo.billing.explanation import Direction, NamedChange
from saldo.billing.message_catalogue import COMMON
from saldo.billing.model import TableName
from saldo.billing.samples.situations import situation
from saldo.faq import LANGUAGES, load
from saldo.faq.texts import placeholders
from tests.billing.asking import of_own_bill
from tests.billing.claims import OLD_AFTER_DAYS, Claims
from tests.billing.reckoning import Reckoning
from tests.support import CHECKOUT

FAQ = load(CHECKOUT / "faq")
HISTORIES = int(os.environ.get("SALDO_HISTORIES", "40"))
POINTS = {topic: [None, *FAQ.text(topic, "nl").leads] for topic in MESSAGES}
KEYS = sorted({(topic, name) for topic, messages in MESSAGES.items() for name in messages})
SAID = {**COMMON, **{name: message for messages in MESSAGES.values() for name, message in messages.items()}}

TOLD_OPEN = {"open_invoice", "overdue_invoice", "overdue_with_partner", "in_collection"}
RESTS_ON: Mapping[str, Sequence[TableName]] = {
    **dict.fromkeys(("seats", "all_used", "users_exceed", "none_free", "fewer_free"), ("licence_changes", "users")),
    **dict.fromkeys(("removable", "none_removable"), ("licence_changes", "users")),
    **dict.fromkeys(("since", "since_added", "since_removed", "would_add", "would_remove"), ("licence_changes",)),
    **dict.fromkeys(("no_subscription", "period_end", "package", "of_subscription"), ("subscriptions",)),
    **dict.fromkeys((*TOLD_OPEN, "nothing_open", "sum_open", "part_paid"), ("invoices", "payments")),
    **dict.fromkeys(("overpaid", "no_overpayment", "set_off", "refundable"), ("invoices", "payments", "refunds")),
    **dict.fromkeys(("unknown_invoice", "did_you_mean", "which_invoice", "no_invoice"), ("invoices",)),
}
"""The tables without which something must not be said: an empty one would be taken for a fact."""
PHRASES = {
    "collected in Finland": {"nl": "Amili", "fi": "Amili"},
    "nothing to do": {"nl": "niets te doen", "fi": "vaadi teiltä"},
    "is set off": {"nl": "Ja, automatisch", "fi": "Kyllä, automaattisesti"},
    "what is overpaid is set off": {
        "nl": "Wat u te veel heeft betaald, wordt automatisch",
        "fi": "Ylisuoritus kohdistetaan automaattisesti",
    },
    "invoicing decides": {
        "nl": "spreekt u per e-mail af met ons facturatieteam",
        "fi": "sähköpostitse laskutustiimimme",
    },
    "how to cancel": {"nl": "per e-mail aan onze klantenondersteuning", "fi": "lähetetään sähköpostilla"},
    "a removal counts from": {"nl": "vanaf de volgende factureringsperiode", "fi": "seuraavasta laskutuskaudesta"},
    "removes them oneself": {"nl": "verwijdert u zelf in Severa", "fi": "voi poistaa itse Severassa"},
    "removes them with a click": {"nl": "prullenbakpictogram", "fi": "roskakorin"},
}
"""What is said of a situation in the reviewed text or a lead, by the words to find it by."""
NOT_THERE = {"did_you_mean", "unknown_invoice", "which_invoice", "could_be"}


def asked_on(number: int, on: date) -> date:
    """The day of the records, mostly; else a day before, which they know too much of, or one after."""
    chance = Random(f"day {number}")
    return on + timedelta(days=chance.choice([0, 0, 0, chance.randint(1, 500), -chance.randint(1, 500)]))


def questions(account: Account, topic: str, on: date, chance: Random) -> Iterator[InvoiceQuery]:
    """A question that names nothing, and three that name what people do."""
    yield InvoiceQuery(point=chance.choice(POINTS[topic]))
    for _ in range(3):
        point = chance.choice([*POINTS[topic], None, None, "next", "period"])
        if account.invoices and chance.random() < 0.5:
            invoice = chance.choice(account.invoices)
            billed = [int(line.quantity) for line in invoice.lines]
            slip = invoice.number[:-2] + invoice.number[-1] + "7"
            yield chance.choice(
                [
                    InvoiceQuery(invoice=invoice.number, point=point),
                    InvoiceQuery(invoice=chance.choice([slip, "77-X"]), point=point),
                    InvoiceQuery(quantity=chance.choice(billed or [7]) + chance.randint(0, 1), point="is_right"),
                    InvoiceQuery(amount=invoice.total, point=point),
                    InvoiceQuery(date=chance.choice([invoice.issued_on, invoice.due_date]).isoformat(), point=point),
                    InvoiceQuery(place="previous", before=chance.choice([None, invoice.number]), point=point),
                ]
            )
        else:
            planned = on + timedelta(days=chance.randint(1, 400))
            next_start = chance.choice([on, *(one.period.end for one in account.subscriptions)])
            day = chance.choice([None, None, planned, max(next_start, on + timedelta(days=1))])
            named = day.isoformat() if day and topic == "licence_change" else None
            yield chance.choice(
                [
                    InvoiceQuery(licences=chance.randint(1, 9), date=named, point=point),
                    InvoiceQuery(licences=chance.randint(1, 9), change="add", date=named, point=point),
                    InvoiceQuery(licences=chance.randint(1, 20), change="remove", date=named, point=point),
                    InvoiceQuery(target=chance.randint(0, 30), date=named, point=point),
                    InvoiceQuery(months=chance.choice([1, 3, 7]), licences=chance.choice([None, 4]), point=point),
                    InvoiceQuery(changes=several(chance, [named, None]), point=point),
                    made(account, chance, [named, None], point),
                    made(account, chance, [named, None], point),
                ]
            )


def several(chance: Random, days: list[str | None]) -> tuple[NamedChange, ...]:
    """Two or three changes either way, each planned for one of the days."""
    ways: list[Direction] = ["add", "remove"]
    each = range(chance.randint(2, 3))
    return tuple(NamedChange(chance.choice(ways), chance.randint(1, 12), chance.choice(days)) for _ in each)


def made(account: Account, chance: Random, days: list[str | None], point: str | None) -> InvoiceQuery:
    """A change told as made: one of the records, or one that nobody recorded; asked about mostly."""
    real = chance.choice(account.licence_changes) if account.licence_changes and chance.random() < 0.7 else None
    count = real.licences if real else chance.randint(-9, 9)
    day = real.ordered_on.isoformat() if real and chance.random() < 0.3 else chance.choice(days)
    way: Direction = "add" if count > 0 else "remove"
    return InvoiceQuery(
        licences=chance.choice([abs(count) or None, None]),
        change=chance.choice([way, way, None]),
        date=day,
        made=True,
        recorded=chance.random() < 0.9,
        point=point,
    )


def contradictions(account: Account, number: int, on: date) -> Iterator[tuple[str, str]]:
    """Every message that the reckoning contradicts, and every answer that is amiss, each with what and where."""
    chance, reckoned = Random(f"questions {number}"), Reckoning(account, on)
    for topic in MESSAGES:
        own = of_own_bill(account, topic, on, Random(f"own bill {number} {topic}"))
        for query in (*questions(account, topic, on, chance), *own):
            explanation = explain(topic, account, on, query, OLD_AFTER_DAYS)
            where = f"{number} on {on}, {query}"
            for name, what in amiss(reckoned, query, explanation) if explanation else ():
                yield f"{topic}.{name}", f"{what}: {where}"
            about = explanation.topic if explanation else topic
            said = {
                one: answer(FAQ, [ExplainedTopic(about, one, explanation, point=query.point)], one) for one in LANGUAGES
            }
            for name, what in amiss_in_answer(reckoned, about, explanation, said):
                yield f"{topic}: {name}", f"{what}: {where}"


def amiss(reckoned: Reckoning, query: InvoiceQuery, explanation: Explanation) -> Iterator[tuple[str, str]]:
    """The messages of an explanation that the reckoning contradicts."""
    for place, sentence in enumerate(explanation.sentences):
        claims = Claims(reckoned, query, explanation.sentences[:place])
        try:
            right = getattr(claims, sentence.name)(**sentence.values)
        except (AssertionError, StopIteration, ValueError, TypeError, IndexError) as error:
            right = False
            yield sentence.name, f"{type(error).__name__} {error} {dict(sentence.values)}"
            continue
        if not right:
            yield sentence.name, str(dict(sentence.values))
    names = {one.name for one in explanation.sentences}
    if names & TOLD_OPEN and Claims(reckoned, query).surpluses() and not names & {"overpaid_besides", "open_besides"}:
        yield "silent on a surplus", ""
    for one in explanation.sentences:
        if (
            one.name in TOLD_OPEN
            and reckoned.credited(reckoned.invoice(one.values["invoice"]))
            and "credited" not in names
        ):
            yield "silent on a credit note", str(one.values["invoice"])
    told = [one.values["invoice"] for one in explanation.sentences if "invoice" in one.values]
    unknown = query.invoice and not Claims(reckoned, query).has_asked_number()
    if told and unknown and not names & NOT_THERE:
        yield "another invoice in an unknown one's stead", str(told)
    for name in sorted(names & {*RESTS_ON}):
        if any(Claims(reckoned, query).unknown(table) for table in RESTS_ON[name]):
            yield name, "though the records it rests on were never imported"
    if explanation.timeline and not Claims(reckoned, query).drawn(explanation.timeline):
        yield "timeline", str(explanation.timeline)


def amiss_in_answer(
    reckoned: Reckoning, topic: str, explanation: Explanation | None, said: dict[str, Answer]
) -> Iterator[tuple[str, str]]:
    """What both languages say differently, and what the reviewed text says against the figures."""
    texts = {
        one: plain_text([block for block in each.published()["blocks"] if block["type"] != "facts"])
        for one, each in said.items()
    }
    if said["nl"].facts != said["fi"].facts:
        yield "facts differ", ""
    for language, text in texts.items():
        if explanation and explanation.facts and not said[language].facts:
            yield f"{language} figures withheld", ""
        for name, may in reviewed(reckoned, topic):
            if PHRASES[name][language] in text and not may:
                yield f"{language} {name}", text[:200]


def reviewed(reckoned: Reckoning, topic: str) -> Iterator[tuple[str, bool]]:
    """What the reviewed text and the leads may say of the customer's own situation, and whether it is so."""
    claims = Claims(reckoned, InvoiceQuery())
    paid = not any(claims.unknown(table) for table in ("invoices", "payments", "refunds"))
    surplus, due = paid and claims.surpluses() > 0, claims.all_open() > 0
    to_come = any(map(reckoned.next_period, reckoned.account.subscriptions))
    runs_on = not reckoned.running or any(reckoned.to_invoice(one, reckoned.on) for one in reckoned.running)
    lasting = not reckoned.running or any(one.cancelled_on is None for one in reckoned.running)
    overdue = [one for one in reckoned.open() if paid and one.due_date < reckoned.on]
    finnish = reckoned.account.customer.country == "FI"
    yield "collected in Finland", finnish
    if topic in ("paid_twice", "refund_requirements"):
        for name in ("nothing to do", "is set off", "what is overpaid is set off"):
            yield name, not surplus or (to_come and not due)
    if topic == "payment_extension":
        yield "invoicing decides", not (finnish and overdue) or len(overdue) < len(reckoned.open())
    if topic == "cancel_service":
        yield "how to cancel", lasting
    if topic in ("manage_licences", "licence_change"):
        for name in ("a removal counts from", "removes them oneself", "removes them with a click"):
            yield name, runs_on


@pytest.mark.parametrize(("name", "language"), [(name, language) for name in PHRASES for language in LANGUAGES])
def test_every_phrase_looked_for_is_in_the_content(name: str, language: str) -> None:
    """Whoever words a text anew words it here as well, or nothing would be looked for."""
    texts = [str(FAQ.text(topic, language)) for topic in MESSAGES]
    assert any(PHRASES[name][language] in text for text in texts)


def test_every_message_names_its_condition_and_has_its_claim() -> None:
    assert [name for name, message in SAID.items() if not message.proved.strip()] == []
    for name, message in SAID.items():
        assert set(signature(getattr(Claims, name)).parameters) - {"self"} == message.placeholders, name


@pytest.mark.parametrize(("topic", "name"), KEYS)
def test_both_languages_say_the_same_figures_of_a_message(topic: str, name: str) -> None:
    dutch, finnish = (FAQ.text(topic, language) for language in LANGUAGES)
    assert placeholders(dutch.figures[name]) == placeholders(finnish.figures[name])
    for point, lead in dutch.leads.items():
        if name in lead:
            assert placeholders(lead[name]) == placeholders(finnish.leads[point][name]), point


@pytest.mark.parametrize("name", COMMON)
def test_so_they_do_of_what_is_said_on_any_topic(name: str) -> None:
    dutch, finnish = (FAQ.words[language].figures[name] for language in LANGUAGES)
    assert placeholders(dutch) == placeholders(finnish)


@settings(max_examples=HISTORIES, deadline=None)
@given(st.integers(0, 999_999), st.dates(date(2024, 1, 1), date(2028, 12, 31)))
def test_no_sentence_contradicts_the_records(number: int, on: date) -> None:
    account = situation(number, on)
    assert list(contradictions(account, number, asked_on(number, on))) == []


def test_nor_of_an_account_out_of_a_database(database_url: str) -> None:
    on = date(2026, 11, 26)
    all_of_them = {number: situation(number, on) for number in range(HISTORIES // 4)}
    accounts = {number: one for number, one in all_of_them.items() if one.imports is None}
    repository = Repository(create_database(database_url))
    repository.add({one.customer.id: one for one in accounts.values()}.values())
    for number, account in accounts.items():
        stored = repository.account(account.customer.id)
        assert list(contradictions(stored, number, asked_on(number, on))) == []
