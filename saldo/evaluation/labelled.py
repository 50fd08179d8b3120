"""Reads labelled questions (JSON Lines or Rasa's NLU YAML), and checks training examples against them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from saldo.errors import Fault, FaultyFiles, UnusableFile
from saldo.language import LANGUAGES
from saldo.nlu.decision import SMALL_TALK
from saldo.nlu.features import NAME, words

STYLE = "plain"
_FORM = 'one JSON object a line, {"text": …, "label": …} and optional "style" and "language"'


@dataclass(frozen=True)
class Labelled:
    """A question and the intent it should be understood as."""

    text: str
    label: str
    language: str = ""
    """`nl` or `fi`, told by the line, the file's name or a folder above it; else empty."""
    style: str = STYLE
    file: str = field(default="", compare=False)
    number: int = field(default=0, compare=False)
    """The line in that file."""


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """The questions of all files; folders are searched. All mistakes are reported at once."""
    found: list[Labelled | Fault] = [item for path in paths for file in _files(path) for item in _read(file)]
    faults = [item for item in found if isinstance(item, Fault)]
    if faults:
        raise FaultyFiles(faults)
    return [item for item in found if isinstance(item, Labelled)]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise UnusableFile(path, "there is no such file or folder")
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in (".jsonl", ".yml", ".yaml"))


def _read(path: Path) -> Iterator[Labelled | Fault]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFile(path, f"cannot be read as UTF-8 text ({error})") from error
    return _yaml(path, text) if path.suffix in (".yml", ".yaml") else _lines(path, text)


def _lines(path: Path, text: str) -> Iterator[Labelled | Fault]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _line(path, number, line)


def _line(path: Path, number: int, line: str) -> Labelled | Fault:
    try:
        content = json.loads(line)
    except json.JSONDecodeError as error:
        return Fault(str(path), number, f"not JSON ({error.msg}); expected {_FORM}")
    if not isinstance(content, dict) or not all(_is_text(content.get(key)) for key in ("text", "label")):
        return Fault(str(path), number, f'"text" or "label" is missing or empty; expected {_FORM}')
    language = str(content.get("language") or _language(path))
    return Labelled(content["text"], content["label"], language, str(content.get("style") or STYLE), str(path), number)


def _yaml(path: Path, text: str) -> Iterator[Labelled | Fault]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Fault(str(path), mark.line + 1 if mark else 0, f"not YAML ({getattr(error, 'problem', error)})")
        return
    blocks = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        yield Fault(str(path), 1, "`nlu:` with a list of intents and examples is missing")
        return
    for block, (line, first) in zip(blocks, _block_lines(root), strict=True):
        yield from _block(path, line, first, block)


def _block_lines(root: Any) -> list[tuple[int, int]]:
    """For each entry below `nlu:` its line, and that of its first example."""
    nlu = next(value for key, value in root.value if key.value == "nlu")
    return [(entry.start_mark.line + 1, _first_example(entry)) for entry in nlu.value]


def _first_example(entry: Any) -> int:
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else []
    return next((value.start_mark.line + 2 for key, value in pairs if key.value == "examples"), 0)


def _block(path: Path, line: int, first: int, block: Any) -> Iterator[Labelled | Fault]:
    if not isinstance(block, dict) or not _is_text(block.get("intent")) or not _is_text(block.get("examples")):
        yield Fault(str(path), line, "expected `intent: name` and `examples: |` with lines that begin with `- `")
        return
    style = str((block.get("metadata") or {}).get("style") or STYLE)
    for number, example in enumerate(block["examples"].splitlines(), first):
        if example.startswith("- "):
            yield Labelled(example[2:].strip(), block["intent"], _language(path), style, str(path), number)


def _language(path: Path) -> str:
    names = [path.stem, *(parent.name for parent in path.resolve().parents)]
    return next((name for name in names if name in LANGUAGES), "")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


NEARLY = 94
"""From this likeness on, of 100, two examples teach the same."""
TOO_LIKE = 90
"""From this likeness on, of 100, an example gives a measuring question away."""
LONG = 16
"""Letters from which likeness says anything; shorter ones must be the same."""


def faults(examples: Sequence[Labelled], measuring: Sequence[Labelled]) -> list[Fault]:
    """All that is wrong with the examples; `measuring` are the questions they must not come near."""
    found: list[Fault] = []
    distinct = list(_distinct(examples, found))
    return [*found, *_alike(distinct), *_given_away(distinct, measuring)]


def _distinct(examples: Iterable[Labelled], found: list[Fault]) -> Iterator[Labelled]:
    """Each question once; the others become faults."""
    first: dict[tuple[str, str], Labelled] = {}
    for one in examples:
        other = first.setdefault((one.language, _seen(one)), one)
        if other is one:
            yield one
        elif other.label == one.label:
            found.append(_fault(one, f"the same as “{other.text}” in line {other.number}"))
        else:
            found.append(_fault(one, f"of two intents: it stands in {other.file}, line {other.number}, too"))


def _alike(examples: Sequence[Labelled]) -> Iterator[Fault]:
    for group in _by_language(examples).values():
        long = [one for one in group if len(_seen(one)) >= LONG]
        for row, column in zip(*np.nonzero(np.triu(_likeness(long, long, NEARLY), 1)), strict=True):
            yield _fault(long[column], f"nearly the same as “{long[row].text}” ({long[row].file}, {long[row].number})")


def _given_away(examples: Sequence[Labelled], measuring: Sequence[Labelled]) -> Iterator[Fault]:
    """Small talk is exempt where it is short: there are only so many ways to say hello."""
    asked = _by_language(measuring)
    for language, group in _by_language(examples).items():
        same = {_seen(one) for one in asked[language] if one.label not in SMALL_TALK}
        yield from (_fault(one, "a question that understanding is measured on") for one in group if _seen(one) in same)
        long = [one for one in group if len(_seen(one)) >= LONG and _seen(one) not in same]
        hidden = [one for one in asked[language] if len(_seen(one)) >= LONG]
        for row in np.flatnonzero(_likeness(long, hidden, TOO_LIKE).any(axis=1)):
            yield _fault(long[row], "nearly a question that understanding is measured on")


def _likeness(some: Sequence[Labelled], others: Sequence[Labelled], least: int) -> NDArray[np.uint8]:
    """How alike each two are, 0 to 100; 0 where it is below `least`."""
    if not some or not others:
        return np.zeros((len(some), len(others)), np.uint8)
    seen = [[_seen(one) for one in each] for each in (some, others)]
    return np.asarray(process.cdist(*seen, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8, workers=-1))


def _by_language(examples: Iterable[Labelled]) -> defaultdict[str, list[Labelled]]:
    grouped: defaultdict[str, list[Labelled]] = defaultdict(list)
    for one in examples:
        grouped[one.language].append(one)
    return grouped


def _seen(one: Labelled) -> str:
    return " ".join(word for word in words(one.text) if word != NAME) or one.text


def _fault(one: Labelled, what: str) -> Fault:
    return Fault(one.file, one.number, f"“{one.text}” is {what}")
