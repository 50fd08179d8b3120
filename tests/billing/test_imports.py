"""The model and the rules stand alone: they load without a database library or Rasa."""

from __future__ import annotations

import subprocess
import sys

import pytest

import saldo.billing

HEAVY = ("sqlalchemy", "rasa", "rasa_sdk", "spacy", "psycopg2")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_loads_nothing_heavy() -> None:
    loaded = run("import saldo.billing, sys; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


@pytest.mark.parametrize("name", saldo.billing.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(saldo.billing, name).__class__.__name__ != "module"


def test_there_is_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        saldo.billing.nonsense  # noqa: B018
