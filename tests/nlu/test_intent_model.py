"""The intent model learned from `data/`: what it promises, whatever the examples become."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from saldo.evaluation import read_labelled
from saldo.language import detect
from saldo.nlu.decision import best_sharpness, is_topic, probabilities
from saldo.nlu.model import Example, IntentModel
from saldo.nlu.persistence import fingerprint
from saldo.nlu.pipeline import deciding, understand
from saldo.nlu.reranker import learn_second

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


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """A stand-in for sentence embeddings: a text's own direction in 384 dimensions, always the same."""
    seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") for text in texts]
    return np.stack([np.random.RandomState(seed).standard_normal(384) for seed in seeds]).astype(np.float32)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    files = [*(DATA / "nl").glob("*.yml"), *(DATA / "fi").glob("*.yml")]
    return IntentModel.learn([Example(one.text, one.label) for one in read_labelled(files)])


def saved(folder: Path, examples: Sequence[Example]) -> Path:
    folder.mkdir()
    IntentModel.learn(examples, embed).save(folder)
    return folder


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
    assert model.judge(one) == model.judge(other)


@pytest.mark.parametrize(
    "text", ["Lisenssimäärä laskulla on väärin", "Miksi käyttäjiä on enemmän?", "Hoeveel licenties hebben wíj?"]
)
def test_dots_accents_and_capitals_decide_nothing(model: IntentModel, text: str) -> None:
    plain = text.replace("ä", "a").replace("í", "i").upper()
    assert model.judge(plain) == model.judge(text)


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "60", "x" * 5000, "/seat_count", "#ABC# ~url", "你好"])
def test_any_text_gets_a_ranking_from_sure_to_unsure(model: IntentModel, text: str) -> None:
    weights = [weight for _, weight in model.judge(text).ranking]
    assert weights == sorted(weights, reverse=True)
    assert 0.999 < float(model.probabilities(text).sum()) < 1.001


def test_a_command_is_text(model: IntentModel) -> None:
    assert model.judge('/cancel_service{"a": "b"}').confidence < 1.0


@pytest.mark.parametrize(
    ("text", "topic"),
    [("Hoi, hoe zeg ik op?", "cancel_service"), ("Moi! Miten irtisanon palvelun? Kiitos", "cancel_service")],
)
def test_small_talk_around_a_question_is_no_small_talk(model: IntentModel, text: str, topic: str) -> None:
    verdict = deciding(understand(text, detect(text).code, model))
    assert (verdict.status, verdict.topic) == ("answer", topic)


def test_every_training_topic_is_told_from_the_others(model: IntentModel) -> None:
    topics = {label for label in model.lexical.labels if is_topic(label)}
    found = {model.judge(one.text).topic for one in read_labelled([DATA / "nl", DATA / "fi"]) if one.label in topics}
    assert topics <= found


def test_the_same_examples_in_any_order_leave_the_same_bytes(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "first", FEW), saved(tmp_path / "second", FEW[::-1])
    assert fingerprint(first) == fingerprint(second)


def test_one_more_example_leaves_other_bytes(tmp_path: Path) -> None:
    more = [*FEW, Example("Is het op te zeggen?", "cancel_service")]
    assert fingerprint(saved(tmp_path / "first", FEW)) != fingerprint(saved(tmp_path / "second", more))


@pytest.mark.parametrize("opinion", [None, embed])
def test_a_loaded_model_answers_like_the_one_that_was_saved(tmp_path: Path, opinion: object) -> None:
    model = IntentModel.learn(FEW, embed if opinion else None)
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    model.embed = loaded.embed = embed
    texts = [one.text for one in FEW] + ["iets heel anders", "betaald opzeggen"]
    assert [loaded.judge(text) for text in texts] == [model.judge(text) for text in texts]


def test_the_second_opinion_is_asked_only_in_doubt() -> None:
    asked: list[str] = []

    def listening(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return embed(texts)

    model = IntentModel.learn(FEW, embed)
    model.embed = listening
    for text in ("goedemorgen", "zzz qqq"):
        sure = probabilities(model.lexical.scores(text), model.sharpness.alone).max() >= 0.8
        asked.clear()
        model.judge(text)
        assert asked == ([] if sure else [text])


def test_leave_one_out_is_what_learning_without_the_one_gives() -> None:
    names, labels = [one.label for one in FEW], sorted({one.label for one in FEW})
    rows = embed([one.text for one in FEW])
    second, unseen = learn_second(rows, names, labels)
    seen = np.stack([second.scores(row) for row in rows])
    right = [labels.index(name) for name in names]
    assert (seen.argmax(axis=1) == right).all()
    assert (unseen[range(len(FEW)), right] < seen[range(len(FEW)), right]).all()


def test_sharpness_finds_back_the_temperature() -> None:
    chance = np.random.RandomState(0)
    scores = chance.standard_normal((4000, 5)).astype(np.float32)
    exact = np.exp(3.0 * scores.astype(float))
    exact /= exact.sum(axis=1, keepdims=True)
    right = np.array([chance.choice(5, p=row) for row in exact])
    assert abs(best_sharpness(scores, right) - 3.0) < 0.3
