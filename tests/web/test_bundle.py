"""The widget's one file: all modules in it, light, and vouched for by its hash."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli

from saldo.web.bundle import CHAT, LATER, MODULES, Script, integrity_of, joined_later, name_of


def test_every_module_is_in_it_or_comes_later() -> None:
    assert {path.stem for path in CHAT.glob("*.js")} == {*MODULES, *LATER}
    assert joined_later().endswith("export { dates, handed, handover, keeping };\n")


def test_it_vouches_for_what_comes_later(tmp_path: Path) -> None:
    script = Script(tmp_path)
    content = script.newest.content.decode()
    assert f'["{name_of(script.later)}", "{integrity_of(script.later, "sha256")}"]' in content
    assert "customElements.define" in content
    assert script.pinned(script.later.version) == script.later


def test_is_one_file_that_is_light_on_the_wire(tmp_path: Path) -> None:
    script = Script(tmp_path)
    content = script.newest.content.decode()
    packed = script.newest.compressed
    assert brotli.decompress(packed["br"]) == gzip.decompress(packed["gzip"]) == script.newest.content
    assert len(packed["br"]) < len(packed["gzip"])
    assert not re.search(r"^(import|export)\b|//(?!www\.w3\.org)|\n\s", content, re.MULTILINE)
    assert "open({focus=true,text,invoice}={})" in content, "names stay as they are written"


def test_modules_have_no_words_for_customers_and_parse_no_markup() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in CHAT.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|DOMParser|document\.write|eval\(", sources)
    assert not re.search(r"""["'`](?:Uw|U |Sulje|Sluiten|Kysy|Vraag)""", sources)


def test_a_version_stays_available(tmp_path: Path) -> None:
    (tmp_path / "0123456789ab.js").write_bytes(b"of before")
    script = Script(tmp_path)
    earlier = script.pinned("0123456789ab")
    assert earlier and gzip.decompress(earlier.compressed["gzip"]) == earlier.content == b"of before"
    assert script.pinned(script.newest.version) == script.newest
    assert script.pinned("../../key") is None
    assert script.integrity == "sha384-" + base64.b64encode(hashlib.sha384(script.newest.content).digest()).decode()
