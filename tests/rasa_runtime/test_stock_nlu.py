"""Rasa's own classifier in config.yml works: topics, small talk, refusals and choices follow from its intents."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.serving import clean_environment
from tests.support import CHECKOUT, TODAY

pytestmark = pytest.mark.long

PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 2, "max_ngram": 4},
    {"name": "LogisticRegressionClassifier"},
    {"name": "FallbackClassifier", "threshold": 0.35, "ambiguity_threshold": 0.1},
]
EXAMPLES = 12
ASK = """
import asyncio, json
from saldo.rasa_runtime import patches
from saldo.settings import from_environment
patches.apply(from_environment())
from saldo.rasa_runtime.agent import Bot
bot = Bot(from_environment().model)
for text in {texts}:
    said = asyncio.run(bot.turn(text))
    choices = [item["id"] for block in said["blocks"] if block["type"] == "options" for item in block["items"]]
    print(json.dumps([said["kind"], said["topics"], choices, said["questions"]]))
"""
TEXTS = ["Ik heb de factuur dubbel betaald", "Miten irtisanon palvelun?", "hallo", "de papieren", "en de gegevens dan"]


@pytest.fixture(scope="module")
def stock_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with Rasa's own NLU and a few examples per intent."""
    home = tmp_path_factory.mktemp("stock")
    for name in ("domain.yml", "faq"):
        (home / name).symlink_to(CHECKOUT / name)
    config = yaml.safe_load((CHECKOUT / "config.yml").read_text(encoding="utf-8"))
    (home / "config.yml").write_text(yaml.safe_dump({**config, "pipeline": PIPELINE}), encoding="utf-8")
    for path in (CHECKOUT / "data").glob("*/*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            block["examples"] = "".join(block["examples"].splitlines(keepends=True)[:EXAMPLES])
        target = home / "data" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    shutil.copy(CHECKOUT / "data" / "rules.yml", home / "data")
    return home


@pytest.mark.slow
def test_stock_nlu_gives_topics_choices_and_small_talk(stock_home: Path) -> None:
    environment = clean_environment(SALDO_HOME=str(stock_home), SALDO_TODAY=TODAY)
    saldo = Path(sys.executable).with_name("saldo")
    trained = subprocess.run([saldo, "train"], env=environment, capture_output=True, text=True, check=False)
    assert trained.returncode == 0, trained.stderr
    asked = subprocess.run(
        [sys.executable, "-c", ASK.format(texts=TEXTS)], env=environment, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    paid, cancel, hello, *vague = map(yaml.safe_load, asked.stdout.splitlines())
    assert paid[:2] == ["answer", ["paid_twice"]]
    assert cancel[:2] == ["answer", ["cancel_service"]]
    assert hello[:2] == ["small_talk", ["greet"]]
    asked_back = [choices for kind, _, choices, _ in vague if kind == "clarify"]
    assert asked_back and all(1 < len(choices) <= 4 for choices in asked_back), vague
    assert paid[3][0]["topic"] == "paid_twice" and paid[3][0]["confidence"] > 0.35
