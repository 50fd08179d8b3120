"""Settings: read once from the environment at the edge, checked, then passed on as one value."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from saldo.errors import BadSetting

SHORTEST_SECRET = 32
"""Characters that a signing key has at the least: as many bytes as its hash, RFC 7518 section 3.2."""
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?")
CHECKOUT = Path(__file__).resolve().parent.parent


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
    """Redis that counts the rate limits for several servers; each counts in its own memory unless given."""
    messages_per_minute: int = 30
    """Messages that one session may send in a minute."""
    sessions_per_minute: int = 20
    """Sessions that one address may begin in a minute; an office behind one address may need more."""
    proxies: int = 0
    """Trusted proxies before the bot, whose `X-Forwarded-For` tells the caller's address."""
    demo: bool = False
    """Whether the page may pick a sample customer, as `make run` lets it; never on a real server."""
    stock_rasa: bool = False
    """Whether Rasa runs as it is, without what `saldo.rasa_runtime.patches` changes in it: slower, the same answers."""
    today: date | None = None
    """The day to explain bills for, instead of the clock's: for demonstrations and tests."""

    mail_authserv_ids: tuple[str, ...] = ()
    """What our own mail servers call themselves in Authentication-Results; without one no mail gets figures."""
    mail_own: tuple[str, ...] = ()
    """Our mail addresses and domains, beside the addresses in the content files: mails from them are not answered."""
    mail_daily_limit: int = 10
    """Drafts for one sender a day; further mails are skipped, so that two machines cannot talk for ever."""

    @property
    def state(self) -> Path:
        return self.home / "var"

    @property
    def model(self) -> Path:
        return self.home / "models" / "saldo.tar.gz"

    @property
    def faq(self) -> Path:
        return self.home / "faq"

    def day(self) -> date:
        return self.today or date.today()


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `SALDO_*`; a value that makes no sense raises `BadSetting` with name, value and what is allowed."""
    env = os.environ if environ is None else environ
    home = _folder(env.get("SALDO_HOME", ""))
    return Settings(
        home=home,
        database_url=_database(env.get("SALDO_DATABASE_URL", ""), home),
        secret=_secret(env.get("SALDO_SECRET", "")),
        identity_keys=_file(env.get("SALDO_IDENTITY_KEYS", "")),
        identity_issuer=env.get("SALDO_IDENTITY_ISSUER", ""),
        origins=_origins(env.get("SALDO_ORIGINS", "")),
        redis_url=_redis(env.get("SALDO_REDIS_URL", "")),
        messages_per_minute=_number("SALDO_MESSAGES_PER_MINUTE", env.get("SALDO_MESSAGES_PER_MINUTE", "30"), 1),
        sessions_per_minute=_number("SALDO_SESSIONS_PER_MINUTE", env.get("SALDO_SESSIONS_PER_MINUTE", "20"), 1),
        proxies=_number("SALDO_PROXIES", env.get("SALDO_PROXIES", "0"), 0),
        demo=_yes("SALDO_DEMO", env.get("SALDO_DEMO", "")),
        stock_rasa=_yes("SALDO_STOCK_RASA", env.get("SALDO_STOCK_RASA", "")),
        today=day_of("SALDO_TODAY", env.get("SALDO_TODAY")),
        mail_authserv_ids=_several(env.get("SALDO_MAIL_AUTHSERV_ID", "")),
        mail_own=_several(env.get("SALDO_MAIL_OWN", "")),
        mail_daily_limit=_number("SALDO_MAIL_DAILY_LIMIT", env.get("SALDO_MAIL_DAILY_LIMIT", "10"), 1),
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


def _secret(value: str) -> str:
    if value and len(value) < SHORTEST_SECRET:
        raise BadSetting("SALDO_SECRET", f"{len(value)} characters", f"at least {SHORTEST_SECRET} characters")
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


def _number(name: str, value: str, least: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 7 and int(value) >= least):
        raise BadSetting(name, value, f"a whole number, {least} or more")
    return int(value)


def _yes(name: str, value: str) -> bool:
    if value not in ("", "0", "1"):
        raise BadSetting(name, value, "1 or 0")
    return value == "1"


def _several(value: str) -> tuple[str, ...]:
    return tuple(one.strip().lower().lstrip("@") for one in value.split(",") if one.strip())


def day_of(name: str, value: str | None) -> date | None:
    """A date given as text under that name; None if there is none."""
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise BadSetting(name, str(value), "a date such as 2026-07-01") from None
