"""Trains the Rasa model, only when something it depends on has changed."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from saldo.errors import SaldoError
from saldo.rasa_runtime import patches
from saldo.rasa_runtime.model_file import write_hash
from saldo.settings import CHECKOUT, Settings

DEPENDS_ON = (
    "config.yml", "domain.yml", "requirements.txt", "faq/topics.yml", "data/**/*", "saldo/nlu/**/*",
    "saldo/language.py", "saldo/text.py", "saldo/rasa_runtime/components/*", "saldo/rasa_runtime/importer.py",
)  # fmt: skip


CODE = tuple(each for each in DEPENDS_ON if each.startswith("saldo/"))
"""What reads the model again: one that other code has written may be read wrongly."""


class AnotherSaldosModel(SaldoError):
    """A model that another version's code has written."""

    def __init__(self, model: Path, found: str, known: str) -> None:
        super().__init__(f"{model} was made by another Saldo (code {found}, this one is {known}); run `saldo train`.")


def fingerprint(home: Path, made_of: Iterable[str] = DEPENDS_ON) -> str:
    """A hash over the names and contents of everything that the model is made of."""
    digest = hashlib.sha256()
    paths = {path for pattern in made_of for path in home.glob(pattern) if path.is_file()}
    for path in sorted(path for path in paths if path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_fresh(settings: Settings) -> bool:
    """Whether the model is there and made of what stands in the project now."""
    return settings.model.is_file() and _mark(settings)[0] == fingerprint(settings.home)


def must_be_ours(settings: Settings) -> None:
    """AnotherSaldosModel if other code made the model. That content has changed since is no matter: it answers as then.

    A mark without the code's part was made before there was one; then all that the model is made of must be as it was.
    """
    made_of, code = _mark(settings)
    known = fingerprint(CHECKOUT, CODE)
    is_ours = code == known if code else made_of in ("", fingerprint(CHECKOUT), fingerprint(settings.home))
    if not is_ours:
        raise AnotherSaldosModel(settings.model, (code or made_of)[:8], known[:8])


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
    write_hash(settings.model)
    _mark_path(settings).write_text(f"{made_of}\n{fingerprint(CHECKOUT, CODE)}\n")
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


def _mark(settings: Settings) -> tuple[str, str]:
    """The fingerprints of all that the model is made of, and of the code among it; empty where they are not known."""
    path = _mark_path(settings)
    lines = path.read_text().split() if path.is_file() else []
    return (*lines, "", "")[0], (*lines, "", "")[1]


def _mark_path(settings: Settings) -> Path:
    return settings.model.with_name("saldo.fingerprint")
