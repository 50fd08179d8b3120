"""The whole model, learnt from few messages: the same on any number of processors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from saldo.evaluation import read_labelled
from saldo.nlu.messages import read_all_messages
from saldo.nlu.model import Example
from saldo.nlu.persistence import fingerprint
from saldo.nlu.points import label
from saldo.nlu.reading import MessageModel

DATA = Path(__file__).parents[2] / "data"
TOPICS = ("paid_twice", "cancel_service", "greet", "out_of_scope")
SOME = 20
POINTS = [
    Example("Mag het ook telefonisch?", label("cancel_service", "by_phone")),
    Example("Hoe?", label("cancel_service", None)),
]


def learnt(folder: Path) -> str:
    """The fingerprint of a model learnt now."""
    questions = [read_labelled([DATA / "nl" / f"{topic}.yml"])[:SOME] for topic in TOPICS]
    examples = [Example(one.text, one.label) for some in questions for one in some]
    model = MessageModel.learn(examples, read_all_messages(Path(__file__).with_name("few_messages")), POINTS)
    folder.mkdir()
    model.save(folder)
    return fingerprint(folder)


@pytest.fixture
def one_processor() -> Iterator[None]:
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(mine)})
    yield
    os.sched_setaffinity(0, mine)


@pytest.fixture
def several(tmp_path: Path) -> str:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("this machine has one processor")
    return learnt(tmp_path / "several")


@pytest.mark.usefixtures("several", "one_processor")  # in this order
def test_a_model_learnt_on_one_processor_is_the_one_learnt_on_several(several: str, tmp_path: Path) -> None:
    assert learnt(tmp_path / "one") == several
