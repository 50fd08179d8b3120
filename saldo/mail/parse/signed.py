"""Takes what was signed out of an opaque S/MIME message (CMS SignedData, RFC 5652); it is read, and proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DEEPEST = 12
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OID, _EXPLICIT, _OCTETS, _OCTETS_IN_PIECES = 0x30, 0x06, 0xA0, 0x04, 0x24


@dataclass(frozen=True)
class _Element:
    """One element of BER: where its content begins and ends, and where the next element begins."""

    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity within, or None if the message is encrypted, or is none."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return None


def _content(data: bytes) -> bytes | None:
    kind, *wrapped = _children(data, _element(data, 0))
    if kind.tag != _OID or data[kind.start : kind.end] != _SIGNED_DATA or not wrapped:
        return None
    [signed] = _children(data, wrapped[0])
    encapsulated = next(each for each in _children(data, signed) if each.tag == _SEQUENCE)
    inner = next((each for each in _children(data, encapsulated) if each.tag == _EXPLICIT), None)
    return b"".join(_octets(data, each) for each in _children(data, inner)) if inner else None


def _octets(data: bytes, element: _Element) -> bytes:
    if element.tag == _OCTETS:
        return data[element.start : element.end]
    if element.tag != _OCTETS_IN_PIECES:
        raise ValueError("no octets")
    return b"".join(data[each.start : each.end] for each in _children(data, element) if each.tag == _OCTETS)


def _children(data: bytes, parent: _Element) -> Iterator[_Element]:
    at = parent.start
    while at < parent.end:
        child = _element(data, at)
        yield child
        at = child.after


def _element(data: bytes, at: int, depth: int = 0) -> _Element:
    tag, length, start = data[at], data[at + 1], at + 2
    if tag & 0x1F == 0x1F or depth > DEEPEST:
        raise ValueError("no element of a signed message")
    if length == 0x80:  # of indefinite length: up to two zero bytes
        end = start
        while data[end] or data[end + 1]:
            end = _element(data, end, depth + 1).after
        return _Element(tag, start, end, end + 2)
    if length > 0x80:
        size = length - 0x80
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > len(data):
        raise ValueError("it ends too early")
    return _Element(tag, start, start + length, start + length)
