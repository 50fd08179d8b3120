"""Points: what exactly is wanted to know within a topic, read on questions of a hand that no model learnt from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saldo.conversation.bill_points import POINTS
from saldo.evaluation.predictor import message_model
from saldo.faq import load
from saldo.nlu.model import Example, IntentModel
from saldo.nlu.points import point_of, read_points
from tests.nlu.small import every_word
from tests.support import CHECKOUT

EXAMPLES = [
    Example("mag ik bellen om op te zeggen", "cancel_service/other_way"),
    Example("kan het telefonisch", "cancel_service/other_way"),
    Example("waar mail ik de opzegging heen", "cancel_service/how"),
    Example("naar welk adres opzeggen", "cancel_service/how"),
    Example("we willen weg", "cancel_service/"),
    Example("hoeveel uitstel krijg ik", "payment_extension/how_long"),
]


def test_a_point_is_one_of_its_topic_or_none() -> None:
    model = IntentModel.learn(EXAMPLES, 6.0, every_word(EXAMPLES))
    assert point_of(model, "kan opzeggen telefonisch", "cancel_service") == "other_way"
    assert point_of(model, "hoeveel uitstel krijg ik", "cancel_service") != "how_long"
    assert point_of(model, "we willen weg", "cancel_service") is None
    assert point_of(model, "wat dan ook", "seat_count") is None


def test_every_lead_has_examples_in_both_languages() -> None:
    """Those that `bill_points` tells by words need none."""
    faq = load(CHECKOUT / "faq")
    for language in ("nl", "fi"):
        lines = (CHECKOUT / "data" / "points" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
        written = {(one["topic"], one["point"]) for one in map(json.loads, lines)}
        leads = {(topic, point) for topic, text in faq.texts[language].items() for point in text.leads}
        assert {lead for lead in leads if lead[1] not in POINTS} <= written
    assert {name.partition("/")[0] for _, name in read_points(CHECKOUT / "data" / "points")} >= {*faq.topics}


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_points_are_read_in_other_peoples_words(model: Path, language: str) -> None:
    read = message_model(model)
    lines = (CHECKOUT / "tests" / "points" / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    found = [(one["point"], read.point(one["text"], one["topic"])) for one in asked]
    assert sum(wanted == got for wanted, got in found) / len(found) >= 0.83
    assert sum(got not in (None, wanted) for wanted, got in found) / len(found) <= 0.06
