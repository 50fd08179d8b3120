"""docs/widget.md as a web developer uses it: its snippets run as they stand, and the server believes what they sign."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from saldo.web.auth.host_tokens import Host, Key, read_keys
from saldo.web.bundle import CHAT
from tests.snippets import table as table_of
from tests.support import CHECKOUT

DOCUMENT = (CHECKOUT / "docs" / "widget.md").read_text(encoding="utf-8")
ISSUER, KID = "https://app.example.com", "2026-11"
JOSE = "jose@6"
table = partial(table_of, "widget.md")
SOURCE = "".join(path.read_text(encoding="utf-8") for path in sorted(CHAT.glob("*.*")))


def snippet(language: str) -> str:
    """The first snippet of a language."""
    return str(re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[0])


def made(folder: Path, algorithm: str, command: str) -> Host:
    """A server that knows the public half of the pair which a command of the document's makes in the folder."""
    assert command in DOCUMENT
    subprocess.run([*command.split(), "-out", "saldo.pem"], cwd=folder, check=True, capture_output=True)
    pair = ["openssl", "pkey", "-in", "saldo.pem", "-pubout"]
    public = subprocess.run(pair, cwd=folder, check=True, capture_output=True, text=True).stdout
    return Host({KID: Key(algorithm, public)}, ISSUER)


def printed(folder: Path, *command: str) -> str:
    """What a program prints."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_the_python_snippet_signs_what_the_server_believes(tmp_path: Path) -> None:
    host = made(tmp_path, "EdDSA", "openssl genpkey -algorithm ed25519")
    (tmp_path / "sign.py").write_text(
        snippet("python") + '\nprint(saldo_identity("NL-1001"), saldo_identity("FI-2001"))'
    )
    tokens = printed(tmp_path, sys.executable, "sign.py").split()
    assert [host.customer(token) for token in tokens] == ["NL-1001", "FI-2001"]


def test_the_node_snippet_signs_what_the_server_believes(
    tmp_path: Path, needs_service: Callable[[str], NoReturn]
) -> None:
    if not (shutil.which("node") and shutil.which("npm")):
        needs_service("no node and npm here: apt-get install npm")
    kept = CHECKOUT / "var" / "jose"
    if not (kept / "node_modules" / "jose").is_dir():
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", kept, JOSE], check=False)
    if not (kept / "node_modules" / "jose").is_dir():
        needs_service(f"npm could not fetch {JOSE}")
    (tmp_path / "node_modules").symlink_to(kept / "node_modules")
    host = made(tmp_path, "EdDSA", "openssl genpkey -algorithm ed25519")
    (tmp_path / "sign.mjs").write_text(snippet("js") + '\nconsole.log(await saldoIdentity("NL-1001"));')
    assert host.customer(printed(tmp_path, "node", "sign.mjs")) == "NL-1001"


@pytest.mark.skipif(not (shutil.which("php") and shutil.which("composer")), reason="no PHP and composer here")
def test_the_php_snippet_signs_what_the_server_believes(tmp_path: Path) -> None:
    fetched = subprocess.run(["composer", "require", "-q", "firebase/php-jwt"], cwd=tmp_path, capture_output=True)
    if fetched.returncode:
        pytest.skip("composer cannot fetch firebase/php-jwt here")
    host = made(tmp_path, "RS256", "openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048")
    script = f"<?php require 'vendor/autoload.php';\n{snippet('php')}\necho saldo_identity('NL-1001');"
    (tmp_path / "sign.php").write_text(script)
    assert host.customer(printed(tmp_path, "php", "sign.php")) == "NL-1001"


def test_the_file_of_keys_is_as_the_document_shows_it(tmp_path: Path) -> None:
    made(tmp_path, "EdDSA", "openssl genpkey -algorithm ed25519")
    public = printed(tmp_path, "openssl", "pkey", "-in", "saldo.pem", "-pubout")
    shown = snippet("json").replace(
        "-----BEGIN PUBLIC KEY-----\\n…\\n-----END PUBLIC KEY-----", public.replace("\n", "\\n")
    )
    (tmp_path / "keys.json").write_text(
        shown.replace("at least 32 random characters", "32 random characters, or even more")
    )
    assert {kid: key.algorithm for kid, key in read_keys(tmp_path / "keys.json").items()} == {
        KID: "EdDSA",
        "shared": "HS256",
    }


def test_every_attribute_method_and_event_is_documented_and_there() -> None:
    attributes = {*re.findall(r'this\.[gh][ea][ts]Attribute\("([a-z]+)"\)', SOURCE), *re.findall(r"\[(theme)=", SOURCE)}
    attributes |= {*re.findall(r': "([a-z]+)"', re.findall(r"const OWN = .*", SOURCE)[0])}
    assert table("Attributes") - {"right", "left", "inline", "nl", "fi", "light", "dark"} == attributes
    events = {f"saldo:{name}" for name in re.findall(r'\bemit\("([a-z]+)"', SOURCE)}
    methods = set(re.findall(r"^  (?:async )?([a-zA-Z]+)\(", widget(), re.MULTILINE))
    documented = table("Methods and events")
    assert {name for name in documented if name.startswith("saldo:")} == events
    own = {name for name in methods if not name.endswith("Callback")} - {"constructor"}
    assert {name.partition("(")[0] for name in documented if "(" in name} == own


def test_every_custom_property_is_documented_and_there() -> None:
    assert set(re.findall(r"^  (--saldo-[a-z-]+):", snippet("css"), re.MULTILINE)) == set(
        re.findall(r"var\((--saldo-[a-z-]+)", SOURCE)
    )


def widget() -> str:
    return (CHAT / "saldo-chat.js").read_text(encoding="utf-8")
