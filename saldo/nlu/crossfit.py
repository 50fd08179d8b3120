"""Learns each stage of the reading from what the stage below says of unseen texts: hands are left out in turn."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from saldo.nlu.acts import ActModel, Segment, Shown, act_examples, learn_field, learn_openers, show
from saldo.nlu.boosting import Trees
from saldo.nlu.clauses import Openers
from saldo.nlu.decision import FALLBACK, Judged, best_sharpness, is_topic, rivalled
from saldo.nlu.evidence import COURTESIES, Evidence, gather
from saldo.nlu.features import Vocabulary
from saldo.nlu.messages import MarkedMessage
from saldo.nlu.model import Example, IntentModel, Lesson, Whole, learn_all
from saldo.nlu.side_by_side import in_slices, side_by_side
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
    """A part of the messages, models that have seen none of it, and the evidence in it and in some of the examples."""

    messages: Sequence[MarkedMessage]
    models: Models
    in_messages: Sequence[Found]
    in_examples: Sequence[Found]


class Models(NamedTuple):
    """What evidence is gathered with: what a text is about, what its clauses do, and what the whole of it asks."""

    intent: IntentModel
    acts: ActModel
    whole: IntentModel


class Crossfit(NamedTuple):
    """The folds; what is learnt beside them from all messages; and the models that were asked for besides."""

    folds: list[Fold]
    sharpness: float
    """Of the weights of intents."""
    field: bytes
    openers: Openers
    besides: list[IntentModel]


def gathered(
    models: Models, text: str, language: str, mail: bool, before: str | None
) -> tuple[list[Segment], Evidence | None]:
    """The segments of a message and the evidence in them; of one without words there is none."""
    intent, acts, whole = models
    segments = acts.segments(text, intent.glance, mail, before)
    if not segments:
        return [], None
    asks = dict(zip(whole.labels, whole.scores(text).tolist(), strict=True))
    return segments, gather(text, segments, intent.labels, intent.weigh, asks, mail, before, topic_names(language))


def crossfit(
    examples: Sequence[Example],
    messages: Sequence[MarkedMessage],
    vocabulary: Vocabulary,
    besides: Sequence[Lesson | Whole] = (),
) -> Crossfit:
    """Folds in which whole hands are left out, each with models learnt from all the others.

    `vocabulary` knows the features of all examples and messages. `besides` are lessons that may be learnt meanwhile.
    """
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
    plain = [
        [one for one, fold in zip(ordered, fold_of_example, strict=True) if fold != each or known[one.label] < FOLDS]
        for each in range(FOLDS)
    ]
    asked = [each + asked_examples(others) for each, others in zip(plain, elsewhere, strict=True)]
    acted = [acted_examples(some, others) for some, others in zip(plain, elsewhere, strict=True)]
    words = [
        vocabulary.of(text for text, _ in {*intents, *segments}) for intents, segments in zip(asked, acted, strict=True)
    ]
    lessons = [Lesson(each, 1.0, its) for each, its in zip(asked, words, strict=True)]
    lessons += [Lesson(each, ACT_SHARPNESS, its) for each, its in zip(acted, words, strict=True)]
    whole = [Whole(wanted_in(some, others), its) for some, others, its in zip(plain, elsewhere, words, strict=True)]
    learnt = learn_all([*besides, *lessons, *whole])
    rough, singles, wholes = (learnt[len(besides) :][part * FOLDS :][:FOLDS] for part in range(3))

    drawn = {ordered[place] for place in np.random.RandomState(SEED).permutation(len(ordered))[:EXAMPLES]}
    left_out = [
        [one for one, fold in zip(ordered, fold_of_example, strict=True) if fold == each and one in drawn]
        for each in range(FOLDS)
    ]
    scores = np.concatenate(
        [[model.scores(text) for text, _ in part] for model, part in zip(rough, left_out, strict=True)]
    )
    right = np.array([rough[0].labels.index(label) for part in left_out for _, label in part])
    sharpness = best_sharpness(scores, right)
    intents = [replace(model, sharpness=sharpness) for model in rough]

    openers = learn_openers(messages)

    def shown(some: Sequence[MarkedMessage]) -> list[Shown]:
        return [
            show(one, openers, intents[fold_of_hand[one.hand]].glance, singles[fold_of_hand[one.hand]]) for one in some
        ]

    clauses = in_slices(shown, messages)
    of_others = [[one for one in clauses if fold_of_hand[one.message.hand] != each] for each in range(FOLDS)]
    field, *fields = side_by_side([partial(learn_field, some) for some in (clauses, *of_others)])
    return Crossfit(
        [
            _fold(in_fold[each], left_out[each], Models(intents[each], acts, wholes[each]))
            for each in range(FOLDS)
            for acts in [ActModel(fields[each], openers, singles[each])]
        ],
        sharpness,
        field,
        openers,
        learnt[: len(besides)],
    )


def _fold(messages: Sequence[MarkedMessage], examples: Sequence[Example], models: Models) -> Fold:
    topics = [label for label in models.intent.labels if is_topic(label)]
    asked = [(given, frozenset(one.asked)) for one in messages for given in in_threads(one, topics)]
    alone = [(MarkedMessage("", "", False, text, ()), label) for text, label in examples]
    plain = [(one, frozenset() if label in COURTESIES else frozenset({label})) for one, label in alone]
    plain += [(_elsewhere(one, topics), frozenset()) for one, label in alone if label in COURTESIES]

    def found(some: Sequence[tuple[MarkedMessage, frozenset[str]]]) -> list[Found]:
        return [
            Found(evidence, wanted, one.mail)
            for one, wanted in some
            for _, evidence in [gathered(models, one.text, one.language, one.mail, one.before)]
            if evidence
        ]

    return Fold(messages, models, in_slices(found, asked), in_slices(found, plain))


def grow(found: Sequence[Found]) -> Trees:
    """The decision, learnt from evidence."""
    some = [one for one in found if one.evidence.topics]
    rows = np.concatenate([one.evidence.rows for one in some])
    asked = np.array([topic in one.wanted for one in some for topic in one.evidence.topics])
    return Trees.grow(rows, asked)


def judged_unseen(found: Sequence[Sequence[Found]]) -> list[Judged]:
    """Each message and example as it is judged by a decision learnt without its fold."""

    def judged(place: int) -> list[Judged]:
        asked = grow([one for other, each in enumerate(found) if other != place for one in each])
        return [_judged(one, asked) for one in found[place]]

    return [*chain.from_iterable(side_by_side([partial(judged, place) for place in range(len(found))]))]


def _judged(one: Found, decision: Trees) -> Judged:
    evidence, wanted, mail = one
    if not evidence.topics:
        return Judged(wanted, {}, mail)
    asked = dict(zip(evidence.topics, decision.probabilities(evidence.rows).tolist(), strict=True))
    return Judged(wanted, asked, mail, rivalled(asked, dict(zip(evidence.topics, evidence.best, strict=True))))


def wanted_in(examples: Sequence[Example], messages: Sequence[MarkedMessage]) -> list[tuple[str, frozenset[str]]]:
    """All that each text asks, courtesies apart."""
    plain = [(text, frozenset[str]() if label in COURTESIES else frozenset({label})) for text, label in examples]
    return [*plain, *((one.text, frozenset(one.asked)) for one in messages)]


def acted_examples(examples: Sequence[Example], messages: Sequence[MarkedMessage]) -> list[Example]:
    """What is done in segments of messages, as examples of the acts; small talk among the plain ones is courtesy."""
    return [*act_examples(messages), *(Example(text, "courtesy") for text, label in examples if label in COURTESIES)]


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
    """The message, and some also as they would come after some topic: what stands on its own does so anywhere."""
    yield message
    points = any(one.act == "ask" and one.topic is None for one in message.segments)  # at what came before
    if message.before is None and not points and _chance(message) % ELSEWHERE == 0:
        yield _elsewhere(message, topics)


def _elsewhere(message: MarkedMessage, topics: Sequence[str]) -> MarkedMessage:
    """The message as it would come after some topic."""
    return replace(message, before=topics[_chance(message) // ELSEWHERE % len(topics)])


def _chance(message: MarkedMessage) -> int:
    return zlib.crc32(message.text.encode())  # the same in every run
