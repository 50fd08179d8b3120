"""A desk on a folder of a few mails. One process serves all tests, each of which gets the folder anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mail.desk.hands import DeskServer, drafted, some_mails

Serve = Callable[[dict[str, bytes]], DeskServer]


@pytest.fixture(scope="session")
def desk_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk on an empty folder."""
    server = DeskServer(tmp_path_factory.mktemp("desk")).start()
    yield server
    server.stop()


@pytest.fixture
def serve(desk_server: DeskServer, tmp_path: Path) -> Serve:
    """Puts the drafts and reviews of these mails into the desk's folder, in place of what was there."""

    def begin(mails: dict[str, bytes]) -> DeskServer:
        for path in desk_server.folder.iterdir():
            path.unlink()
        drafted(tmp_path, mails, desk_server.folder)
        return desk_server

    return begin


@pytest.fixture
def served(serve: Serve) -> DeskServer:
    """A desk with a few mails."""
    return serve(some_mails())
