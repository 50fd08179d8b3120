"""Mails as customers write them, each beside what its review must say: `<set>/<language>/<stem>.{eml,json}`.

The mails in `fresh` were written by others before anything was mended on them, the last by a third and a fourth hand.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from saldo.billing import Repository, open_database
from saldo.faq import load
from saldo.mail.evaluate import MailFigures, expected, measured, pairs_in
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import read
from saldo.settings import Settings

SETS = [Path(__file__).parent / name for name in ("messages", "fresh")]
LANGUAGES = ("nl", "fi")
Json = dict[str, Any]


def pairs(language: str) -> list[Path]:
    return [path for each in SETS for path, _ in pairs_in(each / language)]


@pytest.fixture(scope="session")
def reviews(home: Path, bot: Any, loop: asyncio.AbstractEventLoop) -> dict[str, dict[Path, Json]]:
    """What the real bot makes of every mail; the capability is checked by the actions, with the home's own key."""
    settings = Settings(home=home, mail_authserv_ids=("mx.saldo.example",))
    records = Repository(open_database(f"sqlite:///{home}/var/saldo.db"))
    handler = MailHandler(settings, load(settings.faq), bot, records)

    async def handled(path: Path) -> Json:
        return (await handler.handle(read(path.read_bytes()), "x.eml", "box", lambda sender, day: 0)).review.as_json()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SALDO_HOME", str(home))
        return {
            language: {path: loop.run_until_complete(handled(path)) for path in pairs(language)}
            for language in LANGUAGES
        }


@pytest.mark.parametrize(
    "path", [*pairs("nl"), *pairs("fi")], ids=lambda path: "-".join(path.with_suffix("").parts[-3:])
)
def test_the_writers_own_words_are_found(path: Path) -> None:
    found = read(path.read_bytes())
    assert " ".join(found.own.split()) == expected(path)["own"]
    assert [each.name for each in found.attachments] == expected(path)["attachments"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_wrote_and_what_is_skipped(reviews: dict[str, dict[Path, Json]], language: str) -> None:
    for path, review in reviews[language].items():
        want = expected(path)
        assert (want["skipped"] or "") in (review["skipped"] or ""), path.stem
        assert (review["language"], review["identity"]) == (want["language"], want["identity"]), path.stem
        assert review["identity"] == "authenticated" or not review["facts"], path.stem


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_asked_are_answered_and_none_of_the_thread(reviews: dict[str, dict[Path, Json]], language: str) -> None:
    answered = {path: review for path, review in reviews[language].items() if not review["skipped"]}
    figures = MailFigures([measured(path, expected(path), review) for path, review in answered.items()])
    # one of a hundred: what its writer says to have understood has the topic of the thread below it
    assert len(figures.leaked) <= 1, figures.leaked
    assert figures.micro_f1 >= 0.93, figures.inexact
    assert figures.exact >= 0.85, figures.inexact
