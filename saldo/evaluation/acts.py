"""Measures what is read in marked messages, segment by segment: the act of each, and the facet of what is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from saldo.evaluation.scores import Share
from saldo.language import detect
from saldo.nlu.acts import Segment
from saldo.nlu.messages import ACTS, MarkedMessage, MarkedSegment
from saldo.nlu.reading import MessageModel


@dataclass(frozen=True)
class ActScores:
    """One file of marked messages."""

    name: str
    f1: dict[str, float]
    """By act, of those that occur."""
    facets: Share
    """Facets read as marked, of the asking segments that are marked with one."""

    @property
    def macro_f1(self) -> float:
        """The mean over the acts, however often each occurs."""
        return sum(self.f1.values()) / max(len(self.f1), 1)


def marked_in(paths: Iterable[Path]) -> dict[str, list[MarkedMessage]]:
    """The marked messages of each file that holds any, by its name; other files are passed over."""
    found = {}
    for path in paths:
        lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if messages := [MarkedMessage.from_json(line, "") for line in lines if "segments" in line]:
            found[f"{path.parent.name}/{path.name}"] = messages
    return found


def measure_acts(marked: Mapping[str, list[MarkedMessage]], model: MessageModel) -> list[ActScores]:
    """The scores of each file's messages."""
    return [_scores(name, messages, model) for name, messages in marked.items()]


def _scores(name: str, messages: list[MarkedMessage], model: MessageModel) -> ActScores:
    pairs: list[tuple[str, str]] = []
    right = total = 0
    for message in messages:
        found = model.read(message.text, detect(message.text).code, message.mail, message.before).segments
        for segment in message.segments:
            pairs.append((segment.act, _covering(segment, found).act if found else "none"))
            if segment.facet:
                total += 1
                right += model.facet(message.text[segment.start : segment.end]) == segment.facet
    return ActScores(
        name, {act: _f1(act, pairs) for act in ACTS if any(act == one for one, _ in pairs)}, Share(right, total)
    )


def _covering(marked: MarkedSegment, found: Iterable[Segment]) -> Segment:
    """The segment that was read where this one was marked."""
    return max(found, key=lambda one: min(one.end, marked.end) - max(one.start, marked.start))


def _f1(act: str, pairs: list[tuple[str, str]]) -> float:
    both = sum(wanted == got == act for wanted, got in pairs)
    return 2 * both / max(sum(wanted == act for wanted, _ in pairs) + sum(got == act for _, got in pairs), 1)
