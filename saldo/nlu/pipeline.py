"""Understands a whole message: what is asked, what each question is about, and what the message does. No Rasa here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saldo.language import OTHER, detect
from saldo.nlu.decision import (
    CHOICES,
    FALLBACK,
    OUT_OF_SCOPE,
    Decision,
    Ranking,
    Thresholds,
    answered,
    choices,
    is_topic,
    ranked,
    rivalled,
)
from saldo.nlu.evidence import COURTESIES, LEANING_WORDS, REQUESTS
from saldo.nlu.messages import CLOSING, Act
from saldo.nlu.reading import MessageModel, Reading
from saldo.nlu.thread import NOTHING_BEFORE, Before, clearest, placed
from saldo.nlu.understanding import Question

CLEAR = 0.9  # confidence from which a question has a language of its own
SURELY = 0.9  # from which a segment asks, whatever else it sounds like
LIKELY = 0.5  # from which what is no topic of ours, or an act, is taken to be there
IN_THREAD = 0.15
"""A topic that is so likely is answered in a short message after an answer, which says little of itself."""
_CERTAIN = 1.0
_FIRST = ("answer", "clarify", "small_talk", OUT_OF_SCOPE)
_FOREIGN = Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, _CERTAIN, ((OUT_OF_SCOPE, _CERTAIN),), rule="language")
NOTHING_ASKED: dict[Act, str] = {
    "settle": "thank", "withdraw": "deny", "negate": "deny", "tell": "affirm", "notice": "human", "escalate": "human",
}  # fmt: skip
"""The intent of a message that does this and asks nothing; how it is answered follows from the act."""
FOR_A_PERSON: frozenset[Act] = frozenset({"notice", "escalate"})
SAID_FIRST: frozenset[Act] = frozenset({"notice", "escalate", "withdraw", "settle"})
"""Acts that are answered as such rather than asking which topic is meant."""
A_SENTENCE = 4
"""So many words that surely ask are no courtesy, whatever they sound like ("something is not right here")."""
SOME = 0.01
"""A topic's weight from which it is a choice there."""
FOREIGN = 0.8
"""The weight from which a message is, by itself, none of ours."""
ASKED_BACK = 0.3
"""A topic that is so likely is asked back, even where the message is more likely none of ours."""


@dataclass(frozen=True)
class Understood:
    """The questions of a message in the order asked, and what its segments do, each act once."""

    questions: tuple[Question, ...]
    acts: tuple[Act, ...] = ()


def understand(
    text: str, language: str, model: MessageModel, before: Before = NOTHING_BEFORE, mail: bool = False
) -> Understood:
    """What a message asks; of an empty one nothing. `before` is what the conversation left open."""
    if not text.strip():
        return Understood(())
    reading = model.read(text, language, mail, before.topic)
    acts = tuple(dict.fromkeys(_act(reading, number) for number in range(len(reading.segments))))
    limits = model.mail_thresholds if mail else model.thresholds
    questions = tuple(_Message(text, language, model, before, reading, limits).questions())
    return Understood(questions, acts)


def _act(reading: Reading, number: int) -> Act:
    """What a segment does; a wish for a person is a complaint only where it surely is one."""
    segment, wishes = reading.segments[number], reading.asked.get("human", 0.0) >= LIKELY
    calm = wishes and reading.best["human"] == number and segment.acts["escalate"] < SURELY
    return "ask" if calm and segment.act == "escalate" else segment.act


