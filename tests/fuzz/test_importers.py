"""Whatever bytes stand in a folder to be imported: a report of what is wrong, or records, and never a traceback."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.billing import sample_accounts
from saldo.billing.intake.csv_format import write_folder
from saldo.errors import SaldoError
from tests.billing.importing import read_folder
from tests.support import TODAY

FILES = ("customers.csv", "contacts.csv", "subscriptions.csv", "licence_changes.csv", "users.csv", "invoices.csv",
         "invoice_lines.csv", "payments.csv")  # fmt: skip
_noise = st.one_of(st.binary(max_size=40), st.sampled_from([
    b"\0", b'"', b'""', b",", b";", b"\r", b"\n", b"\xff\xfe", b"\xef\xbb\xbf", b"9" * 400, b"1e400", b"NaN", b"-0",
    b"2026-13-45",
    b"\xe2\x80\xae", b"=cmd()", b"," * 300, b"a" * 200_000, "\u0661".encode(), b"Infinity", b"0001-01-01",
    b"9999-12-31",
]))  # fmt: skip


@cache
def folder_of_sample() -> dict[str, bytes]:
    """One sample's files."""
    with TemporaryDirectory() as folder:
        write_folder(sample_accounts(date.fromisoformat(TODAY))[:2], Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@settings(max_examples=40, deadline=None)
@given(file=st.sampled_from(FILES), noise=_noise, place=st.floats(0, 1), whole=st.booleans())
def test_any_bytes_are_a_report(file: str, noise: bytes, place: float, whole: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for each, content in folder_of_sample().items():
            (folder / each).write_bytes(content)
        before = folder_of_sample().get(file, b"")
        at = int(len(before) * place)
        (folder / file).write_bytes(noise if whole else before[:at] + noise + before[at:])
        with suppress(SaldoError):
            read_folder(folder)
