"""`deploy/`: what stands there names things that exist, and the tools it is for can read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml
from rasa.shared.utils.common import class_from_module_path

from tests.support import CHECKOUT

DEPLOY = CHECKOUT / "deploy"
SECRETS = {"SALDO_SECRET": "x" * 32, "POSTGRES_PASSWORD": "x", "RABBITMQ_PASSWORD": "x"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services of the compose file."""
    return dict(yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"])


def test_docker_reads_the_compose_file(needs_service: Callable[[str], NoReturn], tmp_path: Path) -> None:
    """By the plugin, or by Debian's `docker-compose`, which is the version before it and knows no `name`."""
    file, docker = DEPLOY / "compose.yml", shutil.which("docker")
    if docker and not subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        command = [docker, "compose", "-f", str(file)]
    elif before := shutil.which("docker-compose"):
        nameless = tmp_path / "compose.yml"
        nameless.write_text(f'version: "3.9"\n{file.read_text().replace("name: saldo", "", 1)}')
        command = [before, "--project-directory", str(DEPLOY), "-f", str(nameless)]
    else:
        needs_service("there is no docker compose; install Debian's package docker-compose")
    command += ["config", "--quiet"]
    read = subprocess.run(command, env={**os.environ, **SECRETS}, capture_output=True, text=True, check=False)
    assert read.returncode == 0, read.stderr


def test_every_setting_in_it_is_one_of_ours(services: dict[str, Any]) -> None:
    known = set(re.findall(r"`(SALDO_[A-Z_]+)`", (CHECKOUT / "docs" / "settings.md").read_text()))
    for name in ("bots", "actions"):
        ours = {setting for setting in services[name]["environment"] if setting.startswith("SALDO_")}
        assert ours <= known


def test_what_the_bots_keep_lies_where_the_image_has_its_volume(services: dict[str, Any]) -> None:
    (kept,) = services["bots"]["volumes"]
    assert f"VOLUME {kept.partition(':')[2]}\n" in (DEPLOY / "Containerfile").read_text()


def test_only_nginx_can_be_reached_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_no_password_stands_in_it() -> None:
    text = (DEPLOY / "compose.yml").read_text()
    assert all(f"${{{name}" in text for name in SECRETS)
    assert not re.search(r"(?i)(password|secret|_pass): *[\"']?[a-z0-9]", text)


@pytest.mark.parametrize("part", ["tracker_store", "lock_store", "event_broker"])
def test_stock_rasa_finds_the_classes_of_its_endpoints(part: str) -> None:
    endpoints = yaml.safe_load((DEPLOY / "endpoints.yml").read_text())
    assert class_from_module_path(endpoints[part]["type"]).__module__.startswith("saldo.rasa_runtime.")


def test_all_that_nginx_leaves_out_is_filled_in(services: dict[str, Any]) -> None:
    holes = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "nginx.conf.template").read_text()))
    assert holes == set(services["nginx"]["environment"])
