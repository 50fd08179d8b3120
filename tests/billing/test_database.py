"""A database that cannot be used is told in one sentence: what, where, what to do. Passwords stay secret."""

from __future__ import annotations

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, insert, inspect, update

from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.store.database import create_database, open_database, transaction
from saldo.billing.store.repository import Repository
from saldo.billing.store.tables import LAST_OWN_COUNT, LAYOUT, metadata, migration, own_count
from saldo.errors import DatabaseUnusable
from saldo.storage.engines import place
from tests.waiting import until


def told(url: str) -> str:
    """What a person reads who opens it."""
    with pytest.raises(DatabaseUnusable) as caught:
        open_database(url)
    message = str(caught.value)
    assert "\n" not in message and message.endswith(".")
    return message


def test_what_was_created_can_be_opened(database_url: str) -> None:
    create_database(database_url).dispose()
    engine = open_database(database_url)
    assert inspect(engine).has_table("invoices")
    engine.dispose()


def test_creating_again_keeps_what_is_there(database_url: str) -> None:
    first = create_database(database_url)
    with transaction(first) as connection:
        connection.exec_driver_sql("INSERT INTO customers VALUES ('NL-1', 'V', 'NL', 'nl', '99000001')")
    first.dispose()
    second = create_database(database_url)
    with transaction(second) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM customers").scalar() == 1
    second.dispose()


@pytest.mark.parametrize(
    ("found", "what", "remedy"), [("9999", "newer", "update Saldo"), ("0001", "older", "run `saldo billing migrate`")]
)
def test_another_layout_is_refused(database_url: str, found: str, what: str, remedy: str) -> None:
    engine = create_database(database_url)
    with transaction(engine) as connection:
        connection.execute(update(migration).values(version_num=found))
    engine.dispose()
    assert f"was made by {'a' if what == 'newer' else 'an'} {what} Saldo (layout {found}, " in told(database_url)
    assert remedy in told(database_url)
    with pytest.raises(DatabaseUnusable, match=f"{what} Saldo"):
        create_database(database_url)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "saldo.db"
    assert told(f"sqlite:///{path}") == f"There is no billing database at {path}; run `saldo billing init`."
    assert not path.exists()


@pytest.mark.fault("the billing file vanishes", expected="said so; no empty one is made in its place")
def test_a_file_that_vanishes_later_is_not_made_anew(tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    (tmp_path / "saldo.db").unlink()
    with pytest.raises(DatabaseUnusable, match="cannot be opened"), transaction(engine):
        pass
    assert not (tmp_path / "saldo.db").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"hello, this is no database" * 99, "is not a billing"), (b"", "no billing tables")],
)
def test_a_file_that_is_something_else(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "saldo.db"
    path.write_bytes(content)
    assert f"The billing database {path} " in told(f"sqlite:///{path}")
    assert said in told(f"sqlite:///{path}")


def test_an_empty_database_becomes_one_of_ours(database_url: str) -> None:
    if database_url.startswith("postgresql"):
        assert "has no billing tables; run `saldo billing init`" in told(database_url)
    create_database(database_url).dispose()
    open_database(database_url).dispose()


@pytest.mark.fault("the billing file is locked", expected="a short wait, then said so")
def test_a_locked_file_is_said_to_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saldo.storage.engines.BUSY_SECONDS", 0.05)
    create_database(f"sqlite:///{tmp_path}/saldo.db").dispose()
    other = sqlite3.connect(tmp_path / "saldo.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    assert "is locked by another program; try again" in told(f"sqlite:///{tmp_path}/saldo.db")
    other.close()


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "cannot be opened" in told(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseUnusable, match="cannot be made"):
        create_database(f"sqlite:///{tmp_path}")


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    create_database(f"sqlite:///{tmp_path}/var/saldo.db")
    assert stat.S_IMODE((tmp_path / "var/saldo.db").stat().st_mode) == 0o600


def test_a_relative_path_is_told_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / "var/saldo.db") in told("sqlite:///var/saldo.db")
    assert place(create_database("sqlite:///var/saldo.db").url) == str(tmp_path / "var/saldo.db")


def test_readers_go_on_while_an_import_writes(tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    with transaction(engine) as writing:
        writing.exec_driver_sql("INSERT INTO customers VALUES ('NL-1', 'V', 'NL', 'nl', '99000001')")
        with transaction(engine) as reading:
            assert reading.exec_driver_sql("SELECT count(*) FROM customers").scalar() == 0


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg2://bob:hush@127.0.0.1:1/saldo", "cannot be reached; start the server"),
        ("postgresql://bob:hush@127.0.0.1:1/saldo?password=hush", "cannot be reached"),
        ("postgresql://bob:hush@127.0.0.1:hush/saldo", "is not the URL of a billing database"),
        ("postgres://bob:hush@127.0.0.1/saldo", "is not the URL of a billing database"),
        ("postgresql+nothing://bob:hush@127.0.0.1/saldo", "is not the URL of a billing database"),
        ("mysql://bob:hush@127.0.0.1/saldo", "is not the URL of a billing database"),
        ("hush", "is not the URL of a billing database"),
    ],
)
def test_a_url_that_leads_nowhere_keeps_its_password(url: str, said: str) -> None:
    assert said in told(url)
    assert "hush" not in told(url) and "bob" not in told(url)


def test_a_server_without_the_database(postgresql_url: str) -> None:
    url = postgresql_url.rsplit("/", 1)[0] + "/no_such_saldo"
    assert "127.0.0.1:5432/no_such_saldo does not exist; create it" in told(url)


@pytest.mark.fault("two programs make one database at once", expected="one makes it, the other is told to try again")
def test_of_two_that_make_one_database_at_once_one_is_told_to_try_again(postgresql_url: str) -> None:
    """The second waits until the first is done, and is told to try again; then it finds the database."""
    first = create_engine(postgresql_url, future=True)
    with ThreadPoolExecutor(1) as pool, first.begin() as connection:
        metadata.create_all(connection)
        second = pool.submit(told_of_making, postgresql_url)
        with first.connect() as watching:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            until(lambda: watching.exec_driver_sql(waiting).scalar(), "the second to wait")
        connection.execute(insert(migration).values(version_num=LAYOUT))
        connection.execute(insert(own_count).values(version=LAST_OWN_COUNT))
        connection.commit()
        assert second.result(20).endswith("was made by another program just now; try again.")
    create_database(postgresql_url).dispose()
    first.dispose()


def told_of_making(url: str) -> str:
    with pytest.raises(DatabaseUnusable) as caught:
        create_database(url)
    return str(caught.value)


def test_a_read_only_database_is_said_to_be_read_only(postgresql_url: str) -> None:
    create_database(postgresql_url).dispose()
    admin = create_engine(postgresql_url, future=True, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {admin.url.database} SET default_transaction_read_only = on")
    admin.dispose()
    with pytest.raises(DatabaseUnusable, match="is read-only; let this user write"):
        Repository(open_database(postgresql_url)).add(sample_accounts(date(2026, 11, 22))[:1])


@pytest.mark.fault("the billing file is read-only", expected="said so, by name")
def test_a_read_only_file_is_said_to_be_read_only(tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
    with pytest.raises(DatabaseUnusable, match="is read-only; check the permissions of the file and its folder"):
        Repository(engine).add(sample_accounts(date(2026, 11, 22))[:1])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_written_is_said_to_be_read_only(tmp_path: Path) -> None:
    create_database(f"sqlite:///{tmp_path}/saldo.db").dispose()
    (tmp_path / "saldo.db").chmod(0o400)
    assert "is read-only" in told_of_making(f"sqlite:///{tmp_path}/saldo.db")
