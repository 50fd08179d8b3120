"""Joins the segments of a message into its questions: context stays with the question it belongs to.

Where a classifier is given, neighbours about one topic become one question, and what says too little of
itself ("wordt dat verrekend?", "haluaisin tietää") goes with its neighbour; without one the words decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from saldo.nlu.decision import OUT_OF_SCOPE, is_topic
from saldo.nlu.followup import topic_names
from saldo.nlu.foreign_vendors import is_elsewhere
from saldo.nlu.segmentation.cues import linking_words
from saldo.nlu.segmentation.split import Segment, split

Classify = Callable[[str], tuple[str, float]]
"""Topic and confidence (0 to 1) of a text."""

LONGEST = 16
"""Words of a text that may be such a list."""
CLEAR_PART = 0.9
"""Confidence from which a part is a matter of its own."""
REASONS = {("paid_twice", "refund_requirements"), ("paid_twice", "payment_reminder")}
"""What is told first is the reason for what is asked then, and no question of its own."""
TOGETHER = REASONS | {("payment_reminder", "paid_twice"), ("licence_change", "refund_requirements")}
"""What goes together in one question: "a reminder, though it is paid", "money back for a licence removed"."""
_AFTER_COMMA = re.compile(r",\s+(\w+)")
_BETWEEN_COMMAS = re.compile(r"[^\s,][^,]*")


def parts(segment: Segment, classify: Classify | None) -> list[Segment]:
    """The segment, or its parts where clearly different topics follow each other; a part has two words or more.

    What ends with a full stop, or goes on with "if" or "but", is a sentence and no list.
    """
    if classify is None or not _may_be_list(segment.text):
        return [segment]
    starts = [0, *_cuts(segment.text, classify)]
    if len(starts) == 1:
        return [segment]
    ends = [*starts[1:], len(segment.text)]
    return [_part(segment, start, end) for start, end in zip(starts, ends, strict=True)]


def _may_be_list(text: str) -> bool:
    if "," not in text or text.count(" ") >= LONGEST or text.endswith("."):
        return False
    return not linking_words() & {word.lower() for word in _AFTER_COMMA.findall(text)}


def _cuts(text: str, classify: Classify) -> Iterator[int]:
    """Where another topic begins."""
    last: str | None = None
    for found in _BETWEEN_COMMAS.finditer(text):
        topic, confidence = classify(found.group())
        if not is_topic(topic) or confidence < CLEAR_PART or " " not in found.group():
            continue
        if last and topic != last and (last, topic) not in TOGETHER:
            yield found.start()
        last = topic


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A part of a segment; what follows the first announces itself."""
    text = segment.text[start:end].rstrip(" ,")
    begin = segment.start + start
    closed = segment.closed or end < len(segment.text)
    fresh = segment.fresh or start > 0
    return replace(segment, text=text, start=begin, end=begin + len(text), role="question", closed=closed, fresh=fresh)


GREETING = 2  # what has fewer blanks only greets
CERTAIN = 0.97  # what a greeting must be of a topic to be more than a greeting
CLEAR = 0.7  # confidence from which a segment's topic is taken to be its own
ADDED = 0.4  # the same for a question that begins with "and" or "besides"
TOLD = 0.9  # the same for what is told before something is asked without announcing another matter
FIRM = 0.95  # a question that begins with "and" and is so sure of its topic does not lean, even if it points back
POINTED = 0.8  # the same for a short question that points back
ANNOUNCED = 0.4  # neighbours part if surer apart than this much of together: where the second announces itself,
BOTH_ASKED = 0.7  # where both are questions,
TOLD_FIRST = 1.0  # and where the first or the second only tells
PARTED = 0.6  # at most so much where a blank line stands between them
UNSURE = 0.6  # a question less sure with its context than this is read without, if it is clear of itself
FOREIGN = 0.8  # confidence from which a question stands apart as none of our topics
OWN_WORDS = 3  # a question of fewer words belongs to what stands before it
LEANING_WORDS = 12  # a question of fewer words may lean on the topic before it
APART = 4  # an unclear question of more words stands apart, if it is a paragraph of its own


