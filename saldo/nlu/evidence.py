"""What speaks for and against "is this topic asked about here?": one row of numbers per topic, alike in any language.

A topic's weights in the segments, in the whole message and in what asks; what the segments do that weigh for it; what
weighs for its rivals and for nothing of ours; and what the conversation was about. `saldo.nlu.asked` learns from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saldo.nlu.acts import Segment
from saldo.nlu.decision import OUT_OF_SCOPE, SMALL_TALK, is_topic
from saldo.nlu.messages import ACTS

Row = NDArray[np.float32]
Weigh = Callable[[str], tuple[Row, float]]
"""The weight of each intent in a text (summing to 1), and the score of the best (above 0 speaks for it)."""

REQUESTS = ("help", "human", "switch_language")
"""What may be asked for that is no topic."""
COURTESIES = tuple(sorted(SMALL_TALK - set(REQUESTS)))
LEAST = 0.1
"""A topic that nowhere weighs so much is not considered."""
ASKING = 0.4
"""How likely a segment asks that is read together with the others that do."""
LEANING_WORDS = 14
"""A message of more words is not read with the name of the topic before it."""
_ACT = {act: place for place, act in enumerate(ACTS)}


@dataclass(frozen=True)
class Evidence:
    """The considered topics of a message, each with its row, and the segment (by number) that speaks most for it."""

    topics: tuple[str, ...]
    rows: Row
    best: tuple[int, ...]
    whole: Row
    """The weight of each intent in the whole message."""
    columns: tuple[str, ...] = ()
    """What each number of a row is."""


def considered(labels: Sequence[str]) -> tuple[str, ...]:
    """What may be asked about: the topics, what is none of them, and what else may be asked for."""
    topics = [label for label in labels if is_topic(label)]
    return (*topics, *(label for label in (OUT_OF_SCOPE, *REQUESTS) if label in labels))


def gather(
    text: str,
    segments: Sequence[Segment],
    labels: Sequence[str],
    weigh: Weigh,
    mail: bool = False,
    before: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Evidence:
    """The evidence of a message with at least one segment.

    `labels` names the columns of what `weigh` gives; `before` is the topic that was answered last, and `names` how each
    is called when a short message is read with it.
    """
    weighed = [weigh(segment.text) for segment in segments]
    weights, scores = np.array([row for row, _ in weighed]), np.array([score for _, score in weighed])
    acts = np.array([[segment.acts[act] for act in ACTS] for segment in segments])
    ask = acts[:, _ACT["ask"]]
    whole, whole_score = weigh(text)
    asking_text = " ".join(segment.text for segment, likely in zip(segments, ask, strict=True) if likely >= ASKING)
    asking = weigh(asking_text)[0] if asking_text else np.zeros_like(whole)
    name = (names or {}).get(before or "")
    leans = name is not None and len(text.split()) <= LEANING_WORDS
    leaning = weigh(f"{text} {name}")[0] if leans else np.zeros_like(whole)

    column = {label: place for place, label in enumerate(labels)}
    ours = np.array([column[label] for label in labels if is_topic(label)])
    possible = considered(labels)
    every = np.array([column[label] for label in possible])
    most = np.max([weights.max(axis=0), whole, asking, leaning], axis=0)[every]
    kept = [place for place, label in enumerate(possible) if most[place] >= LEAST or label == before]
    topics, columns = tuple(possible[place] for place in kept), every[kept]
    if not topics:
        return Evidence((), np.zeros((0, 0), dtype=np.float32), (), whole)

    own = weights[:, columns]
    best = (own * (0.3 + ask)[:, None]).argmax(axis=0)
    count, last = len(segments), len(segments) - 1
    pairs = [weigh(text[one.start : two.end])[0] for one, two in pairwise(segments)]
    with_next = np.array([*pairs, whole])[:, columns]
    topical = weights[:, ours].max(axis=1)
    outside, small = column[OUT_OF_SCOPE], [column[one] for one in COURTESIES if one in column]
    # asks, and says itself neither which topic nor that it is none of ours
    vague = ask * (1 - topical) * (1 - weights[:, outside])
    questions = np.array([segment.asks for segment in segments])
    words = np.array([len(segment.text.split()) for segment in segments])
    after, ahead = np.minimum(best + 1, last), np.maximum(best - 1, 0)
    has_after, has_ahead = best < last, best > 0
    asked_last = np.flatnonzero(ask >= 0.5)[-1:]  # at most one
    rivals = np.array([_most(weights * ask[:, None], ours, each) for each in columns])
    at = np.arange(len(topics))

    values: dict[str, Any] = {
        "heaviest": own.max(axis=0),
        **{act: (own * acts[:, [place]]).max(axis=0) for act, place in _ACT.items()},
        "asked in all": (own * ask[:, None]).sum(axis=0),
        "segments of it": (own >= 0.5).sum(axis=0),
        "whole": whole[columns],
        "asking": asking[columns],
        "leaning": leaning[columns],
        **{f"best's {act}": acts[best, place] for act, place in _ACT.items()},
        "best's weight": own[best, at],
        "best's score": scores[best],
        "best's rival": np.array([_most(weights[[row]], ours, each) for row, each in zip(best, columns, strict=True)]),
        "best's place": best / count,
        "best's distance to the end": last - best,
        "best's question mark": questions[best],
        "best's words": words[best],
        "ask after best": np.where(has_after, ask[after], -1),
        "ask before best": np.where(has_ahead, ask[ahead], -1),
        "weight after best": np.where(has_after, own[after, at], -1),
        "weight before best": np.where(has_ahead, own[ahead, at], -1),
        "with what is before": np.where(has_ahead, with_next[ahead, at], -1),
        "with what is after": np.where(has_after, with_next[best, at], -1),
        "vague beside best": np.maximum(np.where(has_after, vague[after], 0), np.where(has_ahead, vague[ahead], 0)),
        "vague elsewhere": vague.sum() - vague[best],
        "weight in last that asks": own[asked_last].sum(axis=0) if len(asked_last) else -np.ones(len(topics)),
        "weight in what asks most": own[ask.argmax()],
        "rival asked": rivals,
        "rival in whole": np.array([_most(whole[None], ours, each) for each in columns]),
        "rival in asking": np.array([_most(asking[None], ours, each) for each in columns]),
        "outside whole": whole[outside],
        "outside asking": asking[outside],
        "outside asked": (weights[:, outside] * ask).max(),
        "small talk": whole[small].sum(),
        "score": whole_score,
        "segments": count,
        "words": words.sum(),
        "mail": mail,
        "question marks": questions.sum(),
        **{f"most {act}": acts[:, place].max() for act, place in _ACT.items() if act not in ("tell", "courtesy")},
        "is before": np.array([topic == before for topic in topics]),
        "has before": before is not None,
        "kind": np.array([(OUT_OF_SCOPE, *REQUESTS).index(topic) if not is_topic(topic) else -1 for topic in topics]),
    }
    rows = np.empty((len(topics), len(values)), dtype=np.float32)
    for place, value in enumerate(values.values()):
        rows[:, place] = value
    return Evidence(topics, rows, tuple(map(int, best)), whole, tuple(values))


def _most(weights: Row, ours: NDArray[np.int64], but: int) -> float:
    """The greatest weight of any topic but this one."""
    return float(weights[:, ours[ours != but]].max(initial=0.0))
