"""What Saldo changes in Rasa changes no answer: with SALDO_STOCK_RASA=1 Rasa runs as it is, and says the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SALDO
from tests.serving import clean_environment
from tests.support import TODAY

pytestmark = pytest.mark.long

QUESTIONS = [
    {"text": "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?", "customer": "NL-1001"},
    {"text": "Hoe zeg ik op?"},
    {"text": "Ik heb de factuur dubbel betaald. En hoe zeg ik op?", "customer": "NL-1003"},
    {"text": "Hoeveel licenties hebben we vrij?", "customer": "NL-1002"},
    {"text": "goedemorgen"},
    {"text": "Miksi laskulla on 60 lisenssiä vaikka meillä on 10?", "customer": "FI-2001"},
    {"text": "Miten vaihdan palvelupakettia?", "customer": "FI-2004"},
    {"text": "Tarvitsen lisää maksuaikaa"},
    {"text": "lasku"},
    {"text": "What is the weather like in Stockholm today?"},
]


def answers(home: Path, stock: str) -> list[dict[str, object]]:
    environment = clean_environment(SALDO_HOME=str(home), SALDO_TODAY=TODAY, SALDO_STOCK_RASA=stock)
    lines = "".join(f"{json.dumps(question)}\n" for question in QUESTIONS)
    command = [str(SALDO), "ask", "--jsonl"]
    ran = subprocess.run(command, input=lines, env=environment, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    return [{name: value for name, value in each.items() if name != "milliseconds"} for each in found]


@pytest.mark.slow
def test_ten_questions_are_answered_alike_with_and_without(home: Path) -> None:
    ours, stock = answers(home, "0"), answers(home, "1")
    assert len(ours) == len(QUESTIONS) and not any("error" in each for each in ours)
    assert ours == stock
