"""Imports Rasa without its noise, its telemetry, and without what this pipeline has no use for."""

from __future__ import annotations

import gc
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from saldo.rasa_runtime.patches.lazy_imports import lighten

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing leaves the machine
    "RASA_MAX_CACHE_SIZE": "0",  # of half-trained models: `saldo train` trains all or nothing, and would never read it
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's own tables, not ours
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
}


@contextmanager
def quietly() -> Iterator[None]:
    """Import Rasa inside this."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    lighten()
    with _without_collecting(), warnings.catch_warnings(record=True):  # some packages reset the filters
        yield
    _only_errors()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Nothing that is imported becomes garbage: looking for some, now and later, costs a tenth of the start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.freeze()


def _only_errors() -> None:
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    for name in ("rasa", "rasa_sdk", "sanic.root", "sanic.error", "sanic.access", "apscheduler", "tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", category=DeprecationWarning)  # Sanic switches them on
    warnings.filterwarnings("ignore", module=r"rasa|tensorflow|keras|sanic|matplotlib|pkg_resources")
