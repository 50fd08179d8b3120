"""A mailbox that is watched for months: what is older than the days to keep goes, and mails are drafted on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from saldo.privacy.expiry import purge
from saldo.settings import Settings
from tests.conftest import environment_of, make_home
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.watching import answered, deliver
from tests.privacy.filling import FILLED, Person, age, fill, holding
from tests.waiting import DEADLINE, START, until

OLD = Person("older7kq2xw", "NL-1001", "administratie@nl-1001.example")
SALDO = Path(sys.executable).with_name("saldo")
pytestmark = pytest.mark.usefixtures("model")


def test_what_is_old_goes_while_mails_are_drafted(dovecot: Dovecot, tmp_path: Path) -> None:
    settings = Settings(home=make_home(tmp_path / "home"), keep_days=90)
    fill(settings, OLD)
    age(settings, 91)
    deliver(dovecot, 1, 2)
    command = [str(SALDO), "mail", "watch", dovecot.url, "--all"]
    environment = {**os.environ, **environment_of(settings.home), "SALDO_MAIL_PASSWORD": PASSWORD}
    with (tmp_path / "log").open("w") as log:
        watch = subprocess.Popen(command, env=environment, stderr=log)
    said = (tmp_path / "log").read_text
    try:
        until(lambda: answered(dovecot) == ["00001"], said, seconds=START)
        until(lambda: left(settings) == 0, said, seconds=DEADLINE)
        deliver(dovecot, 2, 3)
        until(lambda: answered(dovecot) == ["00001", "00002"], said, seconds=DEADLINE)
    finally:
        watch.kill()
        watch.wait()
    assert holding(settings.state / "mail", OLD.mark) == []
    assert len(list((settings.state / "mail").glob("*.review.json"))) == 2


def left(settings: Settings) -> int:
    """How much of the old mail is there still, where the watch forgets it."""
    lines = {line.what: line.count for line in purge(settings, 90, dry_run=True)}
    return sum(lines[what] for what in FILLED)
