"""The trained intent model out of a Rasa model file, without Rasa: the same reading of a message, in seconds."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from saldo.errors import UnusableFile
from saldo.language import detect
from saldo.nlu.pipeline import Understood, understand
from saldo.nlu.reading import FILES, MessageModel

Predict = Callable[[str], Understood]


def predictor(model_path: Path) -> Predict:
    """What `model_path` (a Rasa model, or a folder with its files) makes of a message."""
    model = message_model(model_path)
    return lambda text: understand(text, detect(text).code, model)


def message_model(path: Path) -> MessageModel:
    """The model that reads messages out of a Rasa model, or of a folder with its files."""
    if path.is_dir():
        return MessageModel.load(path)
    if not path.exists():
        raise UnusableFile(path, "there is no such model; `saldo train` makes it")
    try:
        with tarfile.open(path) as archive, tempfile.TemporaryDirectory() as folder:
            for name in FILES:
                member = next(one for one in archive.getmembers() if Path(one.name).name == name)
                stream = archive.extractfile(member)
                (Path(folder) / name).write_bytes(stream.read() if stream else b"")
            return MessageModel.load(Path(folder))
    except (tarfile.TarError, StopIteration) as error:
        raise UnusableFile(path, "not a Rasa model with Saldo's reading in it; `saldo train` makes one") from error
