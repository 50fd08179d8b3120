"""The patterns of spaCy's EntityRuler, made from the words in words/entities.yml.

`phone` and `time` are found so that their digits are not taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from saldo.nlu.numbers import number_pattern
from saldo.yaml_files import Expression, Strict, read_yaml

Token = dict[str, Any]
Pattern = dict[str, Any]
WORD_FILE = Path(__file__).parent / "words" / "entities.yml"
MONEY = r"^\d{1,3}(?:[. \u00a0]\d{3})+(?:,\d{1,2}|,-)?$|^\d+(?:[.,]\d{1,3}|,-)?$"
YEAR = r"^(?:19|20)\d\d$"
GROUPS = "{1,6}"
"""So many groups of digits an account or a telephone number has at most behind those before; without an end, each group
of a long row would begin a number with every other."""


class EntityWords(Strict):
    """One language of the word file, which says what each list is for; each entry must match a whole word."""

    licences: list[Expression]
    users: list[Expression]
    count: list[Expression]
    between: list[Expression]
    months: list[Expression]
    years: list[Expression]
    quarters: list[Expression]
    half: list[Expression]
    phrases: dict[int, list[Expression]]
    per: list[Expression]
    currency: list[Expression]
    thousand: list[Expression]
    invoice: list[Expression]
    number: list[Expression]
    month_names: list[Expression]
    month_short: list[Expression]
    day: list[Expression]
    first: list[Expression]


@cache
def word_lists() -> dict[str, EntityWords]:
    """The word file, by language."""
    return read_yaml(WORD_FILE, dict[str, EntityWords])


def patterns(language: str) -> list[Pattern]:
    """All patterns of a language; of two that overlap the ruler keeps the longer one."""
    made = [
        *_contacts(),
        *_dates(language),
        *_money(language),
        *_invoices(language),
        *_periods(language),
        *_counts(language),
    ]
    return [{"label": label, "pattern": pattern} for label, pattern in made]


@cache
def telling(language: str) -> re.Pattern[str]:
    """What no entity of a language does without: a digit, a number in words, an address's sign, or such a word."""
    words_of = word_lists()[language]
    whole = [
        *chain(*(getattr(words_of, name) for name in ("half", "per", "years")), *words_of.phrases.values()),
        "anderhalf",
    ]
    begun = [*words_of.month_names, "kymp"]
    number = number_pattern(language)[1:-1]
    expression = rf"\d|@|(?<!\w)(?:(?:{'|'.join(whole)}|{number})(?!\w)|(?:{'|'.join(begun)}))"
    return re.compile(expression, re.IGNORECASE)


def word(expressions: Sequence[str]) -> str:
    """A regular expression that a whole word must match."""
    return rf"^(?:{'|'.join(expressions)})$"


def _like(expression: str, **rest: Any) -> Token:
    return {"LOWER": {"REGEX": expression}, **rest}


