"""The widget's one file: all modules in it, light, and vouched for by its hash."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from pathlib import Path

from saldo.web.bundle import CHAT, MODULES, Script, joined


def test_every_module_is_in_it() -> None:
    assert {path.stem for path in CHAT.glob("*.js")} == set(MODULES)
    assert "customElements.define" in joined()


def test_is_one_readable_file_that_is_light_on_the_wire(tmp_path: Path) -> None:
    script = Script(tmp_path)
    content = script.content.decode()
    assert len(script.compressed) < 14 * 1024
    assert gzip.decompress(script.compressed) == script.content
    assert "\n  // " in content, "comments and indentation stay: no tool stands between the source and a reader"
    assert not re.search(r"^(import|export)\b", content, re.MULTILINE)


def test_modules_have_no_words_for_customers_and_parse_no_markup() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in CHAT.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|DOMParser|document\.write|eval\(", sources)
    assert not re.search(r"""["'`](?:Uw|U |Sulje|Sluiten|Kysy|Vraag)""", sources)


def test_a_version_stays_available(tmp_path: Path) -> None:
    (tmp_path / "0123456789ab.js").write_bytes(b"of before")
    script = Script(tmp_path)
    assert script.pinned("0123456789ab") == b"of before"
    assert script.pinned(script.version) == script.content
    assert script.pinned("../../key") is None
    assert script.integrity == "sha384-" + base64.b64encode(hashlib.sha384(script.content).digest()).decode()
