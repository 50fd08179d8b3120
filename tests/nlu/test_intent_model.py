"""The intent model learned from `data/`: what it promises, whatever the examples become."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from saldo.evaluation import read_labelled
from saldo.nlu.decision import best_sharpness, is_topic
from saldo.nlu.features import Vocabulary
from saldo.nlu.model import Example, IntentModel
from saldo.nlu.persistence import fingerprint
from tests.nlu.small import every_word

DATA = Path(__file__).parents[2] / "data"
FEW = [
    Example("Ik heb de factuur twee keer betaald", "paid_twice"),
    Example("Er is dubbel betaald", "paid_twice"),
    Example("Hoe zeg ik het abonnement op?", "cancel_service"),
    Example("Ik wil opzeggen", "cancel_service"),
    Example("hoi", "greet"),
    Example("goedemorgen", "greet"),
    Example("Wat voor weer wordt het?", "out_of_scope"),
    Example("Wie won de wedstrijd?", "out_of_scope"),
]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    files = [*(DATA / "nl").glob("*.yml"), *(DATA / "fi").glob("*.yml")]
    return IntentModel.learn([Example(one.text, one.label) for one in read_labelled(files)], 4.0)


def saved(folder: Path, examples: Sequence[Example]) -> Path:
    folder.mkdir()
    model = IntentModel.learn(examples, vocabulary=every_word(examples))
    model.vocabulary.save(folder)
    model.save(folder, "intent")
    return folder


def weights(model: IntentModel, text: str) -> list[float]:
    found: list[float] = model.weigh(text)[0].tolist()
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Waarom staan er 60 stuks op factuur 2026-0142?", "Waarom staan er 18 stuks op factuur 2025-9931?"),
        ("Wij hebben tien licenties, waarom betalen we er twaalf?", "Wij hebben 7 licenties, waarom betalen we er 40?"),
        ("Kan ik € 1.250,00 later betalen?", "Kan ik 80 euro later betalen?"),
        ("Laskulla on 60 kpl, miksi?", "Laskulla on 24 kpl, miksi?"),
        ("Maksoimme laskun 12.3.2026 kahteen kertaan", "Maksoimme laskun 1.11.2025 2 kertaa"),
        ("Opzeggen per 1 januari 2027 voor Jansen B.V.", "opzeggen per 31 maart voor Pietersen BV"),
    ],
)
def test_a_number_a_date_or_a_name_decides_nothing(model: IntentModel, one: str, other: str) -> None:
    assert weights(model, one) == weights(model, other)


@pytest.mark.parametrize(
    "text", ["Lisenssimäärä laskulla on väärin", "Miksi käyttäjiä on enemmän?", "Hoeveel licenties hebben wíj?"]
)
def test_dots_accents_and_capitals_decide_nothing(model: IntentModel, text: str) -> None:
    plain = text.replace("ä", "a").replace("í", "i").upper()
    assert weights(model, plain) == weights(model, text)


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "60", "x" * 5000, "/seat_count", "#ABC# ~url", "你好"])
def test_weights_of_any_text_sum_to_one(model: IntentModel, text: str) -> None:
    assert 0.999 < sum(weights(model, text)) < 1.001


def test_every_training_topic_is_told_from_the_others(model: IntentModel) -> None:
    topics = {label for label in model.labels if is_topic(label)}
    found = {model.glance(one.text)[0] for one in read_labelled([DATA / "nl", DATA / "fi"]) if one.label in topics}
    assert topics <= found


def test_the_same_examples_in_any_order_leave_the_same_bytes(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "first", FEW), saved(tmp_path / "second", FEW[::-1])
    assert fingerprint(first) == fingerprint(second)


def test_one_more_example_leaves_other_bytes(tmp_path: Path) -> None:
    more = [*FEW, Example("Is het op te zeggen?", "cancel_service")]
    assert fingerprint(saved(tmp_path / "first", FEW)) != fingerprint(saved(tmp_path / "second", more))


def test_a_loaded_model_weighs_like_the_one_that_was_saved(tmp_path: Path) -> None:
    model = IntentModel.learn(FEW, vocabulary=every_word(FEW))
    loaded = IntentModel.load(saved(tmp_path / "model", FEW), "intent", Vocabulary.load(tmp_path / "model"))
    for text in [*(one.text for one in FEW), "iets heel anders", "betaald opzeggen"]:
        assert weights(loaded, text) == weights(model, text)


def test_sharpness_finds_back_the_temperature() -> None:
    chance = np.random.RandomState(0)
    scores = chance.standard_normal((4000, 5)).astype(np.float32)
    exact = np.exp(3.0 * scores.astype(float))
    exact /= exact.sum(axis=1, keepdims=True)
    right = np.array([chance.choice(5, p=row) for row in exact])
    assert abs(best_sharpness(scores, right) - 3.0) < 0.3
