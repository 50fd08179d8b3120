"""Reads content files; every mistake in any of them is told with its file and line, all in one go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError, parse_obj_as

from saldo.errors import Fault, FaultyFiles, UnusableFile
from saldo.faq.texts import LANGUAGES, Elsewhere, Exception_, Faq, TopicText, Words

Model = TypeVar("Model", bound=BaseModel)
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times faster, where it is built in


def load(folder: Path) -> Faq:
    """Load `faq/`; raises FaultyFiles with all mistakes, or UnusableFile where there is no such folder."""
    if not folder.is_dir():
        raise UnusableFile(folder, "there is no such folder of content files.")
    reader = Reader(folder)
    topics = reader.mapping(folder / "topics.yml")
    texts = {
        language: {path.stem: text for path in _files(folder / language) if (text := reader.read(path, TopicText))}
        for language in LANGUAGES
    }
    words = {language: reader.read(folder / f"{language}.yml", Words) for language in LANGUAGES}
    elsewhere = reader.read(folder / "en.yml", Elsewhere)
    exceptions = reader.read(folder / "exceptions.yml", list[Exception_])  # type: ignore[type-var]
    reader.raise_faults()
    return Faq(folder, topics, texts, words, elsewhere, tuple(exceptions))  # type: ignore[arg-type]


class Reader:
    """Reads files one by one and keeps the mistakes until all are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []

    def read(self, path: Path, shape: type[Model]) -> Model | None:
        """One file as `shape`; None, and the faults kept, if it is not."""
        node, data = self._content(path)
        if node is None:
            return None
        try:
            return parse_obj_as(shape, data)
        except ValidationError as error:
            for problem in error.errors():
                self.fault(path, _line(node, problem["loc"][1:]), _told(dict(problem)))
            return None

    def mapping(self, path: Path) -> dict[str, str]:
        """A file of names and texts; empty, and the faults kept, if it is not."""
        node, data = self._content(path)
        if isinstance(data, dict) and all(value and isinstance(value, str) for value in data.values()):
            return data
        if node is not None:
            self.fault(path, 1, "should be a mapping from topic to one line about it")
        return {}

    def fault(self, path: Path, line: int, text: str) -> None:
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


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _constructed(node: yaml.Node) -> Any:
    """The content as text, lists and mappings only: `yes` is a word and `2026-07-01` is no date."""
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


def _told(problem: dict[str, Any]) -> str:
    place = ".".join(str(step) for step in problem["loc"][1:])
    return f"{place}: {problem['msg']}" if place else str(problem["msg"])
