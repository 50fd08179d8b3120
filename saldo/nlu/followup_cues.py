"""The words by which a message leans on the one before it, and what they say; from words/followup.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saldo.nlu.query import direction, place
from saldo.yaml_files import Strict, Words, WordSet, read_yaml

WORDS = Path(__file__).parent / "words" / "followup.yml"
LONGEST = 11
"""Words of a message that may lean on the one before it."""
WHAT_IF = "licence_change"
"""The topic of "and if I take three more?" …"""
STEPS = "manage_licences"
"""… and of "and how do I remove them?" …"""
OF_LICENCES = frozenset({"seat_count", STEPS, WHAT_IF})
"""… after one of these."""

_SENTENCES = re.compile(r"[.?!]\s+\w")


class FollowupCues(Strict):
    """The words of one language that lean on what was said before; tuples hold how words begin, or phrases."""

    opening: WordSet
    pointing: WordSet
    asking: WordSet
    supposing: WordSet
    how: WordSet
    doing: WordSet
    again: Words
    """Asks for another explanation."""
    paid: Words
    """Speaks of a payment or the bank."""
    billed: Words
    """Speaks of what is billed."""
    contact: Words
    """Speaks of whom to turn to."""
    correcting: Words
    ordinals: tuple[WordSet, ...]
    """The words for the first choice, the second, the third."""
    topics: dict[str, str]
    """How each topic is called when it is leant on."""


@dataclass(frozen=True)
class FollowupText:
    """A message as its words tell it; nothing leans in one that is long or has several sentences."""

    text: str
    language: str
    words: frozenset[str]
    opens: bool
    points: bool
    asks: bool
    known: FollowupCues

    @property
    def leans(self) -> bool:
        """Whether it begins like a follow-up, or points back."""
        return self.opens or self.points

    def begins(self, stems: tuple[str, ...]) -> bool:
        """Whether a word begins so."""
        return any(word.startswith(stems) for word in self.words)

    def supposes(self) -> bool:
        """Whether it asks what would be if there were more licences or fewer: "and if I take three more?"."""
        return bool(self.known.supposing & self.words) and direction(self.text, self.language) is not None

    def means_another_invoice(self) -> bool:
        """Whether it speaks of an invoice by its place: "and the previous one?"."""
        return place(self.text, self.language) is not None

    def asks_for_steps(self, topic: str) -> bool:
        """Whether it asks how licences are added or removed, or after `WHAT_IF` how that is done."""
        if not self.words & self.known.how:
            return False
        return direction(self.text, self.language) is not None or (
            topic == WHAT_IF and bool(self.words & self.known.doing)
        )

    def corrected(self) -> str | None:
        """What was meant: the text after "no, I mean"; None if nothing is corrected."""
        if not any(phrase in self.text.casefold() for phrase in self.known.correcting):
            return None
        pattern = "|".join(map(re.escape, self.known.correcting))
        return re.split(pattern, self.text, maxsplit=1, flags=re.IGNORECASE)[-1].strip(" ,:.-") or self.text


def said(text: str, language: str) -> FollowupText | None:
    """The message; None in a language not ours."""
    known = word_lists().get(language)
    if known is None:
        return None
    words = re.findall(r"\w+", text.casefold())
    held = frozenset(words)
    if not 0 < len(words) <= LONGEST or _SENTENCES.search(text):
        return FollowupText(text, language, held, opens=False, points=False, asks=False, known=known)
    opens, points, asks = words[0] in known.opening, bool(known.pointing & held), bool(known.asking & held)
    return FollowupText(text, language, held, opens, points, asks, known)


def topic_names(language: str) -> Mapping[str, str]:
    """How each topic is called in a few words, to read with it what leans on it; empty for a language not ours."""
    known = word_lists().get(language)
    return known.topics if known else {}


@cache
def word_lists() -> Mapping[str, FollowupCues]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, FollowupCues])
