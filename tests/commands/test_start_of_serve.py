"""What `saldo serve` refuses to start with: a model that cannot be used, and a demonstration with real customers."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from saldo.billing import Repository, create_database, sample_accounts
from saldo.rasa_runtime.model_file import hash_file, write_hash
from tests.conftest import make_home
from tests.fault_table import Seen
from tests.support import TODAY, Ran


def others(whole: bytes) -> bytes:
    """A model that is whole, of a bot that understands by something else."""
    described = {"predict_schema": {"nodes": {"understand": {"uses": "other.Classifier"}}}}
    content, packed = json.dumps(described).encode(), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("metadata.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


SPOILT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "is no model at all": (lambda _: b"not a model", "no whole model"),
    "ends too early": (lambda whole: whole[: len(whole) * 3 // 4], "no whole model"),
    "has a byte too few": (lambda whole: whole[:-2000] + whole[-1999:], "no whole model"),
    "is empty": (lambda _: b"", "no whole model"),
    "is another bot's": (others, "another bot"),
}


@pytest.fixture
def own_model(tmp_path: Path, model: Path) -> Path:
    """A model that one test may spoil, in a home of its own."""
    return make_home(tmp_path / "home", copied=["models"]) / "models" / model.name


@pytest.mark.fault("starting on a model that is damaged or another bot's", expected="exit code 2 and one line")
@pytest.mark.parametrize("how", SPOILT)
def test_a_model_that_cannot_be_used_is_refused(
    saldo: Callable[..., Ran], own_model: Path, how: str, seen: Seen
) -> None:
    spoil, why = SPOILT[how]
    own_model.write_bytes(spoil(own_model.read_bytes()))
    hash_file(own_model).unlink(missing_ok=True)
    ran = saldo("serve", SALDO_HOME=str(own_model.parent.parent))
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert why in ran.err
    assert "saldo train --force" in ran.err
    seen(f"a model that {how}: exit code 2, one line")


@pytest.mark.fault("starting on a whole model that is not the one trained", expected="exit code 2 and one line")
def test_a_model_in_anothers_place_is_refused(saldo: Callable[..., Ran], own_model: Path, seen: Seen) -> None:
    write_hash(own_model)
    own_model.write_bytes(own_model.read_bytes() + b"\0")  # gzip lets what follows pass
    ran = saldo("serve", SALDO_HOME=str(own_model.parent.parent))
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "its hash differs" in ran.err
    seen("exit code 2, one line")


def test_a_demonstration_needs_the_samples_companies_alone(saldo: Callable[..., Ran], own_model: Path) -> None:
    home = own_model.parent.parent
    Repository(create_database(f"sqlite:///{home}/var/saldo.db")).add(sample_accounts(date.fromisoformat(TODAY)))
    with closing(sqlite3.connect(home / "var" / "saldo.db")) as records, records:
        columns = [row[1] for row in records.execute("PRAGMA table_info(customers)")]
        values = ", ".join("'REAL-1'" if name == "id" else name for name in columns)
        records.execute(f"INSERT INTO customers SELECT {values} FROM customers LIMIT 1")
    ran = saldo("serve", "--demo", SALDO_HOME=str(home))
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "1 customers in the billing database are not the sample's" in ran.err
