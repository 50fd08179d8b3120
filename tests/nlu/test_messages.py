"""Whole messages, each segment marked with what its writer does with which topic (design, sections 3 and 4.6)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from saldo.faq import load
from tests.support import CHECKOUT

MESSAGES = sorted((CHECKOUT / "data" / "messages").glob("*.jsonl"))
ACTS = {"ask", "tell", "negate", "notice", "withdraw", "settle", "escalate", "courtesy"}
FACETS = {"how", "when", "why", "whether", "how_many", "how_much", "who", "what_if", "general"}
ASIDE = {None, "other", "human", "help", "switch_language"}
"""What is no topic of ours."""
HELD_OUT = CHECKOUT.parent / "shared" / "evaluation" / "dev"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def text(message: dict[str, Any]) -> str:
    return " ".join(" ".join(segment[0] for segment in message["segments"]).split()).casefold()


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_every_segment_is_marked_in_our_words(path: Path) -> None:
    topics = {*load(CHECKOUT / "faq").topics}
    for number, message in enumerate(lines(path), 1):
        assert message["hand"] and message["channel"] in ("chat", "mail"), number
        assert message.get("before") in {None, *topics}, number
        for words, act, topic, facet in message["segments"]:
            assert words.strip() and act in ACTS and topic in {*topics, *ASIDE}, (number, words)
            assert (facet in FACETS) if act == "ask" and topic in topics else facet is None, (number, words)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_no_message_stands_twice_or_is_one_that_understanding_is_measured_on(path: Path) -> None:
    texts = [text(message) for message in lines(path)]
    in_threads = [(text(message), message.get("before")) for message in lines(path)]
    assert len(in_threads) == len(set(in_threads))  # "and how?" is another question after another answer
    if HELD_OUT.is_dir():
        assert not {words(each) for each in texts} & {words(each) for each in measured_texts()} - {""}


def words(text: str) -> str:
    """A text without what is written another way by another hand: capitals, punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def measured_texts() -> list[str]:
    """What understanding is measured on: messages, questions, mails, and the turns of conversations."""
    items = [item for path in HELD_OUT.glob("*.jsonl") for item in lines(path)]
    marked = [text(item) for item in items if "segments" in item]
    turns = [str(turn["user"]) for item in items for turn in item.get("turns", ())]
    return [*marked, *turns, *(str(item["text"]) for item in items if "text" in item)]
