"""The same doors, tried by hand with inputs that grow along the code they reach: `python -m tests.fuzz.guided text`.

Needs atheris, which pytest does not (`.venv/bin/pip install atheris==2.3.0`, on Linux). It runs until it finds what
raises or is slow, or as long as libFuzzer's own options say: `-max_total_time=600`, a folder of inputs to begin with.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["saldo", "jwt"]):
    import jwt

    from saldo.errors import SaldoError
    from saldo.identity import mint
    from tests.billing.importing import read_folder
    from tests.fuzz.budget import is_quick
    from tests.fuzz.mails import mail_of
    from tests.fuzz.test_importers import FILES, folder_of_sample
    from tests.fuzz.test_mail import look_at
    from tests.fuzz.test_tokens import SECRET, refused_by_all
    from tests.fuzz.turn import WARM, turner

SLOWER = 10.0
"""How much longer instrumented code may take than the tests' bounds."""


def within(bound: float, work: Callable[[], object]) -> None:
    """Do it; AssertionError if it takes more seconds of the processor than that, and does so again."""
    began = time.process_time()
    work()
    assert time.process_time() - began < bound * SLOWER or is_quick(work, bound * SLOWER)


def text() -> Callable[[bytes], None]:
    """What is typed."""
    turn = turner()

    def one(data: bytes) -> None:
        typed = atheris.FuzzedDataProvider(data).ConsumeUnicode(2000)
        within(0.05, lambda: turn(typed))

    return one


def mail() -> Callable[[bytes], None]:
    """A mail as it comes in."""
    return lambda data: within(1.0, lambda: look_at(data))


def token() -> Callable[[bytes], None]:
    """A token of any kind."""
    return lambda data: refused_by_all(data.decode("utf-8", "replace"))


def files() -> Callable[[bytes], None]:
    """One file of a folder to be imported, with other bytes at some place."""

    def one(data: bytes) -> None:
        source = atheris.FuzzedDataProvider(data)
        chosen, part = FILES[source.ConsumeIntInRange(0, len(FILES) - 1)], source.ConsumeProbability()
        with TemporaryDirectory() as name:
            for each, content in folder_of_sample().items():
                at = int(len(content) * part)
                other = source.ConsumeBytes(4096) if each == chosen else b""
                (Path(name) / each).write_bytes(content[:at] + other + content[at:])
            with suppress(SaldoError):
                read_folder(Path(name))

    return one


DOORS = {each.__name__: each for each in (text, mail, token, files)}
BEGINNINGS = {
    "text": [each.encode() for each in WARM],
    "mail": [mail_of(b"--b\r\n\r\nhei\r\n--b--\r\n", b"multipart/mixed; boundary=b; charset=utf-8")],
    "token": [
        mint(f"not {SECRET}", "NL-1001").encode(),
        jwt.encode({"sub": 1}, SECRET, headers={"kid": "shared"}).encode(),
    ],
    "files": [b"\0" * 64],
}
"""What libFuzzer begins with, where an empty input reaches nothing."""

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in DOORS:
        sys.exit(f"which door? python -m tests.fuzz.guided {'|'.join(DOORS)} [libFuzzer's options]")
    with TemporaryDirectory() as corpus:
        for number, beginning in enumerate(BEGINNINGS[sys.argv[1]]):
            (Path(corpus) / str(number)).write_bytes(beginning)
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], DOORS[sys.argv[1]]())
        atheris.Fuzz()
