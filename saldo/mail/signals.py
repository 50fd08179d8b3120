"""Signs in a mail's words that a person has to look first, whatever else it asks (`signals.yml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saldo.mail.parse.words import any_of
from saldo.yaml_files import Strict, Words, WordSet, read_yaml

FILE = Path(__file__).with_name("signals.yml")
SENTENCE = re.compile(r"(?<=[.?!])\s+|\n")
"""What parts sentences; a line is one, too."""

PAYMENT_TOLD = "payment_told"
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
SHORTEST_IBAN = 15
"""Letters and digits: Norway's."""


class Signals(Strict):
    """The lists of `signals.yml`, which says how they are read."""

    negations: WordSet
    signals: dict[str, tuple[Words, ...]]
    payment_told: tuple[Words, ...]
    unless: dict[str, WordSet]


@dataclass(frozen=True)
class _Signal:
    """What makes a sentence one: something of each of `groups`, and nothing of `unless`."""

    groups: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]

    def is_in(self, sentence: str) -> bool:
        """Whether a sentence in lower case is one."""
        return all(group.search(sentence) for group in self.groups) and not self.unless.search(sentence)


@cache
def _signals() -> dict[str, _Signal]:
    lists = read_yaml(FILE, Signals)
    return {
        name: _Signal(
            tuple(re.compile(rf"\b(?:{any_of(words)})") for words in groups),
            re.compile(rf"\b(?:{any_of({*lists.negations, *lists.unless.get(name, ())})})\b"),
        )
        for name, groups in {**lists.signals, PAYMENT_TOLD: lists.payment_told}.items()
    }


def signals_in(text: str) -> tuple[str, ...]:
    """The names of the signals in a text, in the order of the file."""
    sentences = SENTENCE.split(text.lower())
    found = (name for name, signal in _signals().items() if any(map(signal.is_in, sentences)))
    return tuple(name for name in found if name != PAYMENT_TOLD)


def without_payments_told(text: str) -> str:
    """A text without the sentences that only tell of a payment; a question mark keeps one in."""
    told = _signals()[PAYMENT_TOLD]
    for sentence in SENTENCE.split(text):
        if "?" not in sentence and told.is_in(sentence.lower()):
            text = text.replace(sentence, "", 1)
    return text


def gives_account(text: str) -> bool:
    """Whether a bank account stands in it, by the shape of an IBAN."""
    return any(len(found[0].replace(" ", "")) >= SHORTEST_IBAN for found in IBAN.finditer(text))
