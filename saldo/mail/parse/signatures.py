"""Takes signatures off: what stands below "-- " or a closing line, and what phones add by themselves."""

from __future__ import annotations

import re
from functools import cache

from saldo.mail.parse.words import any_of, word_lists

NAME_AT_MOST = 40
"""Characters that may follow a closing on its own line: a name."""
_DELIMITER = re.compile(r"(?:--|__|—)\s*$")


def without_signature(text: str, name: str = "") -> str:
    """The text above the signature, and the afterword below it; `name` is the writer's, as in the From field."""
    lines = [line for line in text.splitlines() if not _mobile().match(line)]
    ends = (index for index, line in enumerate(lines) if _ends_letter(line) or _is_name(line, name))
    at = next((index for index in ends if _said(lines[:index])), len(lines))
    above = "\n".join(lines[:at]).strip()
    afterword = "\n".join(_afterword(lines[at:]))
    return f"{above}\n\n{afterword}" if afterword else above


def _ends_letter(line: str) -> bool:
    return bool(_DELIMITER.match(line) or _closing().match(line))


def _is_name(line: str, name: str) -> bool:
    """Whether a line is the writer's name, and perhaps what they are: it closes a letter that has no closing."""
    line_name, full = line.strip(" ,.*_").lower(), name.lower()
    if not line_name or not full:
        return False
    return line_name in (full, full.split()[0]) or line_name.startswith(
        tuple(f"{full}{mark}" for mark in (",", " |", " -", " /", " –"))
    )


def _said(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def _afterword(lines: list[str]) -> list[str]:
    """The paragraph that begins with "PS", wherever it stands."""
    first = next((index for index, line in enumerate(lines) if _postscript().match(line)), None)
    if first is None:
        return []
    end = next((index for index in range(first, len(lines)) if not lines[index].strip()), len(lines))
    return lines[first:end]


@cache
def _closing() -> re.Pattern[str]:
    """A line of nothing but a closing, and perhaps a name: after a comma, or in capitals."""
    words = any_of(word_lists().closings)
    alone = r"\s*[*_.,;:!/]*\s*"
    name = rf"\s*[,:/.]\s*[^\W\d_][^?!,\d]{{0,{NAME_AT_MOST}}}"
    capitals = r"(?<=\w{2})\s+[^\W\d_a-zäöåéëï][\w'’-]*(?:\s+[^\W\d_][\w'’.-]*){0,3}"
    return re.compile(rf"\s*[*_]?(?i:{words})(?:{alone}|{name}|{capitals})$")


@cache
def _mobile() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{any_of(word_lists().mobile)})(?!\w)[^?]{{0,60}}$", re.IGNORECASE)


@cache
def _postscript() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{any_of(word_lists().postscripts)})\s*[:.,;-]?\s+\S", re.IGNORECASE)
