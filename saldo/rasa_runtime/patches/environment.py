"""Rasa without its noise and its telemetry."""

from __future__ import annotations

import gc
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing leaves the machine
    "RASA_MAX_CACHE_SIZE": "0",  # of half-trained models: `saldo train` trains all or nothing, and would never read it
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own tables, not ours
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


def set_variables() -> None:
    """What Rasa reads from the environment, unless the operator has set it."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)


@contextmanager
def quiet_import() -> Iterator[None]:
    """Import Rasa inside this: no warnings, and no looking for garbage, of which importing makes none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings(record=True):  # some packages reset the filters
            yield
    finally:
        if was_on:
            gc.enable()
        if not gc.get_freeze_count():  # once: a second time would keep for ever what has become garbage since
            gc.freeze()


def silence() -> None:
    """Rasa and what it brings along tell errors and nothing less: below them they print what customers write."""
    for name in ("rasa", "rasa_sdk", "sanic.root", "sanic.error", "sanic.access", "apscheduler", "tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # Sanic switches them on
    warnings.filterwarnings("ignore", module=r"rasa|tensorflow|keras|sanic|matplotlib|pkg_resources")