@dataclass(frozen=True)
class _Message:
    """One message at hand."""

    text: str
    language: str
    model: MessageModel
    before: Before
    reading: Reading
    thresholds: Thresholds

    def questions(self) -> Iterator[Question]:
        """What is to be answered, with what is asked beside it and none of ours; else the one thing to be said."""
        if self.before.offered and (topic := self._chosen()):
            yield self._whole(Decision("answer", topic, LIKELY, ((topic, LIKELY),), rule="choice"))
            return
        asked, best = self.reading.asked, self.reading.best
        found = answered(asked, self.thresholds, rivalled(asked, best))
        if not found or (self._polite and asked[found[0]] < LIKELY):
            yield self._whole(self._in_thread() or self._unanswered())
            return
        if asked.get(OUT_OF_SCOPE, 0.0) >= LIKELY and best[OUT_OF_SCOPE] not in {best[topic] for topic in found}:
            found.append(OUT_OF_SCOPE)  # asked in a segment of its own
        found.sort(key=lambda topic: (best[topic], -asked[topic]))
        for topic in found:
            status = "answer" if is_topic(topic) else OUT_OF_SCOPE
            decision = Decision(status, topic, asked[topic], self._ranking(topic))
            others = {best[one] for one in found if one != topic}
            yield self._question(decision, self._span(topic, others) if others else None)

    @property
    def _ours(self) -> dict[str, float]:
        """The topics among what may be asked, each with its probability."""
        return {topic: likely for topic, likely in self.reading.asked.items() if is_topic(topic)}

    def _chosen(self) -> str | None:
        """The topic that was offered and is meant now, unless another is clearly asked about."""
        if topic := placed(self.text, self.language, self.before.offered):
            return topic
        if max(self._ours.values(), default=0.0) >= self.thresholds.answer or self._likeliest[0] in COURTESIES:
            return None
        return clearest(self.before.offered, self.reading.asked)

    def _in_thread(self) -> Decision | None:
        """A short question is taken up where the conversation stands, unless it is none of ours or wants a person."""
        asked = self._ours
        if self.before.topic is None or not asked or len(self.text.split()) > LEANING_WORDS:
            return None
        elsewhere = max(self.reading.asked.get(one, 0.0) for one in (OUT_OF_SCOPE, *REQUESTS))
        topic = max(asked, key=lambda one: (asked[one], one))
        asks = self.reading.act("ask") >= LIKELY and self._likeliest[0] not in COURTESIES
        if not asks or elsewhere >= LIKELY or asked[topic] < IN_THREAD:
            return None
        return Decision("answer", topic, asked[topic], self._ranking(topic), rule="thread")

    @property
    def _likeliest(self) -> tuple[str, float]:
        """The likeliest intent of the whole message, and its weight; without words it is none of ours."""
        return self.reading.likeliest[0] if self.reading.likeliest else (OUT_OF_SCOPE, _CERTAIN)

    def _unanswered(self) -> Decision:
        """What follows where no topic is clearly asked about."""
        asked = self.reading.asked
        outside = asked.get(OUT_OF_SCOPE, 0.0)
        ranking = ranked(asked) or ((OUT_OF_SCOPE, outside),)
        requested = max(REQUESTS, key=lambda one: asked.get(one, 0.0))
        if asked.get(requested, 0.0) >= LIKELY:
            return Decision("small_talk", requested, asked[requested], ranking)
        if closing := self._closing():
            return closing
        topics = self._choices()
        likeliest, weight = self._likeliest
        asks = self.reading.act("ask") >= LIKELY
        if (self._polite or (not asks and self.act in SAID_FIRST)) and (said := self._courtesy()):
            return said
        least = self.thresholds.clarify if outside < LIKELY else ASKED_BACK
        if self.before.topic and likeliest == OUT_OF_SCOPE and weight >= FOREIGN:
            least = _CERTAIN  # a foreign matter stays one after an answer
        if topics and asked[topics[0]] >= least:
            return Decision("clarify", topics[0], asked[topics[0]], ranking, topics)
        sentence = len(self.text.split()) >= A_SENTENCE and likeliest in {*COURTESIES} - {"greet"}
        nothing_before = self.before == NOTHING_BEFORE  # else "yes, that one" and "no, not that" mean something
        if asks and (likeliest == FALLBACK or (sentence and nothing_before and self.reading.act("ask") >= SURELY)):
            heaviest = self._heaviest()
            topic = heaviest[0] if heaviest else OUT_OF_SCOPE
            return Decision("clarify", topic, weight, self.reading.likeliest, heaviest, rule="asks, and names nothing")
        silent = not asks or (likeliest in COURTESIES and weight >= LIKELY)
        if silent and (courtesy := self._courtesy()):
            return courtesy
        if topics and outside < LIKELY and asked[topics[0]] >= self.thresholds.choice:
            return Decision("clarify", topics[0], asked[topics[0]], ranking, topics, rule="nothing sure")
        return Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, outside, ranking)

    @property
    def _polite(self) -> bool:
        """Whether these few words are surely a courtesy, whatever they would ask in the thread ("yes, that one")."""
        likeliest, weight = self._likeliest
        return likeliest in COURTESIES and weight >= SURELY and len(self.text.split()) <= A_SENTENCE

    def _closing(self) -> Decision | None:
        """What a message says that ends by taking back or settling what it retells, and surely asks nothing."""
        last = next((one for one in reversed(self.reading.segments) if one.act != "courtesy"), None)
        if last is None or last.act not in CLOSING or last.asks:
            return None
        if last.closes < SURELY:
            return None
        return Decision("small_talk", NOTHING_ASKED[last.act], last.closes, self.reading.likeliest, rule=last.act)

    def _choices(self) -> tuple[str, ...]:
        """The topics to ask back with; where the words do not say what they are about, what else they may be about."""
        topics = choices(self.reading.asked, self.thresholds)
        if not topics or self._likeliest[0] != FALLBACK:
            return topics
        return tuple(dict.fromkeys((*topics, *self._heaviest())))[:CHOICES]

    def _heaviest(self) -> tuple[str, ...]:
        """The topics that weigh most in the words, whatever is asked; some for what surely asks and names none."""
        least = 0.0 if self._likeliest[0] == FALLBACK else SOME
        return tuple(name for name, each in self.reading.likeliest if is_topic(name) and each >= least)[:CHOICES]

    def _courtesy(self) -> Decision | None:
        """The small talk of a message in which nothing is asked; None for a question, whatever it sounds like."""
        if self.text.rstrip().endswith("?") or not self.reading.segments:
            return None
        act, (likeliest, weight) = self.act, self.reading.likeliest[0]
        if likeliest in COURTESIES and act not in FOR_A_PERSON:
            return Decision("small_talk", likeliest, weight, self.reading.likeliest)
        if act == "ask" or (self.reading.asked.get(OUT_OF_SCOPE, 0.0) >= LIKELY and act not in FOR_A_PERSON):
            return None
        if act == "courtesy":
            likeliest, weight = next(pair for pair in self.reading.likeliest if pair[0] in COURTESIES)
            return Decision("small_talk", likeliest, weight, self.reading.likeliest)
        return Decision("small_talk", NOTHING_ASKED[act], self.reading.act(act), self.reading.likeliest, rule=act)

    @property
    def act(self) -> Act:
        """What the message does, if it asks nothing: what is not courtesy comes first."""
        acts = [segment.act for segment in self.reading.segments]
        order: tuple[Act, ...] = ("ask", "escalate", "notice", "withdraw", "settle", "negate", "tell", "courtesy")
        return min(acts, key=order.index, default="ask")

    def _ranking(self, topic: str) -> Ranking:
        """The likeliest topics, this one at the head."""
        rest = tuple(pair for pair in ranked(self.reading.asked) if pair[0] != topic)
        return ((topic, self.reading.asked[topic]), *rest)

    def _span(self, topic: str, others: set[int]) -> tuple[int, int]:
        """Where one of several questions stands: its segment, and those after it that ask and are nobody else's."""
        segments = self.reading.segments
        first = last = self.reading.best[topic]
        while last + 1 < len(segments) and last + 1 not in others and segments[last + 1].act == "ask":
            last += 1
        return segments[first].start, segments[last].end

    def _whole(self, decision: Decision) -> Question:
        return self._question(decision, None)

    def _question(self, decision: Decision, span: tuple[int, int] | None) -> Question:
        """The question, in its own language where that is clear; what is in none of ours is out of scope."""
        start, end = span or (len(self.text) - len(self.text.lstrip()), len(self.text.rstrip()))
        text, language = self.text[start:end], self.language
        if span:
            own = detect(text, language)
            language = own.code if own.reason in ("model", "words") and own.confidence >= CLEAR else language
        courtesy = decision.status == "small_talk" and decision.rule not in NOTHING_ASKED
        if language == OTHER and not (courtesy and len(text.split()) <= A_SENTENCE):
            decision = _FOREIGN  # of a foreign text no more is understood than a greeting or thanks
        if decision.status == "small_talk":
            done: Act = self.act if decision.topic not in REQUESTS else "ask"
            act = next((one for one in NOTHING_ASKED if one == decision.rule), done)
            point = self.model.point(text, "help") if decision.topic == "help" else None
            return Question(text, start, end, language, decision, act=act, point=point)
        if decision.status != "answer":
            return Question(text, start, end, language, decision)
        asking = " ".join(self._asking(start, end)) or text
        sure = decision.confidence >= LIKELY  # a point of a topic that is a guess would be one guess upon another
        facet, point = self.model.facet(asking), self.model.point(asking, decision.topic) if sure else None
        return Question(text, start, end, language, decision, facet=facet, point=point)

    def _asking(self, start: int, end: int) -> Iterator[str]:
        """What asks there; what is only told beside it says nothing of what exactly is asked."""
        for segment in self.reading.segments:
            if start <= segment.start and segment.end <= end and segment.act == "ask":
                yield segment.text


def chosen(text: str, topic: str, language: str) -> Question:
    """The one question of a customer who tapped a choice."""
    return Question(
        text, 0, len(text), language, Decision("answer", topic, _CERTAIN, ((topic, _CERTAIN),), rule="choice")
    )


def command(text: str, language: str) -> Question:
    """What is written as a command is no question of ours."""
    return Question(text, 0, len(text), language, _FOREIGN)


def deciding(found: Sequence[Question]) -> Decision:
    """The decision on the whole message: the first question to answer, else to clarify, else small talk."""
    decisions = [question.decision for question in found] or [_FOREIGN]
    return min(decisions, key=lambda decision: _FIRST.index(decision.status))


def intent_ranking(decision: Decision) -> Ranking:
    """Intents sorted by weight, with the message's intent at the head as Rasa wants it."""
    intent = FALLBACK if decision.status == "clarify" else decision.topic
    rest = [(name, weight) for name, weight in decision.ranking if name != intent]
    return ((intent, max(decision.confidence, *(weight for _, weight in rest), 0.0)), *rest)
