"""What a customer reads stands in the content files: no Dutch or Finnish sentence hides in Python or JavaScript."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import CHECKOUT

WORDS = {
    "nl": "een het niet voor naar wij uw bij geen zijn kunt deze onze heeft worden met als factuur licentie abonnement",
    "fi": "että mutta ovat voit tämä siitä jos kun onko meidän laskun lasku lisenssi lisenssit tilaus eivät ei",
}
"""Words that make a text Dutch or Finnish, none of them English or a name in our code."""
ENOUGH = 2
"""So many of them among four words or more make a sentence."""
PYTHON = [path for room in ("saldo", "actions") for path in sorted((CHECKOUT / room).rglob("*.py"))]
SCRIPTS = sorted((CHECKOUT / "saldo").rglob("*.js"))


def sentence_language(text: str) -> str | None:
    """The language of a Dutch or Finnish sentence; None for anything else, such as a single word or a pattern."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < 4:
        return None
    found = {language: len(set(words) & set(known.split())) for language, known in WORDS.items()}
    best = max(found, key=lambda language: found[language])
    return best if found[best] >= ENOUGH else None


def python_texts(source: str) -> Iterator[str]:
    """The string literals of a Python source without its docstrings; f-strings piece by piece."""
    tree = ast.parse(source)
    sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in sentences:
            yield node.value


def script_texts(source: str) -> Iterator[str]:
    """The string literals of a JavaScript source."""
    for double, single, template in re.findall(
        r'"((?:\\.|[^"\\\n])*)"|\'((?:\\.|[^\'\\\n])*)\'|`((?:\\.|[^`\\])*)`', source
    ):
        yield double or single or template


def name(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Op uw factuur staan 60 stuks.", "nl"),
        ("Daarmee kan ik u helaas niet helpen met deze vraag.", "nl"),
        ("En löydä tähän vastausta, mutta voit kysyä.", "fi"),
        ("Miksi laskun määrä ei täsmää?", "fi"),
        ("The session has ended; begin a new one.", None),
        ("No customer has the id {customer!r}; `saldo billing show` lists them.", None),
        ("factuur", None),
        (r"nederl|vlaams|holl?an|alankoma|flaami|dutch|flemish|\bnl\b", None),
    ],
)
def test_a_sentence_is_told_from_a_word(text: str, language: str | None) -> None:
    assert sentence_language(text) == language


def test_literals_are_found_and_docstrings_are_not() -> None:
    source = '"""Docs."""\nsay("een", f"twee {x} drie")\ndef f():\n    "Docs."\n    return {"vier": 4}\n'
    assert set(python_texts(source)) == {"een", "twee ", " drie", "vier"}
    assert list(script_texts("a(\"een\", 'twee', `drie ${x}`)")) == ["een", "twee", "drie ${x}"]


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_python_holds_no_sentence_for_customers(path: Path) -> None:
    found = [text for text in python_texts(path.read_text(encoding="utf-8")) if sentence_language(text)]
    assert found == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_javascript_holds_no_sentence_for_customers(path: Path) -> None:
    found = [text for text in script_texts(path.read_text(encoding="utf-8")) if sentence_language(text)]
    assert found == []