@dataclass(frozen=True)
class QuestionSpan:
    """What a customer asks or tells, with where it stands in the message (characters)."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Group:
    """Neighbouring segments about one matter; no topic while unclear, `open` while it needs what follows."""

    start: int
    end: int
    topic: str | None
    confidence: float
    asked: bool
    closed: bool
    open: bool = False
    core: tuple[int, int] | None = None
    """Where the segments stand that ask, each with a clear topic of its own."""
    context: frozenset[str | None] = frozenset()
    """Topics of what was only told before, each less likely than the topic of the whole."""


def questions(text: str, language: str, classify: Classify | None = None) -> list[QuestionSpan]:
    """The questions of a message in their order; a message of courtesy alone is one."""
    return merge(text, split(text, language), classify, topic_names(language))


def merge(
    text: str,
    segments: Sequence[Segment],
    classify: Classify | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> list[QuestionSpan]:
    """The questions that these segments of a text make up; `names` is how each topic is called when leant on."""
    telling = [each for each in segments if each.role in ("question", "statement") or _tells(each, classify)]
    telling = [part for each in telling for part in parts(each, classify)]
    groups: list[Group] = []
    for index, segment in enumerate(telling):
        after = telling[index + 1] if index + 1 < len(telling) else None
        if groups and classify and (segment.fresh or segment.apart):
            groups[-1] = _resolved(text, groups[-1], classify)
        group = _group(text, segment, after, classify)
        if groups and classify and segment.role == "question" and (segment.pointing or segment.joined):
            group = _leant(segment, group, groups[-1], classify, names)
        _place(text, groups, group, segment, after, classify)
    spans = [_clearest(text, group, classify) for group in _settled(groups)]
    if not spans and text.strip():
        spans = [(len(text) - len(text.lstrip()), len(text.rstrip()))]
    return [QuestionSpan(text[start:end], start, end) for start, end in spans]


def _tells(segment: Segment, classify: Classify | None) -> bool:
    """Whether what begins like a greeting tells of a topic: "good morning, a reminder came"."""
    if classify is None or segment.role != "courtesy" or segment.text.count(" ") < GREETING:
        return False
    topic, confidence = classify(segment.text)
    return confidence >= CERTAIN and is_topic(topic)


def _clearest(text: str, group: Group, classify: Classify | None) -> tuple[int, int]:
    """Where a group's question stands: without its context where that only clouds or hides what is asked."""
    whole = (group.start, group.end)
    if classify is None or group.core is None or group.core == whole:
        return whole
    if is_elsewhere(text[group.start : group.core[0]]):
        return whole
    topic, confidence = classify(text[group.start : group.end])
    alone, clearer = classify(text[slice(*group.core)])
    clouded = confidence < UNSURE or not is_topic(topic)
    return group.core if clouded and clearer >= CLEAR and is_topic(alone) else whole


def _group(text: str, segment: Segment, after: Segment | None, classify: Classify | None) -> Group:
    """A segment as a group of its own, with its topic where that is clear; what announces a list has none."""
    asked, span = segment.role == "question", (segment.start, segment.end)
    if not asked and _announces(text, segment.end):
        return Group(*span, None, 0.0, asked, segment.closed)
    if classify is None:
        own = asked and not segment.pointing and segment.text.count(" ") + 1 >= OWN_WORDS
        return Group(*span, f"@{segment.start}" if own else None, 0.5, asked, segment.closed)
    topic, confidence = classify(segment.text)
    known = topic if confidence >= _needed(segment, after, topic) else None
    return Group(*span, known, confidence, asked, segment.closed, core=span if asked and known else None)


def _announces(text: str, end: int) -> bool:
    """Whether what ends there announces what follows: "two questions:"."""
    return text[end : end + 1] == ":"


def _resolved(text: str, group: Group, classify: Classify) -> Group:
    """An open group with the topic of all of it, where its parts said too little and another matter begins."""
    if not group.open or not group.closed or _announces(text, group.end):
        return group
    topic, confidence = classify(text[group.start : group.end])
    if not is_topic(topic) or confidence < CLEAR:
        return group
    return replace(group, topic=topic, confidence=confidence, open=False)


def _leant(segment: Segment, group: Group, before: Group, classify: Classify, names: Mapping[str, str]) -> Group:
    """A further question that says too little of itself, or points back, as it reads with the topic before it."""
    name = names.get(before.topic or "")
    if (group.topic and not segment.pointing) or name is None or segment.text.count(" ") >= LEANING_WORDS:
        return group
    topic, confidence = classify(f"{segment.text} {name}")
    if group.topic:
        firm = segment.fresh or (segment.joined and group.confidence >= FIRM)
        leans = topic == before.topic and not firm
        return replace(group, topic=None, core=None) if leans else group
    if not is_topic(topic) or confidence < CLEAR:
        return group
    return replace(group, topic=topic, confidence=confidence)


