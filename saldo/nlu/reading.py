"""The whole learnt reading of a message: its segments and acts, and how likely each topic is asked about.

Three models stand on each other: intents are weighed (`model`), clauses become segments with acts (`acts`), and from
both it is decided per topic whether it is asked (`evidence`, `boosting`); a fourth tells the facet of a question.
Each is trained on what the one below it says of texts that it has not seen, so that it learns how far to trust it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import cast

from saldo.nlu.acts import ActModel, Segment
from saldo.nlu.boosting import Trees
from saldo.nlu.crossfit import (
    ACT_SHARPNESS,
    Models,
    acted_examples,
    asked_examples,
    crossfit,
    gathered,
    grow,
    judged_unseen,
    wanted_in,
)
from saldo.nlu.decision import Thresholds, best_thresholds
from saldo.nlu.features import Vocabulary
from saldo.nlu.messages import Facet, MarkedMessage
from saldo.nlu.mistyping import mistyped
from saldo.nlu.model import Example, IntentModel, Lesson, Whole
from saldo.nlu.persistence import read_arrays, read_values, write_arrays, write_values
from saldo.nlu.points import point_of

FILES = (
    "vocabulary.npz", "vocabulary.json", "intent.npz", "intent.json", "single.npz", "single.json", "whole.npz",
    "whole.json", "facets.npz", "facets.json", "points.npz", "points.json", "acts.crf", "acts.json", "asked.npz",
    "thresholds.json",
)  # fmt: skip
"""What a saved model consists of; none of it can execute anything."""
POINT_SHARPNESS = 6.0
MISTYPED = 3
"""One example of so many is learnt a second time, as a hurried finger types it."""


@dataclass(frozen=True)
class Reading:
    """What was read in a message; `asked` holds the considered topics with the probability that each is asked."""

    segments: tuple[Segment, ...]
    asked: Mapping[str, float]
    best: Mapping[str, int]
    """The segment (by number) that speaks most for each considered topic."""
    likeliest: tuple[tuple[str, float], ...]
    """The intents of the whole message by weight, the likeliest first."""

    def act(self, name: str) -> float:
        """How likely any segment does this."""
        return max((segment.acts[name] for segment in self.segments), default=0.0)  # type: ignore[index]


@dataclass
class MessageModel:
    """Reads messages."""

    models: Models
    asked: Trees
    facets: IntentModel
    points: IntentModel
    thresholds: Thresholds
    mail_thresholds: Thresholds
    """Those of mails: they tell more than they ask, and their letters are not asked back."""

    @classmethod
    def learn(
        cls, examples: Sequence[Example], messages: Sequence[MarkedMessage], points: Sequence[Example]
    ) -> MessageModel:
        """The same examples of intents, messages and examples of points give the same model."""
        intents, segments = [*examples, *asked_examples(messages)], acted_examples(examples, messages)
        vocabulary = Vocabulary.learn(text for text, _ in {*intents, *segments, *points})
        typed = [*intents, *(Example(mistyped(text), label) for text, label in intents[::MISTYPED])]
        lessons: list[Lesson | Whole] = [
            Lesson(typed, 1.0, vocabulary),
            Lesson(segments, ACT_SHARPNESS, vocabulary),
            Lesson(facet_examples(messages), ACT_SHARPNESS, vocabulary),
            Lesson(points, POINT_SHARPNESS, vocabulary),
            Whole(wanted_in(examples, messages), vocabulary),
        ]
        trained = crossfit(examples, messages, vocabulary, lessons)
        intent, single, facets, exact, whole = trained.besides
        found = [[*fold.in_messages, *fold.in_examples] for fold in trained.folds]
        asked, judged = grow([*chain.from_iterable(found)]), judged_unseen(found)
        limits = [best_thresholds([one for one in judged if one.mail == mail], mail) for mail in (False, True)]
        acts = ActModel(trained.field, trained.openers, single)
        models = Models(replace(intent, sharpness=trained.sharpness), acts, whole)
        return cls(models, asked, facets, exact, *limits)

    def read(self, text: str, language: str, mail: bool = False, before: str | None = None) -> Reading:
        """A message in a language, in its conversation if a topic was answered before; without words, nothing."""
        segments, found = gathered(self.models, text, language, mail, before)
        if found is None:
            return Reading((), {}, {}, ())
        likely = self.asked.probabilities(found.rows).tolist() if found.topics else []
        weights = zip(self.models.intent.labels, found.whole.tolist(), strict=True)
        return Reading(
            tuple(segments),
            dict(zip(found.topics, likely, strict=True)),
            dict(zip(found.topics, found.best, strict=True)),
            tuple(sorted(weights, key=lambda pair: -pair[1])),
        )

    def facet(self, text: str) -> Facet:
        """What about its topic a question asks."""
        return cast(Facet, self.facets.glance(text)[0])

    def point(self, text: str, topic: str) -> str | None:
        """What exactly within its topic a question is about."""
        return point_of(self.points, text, topic)

    def save(self, folder: Path) -> None:
        """The same bytes for the same model."""
        intent, acts, whole = self.models
        intent.vocabulary.save(folder)
        intent.save(folder, "intent")
        whole.save(folder, "whole")
        self.facets.save(folder, "facets")
        self.points.save(folder, "points")
        acts.single.save(folder, "single")
        write_arrays(folder / "asked.npz", self.asked.arrays())
        (folder / "acts.crf").write_bytes(acts.content)
        write_values(folder / "acts.json", {"openers": sorted(acts.openers)})
        limits = {"chat": asdict(self.thresholds), "mail": asdict(self.mail_thresholds)}
        write_values(folder / "thresholds.json", limits)

    @classmethod
    def load(cls, folder: Path) -> MessageModel:
        """A model as it was saved."""
        vocabulary = Vocabulary.load(folder)
        names = ("intent", "single", "whole", "facets", "points")
        intent, single, whole, facets, points = (IntentModel.load(folder, name, vocabulary) for name in names)
        openers = frozenset(read_values(folder / "acts.json")["openers"])
        acts = ActModel((folder / "acts.crf").read_bytes(), openers, single)
        asked = Trees.restore(read_arrays(folder / "asked.npz"))
        limits = read_values(folder / "thresholds.json")
        chat, mail = (Thresholds(**limits[channel]) for channel in ("chat", "mail"))
        return cls(Models(intent, acts, whole), asked, facets, points, chat, mail)


def facet_examples(messages: Sequence[MarkedMessage]) -> list[Example]:
    """What is asked in messages, as examples of the facets."""
    return [
        Example(message.text[one.start : one.end], one.facet)
        for message in messages
        for one in message.segments
        if one.facet
    ]
