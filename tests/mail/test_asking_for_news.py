"""A server tells of new mail by itself (IDLE) or is asked now and then; the server's own log counts the commands."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest

from saldo.mail.inbox import ASK_SECONDS
from tests.mail.dovecot import Dovecot
from tests.mail.watching import Start, answered, deliver, wait_until

pytestmark = pytest.mark.long

QUIET = 6.0
"""Seconds in which nothing comes: a loop that does not wait would ask thousands of times."""


def watched(start: Start, dovecot: Dovecot, settled: Callable[[list[str]], bool]) -> list[str]:
    """The commands of a worker while nothing comes, once what it did at the start is over."""
    start()
    wait_until(lambda: settled(dovecot.commands()))
    before = len(dovecot.commands())
    time.sleep(QUIET)
    return dovecot.commands()[before:]


def has_searched(commands: list[str]) -> bool:
    """Whether it has looked for what is older, twice, and then for news."""
    return sum(each.startswith("UID SEARCH") for each in commands) >= 3


@pytest.mark.parametrize("dovecot", [{"idle": "no"}], indirect=True)
def test_a_server_without_idle_is_asked_at_an_interval(dovecot: Dovecot, start: Start) -> None:
    quiet = watched(start, dovecot, has_searched)
    assert len(quiet) <= 3, Counter(quiet)
    deliver(dovecot, 0, 1)
    delivered = time.monotonic()
    wait_until(lambda: answered(dovecot) == ["00000"])
    assert time.monotonic() - delivered < ASK_SECONDS + 10
    assert not any(each.startswith("IDLE") for each in dovecot.commands())


@pytest.mark.parametrize("dovecot", [{"idle": "after the login"}, {"idle": "yes"}], indirect=True)
def test_a_server_that_can_idle_is_waited_for(dovecot: Dovecot, start: Start) -> None:
    """Whether it says so at once or only to those who are logged in."""
    quiet = watched(start, dovecot, lambda commands: "IDLE" in commands)
    assert len(quiet) <= 2, Counter(quiet)  # Dovecot says now and then that it is still here: one look, one IDLE
    deliver(dovecot, 0, 1)
    delivered = time.monotonic()
    wait_until(lambda: answered(dovecot) == ["00000"])
    assert time.monotonic() - delivered < ASK_SECONDS
