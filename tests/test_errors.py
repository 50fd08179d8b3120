"""A mistake is told so that the person who made it can mend it: where, what, and all of them at once."""

from __future__ import annotations

import pytest

from saldo.errors import (
    MOST_FAULTS,
    BadSetting,
    DatabaseUnusable,
    Fault,
    FaultyFiles,
    SaldoError,
    UnknownCustomer,
    UnusableFile,
)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("faq/nl.yml", 12, "question comes twice"), "faq/nl.yml:12: question comes twice"),
        (Fault("faq/nl.yml", 0, "is missing"), "faq/nl.yml: is missing"),
        (Fault("users.csv", 3, "is no number", "active"), "users.csv:3, active: is no number"),
    ],
)
def test_a_fault_names_its_place_as_far_as_it_is_known(fault: Fault, told: str) -> None:
    assert str(fault) == told


def test_all_faults_are_told_in_the_order_of_files_and_lines() -> None:
    faults = [Fault("b.yml", 1, "third"), Fault("a.yml", 10, "second"), Fault("a.yml", 9, "first")]
    assert str(FaultyFiles(faults)) == "3 mistakes:\na.yml:9: first\na.yml:10: second\nb.yml:1: third"
    assert FaultyFiles(faults).faults == faults[::-1]


def test_one_fault_is_one_mistake() -> None:
    assert str(FaultyFiles([Fault("a.yml", 1, "is empty")])) == "1 mistake:\na.yml:1: is empty"


def test_a_file_of_another_form_does_not_fill_the_screen() -> None:
    told = str(FaultyFiles([Fault("questions.jsonl", line, "is no question") for line in range(1, 3001)], more=5))
    assert told.startswith("3005 mistakes:\nquestions.jsonl:1: ")
    assert told.endswith(f"\n… and {3005 - MOST_FAULTS} more")
    assert len(told.splitlines()) == MOST_FAULTS + 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (UnknownCustomer("NL-9"), "No customer has the id 'NL-9'; `saldo billing show` lists them."),
        (UnusableFile("var/key", "others can read it."), "var/key: others can read it."),
        (BadSetting("SALDO_DEMO", "yes", "1 or 0"), "SALDO_DEMO is 'yes'; allowed: 1 or 0."),
    ],
)
def test_a_users_mistake_is_one_sentence_with_the_remedy(error: SaldoError, told: str) -> None:
    assert str(error) == told


@pytest.mark.parametrize("kind", [FaultyFiles, UnknownCustomer, UnusableFile, BadSetting, DatabaseUnusable])
def test_the_command_line_tells_every_one_of_them_without_a_traceback(kind: type[Exception]) -> None:
    """`saldo.commands.main.run` catches SaldoError, and nothing else that a user can cause."""
    assert issubclass(kind, SaldoError)
