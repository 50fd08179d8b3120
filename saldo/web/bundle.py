"""The widget as one file: its modules joined, so that one integrity hash vouches for all of it.

The modules are standard ones. Comments, import lines, `export` words and spaces that mean nothing go; no tool compiles.
"""

from __future__ import annotations

import base64
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
LEFT_OUT = re.compile(r"^\s*//.*\n|^import .*;\n|^export | // .*$|^ +|^\n", re.MULTILINE)
"""Comments, imports and indentation: what a browser has no use for in one file."""
TEXT_OR_SPACE = re.compile(r'("[^"\n]*"|`[^`]*`)|\s*([][=<>{}():,;?&|+*!-]+)\s*')
"""A string, which stays as it is, or signs that need no space beside them; each statement ends with a semicolon."""
STYLE_SPACE = re.compile(r"\s*([{};>+!])\s*|(?<=[:,]) +")
LAST_SEMICOLON = re.compile(r";(?=})")
"""Where a block ends, a statement or a declaration does so too."""
VERSION = re.compile(r"[0-9a-f]{12}")


class Script:
    """The joined widget, and its earlier versions that pages may still pin."""

    def __init__(self, folder: Path) -> None:
        self.content = joined().encode()
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
    style = STYLE_SPACE.sub(r"\1", (CHAT / "chat.css").read_text(encoding="utf-8"))
    style = json.dumps(LAST_SEMICOLON.sub("", style), ensure_ascii=False)
    sheet = f"const sheet=new CSSStyleSheet();\nsheet.replaceSync({style});\n"
    return sheet + "".join(_module((CHAT / f"{name}.js").read_text(encoding="utf-8")) for name in MODULES)


def _module(source: str) -> str:
    short = TEXT_OR_SPACE.sub(lambda found: found[1] or found[2], LEFT_OUT.sub("", source))
    return LAST_SEMICOLON.sub("", short)
