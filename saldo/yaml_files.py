"""The one reader of YAML files: content, word lists, mappings. Every mistake is told with file and line, all at once.

A shape (a pydantic model, or a type made of `dict`, `WordSet`, `Expression` and the like) says what a file holds.
Scalars are read as text and only the shape turns them into numbers: in YAML itself `no` is False, `12:30` is 750 and
`2026-07-01` a date, which no writer of a word list ever means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, Extra, ValidationError, parse_obj_as

from saldo.errors import Fault, FaultyFiles

Shape = TypeVar("Shape")
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster, where it is built in


class Strict(BaseModel):
    """A mapping in a file: an unknown key is a mistake, and so is an empty text."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        anystr_strip_whitespace = True
        min_anystr_length = 1


class Expression(str):
    """A regular expression, kept as it is written so that several can be put together."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Any]:
        yield cls._compiled

    @classmethod
    def _compiled(cls, value: Any) -> Expression:
        if not isinstance(value, str):
            raise ValueError("should be a regular expression, in quotes")
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"{value!r} is no regular expression: {error}") from None
        return cls(value)


class WordSet(frozenset[str]):
    """Words, each once: a list, or a text with blanks between them."""

    @classmethod
    def __get_validators__(cls) -> Iterator[Any]:
        yield cls._words

    @classmethod
    def _words(cls, value: Any) -> WordSet:
        words = value.split() if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError("should be a list of words, or words with blanks between them")
        if twice := [word for word, count in Counter(words).items() if count > 1]:
            raise ValueError(f"{', '.join(map(repr, twice))} stands there twice; once is enough")
        return cls(words)


if TYPE_CHECKING:
    Words = tuple[str, ...]
else:

    class Words(tuple):
        """Words or phrases in the order written, each once."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Any]:
            yield cls._words

        @classmethod
        def _words(cls, value: Any) -> Words:
            WordSet._words(value)
            return cls(value.split() if isinstance(value, str) else value)


def read_yaml(path: Path, shape: type[Shape]) -> Shape:
    """One file in that shape; FaultyFiles with all that is wrong in it."""
    reader = Reader(path.parent)
    content = reader.read(path, shape)
    reader.raise_faults()
    assert content is not None
    return content


class Reader:
    """Reads files one by one and keeps the mistakes until all are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def read(self, path: Path, shape: type[Shape]) -> Shape | None:
        """One file as `shape`; None, and the faults kept, if it is not."""
        node, data = self._content(path)
        if node is None:
            return None
        try:
            return parse_obj_as(shape, data)
        except ValidationError as error:
            for problem in error.errors():
                steps = problem["loc"][1:]
                place = ".".join(map(str, steps))
                self.fault(path, _line(node, steps), f"{place}: {problem['msg']}" if place else problem["msg"])
            return None

    def fault(self, path: Path, line: int, text: str) -> None:
        """Keep a mistake; the file is named from the folder that was given on."""
        self.faults.append(Fault(str(path.relative_to(self.folder.parent)), line, text))

    def raise_faults(self) -> None:
        if self.faults:
            raise FaultyFiles(self.faults)

    def _content(self, path: Path) -> tuple[yaml.Node | None, Any]:
        """A file's YAML, with and without its places; None for both, and the faults kept, if it holds none."""
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=Loader)
            data = _constructed(node) if node is not None else None
        except FileNotFoundError:
            self.fault(path, 0, "is missing")
        except OSError as error:
            self.fault(path, 0, f"cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            self.fault(path, 0, "is not UTF-8 text")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.fault(path, mark.line + 1 if mark else 0, f"is no YAML: {error.problem}")
        except yaml.YAMLError as error:
            self.fault(path, 0, f"is no YAML: {str(error).splitlines()[0]}")
        else:
            if node is None:
                self.fault(path, 1, "is empty")
            for key in _repeated(node):
                self.fault(path, key.start_mark.line + 1, f"{key.value} comes twice")
            return node, data
        return None, None


def _constructed(node: yaml.Node) -> Any:
    """The content as text, lists and mappings only."""
    constructor = yaml.BaseLoader("")
    try:
        return constructor.construct_document(node)
    finally:
        constructor.dispose()


def _repeated(node: yaml.Node | None) -> Iterator[yaml.Node]:
    """The keys that stand a second time in their mapping; YAML itself would silently keep the last."""
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys:
                yield key
            keys.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item)


def _line(node: yaml.Node, location: tuple[Any, ...]) -> int:
    """The line where a mistake stands: follow its keys and indices into the node tree as far as they go."""
    for step in location:
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == str(step)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            inner = node.value[step]
        else:
            inner = None
        if inner is None:
            break
        node = inner
    return int(node.start_mark.line) + 1