def _contacts() -> list[tuple[str, list[Token]]]:
    group = _like(r"^[a-z0-9]{2,4}$")
    country = _like(r"^(?:nl|fi|be|de|se|ee)\d\d$")
    return [
        ("email", [_like(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$")]),
        ("iban", [_like(r"^(?:nl\d\d[a-z]{4}\d{10}|fi\d{16}|be\d{14}|[a-z]{2}\d\d[a-z0-9]{11,30})$")]),
        ("iban", [country, _like(r"^[a-z0-9]{4}$"), group, _like(r"^(?=.*\d)[a-z0-9]{1,4}$", OP=GROUPS)]),
        ("phone", [_like(r"^0\d{1,3}(?:-\d{5,8})?$"), _like(r"^\d{2,8}$", OP="{1,5}")]),
        ("phone", [_like(r"^0\d{1,3}-\d{5,8}$")]),
        ("phone", [_like(r"^0\d{8,9}$")]),
        ("phone", [{"TEXT": "+"}, _like(r"^\d{2,3}$"), _like(r"^\d{1,8}$", OP=GROUPS)]),
        ("phone", [{"TEXT": "+"}, _like(r"^\d{9,13}$")]),
        ("time", [_like(r"^(?:[01]?\d|2[0-3])[:.][0-5]\d$"), _like(r"^uur$")]),
        ("time", [_like(r"^(?:klo|kello|om)$"), _like(r"^(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?$")]),
        ("time", [_like(r"^(?:[01]?\d|2[0-3]):[0-5]\d$")]),
    ]


def _dates(language: str) -> list[tuple[str, list[Token]]]:
    words_of = word_lists()[language]
    names = [f"{name}\\w*" for name in words_of.month_names] if language == "fi" else words_of.month_names
    month, short = _like(word(names)), _like(word([*names, *words_of.month_short]))
    day, dot, year = _like(r"^(?:0?[1-9]|[12]\d|3[01])$"), {"TEXT": ".", "OP": "?"}, _like(YEAR)
    numbered, first = _like(r"^(?:0?[1-9]|[12]\d|3[01])(?:e|de|ste)?$"), _like(word(words_of.first))
    ending, point = {"LOWER": "e", "OP": "?"}, {"TEXT": "."}  # the tokenizer parts "5e", but not "1ste"
    named = _like(word(words_of.day))
    maybe = {**named, "OP": "?"}
    if language == "fi":
        after = [[month, day, point, maybe], [month, day, named], [month, first]]
        ways = [*after, [day, dot, maybe, month], [first, maybe, month]]
    else:
        ways = [[numbered, ending, maybe, month], [first, maybe, month]]
    return [
        *(("date", [*way, *rest]) for way in ways for rest in ([], [year])),
        ("date", [_like(r"^(?:19|20)\d\d-(?:0\d|1[0-2])-[0-3]\d$")]),
        ("date", [_like(r"^[0-3]?\d([./-])[01]?\d\1(?:(?:19|20)?\d\d)$")]),
        ("date", [_like(r"^[0-3]?\d\.[01]?\d\.$")]),
        ("date", [_like(r"^[0-3]?\d\.[01]?\d$"), {"TEXT": "."}]),
        ("date", [day, dot, short]),
        ("date", [day, dot, short, year]),
        ("date", [month]),
        ("date", [month, year]),
    ]


def _money(language: str) -> list[tuple[str, list[Token]]]:
    words_of = word_lists()[language]
    currency, thousand = _like(word(words_of.currency)), _like(word(words_of.thousand))
    sign, number = _like(r"^(?:€|eur|euro)$"), _like(MONEY)
    head, group = _like(r"^\d{1,3}$"), _like(r"^\d{3}(?:,\d{1,2})?$")
    invoice = _like(word(words_of.invoice))
    forms = [[number], [head, group], [head, group, group]]
    return [
        ("amount", pattern)
        for form in forms
        for pattern in (
            [sign, *form],
            [*form, currency],
            [invoice, *form, currency],
            [*form, thousand, currency],
            [sign, *form, thousand],
        )
    ]


def _invoices(language: str) -> list[tuple[str, list[Token]]]:
    words_of = word_lists()[language]
    invoice, sort = _like(word(words_of.invoice)), _like(word(words_of.number))
    dot, colon = {"TEXT": ".", "OP": "?"}, {"TEXT": ":", "OP": "?"}
    own = r"^(?:19|20)\d\d-\d{3,6}$"
    bare = r"^(?!(?:19|20)\d\d$)(?:[a-z]{0,3}-?\d{4,}|\d{2,}-\d{2,})$"
    return [
        ("invoice_number", [_like(own)]),
        ("invoice_number", [invoice, dot, colon, _like(own)]),
        ("invoice_number", [invoice, {"TEXT": {"IN": ["#", "."]}, "OP": "?"}, colon, _like(bare)]),
        ("invoice_number", [invoice, dot, sort, dot, colon, _like(r"^[a-z]{0,3}-?\d{3,}(?:-\d+)?$")]),
        (
            "invoice_number",
            [_like(r"^\w+(?:nr|nummer|numero|nro)\w*$"), dot, colon, _like(r"^[a-z]{0,3}-?\d{3,}(?:-\d+)?$")],
        ),
    ]


def _periods(language: str) -> list[tuple[str, list[Token]]]:
    words_of = word_lists()[language]
    number, per = _like(number_pattern(language)), _like(word(words_of.per))
    months, years, quarters = (_like(word(getattr(words_of, name))) for name in ("months", "years", "quarters"))
    half, small = _like(word(words_of.half)), _like(r"^(?:[1-9]|[1-9]\d)(?::\w+)?$")
    spoken = [_like(word(expressions)) for expressions in words_of.phrases.values()]
    found = [
        [number, {"TEXT": ".", "OP": "?"}, months],
        [small, years],
        [number, quarters],
        [half, years],
        [per, years],
        [per, months],
    ]
    if language == "fi":
        found.append([_like(rf"{number_pattern(language)[:-1]}(?<!\d)$"), years])
    return [
        ("months", pattern)
        for pattern in [
            *found,
            *([one] for one in spoken),
            [_like("^anderhalf$"), years],
            [_like(r"^(?:een|twee|drie|vier|vijf)$"), years],
        ]
    ]


def _counts(language: str) -> list[tuple[str, list[Token]]]:
    words_of = word_lists()[language]
    number, between = _like(number_pattern(language)), _like(word(words_of.between), OP="*")
    found = [
        (label, [number, between, _like(word(getattr(words_of, label)))]) for label in ("licences", "users", "count")
    ]
    if language == "fi":
        found += [("count", [_like(r"^\d{1,4}:st[aä]?$")]), ("count", [_like(r"^kymp(?:istä|ist)$")])]
    return found
