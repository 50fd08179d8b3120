"""What the tests share: a home of their own with the sample's companies, the trained bot, the server, the command."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from saldo.billing import Repository, create_database, sample_accounts
from saldo.identity import key_of
from saldo.settings import Settings
from tests.databases import database_of
from tests.own_redis import MISSING, OwnRedis
from tests.serving import Server, clean_environment, free_port
from tests.support import CHECKOUT, TODAY, Caller, Conversation, Ran, run_command
from tests.waiting import START, until

if TYPE_CHECKING:
    from saldo.rasa_runtime.agent import Bot

pytest_plugins = ["tests.fault_table"]
SALDO = Path(sys.executable).with_name("saldo")
POSTGRESQL = "postgresql+psycopg2://postgres@127.0.0.1:5432"
ISSUER = "https://severa.example"

hypothesis.settings.register_profile("saldo", deadline=None)  # how long a test takes, a busy machine decides
hypothesis.settings.load_profile("saldo")


@pytest.fixture(scope="session")
def needs_service() -> Callable[[str], NoReturn]:
    """What a test calls, with the reason, when a service is not there: a skip, or a failure where it must be there."""

    def missing(reason: str) -> NoReturn:
        if os.environ.get("SALDO_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)

    return missing


@pytest.fixture(scope="session")
def model() -> Path:
    """The checkout's trained model; trained anew only if what it is made of has changed."""
    trained = subprocess.run([SALDO, "train"], env=clean_environment(), capture_output=True, text=True, check=False)
    if trained.returncode:
        pytest.exit(f"no test of the bot can run without a model:\n{trained.stderr}")
    return Settings().model


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Path:
    """A project folder with the checkout's content and model, and the sample's companies in a `var/` of its own."""
    home = make_home(tmp_path_factory.mktemp("home"))
    accounts = sample_accounts(date.fromisoformat(TODAY))
    Repository(create_database(f"sqlite:///{home}/var/saldo.db")).add(accounts)
    return home


@pytest.fixture
def empty_home(tmp_path: Path, model: Path) -> Path:
    """As `home`, but for one test to spoil: its `faq/` is a copy, and there is no database."""
    return make_home(tmp_path / "home", copied=["faq"])


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The environment of one test: `home`, on the sample's day. Actions read it once, so they are made to forget."""
    from saldo.rasa_runtime.services import services

    for name, value in environment_of(home).items():
        monkeypatch.setenv(name, value)
    services.cache_clear()
    yield home
    services.cache_clear()


