"""Sample accounts: invented customers, one for each situation the rules know, the same in both countries.

They depend on the day they are made for, so that what is due soon is due soon and what is overdue is overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from saldo.billing.model import Account
from saldo.billing.period import add_months
from saldo.billing.samples.steps import (
    Plan,
    Step,
    add_licences,
    begin,
    cancel,
    change_package,
    companies,
    hand_to_collection,
    leave_open,
    pay_more,
    pay_twice,
    refund,
    remind,
    remove_licences,
    share_contact,
)

FIRST_NUMBER = 141
"""Of the first customer's invoices, the later of which is so the 2026-0142 of the documentation."""
NUMBERS_EACH = 20
BOOKKEEPER = ("Robin Kasboek", "robin@kasboek-administratie.example")

Story = tuple[Plan, tuple[Step, ...]]


def sample_accounts(on: date | None = None) -> list[Account]:
    """The sample accounts as of a day (default: today); always the same for the same day."""
    on = on or date.today()
    everyone = [company for country in ("NL", "FI") for company in companies(country)]
    accounts = []
    for place, company in enumerate(everyone):
        first_number = FIRST_NUMBER + NUMBERS_EACH * place
        plan, steps = stories(on, first_number)[company.number]
        accounts.append(_told(begin(company, plan, first_number, on), steps))
    return accounts


def stories(on: date, first_number: int) -> list[Story]:
    """What each company of a country goes through, in the order of the companies."""
    return [
        *_licence_stories(on, first_number),
        *_overpayment_stories(on),
        *_open_stories(on),
        *_other_stories(on),
    ]


def _licence_stories(on: date, first_number: int) -> list[Story]:
    this_month = on.replace(day=1)
    last_month = add_months(this_month, -1)
    tenth, sixteenth = last_month.replace(day=10), last_month.replace(day=16)
    return [
        # 01 the article's example: 10 licences × 6 months = 60 on the invoice, 8 active users
        (Plan(6, _months_ago(on, 2), 10, 8), ()),
        # 02 no free licence, billed monthly
        (Plan(1, this_month, 5, 5, "Start", invoiced=4), ()),
        # 03 licences added in mid-period on the first of a month: whole months
        (Plan(3, last_month, 6, 8), (add_licences(2, this_month, first_number, on),)),
        # 04 licences added in mid-month
        (Plan(12, _months_ago(on, 5), 12, 14, "Pro"), (add_licences(3, sixteenth, first_number, on),)),
        # 05 licences removed, to count from the next period
        (Plan(6, _months_ago(on, 3), 14, 11), (remove_licences(2, tenth),)),
    ]


def _overpayment_stories(on: date) -> list[Story]:
    return [
        # 06 paid twice, invoices to come
        (Plan(3, _months_ago(on, 1), 7, 6), (pay_twice,)),
        # 07 the last invoice paid twice, the subscription has ended
        (Plan(6, _months_ago(on, 7), 4, 3), (pay_twice, cancel)),
        # 08 50 euros too much, invoices to come
        (Plan(1, on.replace(day=1), 9, 7), (pay_more(5000),)),
        # 09 paid twice, paid back, ended
        (Plan(6, _months_ago(on, 8), 5, 4), (pay_twice, refund(_months_ago(on, 1)), cancel)),
        # 10 the last invoice paid twice, cancelled at the end of the current period
        (Plan(3, _months_ago(on, 2), 8, 8), (pay_twice, cancel)),
    ]


def _open_stories(on: date) -> list[Story]:
    return [
        # 11 due in a week
        (Plan(3, on - timedelta(days=7), 6, 4), (leave_open(1),)),
        # 12 overdue, reminded
        (Plan(6, on - timedelta(days=30), 3, 3), (leave_open(1), remind(on - timedelta(days=5)))),
        # 13 overdue, reminded and, in Finland, in collection
        (
            Plan(12, on - timedelta(days=40), 11, 9),
            (leave_open(1), remind(on - timedelta(days=15)), hand_to_collection(on - timedelta(days=6))),
        ),
        # 14 two open: one due in four days, one overdue
        (Plan(1, on - timedelta(days=10), 4, 4, "Start", invoiced=5), (leave_open(2),)),
    ]


def _other_stories(on: date) -> list[Story]:
    return [
        # 15 a package change under way
        (Plan(3, _months_ago(on, 1), 20, 17), (change_package("Pro"),)),
        # 16 a bookkeeper who is a contact of this customer and of the next
        (Plan(12, _months_ago(on, 4), 2, 1, "Start"), (share_contact(*BOOKKEEPER),)),
        # 17 new today, no invoice yet
        (Plan(1, on, 3, 2, "Start", invoiced=0), (share_contact(*BOOKKEEPER),)),
    ]


def _months_ago(on: date, months: int) -> date:
    """The first of the month so many months ago."""
    return add_months(on.replace(day=1), -months)


def _told(account: Account, steps: Sequence[Step]) -> Account:
    for step in steps:
        account = step(account)
    return account
