"""Settings come from `SALDO_*`; a value that makes no sense is told with its name and what is allowed."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from saldo.errors import BadSetting
from saldo.settings import CHECKOUT, Settings, day_in, from_environment


def refused(name: str, value: str) -> str:
    """What a person reads who starts Saldo with that."""
    with pytest.raises(BadSetting) as caught:
        from_environment({name: value})
    message = str(caught.value)
    assert message.startswith(f"{name} is ") and "; allowed: " in message and "\n" not in message
    return message


def test_without_any_settings_everything_is_in_the_checkout() -> None:
    settings = from_environment({})
    assert settings.home == CHECKOUT
    assert settings.database_url == f"sqlite:///{CHECKOUT}/var/saldo.db"
    assert (settings.faq, settings.state) == (CHECKOUT / "faq", CHECKOUT / "var")
    assert (settings.secret, settings.identity_keys, settings.demo) == ("", None, False)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALDO_TODAY", "2026-07-01")
    assert from_environment().day() == date(2026, 7, 1)


def test_today_is_the_clocks_unless_given() -> None:
    assert Settings().day() == date.today()
    assert Settings(today=date(2026, 7, 1)).day() == date(2026, 7, 1)


def test_today_is_the_day_in_the_customers_country() -> None:
    """Half past eleven in Amsterdam on New Year's Eve is the new year in Helsinki, whatever the server's clock."""
    new_years_eve = datetime(2026, 12, 31, 22, 30, tzinfo=timezone.utc)
    assert (day_in("NL", new_years_eve), day_in("FI", new_years_eve)) == (date(2026, 12, 31), date(2027, 1, 1))
    summer = datetime(2026, 6, 30, 21, 30, tzinfo=timezone.utc)
    assert (day_in("NL", summer), day_in("FI", summer)) == (date(2026, 6, 30), date(2026, 7, 1))
    assert Settings(today=date(2026, 7, 1)).day("FI") == date(2026, 7, 1)


def test_after_how_many_days_records_are_old() -> None:
    assert from_environment({}).records_old_after == 7
    assert from_environment({"SALDO_RECORDS_OLD_AFTER": "2"}).records_old_after == 2
    assert refused("SALDO_RECORDS_OLD_AFTER", "0").endswith("a whole number, 1 or more.")


def test_an_empty_variable_is_as_good_as_none() -> None:
    names = (
        "HOME", "DATABASE_URL", "SECRET", "IDENTITY_KEYS", "IDENTITY_ISSUER", "DEMO", "TODAY", "MAIL_SERVE_SECRET",
        "MAIL_SERVE_HOSTS", "MAIL_NOTE_LANGUAGE", "METRICS_PORT", "METRICS_HOST", "WORKER", "LOG", "LOG_LEVEL",
        "REDIS_URL", "ACTION_URLS", "ACTION_SECRET", "EVENTS_URL",
    )  # fmt: skip
    assert from_environment({f"SALDO_{name}": "" for name in names}) == from_environment({})


def test_state_follows_home(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    settings = from_environment({"SALDO_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/var/saldo.db"
    assert settings.model == tmp_path / "models" / "saldo.tar.gz"


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://u:p@h/d", "postgresql+psycopg2://u:p@h/d"])
def test_the_database_may_be_sqlite_or_postgresql(url: str) -> None:
    assert from_environment({"SALDO_DATABASE_URL": url}).database_url == url


def test_what_is_given_is_taken(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    given = {"IDENTITY_KEYS": str(keys), "IDENTITY_ISSUER": "portal", "DEMO": "1", "SECRET": "s" * 32}
    settings = from_environment({f"SALDO_{name}": value for name, value in given.items()})
    assert settings.identity_keys == keys
    assert (settings.identity_issuer, settings.demo, settings.secret) == ("portal", True, "s" * 32)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("SALDO_HOME", "/nowhere", "a folder that holds faq/, data/ and config.yml"),
        ("SALDO_IDENTITY_KEYS", "/nowhere.json", "the path of a JSON file"),
        ("SALDO_DEMO", "yes", "1 or 0"),
        ("SALDO_ACTION_URLS", "actions:5055", "addresses such as http://127.0.0.1:5055/webhook, parted by commas"),
        ("SALDO_TODAY", "1-7-2026", "a date such as 2026-07-01"),
        ("SALDO_TODAY", "2026-02-30", "a date such as 2026-07-01"),
    ],
)
def test_a_value_that_makes_no_sense(name: str, value: str, allowed: str) -> None:
    assert refused(name, value) == f"{name} is {value!r}; allowed: {allowed}."


@pytest.mark.parametrize("url", ["mysql://bob:hush@host/bills", "hush", "bob:hush@host/bills"])
def test_another_database_is_refused_without_repeating_a_password(url: str) -> None:
    message = refused("SALDO_DATABASE_URL", url)
    assert "a sqlite: or postgresql: URL" in message
    assert "hush" not in message and "bob" not in message


def test_another_message_broker_is_refused_without_repeating_a_password() -> None:
    message = refused("SALDO_EVENTS_URL", "kafka://bob:hush@host")
    assert "an amqp: or amqps: URL" in message
    assert "hush" not in message


def test_a_short_secret_is_refused_without_repeating_it() -> None:
    message = refused("SALDO_SECRET", "hush")
    assert message == "SALDO_SECRET is '4 characters'; allowed: at least 32 characters."


def test_what_the_server_for_mails_takes() -> None:
    assert refused("SALDO_MAIL_SERVE_SECRET", "short").endswith("at least 32 characters.")
    assert "'short'" not in refused("SALDO_MAIL_SERVE_SECRET", "short")
    assert refused("SALDO_MAIL_NOTE_LANGUAGE", "sv").endswith("nl, fi, en.")
    given = {"SALDO_MAIL_SERVE_HOSTS": "Saldo.example, proxy.example", "SALDO_MAIL_NOTE_LANGUAGE": "en"}
    settings = from_environment(given)
    assert settings.mail_serve_hosts == ("saldo.example", "proxy.example")
    assert settings.mail_note_language == "en"


def test_what_is_logged_and_measured() -> None:
    assert (from_environment({}).log, from_environment({}).log_level) == ("text", "error")
    assert from_environment({"SALDO_LOG": "json"}).log_level == "info"
    given = {"SALDO_LOG": "json", "SALDO_LOG_LEVEL": "debug", "SALDO_METRICS_PORT": "9464", "SALDO_WORKER": "3"}
    settings = from_environment(given)
    assert (settings.log, settings.log_level) == ("json", "debug")
    assert (settings.metrics_host, settings.metrics_port, settings.worker) == ("127.0.0.1", 9464, 3)
    assert refused("SALDO_LOG", "yaml").endswith("text, json.")
    assert refused("SALDO_LOG_LEVEL", "all").endswith("debug, info, warning, error.")
    assert refused("SALDO_METRICS_PORT", "65536").endswith("a port, or 0 for none.")
