"""An evaluation as one HTML page that holds its pictures and loads nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from saldo.evaluation import charts
from saldo.evaluation.report import ROWS, cell
from saldo.evaluation.scores import Evaluation
from saldo.evaluation.validation import Learned

TEMPLATE = Path(__file__).with_name("page.html")


@dataclass(frozen=True)
class Pictures:
    """PNG files; no learning curve where none was measured."""

    confusion: bytes
    reliability: bytes
    learning: bytes | None

    def save(self, folder: Path) -> None:
        """`confusion.png`, `reliability.png` and `learning.png`; OSError if the folder takes no files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in vars(self).items():
            if data:
                (folder / f"{name}.png").write_bytes(data)


def draw(evaluation: Evaluation, learned: Learned | None = None) -> Pictures:
    """The pictures of an evaluation."""
    return Pictures(
        charts.confusion(evaluation.outcomes),
        charts.reliability(evaluation.reliability),
        charts.learning(learned.curve) if learned else None,
    )


def page(evaluation: Evaluation, learned: Learned | None = None) -> str:
    """The whole page. Questions are shown as text, whatever stands in them."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        evaluation=evaluation,
        languages={"all": evaluation.total, **evaluation.languages},
        styles=evaluation.styles,
        learned=learned,
        pictures=draw(evaluation, learned),
        rows=ROWS,
        cell=cell,
        picture=_inline,
    )


def _inline(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
