"""Marks what tells that a question is about a bill that is not ours: another company's, or our customer's own.

There are more companies than examples can name. A mark is the same for all of them, so the model learns once what
it means, and weighs it with the rest of the question. Texts are folded (see `folding.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from saldo.text import fold
from saldo.yaml_files import Expression, Strict, Words, read_yaml

WORDS = Path(__file__).with_name("words") / "foreign_vendors.yml"
TIMES = 3
"""How often a mark stands where it is made, so that one word of many can turn a question."""
ELSEWHERE, OWN_CUSTOMER = (f" {' '.join([mark] * TIMES)} " for mark in ("~elsewhere", "~owncustomer"))
_CASE_ENDING = r"(?::?\w{0,6})(?!\w)"
"""What Finnish adds to a name: Vattenfallilta, DNA:n."""


def marked(folded: str) -> str:
    """The text with names replaced by a mark, and other telling words with a mark before them."""
    names, stems, customers = _patterns()
    text = names.sub(ELSEWHERE, folded)
    text = stems.sub(rf"{ELSEWHERE}\g<0>", text)
    return customers.sub(rf"{OWN_CUSTOMER}\g<0>", text)


def is_elsewhere(text: str) -> bool:
    """Whether a text names somebody else's bill."""
    folded = fold(text)
    return marked(folded) != folded


class ForeignVendors(Strict):
    """The word file, which says what each list is for."""

    names: Words
    exact: Words
    stems: dict[str, Words]
    own_customers: dict[str, list[Expression]]


@cache
def word_lists() -> ForeignVendors:
    """The word file."""
    return read_yaml(WORDS, ForeignVendors)


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = word_lists()
    names, exact = ([re.escape(fold(name)) for name in each] for each in (lists.names, lists.exact))
    stems = [re.escape(fold(stem)) for each in lists.stems.values() for stem in each]
    customers = [fold(pattern) for each in lists.own_customers.values() for pattern in each]
    return (
        re.compile(rf"(?<!\w)(?:{_any(names)}{_CASE_ENDING}|{_any(exact)}(?::\w{{1,6}})?(?!\w))"),
        re.compile(rf"(?<!\w){_any(stems)}"),
        re.compile(rf"(?<!\w)(?:{'|'.join(customers)})"),
    )


def _any(alternatives: Iterable[str]) -> str:
    """One of the alternatives, the longest that fits, sorted out by first letter so that most words are passed fast."""
    ordered = sorted(set(alternatives), key=lambda each: (each[0], -len(each), each))
    groups = (
        f"{first}(?:{'|'.join(each[1:] for each in content)})" for first, content in groupby(ordered, lambda e: e[0])
    )
    return f"(?:{'|'.join(groups)})"
