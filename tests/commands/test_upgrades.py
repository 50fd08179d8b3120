"""What another version of Saldo has made: an older thing is brought up to date or the command is named, a newer one is
refused before anything is written, in one line with exit code 2."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.billing import create_database
from saldo.billing.store.tables import LAYOUT
from saldo.insight.store import open_store
from saldo.mail.store.layout import layout as mail_layout
from saldo.mail.store.layout import make_tables
from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook
from tests.fault_table import Seen
from tests.serving import free_port
from tests.support import Ran

LAYOUTS = Path(__file__).parents[1] / "billing" / "layouts"
MAIL = b"From: a@klant.example\r\nTo: support@example.com\r\nSubject: Factuur\r\n\r\nWaarom 60 licenties?\r\n"


@pytest.fixture
def serve(saldo: Callable[..., Ran], empty_home: Path) -> Callable[[], Ran]:
    return lambda: saldo("serve", "--port", str(free_port()), SALDO_HOME=str(empty_home))


@pytest.fixture
def records(empty_home: Path) -> Path:
    """The file of the billing records, not made yet."""
    (empty_home / "var").mkdir(mode=0o700)
    return empty_home / "var" / "saldo.db"


def change(store: Path, how: str) -> None:
    with sqlite3.connect(store) as database:
        database.executescript(how)
    database.close()


def refusal(ran: Ran) -> str:
    """The one line with which the start was refused."""
    assert (ran.code, ran.out) == (2, "") and ran.err.count("\n") == 1, ran
    return ran.err.strip()


@pytest.mark.fault("billing records of an older layout", expected="no start; the command that migrates them is named")
def test_older_billing_records(serve: Callable[[], Ran], saldo: Callable[..., Ran], records: Path, seen: Seen) -> None:
    change(records, (LAYOUTS / "4.sql").read_text(encoding="utf-8"))
    said = refusal(serve())
    assert said == (
        f"The billing database {records} was made by an older Saldo (layout 0004, now {LAYOUT}); "
        "run `saldo billing migrate`."
    )
    assert saldo("billing", "migrate", SALDO_HOME=str(records.parents[1])).code == 0
    seen(said.replace(str(records), "saldo.db"))


@pytest.mark.fault("billing records of a newer layout", expected="no start; store, layout found and known are named")
def test_newer_billing_records(serve: Callable[[], Ran], records: Path, seen: Seen) -> None:
    create_database(f"sqlite:///{records}").dispose()
    change(records, "UPDATE billing_migration SET version_num = '9999'")
    said = refusal(serve())
    assert said == (
        f"The billing database {records} was made by a newer Saldo "
        f"(layout 9999, this one knows {LAYOUT}); update Saldo."
    )
    seen(said.replace(str(records), "saldo.db"))


@pytest.mark.fault("feedback and used ids of a newer layout", expected="no start; store, layout found and known named")
def test_a_newer_store_of_feedback(serve: Callable[[], Ran], records: Path, seen: Seen) -> None:
    store = records.with_name("widget.db")
    open_store(Settings(home=records.parents[1])).check()
    change(store, "UPDATE widget_layout SET version = 99")
    said = refusal(serve())
    assert said == (
        f"The store of feedback and used ids in {store} was made by a newer Saldo "
        "(layout 99, this one knows 1); update Saldo."
    )
    seen(said.replace(str(store), "widget.db"))


@pytest.mark.fault("conversations of a newer layout", expected="no start; store, layout found and known are named")
def test_a_newer_store_of_conversations(serve: Callable[[], Ran], records: Path, seen: Seen) -> None:
    store = records.with_name("conversations.db")
    ConversationBook(Settings(home=records.parents[1])).check()
    change(store, "UPDATE conversations_layout SET version = 99")
    said = refusal(serve())
    assert said.startswith(f"The store of conversations in {store} was made by a newer Saldo (layout 99,")
    seen(said.replace(str(store), "conversations.db"))


@pytest.mark.fault("mail's store of a newer layout", expected="no mail is drafted; store, layout found and known named")
def test_a_newer_store_of_mail(saldo: Callable[..., Ran], records: Path, tmp_path: Path, seen: Seen) -> None:
    engine = create_database(f"sqlite:///{records}")
    make_tables(engine)
    engine.dispose()
    change(records, f"UPDATE {mail_layout.name} SET version = 99")
    (tmp_path / "mail.eml").write_bytes(MAIL)
    out = tmp_path / "out"
    said = refusal(
        saldo("mail", "draft", str(tmp_path / "mail.eml"), "--out", str(out), SALDO_HOME=str(records.parents[1]))
    )
    assert said == (
        f"The store of mail was made by a newer Saldo (layout 99, this one knows {mail_layout.number}); update Saldo."
    )
    assert not [*out.glob("*")]
    seen(said)


@pytest.mark.fault(
    "a model that another version's code has written", expected="no start and no answer; `saldo train` is named"
)
def test_a_model_of_another_saldo(
    serve: Callable[[], Ran], saldo: Callable[..., Ran], empty_home: Path, model: Path, seen: Seen
) -> None:
    (empty_home / "models").unlink()
    (empty_home / "models").mkdir()
    (empty_home / "models" / model.name).symlink_to(model)
    mark = empty_home / "models" / "saldo.fingerprint"
    for told in ("0" * 64, f"{'1' * 64}\n{'0' * 64}\n"):  # of a Saldo that marked no code, and of one that did
        mark.write_text(told)
        said = refusal(serve())
        assert said.startswith(
            f"{empty_home}/models/saldo.tar.gz was made by another Saldo (code 00000000, this one is "
        )
        assert said.endswith("; run `saldo train`.")
        assert refusal(saldo("ask", "Hoe zeg ik op?", SALDO_HOME=str(empty_home))) == said
    seen(said.replace(str(empty_home), "…"))
