"""One spaCy tokenizer for both languages: numbers, dates and Finnish endings ("Severa:n") stay whole."""

from __future__ import annotations

import re
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer

LANGUAGES = ("nl", "fi")
LONGEST_SUFFIX = 16
LONGEST_WHOLE = 300
"""Characters of an address of a page that stays one token."""
_PREFIX = re.compile(r"""^[("'“”„‘’«»\[{<¿¡€$£#*~+=@/–—…-]""")
_SUFFIX = re.compile(
    r"""(?:[)"'“”‘’«»\]}>!?;,…€$£*/–—%]|\.+|(?<!\w):|:(?=$)|(?<=\d)(?:kk|kpl|kertaa|eur|euro|euroa|mnd|st|v|k|e|x))$""",
    re.IGNORECASE,
)
_INFIX = re.compile(
    r"""[()"“”„«»\[\]{}<>;…?!=*]|--+|[–—]|(?<=[^\W\d_]),(?=\w)|(?<=\w)/(?=[^\W\d])|(?<=[^\W\d_])\.(?=[A-ZÄÖ])"""
)
_WHOLE = re.compile(
    r"""^(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+\w|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d+(?:[.,:/-]\d+)+|\d+:\w+)$""",
    re.IGNORECASE,
)


@cache
def pipeline(language: str) -> Language:
    """A blank spaCy pipeline with our tokenizer; any language but Finnish is read as Dutch."""
    blank = spacy.blank(language if language in LANGUAGES else LANGUAGES[0])
    blank.tokenizer = Tokenizer(
        blank.vocab,
        rules={},
        prefix_search=_PREFIX.match,
        suffix_search=_suffix,
        infix_finditer=_INFIX.finditer,
        token_match=_whole,
    )
    return blank


def _suffix(word: str) -> re.Match[str] | None:
    """What is taken off the end of a word; looked for there, and not from every character on."""
    return _SUFFIX.search(word, max(0, len(word) - LONGEST_SUFFIX))


def _whole(word: str) -> re.Match[str] | None:
    """What stays one token; a word without an end is looked at piece by piece, so it is none."""
    return _WHOLE.match(word) if len(word) <= LONGEST_WHOLE else None


def tokens(text: str, language: str) -> list[tuple[str, int]]:
    """The tokens of a text with their offsets (characters); white space is none."""
    found = pipeline(language).tokenizer(text)
    return [(token.text, token.idx) for token in found if not token.is_space]
