"""Mails that lie in files: .eml files, folders of them, mbox files and Maildirs."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from saldo.errors import UnusableFile
from saldo.mail.parse.incoming import LARGEST, UnreadableMail

_UNSAFE = re.compile(r"[^\w.-]+")
MAILBOX_SUFFIXES = (".mbox", ".mbx")


@dataclass(frozen=True)
class StoredMail:
    """One mail in a file; `load` reads its bytes and raises UnreadableMail if it cannot."""

    stem: str
    """What its draft and its review are called."""
    place: str
    load: Callable[[], bytes]


def stored_mails(paths: Iterable[Path]) -> list[StoredMail]:
    """All mails under these paths in a steady order, each under a name of its own. UnusableFile if there are none."""
    found = [mail for path in paths for mail in _in(path)]
    names: dict[str, int] = {}
    unique = []
    for mail in found:
        names[mail.stem] = names.get(mail.stem, 0) + 1
        unique.append(mail if names[mail.stem] == 1 else replace(mail, stem=f"{mail.stem}-{names[mail.stem]}"))
    return unique


def _in(path: Path) -> Iterator[StoredMail]:
    if not path.exists():
        raise UnusableFile(path, "there is no such file or folder.")
    if _is_maildir(path):
        yield from _maildir(path)
    elif path.is_dir():
        yield from _folder(path)
    elif _is_mbox(path):
        yield from _mbox(path)
    else:
        yield StoredMail(_stem(path.stem), str(path), partial(_read, path))


def _folder(path: Path) -> Iterator[StoredMail]:
    inner = sorted(each for each in path.rglob("*") if each.is_file())
    found = [each for each in inner if each.suffix.lower() in (".eml", *MAILBOX_SUFFIXES)]
    if not found:
        raise UnusableFile(path, "there are no mails in it: no .eml or .mbox file, and it is no Maildir.")
    for each in found:
        yield from _in(each)


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _maildir(path: Path) -> Iterator[StoredMail]:
    """The mails of a Maildir by arrival; without the flags in the name, which change when somebody reads one."""
    for each in sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()], key=lambda each: each.name):
        if each.is_file() and not each.name.startswith("."):
            yield StoredMail(_stem(each.name.partition(":")[0]), str(each), partial(_read, each))


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError as error:
        raise UnusableFile(path, f"it cannot be read ({error.strerror}).") from None


def _mbox(path: Path) -> Iterator[StoredMail]:
    box = mailbox.mbox(path, create=False)
    for number, key in enumerate(box.keys(), 1):
        yield StoredMail(f"{_stem(path.stem)}-{number:04}", f"{path}, mail {number}", partial(_from_box, box, key))


def _from_box(box: mailbox.mbox, key: str) -> bytes:
    try:
        return box.get_bytes(key)[: LARGEST + 1]
    except (OSError, KeyError, ValueError) as error:
        raise UnreadableMail(f"it cannot be read ({error})") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableMail(f"it cannot be read ({error.strerror})") from None


def _stem(name: str) -> str:
    return _UNSAFE.sub("-", name).strip(".-")[:120] or "mail"
