"""Trains the Rasa model, only when something it depends on has changed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from saldo.errors import SaldoError
from saldo.rasa_runtime import patches
from saldo.settings import Settings

DEPENDS_ON = (
    "config.yml", "domain.yml", "requirements.txt", "faq/topics.yml", "data/**/*", "saldo/nlu/**/*",
    "saldo/language.py", "saldo/text.py", "saldo/rasa_runtime/components/*", "saldo/rasa_runtime/importer.py",
)  # fmt: skip


def fingerprint(home: Path) -> str:
    """A hash over the names and contents of everything that the model is made of."""
    digest = hashlib.sha256()
    paths = {path for pattern in DEPENDS_ON for path in home.glob(pattern) if path.is_file()}
    for path in sorted(path for path in paths if path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(settings: Settings) -> bool:
    """Whether the model is there and made of what stands in the project now."""
    mark = _mark(settings)
    return settings.model.is_file() and mark.is_file() and mark.read_text() == fingerprint(settings.home)


def train(settings: Settings) -> Path:
    """Train and keep the model; raises SaldoError if the project is not in order."""
    patches.apply(settings)
    import rasa.model_training

    made_of = fingerprint(settings.home)
    log = io.StringIO()
    new = tempfile.TemporaryDirectory(dir=settings.model.parent)  # so that the old model is whole until the new one is
    with new, contextlib.redirect_stdout(log), _working_in(settings.home):
        result = rasa.model_training.train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=new.name,
            fixed_model_name=settings.model.stem.removesuffix(".tar"),
            force_training=True,
        )
        if result.code or not result.model:
            raise SaldoError(f"Training failed: {log.getvalue().strip() or 'see the messages above'}")
        Path(result.model).replace(settings.model)
    _mark(settings).write_text(made_of)
    return settings.model


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Trainings wait for each other; whoever waited may find the work done."""
    settings.model.parent.mkdir(parents=True, exist_ok=True)
    with settings.model.with_name(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Rasa resolves an importer's files against the working folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _mark(settings: Settings) -> Path:
    return settings.model.with_name("saldo.fingerprint")