def _needed(segment: Segment, after: Segment | None, topic: str) -> float:
    """The confidence from which a topic is taken to be this segment's own."""
    if not is_topic(topic):
        return FOREIGN if topic == OUT_OF_SCOPE and segment.role == "question" else 1.1
    if segment.pointing:
        return CLEAR if segment.fresh else POINTED
    if segment.role == "statement" and after and not (after.fresh or after.joined):
        return TOLD
    return ADDED if _adds(segment) else CLEAR


def _adds(segment: Segment) -> bool:
    """Whether a segment is by its words a further question."""
    further = segment.joined or segment.fresh
    return further and segment.role == "question" and not segment.pointing and segment.text.count(" ") >= OWN_WORDS


def _place(
    text: str,
    groups: list[Group],
    group: Group,
    segment: Segment,
    after: Segment | None,
    classify: Classify | None,
) -> None:
    """Puts a segment's group with the one before it, or after it."""
    if not groups:
        groups.append(replace(group, open=group.topic is None))
        return
    before = groups[-1]
    further = before.closed and (segment.fresh or segment.joined)
    told = classify is None and further and text.count(" ", before.start, before.end) >= OWN_WORDS
    if before.open and not told and not (before.asked and before.closed and segment.fresh):
        groups[-1] = _joined(before, group, open=group.topic is None and not (group.asked and group.closed))
    elif group.topic is None:
        if _belongs_before(before, group, segment, after):
            groups[-1] = _joined(before, group)
        else:
            groups.append(replace(group, open=True))
    elif group.topic == before.topic or (group.topic in before.context and not (segment.fresh or segment.joined)):
        groups[-1] = _joined(before, group)
    elif classify and (topic := _together(text, before, group, segment, classify)):
        context = before.context | {before.topic} if not before.asked else before.context
        groups[-1] = replace(_joined(before, group), topic=topic, context=context)
    else:
        groups.append(group)


def _together(text: str, before: Group, group: Group, segment: Segment, classify: Classify) -> str | None:
    """The topic of two neighbours on different topics that say more as one; how they follow sets the scales."""
    topic, confidence = classify(text[before.start : group.end])
    if not before.asked and (before.topic, group.topic) in REASONS:
        return group.topic
    if before.topic is None and before.asked and before.closed and segment.fresh:
        return None
    if segment.fresh or (segment.joined and before.asked):
        scale = ANNOUNCED
    elif before.asked and group.asked:
        scale = BOTH_ASKED
    else:
        scale = TOLD_FIRST
    scale = min(scale, PARTED) if segment.apart else scale
    return topic if before.confidence * group.confidence < scale * confidence else None


def _belongs_before(before: Group, group: Group, segment: Segment, after: Segment | None) -> bool:
    """Whether an unclear segment goes with what stands before it rather than with what follows."""
    if segment.apart and group.asked and group.closed and not segment.pointing and segment.text.count(" ") >= APART:
        return False
    if after is None:
        return True
    if segment.fresh:
        return False
    if not (group.asked or before.asked or segment.apart or after.apart) and after.pointing:
        return True
    if group.asked:
        return group.closed or segment.pointing or not before.closed
    return after.fresh or (after.joined and group.closed)


def _joined(before: Group, group: Group, open: bool = False) -> Group:
    """Two neighbours as one; the clearer topic stays."""
    known = before if before.topic is not None else group
    core = group.core
    if before.core:
        core = (before.core[0], (group.core or before.core)[1])
    return replace(
        known,
        start=before.start,
        end=group.end,
        asked=before.asked or group.asked,
        closed=group.closed,
        open=open,
        core=core,
    )


def _settled(groups: list[Group]) -> list[Group]:
    """Groups without a topic at the end go with the one before; neighbours about one topic become one."""
    settled: list[Group] = []
    for group in groups:
        same = bool(settled) and group.topic is not None and group.topic == settled[-1].topic
        if settled and (same or (group.topic is None and not group.asked)):
            settled[-1] = _joined(settled[-1], group)
        else:
            settled.append(group)
    return settled
