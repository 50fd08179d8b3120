"""Parts of the training at the same time: they give what they give one after another, and no failure is lost."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from saldo.errors import SaldoError
from saldo.nlu.side_by_side import SLICE, in_slices, side_by_side


def test_what_they_give_comes_in_their_order() -> None:
    assert side_by_side([partial(pow, 2, power) for power in range(9)]) == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_many_things_are_done_slice_by_slice() -> None:
    many = [*range(3 * SLICE + 1)]
    assert in_slices(lambda some: [2 * one for one in some], many) == [2 * one for one in many]


def test_the_failure_of_one_is_the_failure_of_all() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side([partial(divmod, 1, 1), partial(divmod, 1, 0)])


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="forks only where there are two processors")
def test_one_that_is_killed_is_told_of() -> None:
    def killed() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(SaldoError, match="exit code -9"):
        side_by_side([killed, killed])
