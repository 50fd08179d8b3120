"""`saldo ask`: one question, or a pile of them; whatever is asked, it ends with an answer or with one clear line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import UNCLEAR, Ran

Saldo = Callable[..., Ran]
SIXTY = "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"
PROMISED = ["text", "language", "kind", "questions", "options", "answer", "facts", "sources", "milliseconds"]
"""What a result holds, as design.md 4.1 has it."""


def lines(*asked: object) -> bytes:
    """One line of JSON each; text and bytes are taken for lines as they stand."""
    raw = (one if isinstance(one, bytes) else one if isinstance(one, str) else json.dumps(one) for one in asked)
    return b"".join((one if isinstance(one, bytes) else one.encode()) + b"\n" for one in raw)


def test_an_answer_is_printed_as_plain_text(saldo: Saldo) -> None:
    ran = saldo("ask", SIXTY, "--customer", "NL-1001")
    assert ran.code == 0
    assert ran.out.startswith("Op factuur 2026-0142 staan 60 stuks: 10 licenties × 6 maanden. Dat aantal")
    assert "60 = 10 × 6" in ran.out
    assert "\x1b" not in ran.out
    assert ran.err == ""


def test_json_has_the_promised_shape(saldo: Saldo) -> None:
    ran = saldo("ask", "--json", "--customer", "FI-2001", "Miksi laskulla on 60 lisenssiä, vaikka meillä on 10?")
    (result,) = ran.objects()
    assert list(result) == PROMISED
    assert (result["language"], result["kind"], result["options"]) == ("fi", "answer", [])
    assert [sorted(question) for question in result["questions"]] == [
        ["act", "confidence", "facet", "point", "text", "topic"]
    ]
    assert result["questions"][0]["topic"] == "invoice_quantity"
    assert {
        "name": "quantity",
        "value": 60,
        "formula": "10 × 6",
        "source": "invoice 2026-0482, line 1",
    } in result["facts"]
    assert result["sources"] == ["faq/fi/invoice_quantity.yml"]
    assert result["answer"].startswith("Laskulla 2026-0482 on 60 kpl")
    assert result["milliseconds"] > 0


def test_without_a_customer_there_are_no_facts(saldo: Saldo) -> None:
    (result,) = saldo("ask", "--json", SIXTY).objects()
    assert (result["kind"], result["facts"]) == ("answer", [])


def test_an_unclear_question_names_the_topics_to_choose_from(saldo: Saldo) -> None:
    results = saldo(
        "ask", "--jsonl", stdin=lines(*({"text": text} for text in UNCLEAR["nl"] + UNCLEAR["fi"]))
    ).objects()
    asked_back = [result["options"] for result in results if result["kind"] == "clarify"]
    assert asked_back
    assert all(1 <= len(options) <= 3 for options in asked_back)
    assert all("human" not in options for options in asked_back)  # "none of these" is no topic
    assert all(result["options"] == [] for result in results if result["kind"] != "clarify")


def test_the_language_asked_for_is_spoken(saldo: Saldo) -> None:
    spoken = [saldo("ask", "--json", "--language", code, "ok").objects()[0]["language"] for code in ("nl", "fi")]
    assert spoken == ["nl", "fi"]


def test_an_ambiguous_question_is_answered_in_the_customers_language(saldo: Saldo) -> None:
    assert saldo("ask", "--json", "--customer", "FI-2001", "ok").objects()[0]["language"] == "fi"


def test_the_question_may_come_from_stdin(saldo: Saldo) -> None:
    assert "severa.support@visma.com" in saldo("ask", stdin="Hoe zeg ik Severa op?\n").out


def test_each_line_gets_its_line_in_order(saldo: Saldo) -> None:
    ran = saldo("ask", "--jsonl", stdin=MIXED)
    assert ran.code == 0
    results = ran.objects()
    assert [result.get("error", result.get("kind")) for result in results] == [
        "answer",
        'This line is no JSON in UTF-8; write {"text": "…"}.',
        'This line has no text; write {"text": "…"}.',
        'This line has no text; write {"text": "…"}.',
        'This line is no JSON in UTF-8; write {"text": "…"}.',
        "The question has 2,001 characters; at most 2,000 are read.",
        'The question is empty; write one, such as: saldo ask "Hoe zeg ik op?"',
        'The question is empty; write one, such as: saldo ask "Hoe zeg ik op?"',
        "No customer has the id 'NL-9999'; `saldo billing show` lists them.",
        "No customer has the id '\\ud800'; `saldo billing show` lists them.",
        "The customer must be an id, as text.",
        "The language must be nl or fi.",
        'This line is no JSON in UTF-8; write {"text": "…"}.',
        'This line is no JSON in UTF-8; write {"text": "…"}.',
        "answer",
        "answer",
    ]
    assert all(list(result) in (PROMISED, ["error"]) for result in results)
    assert [result["facts"] != [] for result in (results[0], *results[-2:])] == [True, False, True]


MIXED = lines(
    {"text": SIXTY, "customer": "NL-1001"},
    '{"text": "Hoe zeg',
    {"question": "Hoe zeg ik op?"},
    ["Hoe zeg ik op?"],
    '{"text": "opsägen"}'.encode("latin-1"),
    {"text": "a" * 2001},
    {"text": ""},
    {"text": " \u200b\x00\n"},
    {"text": SIXTY, "customer": "NL-9999"},
    '{"text": "Hoe zeg ik op?", "customer": "\\ud800"}',
    {"text": SIXTY, "customer": 1001},
    {"text": SIXTY, "language": "sv"},
    "",
    "[" * 100_000,
    {"text": SIXTY, "customer": None, "language": None},
    {"text": SIXTY, "customer": "NL-1001", "language": "nl", "note": "other names are passed over"},
)


def test_lines_know_nothing_of_each_other(saldo: Saldo) -> None:
    ran = saldo("ask", "--jsonl", stdin=lines({"text": "Hei"}, {"text": "factuur"}, {"text": "ok"}))
    assert [result["language"] for result in ran.objects()] == ["fi", "nl", "nl"]


def test_no_line_gives_no_line(saldo: Saldo) -> None:
    assert saldo("ask", "--jsonl") == Ran(0, "", "")


@pytest.mark.parametrize(
    "text", ["😀", "Hoe zeg ik op? 👍🏽", "Hoe\x00zeg\x1b[31m ik\x07 op?", "Hoe zeg ik op?\udcff", "¿?"], ids=ascii
)
def test_odd_characters_are_answered(saldo: Saldo, text: str) -> None:
    ran = saldo("ask", "--json", text)
    assert ran.code == 0
    (result,) = ran.objects()
    assert result["answer"]
    assert result["text"].isprintable()


def test_stdin_that_is_not_utf_8_is_answered_as_far_as_it_can_be_read(saldo: Saldo) -> None:
    ran = saldo("ask", "--json", stdin="Hoe beëindig ik de service?".encode("latin-1"))
    assert ran.objects()[0]["questions"][0]["topic"] == "cancel_service"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([""], "The question is empty"),
        (["\u200b \x00"], "The question is empty"),
        (["a" * 100_000], "The question has 100,000 characters; at most 2,000 are read."),
        (["ok", "--customer", "NL-9999"], "No customer has the id 'NL-9999'; `saldo billing show` lists them."),
        (["ok", "--customer", "\udcff"], "No customer has the id '\\udcff'; `saldo billing show` lists them."),
        (["ok", "--customer", ""], "No customer has the id ''; `saldo billing show` lists them."),
    ],
    ids=["empty", "nothing to read", "long", "unknown customer", "odd customer", "no customer"],
)
def test_a_mistake_is_one_line_and_exit_code_2(saldo: Saldo, args: list[str], told: str) -> None:
    ran = saldo("ask", *args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(told)
    assert ran.err.count("\n") == 1


def test_a_language_that_is_not_spoken_is_refused(saldo: Saldo) -> None:
    ran = saldo("ask", "ok", "--language", "sv")
    assert ran.code == 2
    assert "nl" in ran.err and "fi" in ran.err
    assert "Traceback" not in ran.err


def test_with_jsonl_a_customer_belongs_in_the_line(saldo: Saldo) -> None:
    for args in (["--customer", "NL-1001"], ["--language", "fi"], ["Hoe zeg ik op?"]):
        ran = saldo("ask", "--jsonl", *args, stdin=lines({"text": "ok"}))
        assert (ran.code, ran.out) == (2, "")
        assert (
            ran.err == "With --jsonl each line on stdin brings its own text, customer and language; leave them out.\n"
        )


def test_without_a_model_it_says_what_to_run(saldo: Saldo, empty_home: Path) -> None:
    (empty_home / "models").unlink()
    ran = saldo("ask", "ok", SALDO_HOME=str(empty_home))
    assert ran == Ran(2, "", "There is no model yet; run `saldo train`.\n")


def test_a_damaged_model_is_told(saldo: Saldo, empty_home: Path) -> None:
    (empty_home / "models").unlink()
    (empty_home / "models").mkdir()
    (empty_home / "models" / "saldo.tar.gz").write_bytes(b"no archive")
    ran = saldo("ask", "ok", SALDO_HOME=str(empty_home))
    assert (ran.code, ran.out) == (2, "")
    assert "saldo train --force" in ran.err
    assert ran.err.count("\n") == 1


def test_a_fault_in_the_content_is_told_with_file_and_line(saldo: Saldo, empty_home: Path) -> None:
    (empty_home / "faq" / "nl" / "seat_count.yml").write_text("question: [\n")
    ran = saldo("ask", "ok", SALDO_HOME=str(empty_home))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("1 mistake:\nfaq/nl/seat_count.yml:2: is no YAML")


def test_in_a_pipe_that_closes_early_it_ends_quietly(home: Path, commands_environment: dict[str, str]) -> None:
    script = 'yes \'{"text": "Hoe zeg ik op?"}\' | head -n 200 | saldo ask --jsonl | head -n 1'
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], env=commands_environment, capture_output=True, text=True, check=False
    )
    assert len(ended.stdout.splitlines()) == 1
    assert ended.stderr == ""
