"""The words of the letters: the same in both languages, every placeholder filled, no figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from saldo.errors import FaultyFiles
from saldo.faq import load as load_faq
from saldo.mail.reply.wording import load
from saldo.settings import Settings


def test_both_languages_have_them() -> None:
    assert set(load(Settings().faq).by_language) == {"nl", "fi"}


def test_every_topic_has_a_name_in_letters() -> None:
    words, topics = load(Settings().faq), set(load_faq(Settings().faq).topics)
    assert all(set(each.subjects) == topics for each in words.by_language.values())


@pytest.mark.parametrize(
    ("was", "now"),
    [("{name},", "{nom},"), ("Hei,", "Hei 24/7,"), ("  closing:", "  clossing:"), ("{subject}", "{subject")],
)
def test_a_slip_of_the_pen_is_told(tmp_path: Path, was: str, now: str) -> None:
    shutil.copytree(Settings().faq / "mail", tmp_path / "mail")
    path = tmp_path / "mail" / "fi.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(was, now), encoding="utf-8")
    with pytest.raises(FaultyFiles, match=r"mail/fi\.yml"):
        load(tmp_path)
