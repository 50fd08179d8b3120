"""The `saldo` command itself: quick to help, and its own mistakes are told briefly."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from saldo import __version__
from tests.support import Ran

Saldo = Callable[..., Ran]
VERBS = ("train", "ask", "shell", "serve", "evaluate", "billing", "faq")


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """What a command costs of the processor."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0
    return usage.ru_utime + usage.ru_stime


def test_help_names_every_verb_and_loads_nothing_slow(commands_environment: dict[str, str]) -> None:
    shown = subprocess.run(
        ["saldo", "--help"],
        env={**commands_environment, "PYTHONPROFILEIMPORTTIME": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(f"\n  {verb} " in shown.stdout for verb in VERBS)
    loaded = {line.split("|")[-1].strip().split(".")[0] for line in shown.stderr.splitlines()}
    assert "typer" in loaded
    assert not loaded & {"rasa", "tensorflow", "spacy", "sklearn", "numpy", "sqlalchemy"}
    helped, bare = (
        min(seconds(command, commands_environment) for _ in range(3))
        for command in (["saldo", "--help"], ["python", "-c", "pass"])
    )
    assert helped < 20 * bare  # half a second where an empty program takes 25 ms, on however slow a machine


def test_version(saldo: Saldo) -> None:
    assert saldo("--version") == Ran(0, f"saldo {__version__}\n", "")


@pytest.mark.parametrize(
    "args", [["tarin"], ["ask", "--josn", "ok"], ["billing", "explain"], ["serve", "--port", "x"]], ids=" ".join
)
def test_a_slip_on_the_command_line_is_told_with_the_way_to_help(saldo: Saldo, args: list[str]) -> None:
    ran = saldo(*args)
    assert (ran.code, ran.out) == (2, "")
    assert "--help" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("SALDO_HOME", "/nowhere", "a folder that holds faq/, data/ and config.yml"),
        ("SALDO_TODAY", "tomorrow", "a date such as 2026-07-01"),
        ("SALDO_SECRET", "too short", "at least 32 characters"),
        ("SALDO_DEMO", "yes", "1 or 0"),
        ("SALDO_IDENTITY_KEYS", "/nowhere.json", "the path of a JSON file"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start(saldo: Saldo, name: str, value: str, allowed: str) -> None:
    ran = saldo("billing", "show", **{name: value})
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{name} is ")
    assert f"allowed: {allowed}" in ran.err
    assert ran.err.count("\n") == 1


def test_training_is_skipped_when_nothing_it_depends_on_has_changed(saldo: Saldo, here: Path) -> None:
    model = here / "models" / "saldo.tar.gz"
    made = model.stat().st_mtime_ns
    assert saldo("train", SALDO_HOME=str(model.resolve().parents[1])) == Ran(0, "", "The model is up to date.\n")
    assert model.stat().st_mtime_ns == made


def test_one_new_example_makes_the_model_stale(empty_home: Path) -> None:
    from saldo.rasa_runtime.training import fingerprint

    (empty_home / "data").unlink()
    examples = empty_home / "data" / "nl" / "seat_count.yml"
    examples.parent.mkdir(parents=True)
    examples.write_text("- waarom zoveel\n")
    before = fingerprint(empty_home)
    assert fingerprint(empty_home) == before
    examples.write_text("- waarom zoveel\n- waarom zo veel\n")
    assert fingerprint(empty_home) != before


def test_a_fault_of_ours_is_one_line_that_names_a_log_without_anybodys_words(
    saldo: Callable[..., Ran], empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise ZeroDivisionError("NL91ABNA0417164300 of Jansen B.V.")

    monkeypatch.setattr("saldo.faq.check", fails)
    ran = saldo("faq", "check", SALDO_HOME=str(empty_home))
    log = empty_home / "var" / "faults.log"
    assert ran.code == 3
    assert ran.err.count("\n") == 1 and str(log) in ran.err and "Traceback" not in ran.err
    written = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in written and "faq.py:" in written
    assert "Jansen" not in written + ran.err and "NL91" not in written + ran.err
    assert log.stat().st_mode & 0o077 == 0
