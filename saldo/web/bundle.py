"""The widget as one file: its modules joined, so that one integrity hash vouches for all of it.

The modules are standard ones and stay readable; only what one file cannot have goes, import lines and `export` words.
What counts is what goes over the wire: it is compressed once, at the start.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

CHAT = Path(__file__).parent / "static" / "chat"
MODULES = (
    "elements",
    "words",
    "memory",
    "line",
    "conversation",
    "pictures",
    "blocks",
    "feedback",
    "panel",
    "saldo-chat",
)
"""In the order in which they need each other."""
BETWEEN_MODULES = re.compile(r"^import .*;\n|^export ", re.MULTILINE)
VERSION = re.compile(r"[0-9a-f]{12}")


class Script:
    """The joined widget, and its earlier versions that pages may still pin."""

    def __init__(self, folder: Path) -> None:
        self.content = joined().encode()
        self.compressed = gzip.compress(self.content, mtime=0)
        self.version = hashlib.sha256(self.content).hexdigest()[:12]
        self.integrity = "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode()
        self._kept = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.version}.js").write_bytes(self.content)

    @property
    def name(self) -> str:
        """The address of this version, beside the page."""
        return f"saldo-chat-{self.version}.js"

    def pinned(self, version: str) -> bytes | None:
        """A version by its number; None if it was never served here."""
        path = self._kept / f"{version}.js"
        return path.read_bytes() if VERSION.fullmatch(version) and path.is_file() else None


def joined() -> str:
    """All modules as one, the style sheet first."""
    style = json.dumps((CHAT / "chat.css").read_text(encoding="utf-8"), ensure_ascii=False)
    modules = (BETWEEN_MODULES.sub("", (CHAT / f"{name}.js").read_text(encoding="utf-8")) for name in MODULES)
    return f"const sheet = new CSSStyleSheet();\nsheet.replaceSync({style});\n{''.join(modules)}"
