"""Takes quoted history out of a mail's text: what Outlook, Gmail, Apple Mail and Thunderbird put around it.

Lines marked with ">" go wherever they stand, so that answers between them stay. A block of headers, a line
such as "-----Oorspronkelijk bericht-----" or "Op … schreef …:" over unmarked text ends what the writer wrote.
Every line is looked at a fixed number of times, so the time grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from saldo.mail.parse.words import any_of, word_lists

Lines = Sequence[str]
LONGEST_LINE = 400
"""Characters of a line that a mail program would write; longer ones are a person's."""
WRAPPED = 4
"""Lines that "On … X wrote:" may be broken over."""
HEADER_LINES = 8
"""Lines within which the labels of an older message's header stand."""

_QUOTED = re.compile(r"\s{0,3}[>|»]")
_RULE = re.compile(r"[-_=*—\s]{3,}$")
_DASHES = re.compile(r"^[\s>*_=—-]*|[\s*_=:—-]*$")
_ADDRESS = re.compile(r"[^\s@<]+@[^\s@>]+")
_TIME = re.compile(r"\b\d{1,2}[.:]\d{2}\b")
_DAY = re.compile(
    r"\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4}\b"
)


def own_parts(text: str) -> list[str]:
    """The pieces of text that the writer wrote, in order, parted where quoted lines stood between them."""
    lines = text.splitlines()
    parts: list[list[str]] = [[]]
    for line in _own_lines(lines):
        if line is None:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in map(_joined, parts) if part]


def _own_lines(lines: Lines) -> Iterator[str | None]:
    """The writer's lines; None where quoted ones were left out."""
    index = 0
    while index < len(lines):
        if _QUOTED.match(lines[index]):
            yield None
            index += 1
        elif _begins_history(lines, index):
            return
        elif span := _attribution(lines, index):
            if not _quoted_after(lines, index + span):
                return
            yield None
            index += span
        else:
            yield lines[index]
            index += 1


def _begins_history(lines: Lines, index: int) -> bool:
    """Whether everything from this line on is an older message."""
    line = lines[index]
    if len(line) > LONGEST_LINE or not line.strip():
        return False
    return _DASHES.sub("", line).lower() in word_lists().separators or _is_header_block(lines, index)


def _is_header_block(lines: Lines, index: int) -> bool:
    """Whether "Van:", "Verzonden:", "Aan:" and their like begin here; one label alone is a person's."""
    first = _label(lines[index])
    if first is None:
        return False
    found = {first}
    for line in lines[index + 1 : index + HEADER_LINES]:
        if label := _label(line):
            found.add(label)
    return "from" in found and len(found) >= 3


def _label(line: str) -> str | None:
    found = _labels().match(line) if len(line) <= LONGEST_LINE * 5 else None
    return found.lastgroup if found else None


@cache
def _labels() -> re.Pattern[str]:
    kinds = (f"(?P<{kind}>{any_of(labels)})" for kind, labels in word_lists().headers.items())
    return re.compile(rf"\s*\*?(?:{'|'.join(kinds)})\s?\*?:", re.IGNORECASE)


def _attribution(lines: Lines, index: int) -> int:
    """How many lines from here on are "On … X wrote:", 0 if they are none."""
    own = ""
    for span, line in enumerate(lines[index : index + WRAPPED], 1):
        if not line.strip() or len(line) > LONGEST_LINE:
            return 0
        own = f"{own} {line.strip()}".strip()
        if line.rstrip().endswith(":"):
            whole = (_names_writer(own) or _is_stamped(own)) and _is_beginning(lines[index], span)
            return span if whole and (_is_certain(own) or _quoted_after(lines, index + span)) else 0
    return 0


def _names_writer(own: str) -> bool:
    """Whether the verb stands in the line, with something before it: whose words they are, or when."""
    verb = _verb().search(own)
    return bool(verb and verb.start() > 1)


def _is_beginning(line: str, span: int) -> bool:
    """Whether a wrapped line can begin with this one: a day or an address stands in it, or the verb."""
    opens = _ADDRESS.search(line) or _TIME.search(line) or _DAY.search(line) or _verb().search(line)
    return span == 1 or (bool(opens or _opener().match(line)) and not line.rstrip().endswith((".", "!", "?", ":")))


def _is_stamped(own: str) -> bool:
    """Whether a day, the time and an address stand in it: a program wrote it, in whatever language."""
    return bool(_ADDRESS.search(own) and _DAY.search(own) and _TIME.search(own))


def _is_certain(own: str) -> bool:
    """Whether only a program writes so: an address, or both the day and the time."""
    return bool(_ADDRESS.search(own) or (_DAY.search(own) and _TIME.search(own)))


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(word_lists().wrote)})(?!\w)", re.IGNORECASE)


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{any_of(word_lists().openers)})\s(?:[^\W\d]{{2,12}}[.,]?\s)?\d", re.IGNORECASE)


def _quoted_after(lines: Lines, index: int) -> bool:
    """Whether the next line that is not empty is marked as quoted."""
    following = next((line for line in lines[index : index + 4] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _joined(lines: list[str]) -> str:
    """The lines as text, without rules drawn above what was cut off."""
    while lines and (not lines[-1].strip() or _RULE.match(lines[-1])):
        lines.pop()
    return "\n".join(lines).strip("\n")
