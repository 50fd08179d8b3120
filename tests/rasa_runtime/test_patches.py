"""What `patches.apply` leaves as it is, however often it is called."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from saldo.rasa_runtime import patches
from saldo.settings import from_environment


class Ring:
    """Refers to itself, as a loaded model does: only the search for garbage gives it back."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_no_longer_used_is_given_back_though_the_patches_are_applied_again(here: Path) -> None:
    patches.apply(from_environment())
    ring = weakref.ref(unused := Ring())
    patches.apply(from_environment())
    del unused
    gc.collect()
    assert ring() is None
