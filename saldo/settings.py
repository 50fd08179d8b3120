"""Settings: read once from the environment at the edge, checked, then passed on as one value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from saldo.errors import BadSetting

SHORTEST_SECRET = 32
"""Characters that a signing key has at the least: as many bytes as its hash, RFC 7518 section 3.2."""
SIGNATURE = "SALDO_MAIL_SIGNATURE_"
"""The language follows, as in SALDO_MAIL_SIGNATURE_NL."""
MailForm = Literal["plain", "html", "both"]
MAIL_FORMS: tuple[MailForm, ...] = get_args(MailForm)
NOTE_LANGUAGES = ("nl", "fi", "en")
LogForm = Literal["text", "json"]
LOG_FORMS: tuple[LogForm, ...] = get_args(LogForm)
LOG_LEVELS = ("debug", "info", "warning", "error")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")
ACTION_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/webhook")
CHECKOUT = Path(__file__).resolve().parent.parent
ZONES = {"NL": ZoneInfo("Europe/Amsterdam"), "FI": ZoneInfo("Europe/Helsinki")}
"""The time of a customer's country, which says what day it is there."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations."""

    home: Path = CHECKOUT
    """Folder of the project: `config.yml`, `domain.yml`, `data/`, `faq/`; state lives in its `var/`."""
    database_url: str = ""
    """SQLAlchemy URL of the billing database; SQLite in `var/saldo.db` unless given."""
    secret: str = ""
    """Key that signs capabilities and sessions; made in `var/key` (mode 0600) unless given."""
    identity_keys: Path | None = None
    """JSON file of the host application's keys: `{kid: {"algorithm": …, "key": …}}`."""
    identity_issuer: str = ""
    """The `iss` that the host application's JWTs must carry, if given."""
    origins: tuple[str, ...] = ()
    """Web origins beside the bot's own whose pages may embed the widget, such as `https://app.example.com`."""
    redis_url: str = ""
    """Redis that gives several servers one conversation at a time and one count of the rate limits."""
    workers_socket: Path | None = None
    """Where a worker of `saldo serve --workers` finds the process that started it; set by that process alone."""
    action_urls: tuple[str, ...] = ()
    """Action servers, such as `http://127.0.0.1:5055/webhook`; actions run in the bot's process unless given."""
    action_secret: str = ""
    """What bots show to action servers; made of `secret` unless given."""
    events_url: str = ""
    """RabbitMQ that is told what was answered, without a word of it; nobody is told unless given."""
    messages_per_minute: int = 30
    """Messages that one session may send in a minute."""
    sessions_per_minute: int = 20
    """Sessions that one address may begin in a minute; an office behind one address may need more."""
    proxies: int = 0
    """Trusted proxies before the bot, whose `X-Forwarded-For` tells the caller's address."""
    hosts: tuple[str, ...] = ()
    """Names by which browsers may call the server; any unless given, and in a demonstration only this machine's own."""
    turns_at_once: int = 200
    """Requests that are worked on at once; further ones are told to come again."""
    demo: bool = False
    """Whether the page may pick a sample customer, as `make run` lets it; never on a real server."""
    stock_rasa: bool = False
    """Whether Rasa runs as it is, without what `saldo.rasa_runtime.patches` changes in it: slower, the same answers."""
    today: date | None = None
    """The day to explain bills for, instead of the clock's: for demonstrations and tests."""
    records_old_after: int = 7
    """Days after its import from which an explanation says as of when the records are."""
    keep_days: int = 90
    """Days that conversations, mails and what belongs to them are kept after the last turn; 0 keeps them for ever."""

    metrics_port: int = 0
    """Port that Prometheus reads metrics from; none is opened unless given."""
    metrics_host: str = "127.0.0.1"
    """Address of that port; only this machine unless given."""
    worker: int = 0
    """Which worker of several this process is; set by whoever starts them."""
    log: LogForm = "text"
    """Log lines for people, or JSON lines for a program that gathers them."""
    log_level: str = "error"
    """The least of our own log lines; every turn has one at `info`, which is the level of JSON unless given."""

    mail_authserv_ids: tuple[str, ...] = ()
    """What our own mail servers call themselves in Authentication-Results; without one no mail gets figures.

    `microsoft365` stands for Exchange Online, which does not name itself."""
    mail_own: tuple[str, ...] = ()
    """Our mail addresses and domains, beside the addresses in the content files: mails from them are not answered."""
    mail_lists: tuple[str, ...] = ()
    """Mailing lists and groups that are support addresses of ours: mails through them are customers' mails."""
    mail_daily_limit: int = 10
    """Drafts for one sender a day; further mails are a person's, so that two machines cannot talk for ever."""
    mail_signatures: Mapping[str, str] = field(default_factory=dict)
    """The team's signature under a letter, by language; without one the mail program puts it there."""
    mail_form: MailForm = "both"
    """The form of drafts; a program that edits one of two leaves the other as it was."""
    mail_serve_secret: str = ""
    """What callers of `saldo mail serve` prove themselves with; made in `var/mail-serve-key` unless given."""
    mail_serve_hosts: tuple[str, ...] = ()
    """Names beside this machine's own by which `saldo mail serve` may be called, such as that of a proxy before it."""
    mail_note_language: str = ""
    """The language of notes to colleagues in a helpdesk; that of the mail, or English, unless given."""
    handover_mailbox: str = ""
    """IMAP address of the team's mailbox, into which conversations are laid that a person takes over."""

    @property
    def state(self) -> Path:
        return self.home / "var"

    @property
    def model(self) -> Path:
        return self.home / "models" / "saldo.tar.gz"

    @property
    def faq(self) -> Path:
        return self.home / "faq"

    def day(self, country: str | None = None) -> date:
        """Today: by the clock of a customer's country, or without one by the server's."""
        return self.today or day_in(country, datetime.now(timezone.utc))


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `SALDO_*`; a value that makes no sense raises `BadSetting` with name, value and what is allowed."""
    env = os.environ if environ is None else environ
    home = _folder(env.get("SALDO_HOME", ""))
    return Settings(
        home=home,
        database_url=_database(env.get("SALDO_DATABASE_URL", ""), home),
        secret=secret_of("SALDO_SECRET", env.get("SALDO_SECRET", "")),
        identity_keys=_file(env.get("SALDO_IDENTITY_KEYS", "")),
        identity_issuer=env.get("SALDO_IDENTITY_ISSUER", ""),
        origins=_origins(env.get("SALDO_ORIGINS", "")),
        redis_url=_redis(env.get("SALDO_REDIS_URL", "")),
        workers_socket=Path(env["SALDO_WORKERS_SOCKET"]) if env.get("SALDO_WORKERS_SOCKET") else None,
        action_urls=_urls("SALDO_ACTION_URLS", env.get("SALDO_ACTION_URLS", "")),
        action_secret=secret_of("SALDO_ACTION_SECRET", env.get("SALDO_ACTION_SECRET", "")),
        events_url=_broker(env.get("SALDO_EVENTS_URL", "")),
        messages_per_minute=_number("SALDO_MESSAGES_PER_MINUTE", env.get("SALDO_MESSAGES_PER_MINUTE", "30"), 1),
        sessions_per_minute=_number("SALDO_SESSIONS_PER_MINUTE", env.get("SALDO_SESSIONS_PER_MINUTE", "20"), 1),
        proxies=_number("SALDO_PROXIES", env.get("SALDO_PROXIES", "0"), 0),
        hosts=_several(env.get("SALDO_HOSTS", "")),
        turns_at_once=_number("SALDO_TURNS_AT_ONCE", env.get("SALDO_TURNS_AT_ONCE", "200"), 1),
        demo=_yes("SALDO_DEMO", env.get("SALDO_DEMO", "")),
        stock_rasa=_yes("SALDO_STOCK_RASA", env.get("SALDO_STOCK_RASA", "")),
        today=day_of("SALDO_TODAY", env.get("SALDO_TODAY")),
        records_old_after=_number("SALDO_RECORDS_OLD_AFTER", env.get("SALDO_RECORDS_OLD_AFTER", "7"), 1),
        metrics_port=_port("SALDO_METRICS_PORT", env.get("SALDO_METRICS_PORT") or "0"),
        metrics_host=env.get("SALDO_METRICS_HOST") or "127.0.0.1",
        worker=_number("SALDO_WORKER", env.get("SALDO_WORKER") or "0", 0),
        log=(log := _log_form(env.get("SALDO_LOG") or "text")),
        log_level=_log_level(env.get("SALDO_LOG_LEVEL") or ("info" if log == "json" else "error")),
        keep_days=_number("SALDO_KEEP_DAYS", env.get("SALDO_KEEP_DAYS", "90"), 0),
        mail_authserv_ids=_several(env.get("SALDO_MAIL_AUTHSERV_ID", "")),
        mail_own=_several(env.get("SALDO_MAIL_OWN", "")),
        mail_lists=_several(env.get("SALDO_MAIL_LISTS", "")),
        mail_daily_limit=_number("SALDO_MAIL_DAILY_LIMIT", env.get("SALDO_MAIL_DAILY_LIMIT", "10"), 1),
        mail_signatures={
            name.removeprefix(SIGNATURE).lower(): _lines(value)
            for name, value in env.items()
            if name.startswith(SIGNATURE)
        },
        mail_form=_form(env.get("SALDO_MAIL_FORM", "both")),
        mail_serve_secret=secret_of("SALDO_MAIL_SERVE_SECRET", env.get("SALDO_MAIL_SERVE_SECRET", "")),
        mail_serve_hosts=_several(env.get("SALDO_MAIL_SERVE_HOSTS", "")),
        mail_note_language=_note_language(env.get("SALDO_MAIL_NOTE_LANGUAGE", "")),
        handover_mailbox=env.get("SALDO_HANDOVER_MAILBOX", ""),
    )


def _folder(value: str) -> Path:
    folder = Path(value).expanduser().resolve() if value else CHECKOUT
    if not (folder / "faq").is_dir():
        raise BadSetting("SALDO_HOME", str(folder), "a folder that holds faq/, data/ and config.yml")
    return folder


def _database(value: str, home: Path) -> str:
    if not value:
        return f"sqlite:///{home / 'var' / 'saldo.db'}"
    if not value.startswith(("sqlite:", "postgresql:", "postgresql+psycopg2:")):
        kind, found, _ = value.partition("://")  # the rest may hold a password
        raise BadSetting("SALDO_DATABASE_URL", f"{kind if found else ''}…", "a sqlite: or postgresql: URL")
    return value


def secret_of(name: str, value: str) -> str:
    """A key as it was given, empty if none was; BadSetting if it is too short to be one. It is never shown."""
    if value and len(value) < SHORTEST_SECRET:
        raise BadSetting(name, f"{len(value)} characters", f"at least {SHORTEST_SECRET} characters")
    return value


def _file(value: str) -> Path | None:
    if not value:
        return None
    if not Path(value).is_file():
        raise BadSetting("SALDO_IDENTITY_KEYS", value, "the path of a JSON file")
    return Path(value)


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise BadSetting("SALDO_ORIGINS", origin, "origins such as https://app.example.com, parted by commas")
    return origins


def _redis(value: str) -> str:
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting("SALDO_REDIS_URL", "…", "a redis:, rediss: or unix: URL")  # it may hold a password
    return value


def _broker(value: str) -> str:
    if value and not value.startswith(("amqp://", "amqps://")):
        raise BadSetting("SALDO_EVENTS_URL", "…", "an amqp: or amqps: URL")  # it may hold a password
    return value


def _urls(name: str, value: str) -> tuple[str, ...]:
    urls = tuple(part.strip() for part in value.split(",") if part.strip())
    for url in urls:
        if not ACTION_URL.fullmatch(url):
            raise BadSetting(name, url, "addresses such as http://127.0.0.1:5055/webhook, parted by commas")
    return urls


def _number(name: str, value: str, least: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 7 and int(value) >= least):
        raise BadSetting(name, value, f"a whole number, {least} or more")
    return int(value)


def _port(name: str, value: str) -> int:
    if not (value.isascii() and value.isdecimal() and int(value[:6]) < 65536):
        raise BadSetting(name, value, "a port, or 0 for none")
    return int(value)


def _yes(name: str, value: str) -> bool:
    if value not in ("", "0", "1"):
        raise BadSetting(name, value, "1 or 0")
    return value == "1"


def _several(value: str) -> tuple[str, ...]:
    return tuple(one.strip().lower().lstrip("@") for one in value.split(",") if one.strip())


def _lines(value: str) -> str:
    """A text whose lines may be parted by a written-out \\n, for files that hold one line for each setting."""
    return value.replace("\\n", "\n").strip()


def _form(value: str) -> MailForm:
    if value not in MAIL_FORMS:
        raise BadSetting("SALDO_MAIL_FORM", value, ", ".join(MAIL_FORMS))
    return value


def _log_form(value: str) -> LogForm:
    if value not in LOG_FORMS:
        raise BadSetting("SALDO_LOG", value, ", ".join(LOG_FORMS))
    return value


def _log_level(value: str) -> str:
    if value not in LOG_LEVELS:
        raise BadSetting("SALDO_LOG_LEVEL", value, ", ".join(LOG_LEVELS))
    return value


def _note_language(value: str) -> str:
    if value not in ("", *NOTE_LANGUAGES):
        raise BadSetting("SALDO_MAIL_NOTE_LANGUAGE", value, ", ".join(NOTE_LANGUAGES))
    return value


def day_in(country: str | None, now: datetime) -> date:
    """What day it is in a country at that time; where the server stands if none is given."""
    return now.astimezone(ZONES[country] if country else None).date()


def day_of(name: str, value: str | None) -> date | None:
    """A date given as text under that name; None if there is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise BadSetting(name, str(value), "a date such as 2026-07-01") from None
