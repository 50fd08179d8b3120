"""What a message is answered with, and what the conversation is to remember of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from saldo.answers.answer import Answer
from saldo.answers.compose import ExplainedTopic, again, answer, clarify, say, unsupported_language
from saldo.billing.explanation import InvoiceQuery
from saldo.conversation.bill_points import bill_point
from saldo.conversation.spoken_language import named_language
from saldo.conversation.state import ConversationState, TurnMetadata, reply_language
from saldo.conversation.turn import OWN_BILL, Explain, Reply, Turn, aims, topic_of
from saldo.faq import Faq
from saldo.language import OTHER
from saldo.nlu.decision import FALLBACK, OUT_OF_SCOPE, Decision, is_topic
from saldo.nlu.messages import Act
from saldo.nlu.understanding import Question, Understanding

FAILED_TRIES = 2
"""After this many messages in a row that led nowhere, a person takes over."""


def respond(
    understanding: Understanding, state: ConversationState, metadata: TurnMetadata, faq: Faq, explain: Explain
) -> Reply:
    """The reply to one message."""
    language, chosen = reply_language(understanding.language, state, metadata)
    after = replace(
        state, language=language, language_chosen=chosen, offered=(), failures=0, suggested=None, answered=None,
        change=None, change_from=None,
    )  # fmt: skip
    turn = of_own_bill(Turn(understanding, state, language, faq, explain, after))
    if turn.supposes_anew:
        part = turn.part("invoice_quantity", language)
        return turn.reply(answer(faq, [part], language), **turn.supposed)
    if turn.supposes_a_change or turn.supposes_the_same_change:
        said = answer(faq, [turn.part("licence_change", language)], language)
        return turn.reply(said, topic="licence_change", **turn.supposed_change)
    return REPLIES.get(turn.understanding.intent, answer_topics)(turn)


def of_own_bill(turn: Turn) -> Turn:
    """The turn with what is asked of the customer's own bill under its topic and point, where the records answer it."""
    if turn.understanding.language.code == OTHER:
        return turn
    questions = tuple(_of_own_bill(turn, each) for each in turn.understanding.questions)
    if questions == turn.understanding.questions:
        return turn
    intent = next(each.decision.topic for each in questions if each.decision.status == "answer")
    return replace(turn, understanding=replace(turn.understanding, questions=questions, intent=intent))


def _of_own_bill(turn: Turn, question: Question) -> Question:
    passed_over = question.decision.status == "small_talk" or turn.query.recorded
    found = None if passed_over else bill_point(question, turn.query, turn.language)
    if found is None or not turn.part(found.topic, turn.language, point=found.point).explanation:
        return question
    asked = question.decision
    decision = Decision("answer", found.topic, asked.confidence, asked.ranking, asked.choices, rule=OWN_BILL)
    return replace(question, decision=decision, point=found.point)


def answer_topics(turn: Turn) -> Reply:
    """Each topic asked about once, in the order asked; what else was asked is quoted as not answered.

    Whom the last answer made angry is not given it again, and nobody gets it word for word a second time: then people
    are named first, and the third time a person takes over.
    """
    asked: dict[str, Question] = {}
    for question in turn.understanding.questions:
        if question.decision.status == "answer":
            asked.setdefault(topic_of(turn.query, question), question)
    if "escalate" in turn.understanding.acts and {*asked} == {turn.before.topic}:
        return turn.reply(say(turn.faq, "handover", FOR_A_PERSON["escalate"], turn.language, ["human"]))
    chosen = turn.after.language_chosen
    parts = [
        turn.part(
            topic,
            turn.language if chosen or question.language == OTHER else question.language,
            None,
            None if topic == "licence_change" and aims(turn.query, question) else question.point,
        )
        for topic, question in asked.items()
    ]
    turn = turn.with_topics({topic: part.topic for topic, part in zip(asked, parts, strict=True)})
    parts = [*{part.topic: part for part in reversed(parts)}.values()][::-1]
    unanswered = [
        each.text for each in turn.understanding.questions if each.decision.status in ("clarify", "out_of_scope")
    ]
    said = answer(turn.faq, parts, turn.language, unanswered)
    told = hashlib.sha256(repr(said.blocks).encode()).hexdigest()[:16]
    failures = 0
    if told == turn.before.answered:
        failures = turn.before.failures + 1
        if failures >= FAILED_TRIES:
            return turn.reply(say(turn.faq, "handover", "handover", turn.language))
        said = again(turn.faq, said)
    supposed = turn.supposed if "invoice_quantity" in asked else {}
    if "licence_change" in said.topics:
        supposed |= turn.supposed_change
    remembered = {**invoices_told(parts), **supposed, "answered": told, "failures": failures}
    return turn.reply(said, topic=parts[-1].topic, **remembered)


def competing(understanding: Understanding, answer: Answer) -> list[str]:
    """The two topics that came next in the rankings: what may have been meant, if the answer does not help."""
    likely: dict[str, float] = {}
    for topic, weight in (pair for question in understanding.questions for pair in question.decision.ranking):
        if is_topic(topic) and topic not in answer.topics:
            likely[topic] = max(weight, likely.get(topic, 0.0))
    return sorted(likely, key=lambda topic: (-likely[topic], topic))[:2] if answer.parts else []


