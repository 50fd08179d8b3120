"""The reply fixtures of three other parsers, where they lie beside the project: what they quote is taken off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from saldo.mail.parse.html import text_of
from saldo.mail.parse.incoming import read
from saldo.mail.parse.quotes import own_parts
from saldo.mail.parse.signatures import without_signature

FIXTURES = Path(__file__).parents[3] / "shared" / "benchmarks" / "mail"
OTHER_LANGUAGES = re.compile(
    r"(^|_)(fr|french|de|german|danish|ja|pl|italian|portuguese|russian|norwegian|msn)(_|$|\.)"
)
NOT_ENGLISH = {"email_7", "email_12", "email_18", "email_customer_quote_header_3", "email_tricky_5_mixed_languages"}
"""More in languages that nobody writes to us in."""
HISTORY = re.compile(
    r"^>|^\W*(on|op|den)\b.*\b(wrote|schreef|skrev):$|kirjoitti:$|^-+ ?(original|oorspronkelijk|alkuper)", re.I | re.M
)

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared benchmarks are not beside this checkout")


def own(text: str) -> str:
    return "\n\n".join(filter(None, (without_signature(part) for part in own_parts(text))))


def texts() -> list[Path]:
    found = [path for name in ("crisp", "mail-parser-reply") for path in sorted((FIXTURES / name).rglob("email*.txt"))]
    return [path for path in found if not OTHER_LANGUAGES.search(path.stem) and path.stem not in NOT_ENGLISH]


def test_threads_in_plain_text_are_taken_off_and_nothing_else() -> None:
    kept_history, lost = [], []
    for path in texts():
        text = path.read_text(encoding="utf-8", errors="replace")
        said = own(text)
        if HISTORY.search(said):
            kept_history.append(path.stem)
        first = next((line.strip() for line in text.splitlines() if line.strip()), "")
        if first not in said:
            lost.append(path.stem)
    print(f"{len(texts())} texts: history left in {kept_history}, the beginning lost in {lost}")
    assert len(texts()) > 60
    assert len(kept_history) <= 3
    assert len(lost) <= 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email_8.txt", "Fusce bibendum"),
        ("email_finnish.txt", "Fusce bibendum"),
        ("email_nl_1_2.txt", "Outlook met een antwoord"),
    ],
)
def test_the_dutch_and_the_finnish_thread(name: str, said: str) -> None:
    path = next(FIXTURES.rglob(name))
    found = own(path.read_text(encoding="utf-8"))
    assert found.startswith(said)
    assert "Thanks!" not in found
    assert "Praesent" not in found


def test_threads_in_html_are_taken_off() -> None:
    folder = FIXTURES / "talon" / "tests" / "fixtures" / "html_replies"
    for path in sorted(folder.glob("*.html")):
        if path.name != "windows_mail.html":  # its labels are Russian
            found = own(text_of(path.read_text(encoding="utf-8", errors="replace")))
            assert " ".join(found.split()) == "Hi. I am fine. Thanks, Alex", path.name


def test_standard_replies_of_twelve_programs() -> None:
    folder = FIXTURES / "talon" / "tests" / "fixtures" / "standard_replies"
    for path in sorted(folder.glob("*.eml")):
        assert read(path.read_bytes()).own == "Hello", path.name
