"""Reads which changes of licences a message names: how many, which way and from when, planned or made already.

A message is looked at piece by piece ("2 eraf per 1 maart | 3 erbij in april"), so that several changes are told apart
and what was done is not taken for a plan. What a piece does not say is left as the whole message says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from saldo.billing.explanation import Direction, InvoiceQuery, NamedChange
from saldo.nlu.change_pieces import MOST_LICENCES, Piece, expressions, pieces_of, without_entities, word_lists
from saldo.nlu.numbers import whole_number
from saldo.nlu.understanding import Entity


def with_changes(query: InvoiceQuery, text: str, entities: Iterable[Entity], language: str) -> InvoiceQuery:
    """The query with the changes that the message names, and whether they are told as made."""
    if language not in word_lists():
        return query
    entities = list(entities)
    pieces = list(pieces_of(text, entities, language))
    aimed = _target(without_entities(text, entities), language)
    if aimed:
        query = replace(query, licences=None)
    made = [piece for place, piece in enumerate(pieces) if _is_made(pieces, place) and (piece.way or aimed)]
    made = [piece for piece in made if piece.number] or made[:1]
    plans = [piece for piece in pieces if piece.way and piece not in made and not piece.has("denied")]
    asked = any(piece.asks_for_it and not _is_open(pieces, place) for place, piece in enumerate(pieces))
    thing = next((piece for piece in pieces if piece.has("change")), None) if asked and not made else None
    if made and not any(piece.number or piece.has("unreal") for piece in plans):
        asked = asked or (made[-1] == pieces[-1] and made[-1].has("asks") and not _is_open(pieces, len(pieces) - 1))
        return _as_told(query, _changes(made, pieces), aimed, made=True, recorded=asked)
    if thing is not None:
        return _as_told(query, [NamedChange(thing.way, thing.number, query.date)], None, made=True, recorded=True)
    return _as_told(query, _changes([piece for piece in plans if piece.number], pieces), aimed)


def _is_made(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a piece tells of what was done, or is so short that it goes on with the one before that does."""
    piece = pieces[place]
    goes_on = place > 0 and bool(piece.number) and piece.is_short and pieces[place - 1].made
    return piece.made or (goes_on and not piece.has("unreal"))


def _is_open(pieces: Sequence[Piece], place: int) -> bool:
    """Whether a piece, or the one that leads up to it, asks for more than yes or no."""
    return any(piece.has("open") for piece in pieces[max(place - 1, 0) : place + 1])


@dataclass(frozen=True)
class _Aim:
    """How many licences there are to be, and how many there were, if that is said."""

    target: int
    origin: int | None


def _as_told(
    query: InvoiceQuery, changes: Sequence[NamedChange], aim: _Aim | None, *, made: bool = False, recorded: bool = False
) -> InvoiceQuery:
    """The query with these changes; a number to get to makes the difference from where it was, once that is past."""
    query = replace(query, made=made, recorded=recorded, target=None)
    if aim and made and aim.origin is not None:
        difference = aim.target - aim.origin
        way: Direction = "add" if difference > 0 else "remove"
        return replace(query, change=way, licences=abs(difference) or None)
    if aim and not made:
        return replace(query, target=aim.target, licences=None)
    if len(changes) > 1:
        return replace(query, changes=tuple(changes), change=None, licences=None)
    if not changes:
        return query
    (change,) = changes
    return replace(query, change=change.way, licences=change.licences, date=change.date or query.date)


def _changes(told: Sequence[Piece], pieces: Sequence[Piece]) -> list[NamedChange]:
    """The changes of these pieces, and of numbers beside them that go the same way: "2 erbij, en in april nog 3".

    A day said before all of them, or after the last, is the day of all that have none.
    """
    found: list[tuple[Direction | None, Piece]] = []
    for place, piece in enumerate(pieces):
        beside = piece.number and piece.way is None and piece.is_short and (piece.date or piece.has("again"))
        if piece in told:
            found.append((piece.way, piece))
        elif beside and found:
            found.append((found[-1][0], piece))
        elif beside and {*pieces[place + 1 : place + 2]} & {*told}:
            found.append((pieces[place + 1].way, piece))
    days = [piece.date for piece in pieces if piece.date]
    first_or_last = all(
        (piece.day_first and place == 0) or (not piece.day_first and place == len(found) - 1)
        for place, (_, piece) in enumerate(found)
        if piece.date
    )
    shared = days[0] if len(days) == 1 and first_or_last else None
    return _each_once([NamedChange(way, piece.number, piece.date or shared) for way, piece in found])


def _each_once(changes: Sequence[NamedChange]) -> list[NamedChange]:
    """Without those said again: "er komen acht mensen bij, … die acht extra licenties"."""
    found: list[NamedChange] = []
    for change in changes:
        again = next((place for place, one in enumerate(found) if _is_same(one, change)), None)
        if again is None:
            found.append(change)
        else:
            found[again] = replace(change, date=found[again].date or change.date)
    return found


def _is_same(one: NamedChange, other: NamedChange) -> bool:
    days = {one.date, other.date} - {None}
    return (one.way, one.licences) == (other.way, other.licences) and len(days) <= 1


def _target(text: str, language: str) -> _Aim | None:
    """The number aimed at: "terug naar 8", "van 10 naar 12", "kymmenestä kahteentoista"; None if there is none."""
    for expression in expressions(language, "target"):
        for found in expression.finditer(text):
            number, named = whole_number(found.group("target"), language), found.groupdict().get("origin")
            origin = whole_number(named, language) if named else None
            if number is not None and number <= MOST_LICENCES and (origin is None) == (named is None):
                return _Aim(number, origin)
    return None
