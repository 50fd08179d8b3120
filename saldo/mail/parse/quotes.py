"""Takes quoted history out of a mail's text: what Outlook, Gmail, Apple Mail and Thunderbird put around it.

Lines marked with ">" go wherever they stand, so that answers between them stay. A block of headers, a line
such as "-----Oorspronkelijk bericht-----" or "Op … schreef …:" over unmarked text ends what the writer wrote.
They are known by their words, and in languages of which no words are listed by their shape: short "label: value"
lines with an address, a day and a time; a line of dashes with these in it.
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

MOST_SHAPED, FEWEST_SHAPED = 7, 3
"""Lines of a header block in a language that is not listed."""

_QUOTED = re.compile(r"\s{0,3}(?:[A-ZÅÄÖ]{0,3}>|[|»])")
"""Marked, perhaps with the initials of who wrote it."""
_SHAPED = re.compile(r"\s*\*{0,2}[^\W\d_][^\d:@<>?]{0,24}\s?\*{0,2}\s?:\*{0,2}\s+\S")
_INNER_LABEL = re.compile(r"(?<!\S)\*?[^\W\d_]{2,20}\s?\*?:(?=\s)")
_DASHED = re.compile(r"\s*(?:-{2,}|={2,}|_{2,}|\*{2,}|#{2,})")
_ABOVE = re.compile(r"(?:\W{2,}|\[).{3,200}(?:\W{2,}|\])$")
_ENDS_IN_WRITER = re.compile(r"(?:[>)\]]|@[\w.-]+)\s*$")
_RULE = re.compile(r"[-_=*—\s]{3,}$")
_AROUND = "\t\n\r\f\v *_=—-"
"""What may stand around a line that separates."""
_ADDRESS = re.compile(r"[^\s@<]+@[^\s@>]+")
_TIME = re.compile(r"\b\d{1,2}[.:]\d{2}\b")
_DAY = re.compile(
    r"\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4}\b"
)


_NAMED_DAY = re.compile(r"\b[^\W\d]{3,12}\.? \d{1,2},? \d{4}\b|\b\d{1,2}\.? (?:de )?[^\W\d]{3,12}\.? (?:de )?\d{4}\b")


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


def beginning_of_history(lines: Lines) -> int | None:
    """The line from which on an older message stands; None if there is none."""
    for index in range(len(lines)):
        if _begins_history(lines, index, said=True) or _attribution(lines, index):
            return index
    return None


def is_label(line: str) -> bool:
    """Whether a line has the shape of one in a message's header: "Van: …", "Betreff: …"."""
    return _label(line) is not None or bool(_SHAPED.match(line[:LONGEST_LINE]))


def _own_lines(lines: Lines) -> Iterator[str | None]:
    """The writer's lines; None where quoted ones were left out."""
    index, said = 0, False
    while index < len(lines):
        if _QUOTED.match(lines[index]):
            yield None
            index += 1
        elif _begins_history(lines, index, said=said):
            return
        elif span := _attribution(lines, index):
            if not _quoted_after(lines, index + span):
                return
            yield None
            index += span
        else:
            said = said or bool(lines[index].strip())
            yield lines[index]
            index += 1


def _begins_history(lines: Lines, index: int, *, said: bool) -> bool:
    """Whether everything from this line on is an older message; by its shape only if something is `said` above it."""
    line = lines[index]
    if not line.strip() or len(line) > LONGEST_LINE * 2:
        return False
    if line.lstrip(f"{_AROUND}>").rstrip(f"{_AROUND}:").lower() in word_lists().separators or _is_mark(line):
        return True
    if _is_header_block(lines, index) or _is_header_line(line):
        return True
    return said and _is_shaped_block(lines, index)


def _is_mark(line: str) -> bool:
    """Whether a line bids to reply above it, or draws a line with the day and the address of who wrote."""
    if line.lstrip().startswith("##-") and line.rstrip().endswith("-##"):
        return True
    if _ABOVE.match(line) and _reply_above().search(line):
        return True
    return bool(_DASHED.match(line)) and bool(_ADDRESS.search(line) and _DAY.search(line))


@cache
def _reply_above() -> re.Pattern[str]:
    return re.compile(any_of(word_lists().reply_above), re.IGNORECASE)


def _is_header_line(line: str) -> bool:
    """Whether a whole header stands in one line: "Van: … Verzonden: … Aan: … Onderwerp: …"."""
    if _label(line) is None and not (_ADDRESS.search(line) and _DAY.search(line) and _TIME.search(line)):
        return False
    labels = [each[0].strip("*: ").lower() for each in _INNER_LABEL.finditer(line)]
    kinds = {kind for label in labels for kind, words in word_lists().headers.items() if label in words}
    stamped = bool(_ADDRESS.search(line) and _DAY.search(line) and _TIME.search(line) and _SHAPED.match(line))
    return ("from" in kinds and len(kinds) >= 3) or (stamped and len(labels) >= 3)


def _is_shaped_block(lines: Lines, index: int) -> bool:
    """Whether a header begins here whose words are not listed: short labels, an address, a day and a time.

    A form that somebody filled in has such lines too, but nothing that its writer said stands above them.
    """
    if lines[index - 1].strip() and not _RULE.match(lines[index - 1]):
        return False
    block: list[str] = []
    for line in lines[index : index + MOST_SHAPED + 1]:
        if not line.strip() or len(line) > LONGEST_LINE:
            break
        if not _SHAPED.match(line):
            return False
        block.append(line)
    whole = "\n".join(block)
    fits = FEWEST_SHAPED <= len(block) <= MOST_SHAPED
    return fits and bool(_ADDRESS.search(whole) and _TIME.search(whole) and _date_in(whole))


def _date_in(text: str) -> bool:
    """Whether a day stands in it; "2. November 2026" and "November 2, 2026" as well as "2026-11-02"."""
    return bool(_DAY.search(text) or _NAMED_DAY.search(text))


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
        if _ends_unmarked(own, lines[index], span):
            return span
        if line.rstrip().endswith(":"):
            dated = bool(_DAY.search(own) and _TIME.search(own) and _quoted_after(lines, index + span))
            whole = (_names_writer(own) or _is_stamped(own) or dated) and _is_beginning(lines[index], span)
            return span if whole and (_is_certain(own) or _quoted_after(lines, index + span)) else 0
    return 0


def _ends_unmarked(own: str, first: str, span: int) -> bool:
    """Whether "On … X wrote" ends here without its colon: a day, a time, an address, and nothing after these."""
    verb = _verb().search(own)
    ends = _ENDS_IN_WRITER.search(own) or (verb and not own[verb.end() :].strip(" .-"))
    return bool(verb and ends and _is_stamped(own) and _is_beginning(first, span))


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
