"""A bot that asks action servers: the real ones of Rasa's SDK, one that hangs, one with another secret, and none."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from saldo.rasa_runtime.action_endpoint import ActionsAway, ActionServers
from saldo.rasa_runtime.action_server import action_secret
from saldo.settings import Settings
from tests.conftest import environment_of
from tests.fault_table import Seen
from tests.serving import clean_environment, free_port
from tests.support import CHECKOUT
from tests.waiting import START, until

CALL = {
    "next_action": "action_out_of_scope",
    "sender_id": "c",
    "tracker": {
        "sender_id": "c", "slots": {}, "latest_message": {"text": "Hoi"}, "events": [], "paused": False,
        "active_loop": {}, "latest_action_name": "action_listen",
    },
    "domain": {},
}  # fmt: skip
SOON = 1.0
"""Seconds that these bots give an action server."""


class RealActions:
    """An action server as `rasa run actions` starts it."""

    def __init__(self, home: Path) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}/webhook"
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
        environment, nowhere = clean_environment(**environment_of(home)), subprocess.DEVNULL
        self.process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=nowhere, stderr=nowhere)


@pytest.fixture(scope="module")
def actions(home: Path) -> Iterator[RealActions]:
    actions = RealActions(home)
    right = action_secret(Settings(home=home))
    until(lambda: is_there(actions.url, right), "the action server did not start", seconds=START)
    yield actions
    actions.process.kill()
    actions.process.wait()


@pytest.fixture
def secret(home: Path) -> str:
    return action_secret(Settings(home=home))


def ask(*urls: str, secret: str, times: int = 1) -> int:
    """Have an action run so many times; how often something was said."""

    async def run() -> int:
        servers = ActionServers(urls, secret, answers_within=SOON)
        try:
            answers = [await servers.request(json=CALL) for _ in range(times)]
            return sum(bool(answer["responses"]) for answer in answers)
        finally:
            await servers.close()

    return asyncio.run(run())


def is_there(url: str, secret: str) -> bool:
    async def check() -> bool:
        servers = ActionServers([url], secret, answers_within=SOON)
        try:
            await servers.check()
        except ActionsAway:
            return False
        finally:
            await servers.close()
        return True

    return asyncio.run(check())


def test_an_action_runs_there(actions: RealActions, secret: str) -> None:
    assert ask(actions.url, secret=secret) == 1


@pytest.mark.fault("one of two action servers is away", expected="the other is asked; every turn is answered")
def test_another_is_asked_where_one_is_away(actions: RealActions, secret: str, seen: Seen) -> None:
    away = f"http://127.0.0.1:{free_port()}/webhook"
    assert ask(away, actions.url, secret=secret, times=6) == 6
    seen("6 of 6 answered")


@pytest.mark.fault("no action server is there", expected="known at once, and health says so")
def test_no_action_server_is_known_at_once(secret: str, seen: Seen) -> None:
    away, began = f"http://127.0.0.1:{free_port()}/webhook", time.monotonic()
    with pytest.raises(ActionsAway):
        ask(away, secret=secret)
    assert not is_there(away, secret)
    seen(f"{1000 * (time.monotonic() - began):.0f} ms")


@pytest.mark.fault("bot and action server have different secrets", expected="no action is run, and health says why")
def test_another_secret_runs_nothing(actions: RealActions, seen: Seen) -> None:
    with pytest.raises(ActionsAway, match=r"HTTP 401.*same secret") as refused:
        ask(actions.url, secret="another secret of at least 32 characters")
    assert not is_there(actions.url, "another secret of at least 32 characters")
    seen(str(refused.value).partition("(")[2].partition(")")[0])


@pytest.mark.fault("an action server hangs (SIGSTOP)", expected="given up after the deadline")
def test_one_that_hangs_is_given_up(actions: RealActions, secret: str, seen: Seen) -> None:
    actions.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        with pytest.raises(ActionsAway, match="Timeout"):
            ask(actions.url, secret=secret)
        seconds = time.monotonic() - began
    finally:
        actions.process.send_signal(signal.SIGCONT)
    assert seconds < 3 * SOON + 1
    assert ask(actions.url, secret=secret) == 1
    seen(f"{seconds:.1f} s with a deadline of {SOON:.0f} s and two tries")
