"""Points: what exactly is wanted to know within a topic ("may it be by phone?"), so that the answer begins with it.

Which points a topic has is for its content files to say (`leads`); here their examples are read and told apart.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from saldo.nlu.decision import probabilities
from saldo.nlu.model import Example, IntentModel

SURE = 0.5
"""The share among its topic's points from which one is meant."""


def read_points(folder: Path) -> list[Example]:
    """The examples of all languages, from `<folder>/<language>.jsonl`, labelled with topic and point.

    Each line is {"topic", "point", "text"}; where `point` is null the question is about none of its topic's points.
    """
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Example(one["text"], label(one["topic"], one["point"])) for one in map(json.loads, lines)]


def label(topic: str, point: str | None) -> str:
    """A point's name among those of all topics."""
    return f"{topic}/{point or ''}"


def point_of(model: IntentModel, text: str, topic: str) -> str | None:
    """The point of a topic that a question is about; None if it is about none of them, or not surely."""
    columns = _columns(model.labels).get(topic)
    if columns is None:
        return None
    shares = probabilities(model.scores(text, columns), model.sharpness).tolist()
    share, name = max(zip(shares, model.labels[columns], strict=True))
    return name.partition("/")[2] or None if share >= SURE else None


@cache
def _columns(labels: tuple[str, ...]) -> dict[str, slice]:
    """Where each topic's points stand among all, which are sorted."""
    topics = [name.partition("/")[0] for name in labels]
    return {topic: slice(topics.index(topic), topics.index(topic) + topics.count(topic)) for topic in topics}
