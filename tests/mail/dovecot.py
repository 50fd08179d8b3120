"""A real Dovecot in a folder of its own: one mailbox, a password, nothing else; stopped at the end."""

from __future__ import annotations

import base64
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import jwt

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
  separator = /
  mailbox {drafts} {{
    auto = create
    special_use = \\Drafts
  }}
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


class Dovecot:
    """The server; `url` is what `saldo mail watch` takes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"imap://{USER}@127.0.0.1:{self.port}/INBOX"
        self.owner = pwd.getpwnam("nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name)
        self.configure()
        for name in ("mail/cur", "mail/new", "mail/tmp", "home", "run"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self._own()

    @staticmethod
    def is_there() -> bool:
        return bool(shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists())

    def configure(self, quota: str = "storage=1G") -> None:
        """Write the configuration; a small quota is a disk that is full."""
        group = __import__("grp").getgrgid(self.owner.pw_gid).gr_name
        text = CONFIG.format(
            folder=self.folder, user=self.owner.pw_name, group=group, uid=self.owner.pw_uid, gid=self.owner.pw_gid,
            password=PASSWORD, port=self.port, drafts="Luonnokset", quota=quota,
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

    def restart(self, quota: str = "storage=1G") -> None:
        """Stop, and start again with that much room."""
        self.stop()
        self.configure(quota)
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

    def drafts(self) -> list[bytes]:
        """All that lies in Drafts."""
        folder = self.folder / "mail" / ".Luonnokset"
        return [path.read_bytes() for part in ("cur", "new") for path in (folder / part).glob("*")]

    def _own(self) -> None:
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.name != "run":
                shutil.chown(path, self.owner.pw_uid, self.owner.pw_gid)


def _program() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"