def following(faq: Faq, answer: Answer) -> list[str]:
    """The two topics to go on with: those that the content files name after these, none of them just answered."""
    named = (topic for part in answer.parts for topic in faq.text(part.topic, part.language).next)
    return [topic for topic in dict.fromkeys(named) if topic not in answer.topics][:2]


def ask_back(turn: Turn) -> Reply:
    """Which of at most three topics is meant; a person where asking again would offer nothing new."""
    unclear = next((each for each in turn.understanding.questions if each.decision.status == "clarify"), None)
    topics = [topic for topic in unclear.decision.choices if topic in turn.faq.topics] if unclear else []
    narrower = turn.before.failures < FAILED_TRIES and not {*topics} <= {*turn.before.offered}
    if turn.before.failures + 1 >= FAILED_TRIES and not narrower:
        return turn.reply(say(turn.faq, "handover", "handover", turn.language))
    said = clarify(turn.faq, topics, turn.language)
    return turn.reply(said, offered=said.topics, failures=turn.before.failures + 1)


def small_talk(turn: Turn) -> Reply:
    """Greets, thanks, says goodbye; takes a yes or a no to what was asked back for what it means.

    What only tells, settles or takes back is answered as such, with no article.
    """
    intent, before, language = turn.understanding.intent, turn.before, turn.language
    if intent == "affirm" and len(before.offered) == 1:
        (topic,) = before.offered
        return turn.reply(answer(turn.faq, [turn.part(topic, language)], language), topic=topic)
    if intent == "affirm" and before.suggested and before.topic:
        part = turn.part(before.topic, language, InvoiceQuery(invoice=before.suggested))
        return turn.reply(answer(turn.faq, [part], language), **invoices_told([part]))
    if intent == "deny" and before.offered:
        return turn.reply(say(turn.faq, "handover", "human", language))
    key = NOTHING_ASKED.get(turn.act, intent)
    if any(question.point == "a_person" for question in turn.understanding.questions):
        key = "a_person"
    if before.topic:
        key = AFTER_AN_ANSWER.get(key, key)
    said = say(turn.faq, "small_talk", key, language, [intent])
    return turn.reply(said, offered=before.offered, failures=before.failures)


def hand_over(turn: Turn) -> Reply:
    """Names the people who can help: a person was asked for or is needed, or none of the choices fits."""
    key = FOR_A_PERSON.get(turn.act, "human")
    return turn.reply(say(turn.faq, "handover", key, turn.language, ["human"]))


def switch_language(turn: Turn) -> Reply:
    """Goes on in the language that was asked for, if it is one of ours."""
    wanted = named_language(turn.understanding.text, turn.language)
    if wanted is None:
        return decline_language(turn)
    key = "already_language" if wanted == turn.language else "switched"
    said = say(turn.faq, "small_talk", key, wanted, ["switch_language"])
    return turn.reply(said, language=wanted, language_chosen=True)


def refuse(turn: Turn) -> Reply:
    """Says that a question is not Saldo's, or that it does not speak the language, and who can help.

    That is no failed try yet, unless it was asked back what is meant: then, and the third time in a row, a person
    takes over.
    """
    if turn.understanding.language.code == OTHER:
        return decline_language(turn)
    failures = turn.before.failures + 1
    if failures > FAILED_TRIES or turn.before.offered:
        return turn.reply(say(turn.faq, "handover", "handover", turn.language))
    said = say(turn.faq, "out_of_scope", "out_of_scope", turn.language, [OUT_OF_SCOPE])
    return turn.reply(said, failures=failures)


def decline_language(turn: Turn) -> Reply:
    """Says, in three languages, which ones are spoken; no failed try, for nobody misunderstood."""
    return turn.reply(unsupported_language(turn.faq, turn.language), failures=turn.before.failures)


def invoices_told(parts: Iterable[ExplainedTopic]) -> dict[str, Any]:
    """What is to be remembered of invoices: the one told of last, and the one asked back."""
    remembered: dict[str, Any] = {}
    for explanation in (part.explanation for part in parts if part.explanation):
        invoices = [fact.value for fact in explanation.facts if fact.name == "invoice"]
        suggested = [one.values["invoice"] for one in explanation.sentences if one.name == "did_you_mean"]
        remembered |= {"invoice": invoices[0]} if invoices else {}
        remembered |= {"suggested": suggested[0]} if suggested else {}
    return remembered


NOTHING_ASKED: Mapping[Act, str] = {"settle": "settled", "withdraw": "withdrawn", "tell": "told", "negate": "not_that"}
"""What is said to a message that does this and asks nothing (`says:` in the content files); …"""
FOR_A_PERSON: Mapping[Act, str] = {"notice": "noticed", "escalate": "escalated"}
"""… and where a person has to take it up."""
AFTER_AN_ANSWER = {"affirm": "understood", "told": "understood", "deny": "not_that"}
"""After an answer a "clear" ends the matter, and a "no" says that something else was meant."""
_SMALL_TALK: Sequence[str] = ("greet", "goodbye", "thank", "affirm", "deny", "help")
REPLIES: dict[str, Callable[[Turn], Reply]] = {
    **dict.fromkeys(_SMALL_TALK, small_talk),
    FALLBACK: ask_back,
    "human": hand_over,
    "switch_language": switch_language,
    OUT_OF_SCOPE: refuse,
}
"""By intent; every other intent is a topic."""
