"""The shipped content; and, to break, a copy of a small content folder of the tests' own, which no editor changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.faq import Faq, load
from saldo.settings import CHECKOUT

SMALL = Path(__file__).parent / "content"
Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def faq() -> Faq:
    """What is shipped."""
    return load(CHECKOUT / "faq")


@pytest.fixture(scope="session")
def small() -> Faq:
    """Six topics as they once were."""
    return load(SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of them."""
    return Path(shutil.copytree(SMALL, tmp_path / "faq"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Put one passage of a file in the place of another, which stands there once."""

    def put(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return put
