"""A real Dovecot in a folder of its own: one mailbox, a password, nothing else; stopped at the end."""

from __future__ import annotations

import base64
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Literal

import jwt
from imap_tools import BaseMailBox, MailBoxUnencrypted

from tests.serving import free_port
from tests.waiting import until

PASSWORD = "open-sesame"
USER = "support"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_plugins = quota
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
  {drafts}
}}
{before_login}
protocol imap {{
  rawlog_dir = {folder}/rawlog
  {after_login}
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:{quota}
}}
"""


OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""
"""Tokens are checked here, by their signature; no other server is asked."""
TOKEN_KEY = b"the key that the tokens of the test are signed with"


def token(user: str = USER, lifetime: int = 300) -> str:
    """An access token as an identity provider would issue it."""
    now = int(time.time())
    claims = {"sub": user, "iat": now - 1, "nbf": now - 1, "exp": now + lifetime}
    return jwt.encode(claims, TOKEN_KEY, "HS256")


MARKED = "mailbox Luonnokset {\n auto = create\n special_use = \\Drafts\n }"
SENT = "mailbox Uit {\n auto = create\n special_use = \\Sent\n }"
WITHOUT_IDLE = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ENABLE LITERAL+ UIDPLUS NAMESPACE AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2"


class Dovecot:
    """The server; `url` is what `saldo mail watch` takes.

    All folders but INBOX begin with `prefix`; a folder is marked as that of drafts, or none is; `idle` says whether
    it can tell of news by itself, and when it says so; `sent` whether a folder is marked as that of what was sent;
    `uidplus` whether it can clear single mails.
    """

    def __init__(
        self, *, prefix: str = "", marked: bool = True, idle: Literal["yes", "no", "after the login"] = "yes",
        sent: bool = False, uidplus: bool = True,
    ) -> None:  # fmt: skip
        self._prefix, self._marked, self._idle, self._sent, self._uidplus = prefix, marked, idle, sent, uidplus
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.port = free_port()
        self.url = f"imap://{USER}@127.0.0.1:{self.port}/INBOX"
        self.owner = pwd.getpwnam("nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
        self.configure()
        for name in ("mail/cur", "mail/new", "mail/tmp", "home", "run", "rawlog"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self._own()

    @staticmethod
    def is_there() -> bool:
        return bool(shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists())

    def configure(self, quota: str = "storage=1G", password: str = PASSWORD) -> None:
        """Write the configuration; a small quota is a disk that is full."""
        without = WITHOUT_IDLE if self._uidplus else WITHOUT_IDLE.replace(" UIDPLUS", "")
        group = __import__("grp").getgrgid(self.owner.pw_gid).gr_name
        text = CONFIG.format(
            folder=self.folder, user=self.owner.pw_name, group=group, uid=self.owner.pw_uid, gid=self.owner.pw_gid,
            password=password, port=self.port, quota=quota, prefix=self._prefix, separator=self._prefix[-1:] or "/",
            drafts=f"{MARKED if self._marked else ''}\n{SENT if self._sent else ''}",
            before_login=f"imap_capability = {without}" if self._idle != "yes" or not self._uidplus else "",
            after_login=f"imap_capability = {without} IDLE" if self._idle == "after the login" else "",
        )  # fmt: skip
        (self.folder / "conf").write_text(text)
        (self.folder / "oauth2").write_text(OAUTH2.format(folder=self.folder))
        key = self.folder / "keys" / "default" / "HS256" / "default"
        key.parent.mkdir(parents=True, exist_ok=True)
        key.write_bytes(base64.b64encode(TOKEN_KEY))

    def start(self) -> None:
        self._process = subprocess.Popen([_program(), "-F", "-c", self.folder / "conf"], start_new_session=True)
        until(self._greets, lambda: f"Dovecot did not start: {(self.folder / 'log').read_text()}")

    def _greets(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            return connection.recv(4).startswith(b"* OK")

    def stop(self) -> None:
        """The server and all that it has started, at whatever they are doing; asking politely takes seconds."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            (self.folder / "run" / "master.pid").unlink(missing_ok=True)

    def restart(self, quota: str = "storage=1G", password: str = PASSWORD) -> None:
        """Stop, and start again with that much room and that password."""
        self.stop()
        self.configure(quota, password)
        self.start()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def deliver(self, name: str, data: bytes) -> None:
        """A mail arrives, as a delivery agent would lay it down."""
        path = self.folder / "mail" / "tmp" / name
        path.write_bytes(data)
        shutil.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        path.rename(self.folder / "mail" / "new" / name)

    def login(self) -> BaseMailBox:
        """A mail client of the team, with no folder open."""
        return MailBoxUnencrypted("127.0.0.1", self.port).login(USER, PASSWORD, None)

    def drafts(self, folder: str = "Luonnokset") -> list[bytes]:
        """All that lies in Drafts, in the order it was laid there."""
        place = self.folder / "mail" / f".{folder}"
        paths = [path for part in ("cur", "new") for path in (place / part).glob("*")]
        return [path.read_bytes() for path in sorted(paths, key=_laid)]

    def subscriptions(self) -> list[str]:
        """The folders that mail clients show."""
        with self.login() as box:
            return [each.name for each in box.folder.list(subscribed_only=True)]

    def commands(self) -> list[str]:
        """All commands that the server got after logins, in order, without tags: as it wrote them down itself."""
        lines = [line for log in sorted((self.folder / "rawlog").rglob("*.in")) for line in log.read_text().split("\n")]
        found = (re.match(r"[\d.]+ [A-Z]+\d+ (.*)", line) for line in lines)
        return [each[1].strip() for each in found if each]

    def _own(self) -> None:
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.name != "run":
                shutil.chown(path, self.owner.pw_uid, self.owner.pw_gid)


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _laid(path: Path) -> tuple[int, int]:
    """When Dovecot laid a mail down, from its name: seconds and microseconds."""
    found = re.match(r"(\d+)\.M(\d+)P", path.name)
    return (int(found[1]), int(found[2])) if found else (0, 0)
