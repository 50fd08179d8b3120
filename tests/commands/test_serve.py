"""`saldo serve` before it serves: what is in the way of it is told in one line."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import Ran

Saldo = Callable[..., Ran]


def test_a_port_that_is_taken_is_told_with_another_to_try(saldo: Saldo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = saldo("serve", "--port", str(port))
    assert ran == Ran(
        2, "", f"Port {port} on 127.0.0.1 is taken; stop what runs there, or choose another: --port {port + 1}\n"
    )


def test_an_address_that_is_not_this_machines_is_told(saldo: Saldo) -> None:
    ran = saldo("serve", "--host", "nowhere.invalid")
    assert ran == Ran(2, "", "There is no address 'nowhere.invalid' on this machine; try --host 127.0.0.1.\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may listen on every port")
def test_a_port_of_the_system_is_told(saldo: Saldo) -> None:
    assert saldo("serve", "--port", "80").err.startswith("Port 80 is not open to this user")


def test_without_a_model_it_says_what_to_run(saldo: Saldo, empty_home: Path) -> None:
    (empty_home / "models").unlink()
    ran = saldo("serve", SALDO_HOME=str(empty_home))
    assert ran == Ran(2, "", "There is no model yet; run `saldo train`.\n")


def test_keys_of_the_host_that_cannot_be_used_stop_the_start(saldo: Saldo, tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text('{"2026": {"algorithm": "HS256", "key": "short"}}')
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ran = saldo("serve", "--port", str(port), SALDO_IDENTITY_KEYS=str(keys))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{keys}: key '2026' is no key for HS256")
    assert ran.err.count("\n") == 1
