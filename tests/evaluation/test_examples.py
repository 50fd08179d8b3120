"""What is wrong with training examples, and that ours are in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from saldo.evaluation import Labelled, read_labelled
from saldo.evaluation.labelled import faults
from tests.support import CHECKOUT

ASKED = Labelled("Waarom krijg ik een herinnering terwijl ik betaald heb?", "payment_reminder", "nl")


def example(text: str, label: str = "payment_reminder", language: str = "nl", number: int = 7) -> Labelled:
    return Labelled(text, label, language, file=f"data/{language}/{label}.yml", number=number)


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([example("dubbel betaald", "paid_twice"), example("Dubbel betaald!", "out_of_scope")], "of two intents"),
        ([example("factuur 12 is betaald"), example("Factuur 345 is betaald")], "the same as"),
        ([example("krijgen wij ons geld terug"), example("krijgen we ons geld terug")], "nearly the same as"),
        ([example(ASKED.text)], "a question that understanding is measured on"),
        ([example("Waarom kreeg ik een herinnering terwijl ik betaald heb")], "nearly a question that"),
    ],
)
def test_what_is_refused(examples: list[Labelled], said: str) -> None:
    found = faults(examples, [ASKED])
    assert len(found) == 1
    assert said in str(found[0])
    assert found[0].line == 7


@pytest.mark.parametrize(
    ("examples"),
    [
        [example("hallo", "greet", "nl"), example("hallo", "greet", "fi")],
        [example("ik wil opzeggen", "cancel_service"), example("ik wil overstappen", "change_package")],
    ],
)
def test_what_is_in_order(examples: list[Labelled]) -> None:
    assert faults(examples, [ASKED, Labelled("hallo", "greet", "nl")]) == []


def test_our_examples_are_in_order_and_apart_from_what_we_measure_on() -> None:
    held_out = CHECKOUT.parent / "shared/evaluation/dev"
    measuring = [
        CHECKOUT / "tests/questions",
        *sorted(held_out.glob("??.jsonl")),
        *sorted(held_out.glob("*_chat.jsonl")),
    ]
    examples = read_labelled([CHECKOUT / "data/nl", CHECKOUT / "data/fi"])
    assert faults(examples, read_labelled(measuring)) == []


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_there_are_enough_of_each(language: str) -> None:
    counts = {path.stem: len(read_labelled([path])) for path in (CHECKOUT / "data" / language).glob("*.yml")}
    assert counts.pop("out_of_scope") >= 500
    small_talk = ("greet", "goodbye", "thank", "affirm", "deny", "help", "human", "switch_language")
    assert min(counts.pop(name) for name in small_talk) >= 30
    assert len(counts) == 11
    assert min(counts.values()) >= 100


def test_a_fault_names_its_line(tmp_path: Path) -> None:
    """version: "3.1"
    nlu:
      - intent: greet
        examples: |
          - hoi
          - hallo
    """
    path = tmp_path / "nl" / "greet.yml"
    path.parent.mkdir()
    lines = (test_a_fault_names_its_line.__doc__ or "").splitlines()
    path.write_text("\n".join([lines[0], *(line[4:] for line in lines[1:])]), encoding="utf-8")
    assert [(one.text, one.number) for one in read_labelled([path])] == [("hoi", 5), ("hallo", 6)]
