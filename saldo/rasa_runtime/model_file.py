"""A model's file: whether it is whole, the one that was trained, and this bot's.

Beside it stands its hash, as `sha256sum -c` reads it. Models are code, so this is looked at before one is loaded.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
import time
import zlib
from pathlib import Path

from saldo.errors import UnusableFile

OURS = "saldo.rasa_runtime.components.intent.IntentComponent"
"""What a model of this bot understands by."""
REMEDY = "make it anew: `saldo train --force`."
BETWEEN_SECONDS = 2.0
"""That may pass while a new model is there and its hash is not."""


def hash_file(model: Path) -> Path:
    """Where a model's hash stands."""
    return model.with_name(f"{model.name}.sha256")


def write_hash(model: Path) -> None:
    """Keep the hash of a model that was just made."""
    hash_file(model).write_text(f"{_hash(model)}  {model.name}\n", encoding="ascii")


def intact(model: Path) -> str:
    """The hash of a whole model, the one that was trained; UnusableFile if it is damaged or another."""
    end = time.monotonic() + BETWEEN_SECONDS
    while (found := _hash(model)) != (known := _known(model)):
        if not known:  # it was made before hashes were kept, so each byte is looked at
            _nodes(model)
            break
        if time.monotonic() > end:
            raise UnusableFile(model, f"this is not the model that was trained (its hash differs); {REMEDY}")
        time.sleep(0.1)
    return found


def must_be_this_bots(model: Path) -> None:
    """UnusableFile if another bot's model stands there; looking into it takes longer than its hash."""
    if not any(str(node.get("uses", "")) == OURS for node in _nodes(model).values()):
        raise UnusableFile(model, f"this is the model of another bot; {REMEDY}")


def _hash(model: Path) -> str:
    digest = hashlib.sha256()
    try:
        with model.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UnusableFile(model, f"this model cannot be read ({error.strerror}); {REMEDY}") from None
    return digest.hexdigest()


def _known(model: Path) -> str:
    try:
        return (hash_file(model).read_text(encoding="ascii", errors="replace").split() or ["-"])[0]
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise UnusableFile(hash_file(model), f"this cannot be read ({error.strerror}).") from None


def _nodes(model: Path) -> dict[str, dict[str, object]]:
    """What the model is made of; every byte of it is unpacked, so that one that ends too early is found."""
    try:
        with tarfile.open(model, "r:gz") as packed:
            files = {Path(member.name).name: member for member in packed.getmembers() if member.isfile()}
            content = packed.extractfile(files["metadata.json"])
            described = json.load(content) if content else {}
        return dict(described["predict_schema"]["nodes"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, tarfile.TarError, zlib.error):
        raise UnusableFile(model, f"this is no whole model; {REMEDY}") from None
