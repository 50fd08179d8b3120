"""The rules of the image that matter: nobody is root, nothing is fetched by URL, no secret and no tool goes in."""

from __future__ import annotations

import re

from tests.support import CHECKOUT

FILE = (CHECKOUT / "deploy" / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
STEPS = [line.split(maxsplit=1) for line in FILE.splitlines() if line and not line.startswith(("#", " "))]
LAST = STEPS[max(place for place, (verb, *_) in enumerate(STEPS) if verb == "FROM") :]
IGNORED = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def values(steps: list[list[str]], verb: str) -> list[str]:
    return [rest for name, rest in steps if name == verb]


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = values(LAST, "USER")
    assert int(user.partition(":")[0]) > 0
    assert [verb for verb, _ in LAST].index("USER") < [verb for verb, _ in LAST].index("CMD")


def test_nothing_is_fetched_by_url_and_images_have_a_version() -> None:
    assert not values(STEPS, "ADD")
    assert not re.search(r"https?://(?!127\.0\.0\.1)|curl|wget", FILE)
    assert all(re.fullmatch(r"python:3\.10-slim(?: AS \w+)?", image) for image in values(STEPS, "FROM"))


def test_the_last_stage_installs_nothing_and_has_no_tools() -> None:
    assert not any(re.search(r"apt|pip install|gcc|build-essential", step) for step in values(LAST, "RUN"))
    assert "--require-hashes" in FILE


def test_no_secret_goes_in() -> None:
    assert IGNORED[1] == "*" and "**/.env*" in IGNORED and "!var" not in IGNORED
    assert not re.search(r"SALDO_SECRET|PASSWORD|TOKEN", FILE)
    copied = {part for line in values(STEPS, "COPY") if "--from" not in line for part in line.split()[:-1]}
    assert copied == {line[1:] for line in IGNORED if line.startswith("!")}
    assert all((CHECKOUT / each).exists() for each in copied - {"models"})


def test_what_is_kept_lies_in_a_volume_and_health_is_asked() -> None:
    assert values(LAST, "VOLUME") == ["/saldo/var"]
    assert "/webhooks/widget/health" in values(LAST, "HEALTHCHECK")[0]
