"""A customer's own figures as blocks: what they come to in words, as a picture, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from saldo.answers.blocks import Block, FactRow, Paragraph, SeatsPicture, Timeline, TimelineRow
from saldo.answers.formats import fill, write, write_formula
from saldo.billing.explanation import Explanation, Fact, PeriodTimeline, Source
from saldo.faq import Faq


def told(faq: Faq, explanation: Explanation, language: str, led: str | None) -> Iterator[Block]:
    """What the customer's own figures come to, in words and in a picture.

    The first statement named `led` is said by the answer's lead.
    """
    words = faq.words[language]
    wordings = {**words.figures, **faq.text(explanation.topic, language).figures}
    sentences = [statement for statement in explanation.sentences if statement.name in wordings]
    if led:
        sentences.remove(next(one for one in sentences if one.name == led))
    if sentences:
        yield Paragraph(" ".join(fill(wordings[one.name], one.values, language) for one in sentences))
    if seats := explanation.seats:
        free = max(seats.licences - seats.active, 0)
        used = fill(words.says["seats_used"], {"count": seats.active}, language)
        yield SeatsPicture(seats.active, free, used, fill(words.says["seats_free"], {"count": free}, language))
    if explanation.timeline:
        yield _timeline(explanation.timeline, wordings, words.facts["period"], language)


def rows_of(faq: Faq, explanation: Explanation, language: str) -> tuple[tuple[FactRow, ...], tuple[FactRow, ...]]:
    """The customer's figures as rows of a table: what was reckoned in the end, and what that was reckoned from."""
    facts, words = explanation.facts if explanation.own else (), faq.words[language]
    steps = {name for fact in facts if fact.formula for name in fact.formula.inputs}
    rows = [
        (fact.formula and fact.name not in steps, _row(fact, words.facts, words.sources, language)) for fact in facts
    ]
    return tuple(row for shown, row in rows if shown), tuple(row for shown, row in rows if not shown)


def _timeline(turning: PeriodTimeline, wordings: Mapping[str, str], title: str, language: str) -> Timeline:
    period = turning.period

    def day(on: date) -> str:
        return write(on, language)

    rows = (
        TimelineRow(
            fill(wordings[one.sentence.name], one.sentence.values, language),
            day(one.days.start),
            day(one.days.last_day),
            (one.days.start - period.start).days,
            (one.days.end - period.start).days,
        )
        for one in turning.stretches
    )
    change_day, days = (turning.change_on - period.start).days, (period.end - period.start).days
    return Timeline(
        title, day(period.start), day(period.last_day), days, day(turning.change_on), change_day, tuple(rows)
    )


def _row(fact: Fact, labels: Mapping[str, str], sources: Mapping[str, str], language: str) -> FactRow:
    formula = write_formula(fact.formula, language) if fact.formula else None
    return FactRow(labels[fact.name], write(fact.value, language), formula, _source(fact.source, sources, language))


def _source(source: Source, wordings: Mapping[str, str], language: str) -> str:
    return fill(wordings[source.name], source.values, language)
