"""Reading labelled questions, and what is said of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from saldo.errors import FaultyFiles, UnusableFile
from saldo.evaluation import Labelled, evaluate, read_labelled
from saldo.nlu.decision import Decision
from saldo.nlu.pipeline import Understood
from saldo.nlu.understanding import Question


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_json_lines(tmp_path: Path) -> None:
    """{"text": "hoi", "label": "greet"}

    {"text": "moi", "label": "greet", "style": "short", "language": "fi"}
    """
    lines = test_json_lines.__doc__ or ""
    path = written(tmp_path, "nl.jsonl", lines)
    assert read_labelled([path]) == [Labelled("hoi", "greet", "nl"), Labelled("moi", "greet", "fi", "short")]


def test_rasa_yaml_in_a_folder_of_its_language(tmp_path: Path) -> None:
    text = 'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - moi\n      - hei: sinä\n'
    written(tmp_path, "questions/fi/greet.yml", text)
    found = read_labelled([tmp_path / "questions"])
    assert found == [Labelled("moi", "greet", "fi"), Labelled("hei: sinä", "greet", "fi")]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    lines = written(tmp_path, "a.jsonl", '{"text": "hoi", "label": "greet"}\nno json\n{"text": "hoi"}\n[]\n')
    block = written(tmp_path, "b.yml", "nlu:\n  - intent: greet\n    examples: |\n      - hoi\n  - intents: greet\n")
    broken = written(tmp_path, "c.yml", "nlu:\n  - intent: [\n")
    with pytest.raises(FaultyFiles) as caught:
        read_labelled([lines, block, broken])
    places = {(Path(fault.file).name, fault.line) for fault in caught.value.faults}
    assert {("a.jsonl", 2), ("a.jsonl", 3), ("a.jsonl", 4), ("b.yml", 5)} < places
    assert any(name == "c.yml" for name, _ in places)


@pytest.mark.parametrize("name", ["missing.jsonl", "image.jsonl"])
def test_an_unusable_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "image.jsonl").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(UnusableFile, match=name):
        read_labelled([tmp_path / name])


def test_one_language_can_be_evaluated(tmp_path: Path) -> None:
    files = [written(tmp_path, f"{code}.jsonl", '{"text": "hoi", "label": "greet"}\n') for code in ("nl", "fi")]
    decision = Decision("small_talk", "greet", 1.0, (("greet", 1.0),))
    hello = Understood((Question("hoi", 0, 3, "nl", decision),))
    assert evaluate(files, lambda text: hello, "fi").total.small_talk.total == 1
    assert evaluate(files, lambda text: hello).total.small_talk.total == 2
