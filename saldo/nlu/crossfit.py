"""Learns each stage of the reading from what the stage below says of unseen texts: hands are left out in turn."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from saldo.nlu.acts import ActModel, Segment, Shown, act_examples, learn_openers, show
from saldo.nlu.boosting import Trees
from saldo.nlu.decision import FALLBACK, Judged, best_sharpness, is_topic
from saldo.nlu.evidence import COURTESIES, Evidence, gather
from saldo.nlu.features import Vocabulary
from saldo.nlu.messages import MarkedMessage
from saldo.nlu.model import Example, IntentModel
from saldo.nlu.svm import folds
from saldo.nlu.thread import topic_names

FOLDS = 3
EXAMPLES = 5000
"""Plain examples, drawn evenly, that asking is learnt from beside the messages."""
ELSEWHERE = 8
"""Of so many messages one is read after another topic, too."""
SEED = 1
ACT_SHARPNESS = 2.5
"""How decided the weights of acts are; between 2 and 4 it hardly tells."""


class Found(NamedTuple):
    """The evidence in one message or example, and what is asked there."""

    evidence: Evidence
    wanted: frozenset[str]
    mail: bool = False


@dataclass(frozen=True)
class Fold:
    """A part of the examples and messages, and models that have seen none of it."""

    examples: tuple[Example, ...]
    messages: tuple[MarkedMessage, ...]
    intent: IntentModel
    single: IntentModel
    """Of the acts of single segments."""
    acts: ActModel
    shown: tuple[Shown, ...]
    """The messages as acts are learnt from them."""

    def found(self) -> Iterator[Found]:
        """What asking is learnt from."""
        topics = [label for label in self.intent.labels if is_topic(label)]
        for message in self.messages:
            wanted = frozenset(message.asked)
            for given in in_threads(message, topics):
                yield from self._found(given, wanted)
        for text, label in self.examples:
            wanted = frozenset() if label in COURTESIES else frozenset({label})
            yield from self._found(MarkedMessage("", "", False, text, ()), wanted)

    def _found(self, message: MarkedMessage, wanted: frozenset[str]) -> Iterator[Found]:
        context = message.text, message.language, message.mail, message.before
        _, evidence = gathered(self.intent, self.acts, *context)
        if evidence:
            yield Found(evidence, wanted, message.mail)


def gathered(
    intent: IntentModel, acts: ActModel, text: str, language: str, mail: bool, before: str | None
) -> tuple[list[Segment], Evidence | None]:
    """The segments of a message and the evidence in them; of one without words there is none."""
    segments = acts.segments(text, intent.glance, mail, before)
    if not segments:
        return [], None
    return segments, gather(text, segments, intent.labels, intent.weigh, mail, before, topic_names(language))


def crossfit(examples: Sequence[Example], messages: Sequence[MarkedMessage]) -> Iterator[Fold]:
    """Folds in which whole hands are left out, each with models learnt from all the others."""
    ordered = sorted(set(examples))
    fold_of_example = folds([label for _, label in ordered], FOLDS)
    fold_of_hand = {
        hand: (place + shift) % FOLDS
        for shift, language in enumerate(sorted({message.language for message in messages}))
        for place, hand in enumerate(sorted({one.hand for one in messages if one.language == language}))
    }
    in_fold = [[one for one in messages if fold_of_hand[one.hand] == each] for each in range(FOLDS)]
    elsewhere = [[one for one in messages if fold_of_hand[one.hand] != each] for each in range(FOLDS)]
    known = Counter(label for _, label in ordered)  # what has too few examples to be left out stays in every fold
    learnt_from = [
        [one for one, fold in zip(ordered, fold_of_example, strict=True) if fold != each or known[one.label] < FOLDS]
        + asked_examples(elsewhere[each])
        for each in range(FOLDS)
    ]
    acted = [act_examples(others) for others in elsewhere]
    vocabularies = [
        Vocabulary.learn(text for text, _ in {*intents, *segments})
        for intents, segments in zip(learnt_from, acted, strict=True)
    ]
    rough = [IntentModel.learn(each, 1.0, words) for each, words in zip(learnt_from, vocabularies, strict=True)]
    drawn = {ordered[place] for place in np.random.RandomState(SEED).permutation(len(ordered))[:EXAMPLES]}
    left_out = [
        [one for one, fold in zip(ordered, fold_of_example, strict=True) if fold == each and one in drawn]
        for each in range(FOLDS)
    ]
    scores = np.concatenate(
        [[model.lexical.scores(text) for text, _ in part] for model, part in zip(rough, left_out, strict=True)]
    )
    right = np.array([rough[0].labels.index(label) for part in left_out for _, label in part])
    intents = [IntentModel(model.lexical, best_sharpness(scores, right)) for model in rough]
    singles = [IntentModel.learn(each, ACT_SHARPNESS, words) for each, words in zip(acted, vocabularies, strict=True)]
    openers = learn_openers(messages)
    shown = [
        show(one, openers, intents[fold_of_hand[one.hand]].glance, singles[fold_of_hand[one.hand]]) for one in messages
    ]
    for each in range(FOLDS):
        others = [one for one in shown if fold_of_hand[one.message.hand] != each]
        yield Fold(
            tuple(left_out[each]),
            tuple(in_fold[each]),
            intents[each],
            singles[each],
            ActModel.learn(others, openers, singles[each]),
            tuple(one for one in shown if fold_of_hand[one.message.hand] == each),
        )


def grow(found: Sequence[Found]) -> Trees:
    """The decision, learnt from evidence."""
    some = [one for one in found if one.evidence.topics]
    rows = np.concatenate([one.evidence.rows for one in some])
    asked = np.array([topic in one.wanted for one in some for topic in one.evidence.topics])
    return Trees.grow(rows, asked)


def judged_unseen(found: Sequence[Sequence[Found]]) -> Iterator[Judged]:
    """Each message and example as it is judged by a decision learnt without its fold."""
    for place, part in enumerate(found):
        asked = grow([one for other, each in enumerate(found) if other != place for one in each])
        for evidence, wanted, mail in part:
            likely = asked.probabilities(evidence.rows).tolist() if evidence.topics else []
            yield Judged(wanted, dict(zip(evidence.topics, likely, strict=True)), mail)


def asked_examples(messages: Sequence[MarkedMessage]) -> list[Example]:
    """What is asked in messages, as examples of the intents; what does not say what it is about is one of its own.

    What stays on the topic before it seldom says what it is about; what turns to another does.
    """
    return [
        Example(message.text[one.start : one.end], one.topic or FALLBACK)
        for message in messages
        for one in message.segments
        if one.act == "ask" and (message.before is None or one.topic not in (None, message.before))
    ]


def in_threads(message: MarkedMessage, topics: Sequence[str]) -> Iterator[MarkedMessage]:
    """The message, also as it would come after some topic: what stands on its own does so anywhere."""
    yield message
    chance = zlib.crc32(message.text.encode())  # the same in every run
    if message.before is None and chance % ELSEWHERE == 0:
        yield replace(message, before=topics[chance // ELSEWHERE % len(topics)])
