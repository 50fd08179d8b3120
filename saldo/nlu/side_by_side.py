"""Does independent parts of the learning at the same time, one a processor, with the result of one after another."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from saldo.errors import SaldoError

Given = TypeVar("Given")
One = TypeVar("One")

SLICE = 500
"""Things that are done in one go: enough to be worth a fork, few enough for all processors to have some at the end."""


def side_by_side(works: Sequence[Callable[[], Given]]) -> list[Given]:
    """What each work gives, in their order; begun in that order, so the longest should come first.

    Each runs in a fork, which sees all that is in memory without a copy, and only what it gives is sent back. Elsewhere
    than on Linux a fork may crash in the system's own libraries; there, and on one processor, they are done in turn.
    """
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    with threadpool_limits(1):  # of NumPy and scikit-learn: more would be in the way, and add up in another order
        return [work() for work in works] if processors == 1 else _forked(works, processors)


def _forked(works: Sequence[Callable[[], Given]], processors: int) -> list[Given]:
    forking = multiprocessing.get_context("fork")
    given: dict[int, Given] = {}
    running: dict[Connection, tuple[int, Any]] = {}
    begun = 0
    while len(given) < len(works):
        while begun < len(works) and len(running) < processors:
            receiving, sending = forking.Pipe(duplex=False)
            child = forking.Process(target=_do, args=(works[begun], sending), daemon=True)
            child.start()
            sending.close()  # ours, so that the child's death is seen
            running[receiving] = begun, child
            begun += 1
        for receiving in [each for each in wait([*running]) if isinstance(each, Connection)]:
            place, child = running.pop(receiving)
            try:
                succeeded, result = receiving.recv()
            except EOFError:
                child.join()
                message = f"A part of the training was ended (exit code {child.exitcode}): is there enough memory?"
                raise SaldoError(message) from None
            child.join()
            if not succeeded:
                raise result
            given[place] = result
    return [given[place] for place in range(len(works))]


def in_slices(work: Callable[[Sequence[One]], list[Given]], many: Sequence[One]) -> list[Given]:
    """What a work gives for many things, slice by slice."""
    slices = [many[start : start + SLICE] for start in range(0, len(many), SLICE)]
    return [*chain.from_iterable(side_by_side([partial(work, some) for some in slices]))]


def _do(work: Callable[[], object], sending: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a fork without a word; the parent has it to say
    try:
        sending.send((True, work()))
    except Exception as error:
        sending.send((False, error))
