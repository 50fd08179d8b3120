"""Acts are measured segment by segment, whatever the segments that were read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from saldo.evaluation.acts import marked_in, measure_acts
from saldo.evaluation.predictor import message_model

TOLD = [
    ["Goedemorgen,", "courtesy", None],
    ["we hebben gisteren twee licenties verwijderd.", "tell", "licence_change"],
    ["Hoe zeg ik het hele abonnement op?", "ask", "cancel_service", "how"],
]


def test_each_act_counts_the_same_and_files_without_segments_are_passed_over(model: Path, tmp_path: Path) -> None:
    (tmp_path / "marked.jsonl").write_text(json.dumps({"segments": TOLD}), encoding="utf-8")
    (tmp_path / "plain.jsonl").write_text(json.dumps({"text": "a", "topics": []}), encoding="utf-8")
    (found,) = measure_acts(marked_in(sorted(tmp_path.iterdir())), message_model(model))
    assert found.name.endswith("marked.jsonl")
    assert {*found.f1} == {"courtesy", "tell", "ask"} and found.f1["ask"] == 1.0
    assert found.macro_f1 == pytest.approx(sum(found.f1.values()) / 3)
    assert (found.facets.count, found.facets.total) == (1, 1)
