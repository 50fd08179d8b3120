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
_BESTS = tuple(f"best's {act}" for act in ACTS)
_MOST = tuple(f"most {act}" for act in ACTS)


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
    ask = acts[:, ACTS.index("ask")]
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
    at, count, last = np.arange(len(topics)), len(segments), len(segments) - 1
    best = (own * (0.3 + ask)[:, None]).argmax(axis=0)
    after, ahead = np.minimum(best + 1, last), np.maximum(best - 1, 0)
    no_after, no_ahead = best == last, best == 0
    pairs = [weigh(text[one.start : two.end])[0] for one, two in pairwise(segments)]
    with_next = np.array([*pairs, whole])[:, columns]
    outside = column[OUT_OF_SCOPE]
    # asks, and says itself neither which topic nor that it is none of ours
    vague = ask * (1 - weights[:, ours].max(axis=1)) * (1 - weights[:, outside])
    asked_last = np.flatnonzero(ask >= 0.5)[-1:]  # at most one
    asked = own * ask[:, None]
    itself = ours == columns[:, None]  # each considered topic among all of ours
    rivals = np.array([(weights * ask[:, None]).max(axis=0), whole, asking])[:, ours]
    rivals = np.where(itself, 0, rivals[:, None]).max(axis=2)
    by_topic: dict[str, Any] = {
        "heaviest": own.max(axis=0),
        "asked in all": asked.sum(axis=0),
        "segments of it": (own >= 0.5).sum(axis=0),
        "whole": whole[columns],
        "asking": asking[columns],
        "leaning": leaning[columns],
        "best's weight": own[best, at],
        "best's score": scores[best],
        "best's rival": np.where(itself, 0, weights[best][:, ours]).max(axis=1),
        "best's place": best / count,
        "best's distance to the end": last - best,
        "best's question mark": np.array([segment.asks for segment in segments])[best],
        "best's words": np.array([len(segment.text.split()) for segment in segments])[best],
        "ask after best": np.where(no_after, -1, ask[after]),
        "ask before best": np.where(no_ahead, -1, ask[ahead]),
        "weight after best": np.where(no_after, -1, own[after, at]),
        "weight before best": np.where(no_ahead, -1, own[ahead, at]),
        "with what is before": np.where(no_ahead, -1, with_next[ahead, at]),
        "with what is after": np.where(no_after, -1, with_next[best, at]),
        "vague beside best": np.maximum(np.where(no_after, 0, vague[after]), np.where(no_ahead, 0, vague[ahead])),
        "vague elsewhere": vague.sum() - vague[best],
        "weight in last that asks": own[asked_last[0]] if len(asked_last) else -np.ones(len(topics)),
        "weight in what asks most": own[ask.argmax()],
        "rival asked": rivals[0],
        "rival in whole": rivals[1],
        "rival in asking": rivals[2],
        "is before": [topic == before for topic in topics],
        "kind": [(OUT_OF_SCOPE, *REQUESTS).index(topic) if not is_topic(topic) else -1 for topic in topics],
    }
    of_message: dict[str, float] = {
        "outside whole": whole[outside],
        "outside asking": asking[outside],
        "outside asked": (weights[:, outside] * ask).max(),
        "small talk": whole[[column[one] for one in COURTESIES if one in column]].sum(),
        "score": whole_score,
        "segments": count,
        "words": len(text.split()),
        "mail": mail,
        "question marks": sum(segment.asks for segment in segments),
        "has before": before is not None,
        **dict(zip(_MOST, acts.max(axis=0).tolist(), strict=True)),
    }
    rows = np.empty((len(topics), 2 * len(ACTS) + len(by_topic) + len(of_message)), dtype=np.float32)
    rows[:, : len(ACTS)] = (own[:, :, None] * acts[:, None]).max(axis=0)
    rows[:, len(ACTS) : 2 * len(ACTS)] = acts[best]
    rows[:, 2 * len(ACTS) : -len(of_message)] = np.array([*by_topic.values()], dtype=np.float32).T
    rows[:, -len(of_message) :] = [*of_message.values()]
    return Evidence(topics, rows, tuple(best.tolist()), whole, (*ACTS, *_BESTS, *by_topic, *of_message))
