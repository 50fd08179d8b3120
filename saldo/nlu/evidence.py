"""What speaks for and against "is this topic asked about here?": one row of numbers per topic, alike in any language.

A topic's weights in the segments, in the whole message and in what asks; what the segments do that weigh for it; what
weighs for its rivals and for nothing of ours; and what the conversation was about. `saldo.nlu.crossfit` learns from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul

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
UNHEARD = -1.0
"""The score of what no message in the training asks for."""
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


@dataclass(frozen=True)
class _Places:
    """Where the weights of which intents stand."""

    of: Mapping[str, int]
    topics: tuple[str, ...]
    ours: tuple[int, ...]
    """Of the topics."""
    considered: tuple[str, ...]
    """What may be asked about: the topics, what is none of them, and what else may be asked for."""
    courtesies: tuple[int, ...]


@cache
def _places(labels: tuple[str, ...]) -> _Places:
    of = {label: place for place, label in enumerate(labels)}
    topics = [label for label in labels if is_topic(label)]
    others = [label for label in (OUT_OF_SCOPE, *REQUESTS) if label in of]
    courtesies = [of[label] for label in COURTESIES if label in of]
    return _Places(of, tuple(topics), tuple(of[topic] for topic in topics), (*topics, *others), tuple(courtesies))


def gather(
    text: str,
    segments: Sequence[Segment],
    labels: tuple[str, ...],
    weigh: Weigh,
    asks: Mapping[str, float],
    mail: bool = False,
    before: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Evidence:
    """The evidence of a message with at least one segment.

    `labels` names what `weigh` gives; `asks` is the score (above 0 speaks for it) with which the whole message asks for
    something; `before` is the topic that was answered last, and `names` how each is called
    when a short message is read with it.
    """
    places, nothing, length = _places(labels), np.zeros(len(labels), dtype=np.float32), len(text.split())
    weighed = [weigh(segment.text) for segment in segments]
    whole, whole_score = weigh(text)
    asking_text = " ".join(segment.text for segment in segments if segment.acts["ask"] >= ASKING)
    asking = weigh(asking_text)[0] if asking_text else nothing
    name = (names or {}).get(before or "")
    leaning = weigh(f"{text} {name}")[0] if name is not None and length <= LEANING_WORDS else nothing

    weights = np.array([row for row, _ in weighed])
    most = np.array([*weights, whole, asking, leaning]).max(axis=0).tolist()
    topics = tuple(one for one in places.considered if most[places.of[one]] >= LEAST or one == before)
    if not topics:
        return Evidence((), np.zeros((0, 0), dtype=np.float32), (), whole)

    ask = np.array([segment.acts["ask"] for segment in segments])
    asked = (weights * ask[:, None]).max(axis=0).tolist()
    outside = places.of[OUT_OF_SCOPE]
    vague = ask * (1 - weights[:, places.ours].max(axis=1)) * (1 - weights[:, outside])
    acts = [[segment.acts[act] for segment in segments] for act in ACTS]
    of_message = {
        "outside whole": float(whole[outside]),
        "outside asking": float(asking[outside]),
        "outside asked": asked[outside],
        "outside, by the whole": asks.get(OUT_OF_SCOPE, UNHEARD),
        "small talk": float(whole.take(places.courtesies).sum()),
        "score": whole_score,
        "segments": len(segments),
        "words": length,
        "mail": mail,
        "question marks": sum(segment.asks for segment in segments),
        "has before": before is not None,
        **dict(zip(_MOST, map(max, acts), strict=True)),
    }
    message = _Message(
        text, segments, places, weigh, asks, before, weights.tolist(), [score for _, score in weighed],
        whole.tolist(), asking.tolist(), leaning.tolist(), acts, asked, vague.tolist(), float(vague.sum()),
    )  # fmt: skip
    found = [message.evidence(topic) for topic in topics]
    rows = np.array([[*each.values(), *of_message.values()] for _, each in found], dtype=np.float32)
    return Evidence(topics, rows, tuple(best for best, _ in found), whole, (*found[0][1], *of_message))


@dataclass(frozen=True)
class _Message:
    """What is known of a message; weights by segment and intent, acts by act and segment."""

    text: str
    segments: Sequence[Segment]
    places: _Places
    weigh: Weigh
    asks: Mapping[str, float]
    before: str | None
    weights: list[list[float]]
    scores: list[float]
    whole: list[float]
    asking: list[float]
    leaning: list[float]
    acts: list[list[float]]
    asked: list[float]
    """How much each intent weighs at most in what asks."""
    vague: list[float]
    """How likely each segment asks, and says itself neither which topic nor that it is none of ours."""
    all_vague: float

    def evidence(self, topic: str) -> tuple[int, dict[str, float]]:
        """The segment that speaks most for a topic, and what speaks for and against the topic."""
        place, segments, vague = self.places.of[topic], self.segments, self.vague
        own, ask = [row[place] for row in self.weights], self.acts[ACTS.index("ask")]
        count, last = len(segments), len(segments) - 1
        likely = [weight * (0.3 + each) for weight, each in zip(own, ask, strict=True)]
        best = likely.index(max(likely))
        ahead, after = best - 1 if best else None, best + 1 if best < last else None
        asked = [*map(mul, own, ask)]
        asked_last = max((number for number, each in enumerate(ask) if each >= 0.5), default=None)
        rivals = [one for one in self.places.ours if one != place]
        return best, {
            **{act: max(map(mul, own, each)) for act, each in zip(ACTS, self.acts, strict=True)},
            **{name: each[best] for name, each in zip(_BESTS, self.acts, strict=True)},
            "heaviest": max(own),
            "asked in all": sum(asked),
            "segments of it": sum(weight >= 0.5 for weight in own),
            "whole": self.whole[place],
            "by the whole": self.asks.get(topic, UNHEARD),
            "rival, by the whole": max(
                (self.asks.get(one, UNHEARD) for one in self.places.topics if one != topic), default=UNHEARD
            ),
            "asking": self.asking[place],
            "leaning": self.leaning[place],
            "best's weight": own[best],
            "best's score": self.scores[best],
            "best's rival": _most(self.weights[best], rivals),
            "best's place": best / count,
            "best's distance to the end": last - best,
            "best's question mark": segments[best].asks,
            "best's words": len(segments[best].text.split()),
            "ask after best": -1 if after is None else ask[after],
            "ask before best": -1 if ahead is None else ask[ahead],
            "weight after best": -1 if after is None else own[after],
            "weight before best": -1 if ahead is None else own[ahead],
            "with what is before": -1 if ahead is None else self._together(ahead, best, place),
            "with what is after": -1 if after is None else self._together(best, after, place),
            "closed after best": max((segment.closes for segment in segments[best + 1 :]), default=0.0),
            "vague beside best": max(0 if one is None else vague[one] for one in (ahead, after)),
            "vague elsewhere": self.all_vague - vague[best],
            "weight in last that asks": -1 if asked_last is None else own[asked_last],
            "weight in what asks most": own[ask.index(max(ask))],
            "rival asked": _most(self.asked, rivals),
            "rival in whole": _most(self.whole, rivals),
            "rival in asking": _most(self.asking, rivals),
            "is before": topic == self.before,
            "kind": -1 if is_topic(topic) else (OUT_OF_SCOPE, *REQUESTS).index(topic),
        }

    def _together(self, first: int, second: int, place: int) -> float:
        """An intent's weight in two neighbouring segments read as one."""
        return float(self.weigh(self.text[self.segments[first].start : self.segments[second].end])[0][place])


def _most(weights: list[float], rivals: Sequence[int]) -> float:
    return max((weights[rival] for rival in rivals), default=0.0)
