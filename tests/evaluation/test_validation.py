"""Cross-validation, the learning curve, MASSIVE and the predictor, on a handful of questions each."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from benchmarks.massive import measure
from saldo.errors import UnusableFile
from saldo.evaluation import Labelled, predictor
from saldo.evaluation.validation import cross_validate, learning_curve
from saldo.nlu.messages import read_all_messages
from saldo.nlu.model import Example
from saldo.nlu.reading import FILES, MessageModel

KINDS = {"paid_twice": "dubbel betaald", "cancel_service": "abonnement opzeggen", "out_of_scope": "mooi weer"}
EXAMPLES = [Labelled(f"{words} {letter}", label, "nl") for label, words in KINDS.items() for letter in "abcdefghij"]


def test_cross_validation_judges_every_example_once() -> None:
    evaluation = cross_validate(EXAMPLES, folds=5)
    assert sorted(one.asked.text for one in evaluation.outcomes) == sorted(one.text for one in EXAMPLES)
    assert evaluation.total.right.value == 1.0


def test_cross_validation_is_repeatable() -> None:
    assert cross_validate(EXAMPLES, folds=3, seed=4) == cross_validate(EXAMPLES, folds=3, seed=4)


def test_the_learning_curve_grows() -> None:
    curve = learning_curve(EXAMPLES, EXAMPLES, (0.5, 1.0))
    assert [count for count, _ in curve] == [15, 30]
    assert curve[-1][1].value == 1.0


def test_massive(tmp_path: Path) -> None:
    rows = [
        {"utt": one.text, "intent": one.label, "partition": "test" if one.text[-1] in "ab" else "train"}
        for one in EXAMPLES
    ]
    (tmp_path / "nl-NL.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = measure(tmp_path, "nl")
    assert (found.accuracy.count, found.accuracy.total, found.macro_f1) == (6, 6, 1.0)
    with pytest.raises(UnusableFile, match="MASSIVE"):
        measure(tmp_path, "fi")


def test_the_predictor_reads_a_rasa_model(tmp_path: Path) -> None:
    messages = read_all_messages(Path(__file__).parents[1] / "nlu" / "few_messages")
    points = [Example("mag het per telefoon", "cancel_service/other_way"), Example("waarheen", "cancel_service/how")]
    MessageModel.learn([Example(one.text, one.label) for one in EXAMPLES], messages, points).save(tmp_path)
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        for name in FILES:
            archive.add(tmp_path / name, f"components/train_intent/{name}")
    predict = predictor(tmp_path / "model.tar.gz")
    assert predict("wij hebben dubbel betaald") == predictor(tmp_path)("wij hebben dubbel betaald")
    assert predict("wij hebben dubbel betaald").questions[0].decision.ranking[0][0] == "paid_twice"


def test_what_is_not_a_model_is_told(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_text("nothing")
    for name in ("model.tar.gz", "absent.tar.gz"):
        with pytest.raises(UnusableFile, match="saldo train"):
            predictor(tmp_path / name)
