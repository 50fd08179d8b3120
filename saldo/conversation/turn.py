"""One message in its conversation: what it names, which topics it is about, and what was supposed before and stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from saldo.answers.answer import Answer
from saldo.answers.compose import ExplainedTopic
from saldo.billing.explanation import InvoiceQuery
from saldo.conversation.bill_points import named_of_bill
from saldo.conversation.state import ConversationState
from saldo.faq import Faq
from saldo.nlu.change_pieces import asks_how
from saldo.nlu.decision import FALLBACK
from saldo.nlu.messages import Act
from saldo.nlu.query import read_query
from saldo.nlu.understanding import Question, Understanding

OWN_BILL = "own bill"
"""The rule of a decision that `bill_points` made."""
FEW_WORDS = 6
"""In so few words a number takes the place of one that was supposed before."""
SUPPOSING = frozenset({"what_if", "how_many", "when"})
"""The facets of a question that is about what is supposed in it."""
LICENCE_TOPICS = frozenset({"seat_count", "invoice_quantity", "licence_change", "manage_licences"})
"""The topics that a question on licences to come or to go is taken for."""
ONE_SENTENCE = 12
"""In so many words at most a change that is named is what the message is about."""
Explain = Callable[[str, str, InvoiceQuery], ExplainedTopic]
"""A topic's share of the answer in a language: the customer's own figures where the capability allows."""


@dataclass(frozen=True)
class Reply:
    """What to say, and what the conversation is to remember."""

    answer: Answer
    state: ConversationState
    questions: tuple[Question, ...] = ()
    """What was asked, as it was answered."""


@dataclass(frozen=True)
class Turn:
    """One message in its conversation, and what it is answered from."""

    understanding: Understanding
    before: ConversationState
    language: str
    """The language to reply in."""
    faq: Faq
    explain: Explain
    after: ConversationState
    """What is remembered unless the reply says otherwise."""

    def reply(self, said: Answer, **remembered: Any) -> Reply:
        """The answer, with what is remembered beside the usual."""
        return Reply(said, replace(self.after, **remembered), self.understanding.questions)

    def part(
        self, topic: str, language: str, query: InvoiceQuery | None = None, point: str | None = None
    ) -> ExplainedTopic:
        """A topic's share; `query` instead of what the message names, where that was said before."""
        explained = self.explain(topic, language, replace(query or self.query, point=point))
        return replace(explained, point=point if explained.topic == topic else None)

    def with_topics(self, topics: Mapping[str, str]) -> Turn:
        """The turn with its questions under the topics that they were answered with, by those they were asked under."""
        questions = tuple(
            replace(each, decision=replace(each.decision, topic=topics[topic_of(self.query, each)]))
            if each.decision.status == "answer"
            else each
            for each in self.understanding.questions
        )
        return replace(self, understanding=replace(self.understanding, questions=questions))

    @property
    def supposes_anew(self) -> bool:
        """Whether another number is put in the place of one supposed before: "no, I mean 12 licences", "per year?"."""
        known = self.before.topic == "invoice_quantity" and self.before.months and self.before.licences
        short = len(self.understanding.text.split()) <= FEW_WORDS
        return bool(known and short and (self._named.licences or self._named.months))

    @property
    def supposes_the_same_change(self) -> bool:
        """Whether the change supposed just before is looked at from another day or in another number: "and in May?"."""
        named, short = self._named, len(self.understanding.text.split()) <= FEW_WORDS
        asked = {each.decision.topic for each in self.understanding.questions if each.decision.status == "answer"}
        elsewhere = named.invoice or named.target is not None or named.changes or named.made
        another = named.date or named.licences or named.quantity
        whole = named.change and named.licences and named.date
        goes_on = short and asked == {"licence_change"} and not elsewhere
        return bool(self.before.change and goes_on and another and not whole)

    @property
    def supposes_a_change(self) -> bool:
        """Whether it is not sure what is asked, and the message says how licences are to change, or were changed."""
        unclear = self.understanding.intent == FALLBACK and any(
            LICENCE_TOPICS & {*each.decision.choices} for each in self.understanding.questions
        )
        named, text = self._named, self.understanding.text
        aims = named.changes or named.target is not None or (named.change and named.licences)
        plans = aims and len(text.split()) <= ONE_SENTENCE and not asks_how(text, self.language)
        return bool(unclear and (named.recorded or plans))

    @property
    def supposed(self) -> dict[str, Any]:
        """What is to be remembered of the numbers that an answer on an invoice's quantity went by, if it named any."""
        licences, months = self.query.licences, self.query.months
        return {"licences": licences, "months": months} if licences or months else {}

    @property
    def supposed_change(self) -> dict[str, Any]:
        """What is to be remembered of a change that is supposed, and not told as made."""
        query = self.query
        if query.made or query.change is None or query.licences is None:
            return {}
        return {"change": query.licences * (1 if query.change == "add" else -1), "change_from": query.date}

    @property
    def act(self) -> Act:
        """What the message does, where it asks nothing."""
        return next((each.act for each in self.understanding.questions), "ask")

    @cached_property
    def _named(self) -> InvoiceQuery:
        text, entities = self.understanding.text, self.understanding.entities
        return named_of_bill(read_query(text, entities, self.language), text, entities, self.language)

    @cached_property
    def query(self) -> InvoiceQuery:
        """What the message names; "the previous one" counts from the invoice that was told of last."""
        query, before = self._named, self.before
        if self.supposes_the_same_change and before.change:
            return replace(
                query,
                change=query.change or ("add" if before.change > 0 else "remove"),
                licences=query.licences or query.quantity or abs(before.change),
                quantity=None,
                date=query.date or before.change_from,
            )
        if query.licences or query.months:  # of what was supposed before, the other number stays
            query = replace(query, licences=query.licences or before.licences, months=query.months or before.months)
        return replace(query, before=before.invoice) if query.place == "previous" and before.invoice else query


def aims(query: InvoiceQuery, question: Question) -> bool:
    """Whether what comes of the changes named is asked, and no yes or no that their words are like."""
    if question.decision.rule == OWN_BILL:
        return False
    supposed = question.facet == "what_if" and query.change and query.licences
    return bool(query.changes or supposed) or (query.target is not None and question.facet != "whether")


def topic_of(query: InvoiceQuery, question: Question) -> str:
    """The topic of a question; of one about licences that names several changes, or asks for one made, it is these."""
    topic = question.decision.topic
    if question.decision.rule == OWN_BILL:
        return topic
    if query.recorded and (topic in LICENCE_TOPICS or (topic == "invoice_status" and query.licences)):
        return "licence_change"
    if topic not in LICENCE_TOPICS or question.point in ("self", "where") or query.invoice:
        return topic
    supposed = (query.changes or query.target is not None) and not query.made and question.facet in SUPPOSING
    return "licence_change" if supposed else topic
