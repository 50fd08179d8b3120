"""Figures in the reader's language: money, dates, periods and counted nouns, by Babel's CLDR data.

Wordings hold placeholders: ``{name}`` writes a value, ``{count|one|other}`` the number and its noun in the right form;
of euros, ``{amount|euron|euron}``, the noun is the currency, in a case that a sign cannot show.
Two days that a wording joins to a span, ``{since} tot en met {until}``, name a month or a year they share once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_currency, format_decimal

from saldo.billing.explanation import Formula, Value
from saldo.billing.model import Money
from saldo.billing.period import BillingPeriod
from saldo.faq.texts import PLACEHOLDER

LOCALES = {"nl": "nl_NL", "fi": "fi_FI", "en": "en_GB"}
DATE_PATTERNS = {"nl": "d MMMM y", "fi": "d.M.y", "en": "d MMMM y"}
MONEY_PATTERNS = {
    "nl": "¤\xa0#,##0.00;¤\xa0-#,##0.00",
    "fi": "#,##0.00\xa0¤",
    "en": "¤#,##0.00",
}
SPAN = re.compile(r"\{(\w+)\}( tot en met |–)\{(\w+)\}")
"""Two placeholders as first and last day."""
EURO = "EUR"
FIRST_DAYS = {"nl": ("d", "d MMMM"), "fi": ("d.", "d.M."), "en": ("d", "d MMMM")}
"""How the first day of a span is written that ends in the same month, and in the same year."""
INTERVALS = {"nl": "yMMMd", "fi": "yMd", "en": "yMMMd"}


def write(value: Value, language: str) -> str:
    """Write one value as a person of that language would."""
    locale = LOCALES[language]
    if isinstance(value, Money):
        return format_currency(Decimal(value.cents) / 100, value.currency, MONEY_PATTERNS[language], locale=locale)
    if isinstance(value, BillingPeriod):
        return str(format_interval(value.start, value.last_day, INTERVALS[language], locale=locale))
    if isinstance(value, date):
        return format_date(value, DATE_PATTERNS[language], locale=locale)
    if isinstance(value, (int, Decimal)):
        return str(format_decimal(value, "#,##0.##", locale=locale))
    return str(value)


def fill(wording: str, values: Mapping[str, Value], language: str) -> str:
    """Fill a wording's placeholders; a name without a value raises KeyError."""

    def replace(match: re.Match[str]) -> str:
        name, one, other = match.groups()
        value = values[name]
        if one is None or (isinstance(value, Money) and value.currency != EURO):
            return write(value, language)
        return f"{_number(value, language)} {one if _is_one(value, language) else other}"

    def join(match: re.Match[str]) -> str:
        first, last = values[match[1]], values[match[3]]
        if not (isinstance(first, date) and isinstance(last, date) and first.year == last.year and first != last):
            return match[0]
        pattern = FIRST_DAYS[language][first.month != last.month]
        return format_date(first, pattern, locale=LOCALES[language]) + match[2] + write(last, language)

    return PLACEHOLDER.sub(replace, SPAN.sub(join, wording))


def write_formula(formula: Formula, language: str) -> str:
    """Write a formula with its inputs, e.g. ``10 × 6``."""
    return fill(formula.template, formula.inputs, language)


def plain(value: Value) -> int | float | str:
    """A value for machines: whole numbers as int, other decimals as float, money as ``1250.00 EUR``, ISO dates."""
    if isinstance(value, (Money, BillingPeriod, date)):
        return str(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def plain_formula(formula: Formula | None) -> str | None:
    """A formula for machines and support agents; None where the value was read as it stands."""
    if formula is None:
        return None
    return PLACEHOLDER.sub(lambda match: str(plain(formula.inputs[match.group(1)])), formula.template)


def _number(value: Value, language: str) -> str:
    """A value without its currency, which is written as a word."""
    if isinstance(value, Money):
        return str(format_decimal(Decimal(value.cents) / 100, "#,##0.00", locale=LOCALES[language]))
    return write(value, language)


def _is_one(value: Value, language: str) -> bool:
    """Whether the noun is singular; 1.00 counts as 1, for so it is written."""
    return isinstance(value, (int, Decimal)) and _locale(language).plural_form(float(value)) == "one"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])
