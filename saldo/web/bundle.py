"""The widget as one file: its modules joined, so that one integrity hash vouches for all of it; and a second for later.

The modules are standard ones and read as such. What one file cannot have, import lines and `export` words, is left out,
and what no browser reads: comments and spaces. It is compressed once, at the start.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
import rcssmin
import rjsmin

CHAT = Path(__file__).parent / "static" / "chat"
MODULES = (
    "elements",
    "line",
    "outbox",
    "conversation",
    "pictures",
    "blocks",
    "words",
    "memory",
    "panel",
    "chips",
    "feedback",
    "later",
    "log",
    "saldo-chat",
)
"""In the order in which they need each other."""
LATER = ("elements", "dress", "days", "handover", "keeping")
"""What few need, joined into a script of its own; `later.js` loads it, and names what is used of it."""
BETWEEN_MODULES = re.compile(r"^import .*;\n|^export ", re.MULTILINE)
VERSION = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Packed:
    """What browsers load: as it is and compressed, under a version that its content gives it."""

    content: bytes
    compressed: Mapping[str, bytes]
    """By the name of the coding, the smallest first."""
    version: str


def packed(content: bytes) -> Packed:
    """Compress it once."""
    compressed = {"br": brotli.compress(content, mode=brotli.MODE_TEXT), "gzip": gzip.compress(content, mtime=0)}
    return Packed(content, compressed, hashlib.sha256(content).hexdigest()[:12])


class Script:
    """The joined widget, and its earlier versions that pages may still pin."""

    def __init__(self, folder: Path) -> None:
        self.later = packed(joined_later().encode())
        self.newest = packed(joined(name_of(self.later), integrity_of(self.later, "sha256")).encode())
        self.integrity = integrity_of(self.newest)
        folder.mkdir(parents=True, exist_ok=True)
        for script in (self.later, self.newest):
            (folder / f"{script.version}.js").write_bytes(script.content)
        kept = (path for path in folder.glob("*.js") if VERSION.fullmatch(path.stem))
        self._kept = {path.stem: packed(path.read_bytes()) for path in kept}

    @property
    def name(self) -> str:
        """The address of this version, beside the page."""
        return name_of(self.newest)

    def pinned(self, version: str) -> Packed | None:
        """A version by its number; None if it was never served here."""
        return self._kept.get(version)


def name_of(script: Packed) -> str:
    """A script's address, beside the page."""
    return f"saldo-chat-{script.version}.js"


def integrity_of(script: Packed, algorithm: str = "sha384") -> str:
    """The hash that a browser compares it with."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, script.content).digest()).decode()}"


def joined(later: str, integrity: str) -> str:
    """All modules as one, the style sheet first; it vouches for what it loads later."""
    return f"{_style('chat')}const LATER={json.dumps([later, integrity])};\n{_code(MODULES)}"


def joined_later() -> str:
    """What is loaded later, as one module."""
    return f"{_style('later')}{_code(LATER)}export {{ dates, handed, handover, keeping }};\n"


def _style(name: str) -> str:
    style = rcssmin.cssmin((CHAT / f"{name}.css").read_text(encoding="utf-8"))
    return f"const sheet=new CSSStyleSheet();sheet.replaceSync({json.dumps(style, ensure_ascii=False)});\n"


def _code(names: Iterable[str]) -> str:
    modules = (BETWEEN_MODULES.sub("", (CHAT / f"{name}.js").read_text(encoding="utf-8")) for name in names)
    return f"{rjsmin.jsmin(''.join(modules))}\n"
