"""Texts that ask for as much work as 2,000 characters can."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from hypothesis import strategies as st

from saldo.text import LONGEST
from tests.support import CHECKOUT

WORST = (
    "1 000", "06 ", "000 ", "1\u202f000", "€1 ", "1)\n", "a\n", "?", "…", "..", "-", "'", "a, ", "1. a\n", "@",
    "kaksikymmentäviisi",
    "Waarom 1? ", "wanneer en hoe en waarom ", "en 2 eraf ", "1 jan ", "2 lisenssiä ", "haal ", "voeg ", "onko ",
    "ﷺ", "1 ﷺ ",
    "a\u0301\u0323", "\u0345", "😀", "👨\u200d👩\u200d👧", "א ", "\u202eab", "a\u200b", "ja ", "nl12 abcd 1234 ",
    "+31 6 ", "a b.v. ",
)  # fmt: skip
"""Each was the slowest of its kind once; repeated up to the longest text."""


def cue_words() -> list[str]:
    """Words out of the word lists, which is where one repeated may cost most."""
    files = [*(CHECKOUT / "saldo").glob("nlu/words/*.yml"), *(CHECKOUT / "saldo").glob("conversation/words/*.yml")]
    return sorted({word for file in files for word in _words(file)})


def _words(file: Path) -> list[str]:
    return re.findall(r"[^\W_]{2,20}", str(yaml.safe_load(file.read_text(encoding="utf-8"))))


def filled(piece: str) -> str:
    """As many of them as a message may have."""
    return (piece * (LONGEST // len(piece) + 1))[:LONGEST]


_pieces = st.one_of(
    st.sampled_from(WORST),
    st.sampled_from(cue_words()).map(lambda word: f"{word} "),
    st.text("0123456789 .,-:/€\u00a0\u202f", min_size=1, max_size=8),
    st.text("\u0301\u0323\u0345\u0338", min_size=1, max_size=40),
    st.text("abcdefghijklmnoprstuvyäö", min_size=1, max_size=30).map(lambda word: f"{word}, "),
    st.text(min_size=1, max_size=10),
)
texts = st.one_of(
    st.lists(_pieces, min_size=1, max_size=4).map("".join).map(filled),
    st.lists(_pieces, min_size=1, max_size=400).map("".join).map(lambda text: text[:LONGEST]),
    st.tuples(st.sampled_from("1aä-?.' "), st.integers(1, LONGEST)).map(lambda pair: pair[0] * pair[1]),
)
"""Few pieces again and again, or many different ones, or one sign."""