@pytest.fixture
def saldo(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs the `saldo` command: `saldo("ask", "Hoe zeg ik op?", stdin="…", SALDO_HOME="…")`."""
    from saldo.rasa_runtime.services import services

    def run(*args: str, stdin: str | bytes = b"", **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            services.cache_clear()
            return run_command(patch, args, stdin)

    return run


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The one event loop that all conversations of a session are held in."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def bot(home: Path) -> Bot:
    """The bot with its real model."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(home).items():
            patch.setenv(name, value)
        from saldo.rasa_runtime.agent import Bot

        return Bot(home / "models" / "saldo.tar.gz")


@pytest.fixture
def converse(bot: Bot, loop: asyncio.AbstractEventLoop, here: Path) -> Callable[[], Conversation]:
    """Begins a conversation."""
    key = key_of(Settings(home=here))
    return lambda: Conversation(bot, loop, key)


@pytest.fixture
def talk(converse: Callable[[], Conversation]) -> Conversation:
    """One conversation."""
    return converse()


@pytest.fixture(scope="session")
def host_keys() -> dict[str, tuple[str, str, str]]:
    """The host application's keys, by `kid`: the algorithm, what it signs with and what the server verifies with."""
    return {
        "ed": ("EdDSA", *key_pair(ed25519.Ed25519PrivateKey.generate())),
        "rsa": ("RS256", *key_pair(rsa.generate_private_key(public_exponent=65537, key_size=2048))),
        "shared": ("HS256", "a secret of at least 32 characters", "a secret of at least 32 characters"),
    }


@pytest.fixture(scope="session")
def server(
    home: Path, host_keys: dict[str, tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """The port of a running `saldo serve --demo` that believes the host's keys."""
    keys = tmp_path_factory.mktemp("host") / "keys.json"
    keys.write_text(json.dumps({kid: {"algorithm": name, "key": key} for kid, (name, _, key) in host_keys.items()}))
    port = free_port()
    environment = {"SALDO_IDENTITY_KEYS": str(keys), "SALDO_IDENTITY_ISSUER": ISSUER, **environment_of(home)}
    command = [str(SALDO), "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(command, env=clean_environment(**environment), stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(port, process)
            yield port
        finally:
            process.terminate()


@pytest.fixture
def postgresql_url(needs_service: Callable[[str], NoReturn]) -> Iterator[str]:
    """A PostgreSQL database made for one test and dropped after it."""
    yield from database_of(f"{POSTGRESQL}/postgres", "DROP DATABASE {} WITH (FORCE)", needs_service)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database can be made: a file in a new folder, and a PostgreSQL database of the test's own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/saldo.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def redis(needs_service: Callable[[str], NoReturn], tmp_path: Path) -> Iterator[OwnRedis]:
    """A Redis that a test may freeze and kill."""
    if shutil.which("redis-server") is None:
        needs_service(MISSING)
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a server whose store is a file, and of one whose store is PostgreSQL."""
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    return Settings(home=tmp_path, database_url=request.getfixturevalue("postgresql_url"))


@pytest.fixture(scope="session")
def host_port() -> int:
    """The port of another application's page, whose origin `bot_server` has on its list."""
    return free_port()


@pytest.fixture(scope="session")
def bot_server(home: Path, host_port: int) -> Iterator[Server]:
    """A server for tests that ask much from one address (browsers, random bodies): it counts, but stops nobody."""
    many = {"SALDO_SESSIONS_PER_MINUTE": "999999", "SALDO_MESSAGES_PER_MINUTE": "999999"}
    origins = {"SALDO_ORIGINS": f"http://127.0.0.1:{host_port}"}
    server = Server(free_port(), {**environment_of(home), **many, **origins}, home / "var" / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def free_ports() -> tuple[int, int]:
    """Two ports that nothing listens on."""
    return free_port(), free_port()


@pytest.fixture
def caller(server: int, addresses: Iterator[str]) -> Caller:
    """Calls the server from an address that no other test calls from."""
    return Caller(server, next(addresses))


@pytest.fixture(scope="session")
def addresses() -> Iterator[str]:
    """Addresses of this machine, each once; where it has but one, as macOS has, that one again and again."""
    return (own if is_own(own) else "127.0.0.1" for own in (f"127.0.1.{number}" for number in itertools.count(1)))


def make_home(folder: Path, copied: list[str] | None = None) -> Path:
    """A project folder made of links to the checkout's."""
    folder.mkdir(exist_ok=True)
    for name in ("config.yml", "domain.yml", "data", "faq", "models"):
        if name in (copied or []):
            subprocess.run(["cp", "-r", CHECKOUT / name, folder], check=True)
        else:
            (folder / name).symlink_to(CHECKOUT / name)
    return folder


def environment_of(home: Path) -> dict[str, str]:
    return {"SALDO_HOME": str(home), "SALDO_TODAY": TODAY}


def key_pair(private: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> tuple[str, str]:
    """A private key and its public one, as PEM."""
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    secret = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    public = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return secret.decode(), public.decode()


def is_own(address: str) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    """Wait until a turn can be answered; fail with what the server said if it stops before."""
    caller = Caller(port, "127.0.0.1")

    def ready() -> bool:
        if process.poll() is not None:
            pytest.fail(f"the server stopped: {process.stderr.read() if process.stderr else ''}")
        return caller.get("/health").status == 200

    until(ready, "the server was not ready", seconds=START)
